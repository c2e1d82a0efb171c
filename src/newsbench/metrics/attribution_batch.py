"""Rows of `attribution_counts.count` for many pages at once: the same numbers, the work of arrays shared.

Pages that are predicted as strings, and those whose coordinated sources may have been given one by one, are counted
alone. Loaded where pages are counted only: numpy takes a while.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from newsbench.metrics import attribution_counts
from newsbench.metrics.attribution_arrays import NoArray, Side, column, fit_arrays, shared
from newsbench.metrics.attribution_batchalign import GoldSide, Pairs, align_many, in_parts, laid_out
from newsbench.metrics.attribution_claims import Cited, PageClaims, known_sources
from newsbench.metrics.attribution_columns import (
    AT,
    FEATURES,
    MAIN_ELEMENTS,
    cited_keys,
    class_keys,
    feature_values,
)
from newsbench.metrics.attribution_kinds import IN_CLAIMS, keys_of_cited
from newsbench.metrics.attribution_sources import count_names, unnamed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page, Prediction

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


# Characters and counts of the pages that are counted together: what is held of them fits a processor's cache, more or
# less.
_TOGETHER = 1 << 20


class _Tally:
    """Counts of pages that are being added up."""

    def __init__(self, pages: int) -> None:
        self._pages = pages
        self._cells: list[Ints] = []
        self._sums: list[tuple[Ints, Ints]] = []

    def one(self, page_of: Ints, columns: Ints | int) -> None:
        """Count one more on each page, in one column or one of its own."""
        self._cells.append(page_of * len(AT) + columns)

    def each(self, page_of: Ints, columns: Ints, first: int) -> None:
        """Count one more in several columns from `first` on (n, k); those below 0 are none."""
        row, column = (columns >= 0).nonzero()
        self.one(page_of[row], first + columns[row, column])

    def many(self, page_of: Ints, column: int, numbers: Ints) -> None:
        """Count as many more."""
        self._sums.append((page_of * len(AT) + column, numbers))

    def table(self) -> NDArray[np.float64]:
        """Return the rows of the pages."""
        size = self._pages * len(AT)
        counts = np.bincount(np.concatenate(self._cells), minlength=size).astype(float)
        for cells, numbers in self._sums:
            counts += np.bincount(cells, weights=numbers, minlength=size)
        return counts.reshape(self._pages, len(AT))


class _Golds(GoldSide):
    """The gold side of a batch with the counts that do not depend on a prediction.

    `names` are the known sources of each gold attribution, none for those that do not count; `cited` (n, kinds +
    namings) the positions in `cited_keys` that it is counted by; `coordinated` the pages where one has several sources.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        super().__init__(pages)
        self.page_of = self.side.page_of
        self._prepared: dict[int, PageClaims] = {}
        self.names: list[tuple[str, ...]] = [()] * len(self.side.many)
        self.coordinated: set[int] = set()
        self.cited = self._find_sources()
        self.is_known = np.array(list(map(bool, self.names)), bool)
        tally = _Tally(len(pages))
        _tally_side(tally, self.side, self.order, "gold")
        tally.each(self.page_of[self.order], self.cited[self.order], _FIRST_CITED["gold"])
        tally.one(self.page_of[self.is_known], AT["known_sources"])
        self.rows = tally.table()

    def _find_sources(self) -> Ints:
        """Fill in `names` and `coordinated`, and return `cited`."""
        many = self.side.many
        cited: list[tuple[int, ...]] = [()] * len(many)
        for page, of_page in groupby(self.order.tolist(), key=self.page_of.tolist().__getitem__):
            sources = {source.id: source for source in self.pages[page].sources or ()}
            known: dict[tuple[str, ...], tuple[tuple[str, ...], tuple[int, ...]]] = {}
            for at in of_page:
                ids = many[at].source_ids
                found = known.get(ids)
                if found is None:
                    once = tuple(dict.fromkeys(ids))
                    somebody, kinds = known_sources(sources, once)
                    found = known[ids] = somebody, _cited(kinds)
                    if len(once) > 1:
                        self.coordinated.add(page)
                self.names[at], cited[at] = found
        width = max(map(len, cited), default=0)
        return np.array([one + (-1,) * (width - len(one)) for one in cited], np.int64).reshape(len(cited), width)

    def prepared(self, page: int) -> PageClaims:
        """Return a page as it is counted alone."""
        found = self._prepared.get(page)
        if found is None:
            found = self._prepared[page] = attribution_counts.prepare(self.pages[page])
        return found


_FIRST_CLASS = {
    side: AT[f"{side}.{class_keys()[0]}"] for side in ("gold", "gold_found", "predicted", "predicted_found")
}
_FIRST_CITED = {side: AT[f"{side}.{cited_keys()[0]}"] for side in ("gold", "gold_found")}


@cache
def _cited(cited: Cited) -> tuple[int, ...]:
    """Return the positions in `cited_keys` of kinds and namings."""
    return tuple(cited_keys().index(key) for key in keys_of_cited(cited) if key in cited_keys())


def _tally_side(tally: _Tally, side: Side, counted: Ints, name: str) -> None:
    """Count attributions of one side, their elements and words, and what they are."""
    page_of = side.page_of[counted]
    tally.one(page_of, AT[name])
    for kind in IN_CLAIMS:
        elements = side.elements[kind]
        tally.one(page_of[elements.weight[counted] > 0], AT[f"{name}.{kind}"])
        if kind in MAIN_ELEMENTS:
            tally.many(page_of, AT[f"{name}_words.{kind}"], elements.words[counted])
    tally.each(page_of, side.classes[counted], _FIRST_CLASS[name])


