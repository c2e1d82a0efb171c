"""List where two annotators' layers of a page differ: for whoever adjudicates.

The package must be installed (an editable install will do), and the dataset built with both layers.
"""

from __future__ import annotations

import argparse

from newsbench.agreement import as_gold_and_prediction, layers_of
from newsbench.dataset import read_config
from newsbench.gold import load_gold
from newsbench.metrics.attribution_claims import Claim
from newsbench.metrics.attribution_columns import FEATURES
from newsbench.metrics.attribution_pairs import pair_claims
from newsbench.types import ELEMENTS, Page


def main() -> None:
    """Print the differences of the pages asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("story", help="a story's id")
    options = parser.parse_args()
    layers = layers_of(read_config("annotations", None, None).to_pylist())
    for page in load_gold(split=None).pages:
        if page.story == options.story and {"a", "b"} <= set(layers.get(page.id, {})):
            print_page(page, layers[page.id]["a"], layers[page.id]["b"])


def print_page(page: Page, first, second) -> None:
    """Print what only one layer has, and what both have with other spans or labels."""
    print(f"\n==== {page.id}")
    pairs = pair_claims(*as_gold_and_prediction(page, first, second))
    for name, claims in (("only a", pairs.missed), ("only b", pairs.spurious)):
        for claim in claims:
            print(f"{name}: {spelled(page, claim)}")
    for ours, theirs in pairs.found:
        changes = [
            f"{name}: a {quoted(page, getattr(ours, name).spans)} | b {quoted(page, getattr(theirs, name).spans)}"
            for name in ELEMENTS
            if getattr(ours, name).spans != getattr(theirs, name).spans
        ]
        changes += [
            f"{name}: a {mine} | b {other}"
            for name, mine, other in zip(FEATURES, ours.kind.labels, theirs.kind.labels, strict=True)
            if mine != other
        ]
        if ours.no_comment != theirs.no_comment:
            changes.append(f"no_comment: a {ours.no_comment} | b {theirs.no_comment}")
        if changes:
            print(f"both: {spelled(page, ours)}")
            print("".join(f"      {change}\n" for change in changes), end="")
    refusals = [
        sorted(quoted(page, one.cue) for one in layer.attributions if one.no_comment) for layer in (first, second)
    ]
    if refusals[0] != refusals[1]:
        print(f"refusals: a {refusals[0]} | b {refusals[1]}")
    topics = [[(topic.code, topic.primary) for topic in layer.topics] for layer in (first, second)]
    if topics[0] != topics[1]:
        print(f"topics: a {topics[0]} | b {topics[1]}")


def quoted(page: Page, spans) -> str:
    """Spell fragments out."""
    return " … ".join(f"«{' '.join(page.text[start:end].split())}»" for start, end in spans) or "(none)"


def spelled(page: Page, claim: Claim) -> str:
    """Spell an attribution out."""
    return " ".join(quoted(page, getattr(claim, name).spans) for name in ("source", "cue", "content"))


if __name__ == "__main__":
    main()
