"""Is the right somebody behind each attribution that was found? Sources resolved over a page.

Found are aligned attributions whose contents have a Dice of at least one half: a source is the source of a content.

A predicted attribution names its source by the labels of `entity`, or, without any, by the normalised words of the
source mention; a pronoun so is a source of its own, and an attribution without both has none. Predicted sources of a
page are mapped one to one to gold sources so that the most attributions found agree: those that have as many sources
on both sides, as others cannot; then those whose source span is right; then those that come first on the page. Where
the gold has several sources and the prediction the whole mention with one name, these sources together count as one.
Gold sources of kind `unspecified` are nobody, and their attributions are left out here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, MutableSequence, Sequence
from typing import TYPE_CHECKING, NamedTuple

from newsbench.matching import match
from newsbench.metrics.attribution_claims import Claim, PageClaims
from newsbench.metrics.attribution_columns import AT
from newsbench.metrics.attribution_text import PRONOUN, Element, PageText

if TYPE_CHECKING:
    from newsbench.metrics.attribution_alignment import Pair

Names = tuple[object, ...]
#: The names of a gold attribution, those of its prediction, and whether the source span is right.
Cell = tuple[Names, Names, bool]


def count_sources(
    row: MutableSequence[float],
    page: PageClaims,
    claims: Sequence[Claim],
    pairs: Sequence[Pair],
    source_right: Sequence[bool],
) -> None:
    """Count resolved sources of pairs with alike contents and add up their B-cubed precision and recall."""
    golds: list[Names] = []
    predicted: list[Names] = []
    right_spans: list[bool] = []
    for pair, right in zip(pairs, source_right, strict=True):
        gold = page.known_sources[pair[0]]
        if gold:
            claim = claims[pair[1]]
            predicted.append(claim.sources or unnamed(page.text, claim.source, len(golds)))
            golds.append(gold)
            right_spans.append(right)
    count_names(row, golds, predicted, right_spans)


def count_names(
    row: MutableSequence[float], golds: Sequence[Names], predicted: Sequence[Names], right_spans: Sequence[bool]
) -> None:
    """Do this for the names on both sides of attributions whose source is known, in order of gold."""
    if not golds:
        return
    # Most sources are cited more than once: what is equal is looked at once.
    cells = Counter(zip(golds, predicted, right_spans, strict=True))
    resolved = [many if one else 0 for one, many in zip(_resolved(cells), cells.values(), strict=True)]
    row[AT["found_known"]] = len(golds)
    row[AT["resolved"]] = sum(resolved)
    row[AT["right_spans"]] = sum(right_spans)
    row[AT["right_spans_resolved"]] = sum([many for (*_, right), many in zip(cells, resolved, strict=True) if right])
    row[AT["bcubed_precision"]], row[AT["bcubed_recall"]] = _bcubed(cells)


# Attributions of a page are fewer than this power of two.
_MANY_BITS = 20


class _Alone(NamedTuple):
    """A source of which nothing is known but that it is this attribution's."""

    number: int


def unnamed(text: PageText, source: Element, number: int) -> Names:
    """Return the name of a predicted source without `entity`: its words, or those of the `number`-th alone."""
    if not source.core:
        return ()
    return (_Alone(number),) if source.traits & PRONOUN else (text.surface(source.core),)


def _resolved(cells: Mapping[Cell, int]) -> list[bool]:
    """Say for each cell whether the predicted sources, mapped, are the gold ones.

    Sources are numbered in order of appearance, so that the mapping does not depend on what they are called.
    """
    gold_numbers: dict[object, int] = {}
    predicted_numbers: dict[object, int] = {}
    together: Counter[tuple[int, int]] = Counter()
    numbered: list[tuple[list[int], list[int]]] = []
    for (gold, names, right), many in cells.items():
        # Several sources under the one name of their whole mention are one.
        as_one = len(gold) > 1 and len(names) == 1 and right
        ones = (tuple(sorted(gold)),) if as_one else gold
        ours = [gold_numbers.setdefault(one, len(gold_numbers)) for one in ones]
        theirs = [predicted_numbers.setdefault(name, len(predicted_numbers)) for name in names]
        numbered.append((ours, theirs))
        if len(ours) == len(theirs):
            for g in ours:
                for p in theirs:
                    together[g, p] += (many << _MANY_BITS) + (many if right else 0)
    mapping = dict(match(together, lambda g, p: together[g, p]))
    return [len(ours) == len(theirs) and {mapping.get(g) for g in ours} == set(theirs) for ours, theirs in numbered]


def _bcubed(cells: Mapping[Cell, int]) -> tuple[float, float]:
    """Return the sums over mentions of B-cubed precision and recall (Bagga & Baldwin 1998)."""
    together: Counter[tuple[Names | frozenset, Names | frozenset]] = Counter()
    alone: Counter[Names | frozenset] = Counter()
    for (gold, names, _), many in cells.items():
        gold, names = (one if len(one) == 1 else frozenset(one) for one in (gold, names))
        if names:
            together[gold, names] += many
        else:
            # Each without a source is alone.
            alone[gold] += many
    # Size and sum of squares of each cluster, in whole numbers until the one division.
    golds = {gold: (many, many) for gold, many in alone.items()}
    predicted: dict[Names | frozenset, tuple[int, int]] = {}
    for (gold, names), many in together.items():
        for clusters, key in ((golds, gold), (predicted, names)):
            size, squares = clusters.get(key, (0, 0))
            clusters[key] = size + many, squares + many * many
    precision, recall = (sum([squares / size for size, squares in own.values()]) for own in (predicted, golds))
    return precision + sum(alone.values()), recall