def count_many(pages: Sequence[Page], predictions: Sequence[Sequence[Prediction | None]]) -> list[NDArray[np.float64]]:
    """Do for many pages and systems at once what `attribution_counts.count` does for one."""
    parts = []
    # A row of counts takes its place too: there may be many pages of little text.
    for first, last in in_parts([len(page.text) + len(AT) for page in pages], _TOGETHER):
        golds = _Golds(pages[first:last])
        parts.append([_count_system(golds, answers[first:last]) for answers in predictions])
    return [np.concatenate([np.zeros((0, len(AT))), *(part[at] for part in parts)]) for at in range(len(predictions))]


def _count_system(golds: _Golds, answers: Sequence[Prediction | None]) -> NDArray[np.float64]:
    given = [(answer.attributions if answer is not None else None) or () for answer in answers]
    alone: set[int] = set()
    try:
        side = Side(golds.texts, *laid_out(given))
    except NoArray:
        alone = {page for page, many in enumerate(given) if not fit_arrays(many)}
        side = Side(golds.texts, *laid_out([() if page in alone else many for page, many in enumerate(given)]))
    rows = golds.rows.copy()
    if side.many:
        pairs, wrong, unsettled = align_many(golds, side, golds.coordinated)
        alone |= unsettled
        tally = _Tally(len(rows))
        _tally_side(tally, side, np.concatenate([pairs.predicted, wrong]), "predicted")
        tally.one(golds.page_of[pairs.gold], AT["aligned"])
        alike, source_right = _tally_pairs(tally, golds, side, pairs)
        rows += tally.table()
        _count_sources(rows, golds, side, pairs.gold[alike], pairs.predicted[alike], source_right[alike])
    for page in alone:
        rows[page] = attribution_counts.count(golds.prepared(page), answers[page])
    return rows


def _tally_pairs(tally: _Tally, golds: _Golds, predicted: Side, pairs: Pairs) -> tuple[Flags, Flags]:
    """Count equal elements of pairs, and labels and classes of those whose contents are alike.

    Return for each pair whether the contents are alike, and whether the sources are equal.
    """
    page_of = golds.page_of[pairs.gold]
    equal, alike = {}, {}
    for kind in IN_CLAIMS:
        first, second = golds.side.elements[kind], predicted.elements[kind]
        weights = first.weight[pairs.gold], second.weight[pairs.predicted]
        both = (weights[0] > 0) & (weights[1] > 0)
        same = both & (first.core[pairs.gold] == second.core[pairs.predicted])
        tally.one(page_of[same], AT[f"normalized.{kind}"])
        if kind not in MAIN_ELEMENTS:
            continue
        tally.one(page_of[same & (first.spans[pairs.gold] == second.spans[pairs.predicted])], AT[f"exact.{kind}"])
        characters, words = pairs.characters, pairs.words
        if kind != "content":
            characters, words = np.zeros((2, len(same)), np.int64)
            other = (both & ~same).nonzero()[0]
            characters[other], words[other] = shared(
                golds.side, predicted, kind, pairs.gold[other], pairs.predicted[other]
            )
        near = same | (both & (4 * characters >= weights[0] + weights[1]))
        tally.one(page_of[near], AT[f"dice.{kind}"])
        tally.many(page_of, AT[f"words.{kind}"], np.where(same, first.words[pairs.gold], np.where(both, words, 0)))
        # Absent on both sides: agreement, but nothing that was found.
        absent = (weights[0] == 0) & (weights[1] == 0)
        equal[kind], alike[kind] = same | absent, near | absent
    joint = equal["content"] & equal["source"]
    tally.one(page_of[joint], AT["joint_source_content"])
    tally.one(page_of[joint & equal["cue"]], AT["joint_strict"])
    found = alike["content"] & alike["source"]
    tally.one(page_of[found], AT["joint_relaxed"])
    gold, own = pairs.gold[found], pairs.predicted[found]
    tally.each(page_of[found], golds.side.classes[gold], _FIRST_CLASS["gold_found"])
    tally.each(page_of[found], golds.cited[gold], _FIRST_CITED["gold_found"])
    tally.each(page_of[found], predicted.classes[own], _FIRST_CLASS["predicted_found"])
    near = alike["content"]
    labels = zip(golds.side.labels[pairs.gold[near]].T, predicted.labels[pairs.predicted[near]].T, strict=True)
    for feature, (ours, theirs) in zip(FEATURES, labels, strict=True):
        values = feature_values()[feature]
        given = (ours >= 0) & (theirs >= 0)
        first = AT[f"confusion.{feature}.{values[0]}.{values[0]}"]
        tally.one(page_of[near][given], first + ours[given] * len(values) + theirs[given])
    return near, equal["source"]


def _count_sources(
    rows: NDArray[np.float64], golds: _Golds, predicted: Side, gold_at: Ints, at: Ints, source_right: Flags
) -> None:
    """Count the sources of pairs with alike contents, in order of gold, page by page."""
    known = golds.is_known[gold_at]
    gold_at, at, source_right = gold_at[known], at[known], source_right[known]
    entities = column(predicted.many, "entity")
    ours, theirs = [golds.names[one] for one in gold_at.tolist()], [entities[one] for one in at.tolist()]
    right = source_right.tolist()
    edges = golds.page_of[gold_at].searchsorted(np.arange(len(rows) + 1)).tolist()
    for page, (first, last) in enumerate(pairwise(edges)):
        names = theirs[first:last]
        for number, entity in enumerate(names):
            if len(entity) != 1:
                names[number] = tuple(dict.fromkeys(entity)) or unnamed(
                    golds.texts.page(page), predicted.element("source", at[first + number]), number
                )
        count_names(rows[page], ours[first:last], names, right[first:last])
