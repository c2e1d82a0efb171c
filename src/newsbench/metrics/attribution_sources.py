"""Is the right somebody behind each attribution that was found? Sources resolved over a page.

Found are aligned attributions whose contents have a Dice of at least one half: a source is the source of a content.

A predicted attribution names its source by the labels of `entity`, or, without any, by the normalised words of the
source mention; a pronoun so is a source of its own, and an attribution without both has none. Predicted sources of a
page are mapped one to one to gold sources so that the most attributions found agree. Where the gold has several
sources and the prediction the whole mention with one name, these sources together count as one. Gold sources of kind
`unspecified` are nobody, and their attributions are left out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from newsbench.matching import match
from newsbench.metrics.attribution_claims import Claim, PageClaims

if TYPE_CHECKING:
    from newsbench.metrics.attribution_alignment import Pair

SOURCE_COLUMNS = (
    "known_sources",
    "resolved",
    "right_spans",
    "right_spans_resolved",
    "found_known",
    "bcubed_precision",
    "bcubed_recall",
)

Names = tuple[object, ...]


def count_sources(
    row: list[float],
    at: Mapping[str, int],
    page: PageClaims,
    claims: Sequence[Claim],
    pairs: Sequence[Pair],
    source_right: Sequence[bool],
) -> None:
    """Count resolved sources of pairs with alike contents and add up their B-cubed precision and recall."""
    known = [number for number, pair in enumerate(pairs) if page.known_sources[pair[0]]]
    if not known:
        return
    golds: list[Names] = []
    predicted: list[Names] = []
    for number in known:
        names = _names(page, claims[pairs[number][1]], number)
        gold: Names = page.known_sources[pairs[number][0]]
        predicted.append(names)
        as_one = len(gold) > 1 and len(names) == 1 and source_right[number]
        golds.append((tuple(sorted(gold)),) if as_one else gold)
    for number, right in zip(known, _resolved(golds, predicted), strict=True):
        row[at["resolved"]] += right
        if source_right[number]:
            row[at["right_spans"]] += 1
            row[at["right_spans_resolved"]] += right
    row[at["found_known"]] = len(known)
    precision, recall = _bcubed(
        [frozenset(page.known_sources[pairs[number][0]]) for number in known],
        [frozenset(names) or number for number, names in zip(known, predicted, strict=True)],
    )
    row[at["bcubed_precision"]] = precision
    row[at["bcubed_recall"]] = recall


def _names(page: PageClaims, claim: Claim, number: int) -> Names:
    if claim.sources:
        return claim.sources
    core = claim.source.core
    if not core:
        return ()
    if claim.properties[2]:
        return (number,)
    return (page.text.surface(core),)


def _resolved(golds: Sequence[Names], predicted: Sequence[Names]) -> list[bool]:
    """Say for each attribution whether its predicted sources, mapped, are its gold ones.

    Sources are numbered in order of appearance, so that the mapping does not depend on what they are called.
    """
    gold_numbers: dict[object, int] = {}
    predicted_numbers: dict[object, int] = {}
    together: dict[tuple[int, int], int] = {}
    for gold, names in zip(golds, predicted, strict=True):
        for one in gold:
            g = gold_numbers.setdefault(one, len(gold_numbers))
            for name in names:
                pair = g, predicted_numbers.setdefault(name, len(predicted_numbers))
                together[pair] = together.get(pair, 0) + 1
    mapping = dict(match(together, lambda g, p: together[g, p]))
    return [
        len(gold) == len(names)
        and {mapping.get(gold_numbers[one]) for one in gold} == {predicted_numbers[name] for name in names}
        for gold, names in zip(golds, predicted, strict=True)
    ]


def _bcubed(golds: Sequence[object], predicted: Sequence[object]) -> tuple[float, float]:
    """Return the sums over mentions of B-cubed precision and recall (Bagga & Baldwin 1998)."""
    gold_sizes: dict[object, int] = {}
    predicted_sizes: dict[object, int] = {}
    cells: dict[tuple[object, object], int] = {}
    for pair in zip(golds, predicted, strict=True):
        gold_sizes[pair[0]] = gold_sizes.get(pair[0], 0) + 1
        predicted_sizes[pair[1]] = predicted_sizes.get(pair[1], 0) + 1
        cells[pair] = cells.get(pair, 0) + 1
    precision = sum(many * many / predicted_sizes[own] for (_, own), many in cells.items())
    recall = sum(many * many / gold_sizes[gold] for (gold, _), many in cells.items())
    return precision, recall
