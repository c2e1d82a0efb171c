"""The alignment of `attribution_alignment` for many pages at once.

Contents that are equal, or that overlap with one of the other side only, are paired by arrays. Where several compete,
and for refusals, the claims are made and given to the functions that align a single page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from newsbench.metrics.attribution_alignment import best_pairs, settle_equal
from newsbench.metrics.attribution_arrays import EMPTY, Side, Texts, shared
from newsbench.metrics.attribution_claims import Claim
from newsbench.metrics.attribution_refusals import left_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page

    Ints = NDArray[np.int64]

# Pairs of contents that are tried for an overlap at once: they bound the memory that it takes.
_TRIED_TOGETHER = 1 << 17


class GoldSide:
    """The gold attributions of pages: `order` are the numbers of those that count, page by page.

    `ignored` are those of a page that do not count (refusals to comment).
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        self.texts = Texts(pages)
        self.side = Side(self.texts, *laid_out([page.attributions or () for page in pages]))
        counting = (self.side.elements["content"].core != EMPTY) & ~self.side.no_comment
        self.order = self._in_order(counting.nonzero()[0])
        self.ignored: dict[int, list[int]] = {}
        for at in (~counting).nonzero()[0].tolist():
            self.ignored.setdefault(int(self.side.page_of[at]), []).append(at)

    def _in_order(self, counting: Ints) -> Ints:
        """Sort by page and first fragment, then by all that they say: as `attribution_claims.in_order` does."""
        keys = self.side.elements["content"].order[counting]
        by_key = keys.argsort(kind="stable")
        order, keys = counting[by_key], keys[by_key]
        borders = np.concatenate([[0], (keys[1:] != keys[:-1]).nonzero()[0] + 1, [len(keys)]])
        for equal in (np.diff(borders) > 1).nonzero()[0].tolist():
            start, end = borders[equal], borders[equal + 1]
            order[start:end] = sorted(order[start:end].tolist(), key=lambda at: self.side[at].key())
        return order


def laid_out(of_pages: Sequence[Sequence]) -> tuple[list[int], list]:
    """Return the page of each attribution, and the attributions, page by page."""
    page_of = [page for page, many in enumerate(of_pages) for _ in many]
    return page_of, list(chain.from_iterable(of_pages))


def in_parts(sizes: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Cut things into parts of no more than `most` together, or of a single one: give where each begins and ends."""
    first = together = 0
    for at, size in enumerate(sizes):
        if at > first and together + size > most:
            yield first, at
            first, together = at, 0
        together += size
    if sizes:
        yield first, len(sizes)


class Pairs(NamedTuple):
    """Aligned attributions, by their numbers, and the visible characters and words that their contents share."""

    gold: Ints
    predicted: Ints
    characters: Ints
    words: Ints


def align_many(golds: GoldSide, predicted: Side, coordinated: Set[int]) -> tuple[Pairs, Ints, set[int]]:
    """Align predictions to gold attributions on all pages.

    Return the pairs in order of gold, the numbers of the predictions that have none and count as wrong, and those of
    the `coordinated` pages on which predictions share a content: they may be parts of one, and are not aligned here.
    """
    gold_at, at, crowded = _equal_contents(golds, predicted)
    pages = [int(predicted.page_of[members[0]]) for _, members in crowded]
    unsettled = {
        page for page, (_, members) in zip(pages, crowded, strict=True) if len(members) > 1 and page in coordinated
    }
    settled, copies = [], []
    for page, (of_gold, members) in zip(pages, crowded, strict=True):
        if page in unsettled:
            continue
        chosen, left = settle_equal(golds.texts.page(page), golds.side, predicted, of_gold, members)
        settled += chosen
        copies += set(members) - {member for _, member in chosen} - set(left)
    gold_at, at = _joined((gold_at, at), _columns(settled))
    content = golds.side.elements["content"]
    pairs = Pairs(gold_at, at, content.weight[gold_at], content.words[gold_at])

    is_open = np.ones(len(golds.side.many), bool)
    is_open[gold_at] = False
    is_settled = ~np.isin(predicted.page_of, list(unsettled))
    is_left = is_settled & (predicted.elements["content"].core != EMPTY)
    is_left[at] = False
    is_left[copies] = False
    open_golds = golds.order[is_open[golds.order]]
    pairs = Pairs(*_joined(pairs, _pair_overlapping(golds, predicted, open_golds, is_left.nonzero()[0])))

    place = np.empty(len(golds.side.many), np.int64)
    place[golds.order] = np.arange(len(golds.order))
    by_gold = place[pairs.gold].argsort()
    pairs = Pairs(*(column[by_gold] for column in pairs))
    is_wrong = is_settled
    is_wrong[pairs.predicted] = False
    is_wrong[_refusals(golds, predicted, is_wrong.nonzero()[0])] = False
    return pairs, is_wrong.nonzero()[0], unsettled


def _equal_contents(golds: GoldSide, predicted: Side) -> tuple[Ints, Ints, list[tuple[list[int], list[int]]]]:
    """Pair contents that are equal where each side has one; return what others there are, as numbers of both sides."""
    many = len(golds.order)
    cores = np.concatenate([golds.side.elements["content"].core[golds.order], predicted.elements["content"].core])
    by_core = cores.argsort(kind="stable")
    cores = cores[by_core]
    edges = np.concatenate([[0], (cores[1:] != cores[:-1]).nonzero()[0] + 1, [len(cores)]])
    of_gold = np.diff(np.concatenate([[0], (by_core < many).cumsum()])[edges])
    of_predicted = np.diff(edges) - of_gold
    filled = cores[edges[:-1]] != EMPTY
    one = edges[:-1][filled & (of_gold == 1) & (of_predicted == 1)]
    gold_at, at = golds.order[by_core[one]], by_core[one + 1] - many
    crowded = []
    for group in (filled & (of_predicted > 0) & ((of_predicted > 1) | (of_gold > 1))).nonzero()[0].tolist():
        members, border = by_core[edges[group] : edges[group + 1]], of_gold[group]
        crowded.append((golds.order[members[:border]].tolist(), (members[border:] - many).tolist()))
    return gold_at, at, crowded


def _overlaps(golds: GoldSide, predicted: Side, open_golds: Ints, rest: Ints) -> Ints:
    """Return what contents share: positions in `rest` and `open_golds`, characters and words (4, pairs)."""
    contents = golds.side.elements["content"], predicted.elements["content"]
    starts, ends = contents[0].start[open_golds], contents[0].end[open_golds]
    # No content before `low` reaches a prediction that starts later.
    low = np.maximum.accumulate(ends).searchsorted(contents[1].start[rest], side="right")
    high = starts.searchsorted(contents[1].end[rest], side="left")
    many = np.maximum(high - low, 0)
    found = [np.zeros((4, 0), np.int64)]
    # A content over the whole page makes all behind it be tried, most of them in vain.
    for first, last in in_parts(many.tolist(), _TRIED_TOGETHER):
        tried = many[first:last]
        row = np.repeat(np.arange(first, last), tried)
        column = np.arange(len(row)) + np.repeat(low[first:last] - (tried.cumsum() - tried), tried)
        both = np.stack([row, column, *shared(golds.side, predicted, "content", open_golds[column], rest[row])])
        found.append(both[:, both[2] > 0])
    return np.concatenate(found, axis=1)


def _pair_overlapping(golds: GoldSide, predicted: Side, open_golds: Ints, rest: Ints) -> Pairs:
    """Align what is not settled, by connected components of overlapping contents."""
    # By their beginnings without marks at the edges, which may be others than those with them.
    open_golds = open_golds[golds.side.elements["content"].start[open_golds].argsort(kind="stable")]
    row, column, characters, words = _overlaps(golds, predicted, open_golds, rest)
    alone = (np.bincount(row, minlength=1)[row] == 1) & (np.bincount(column, minlength=1)[column] == 1)
    pairs = Pairs(open_golds[column[alone]], rest[row[alone]], characters[alone], words[alone])
    of_page: dict[int, dict[tuple[int, int], tuple[int, int]]] = {}
    for g, c, *both in np.stack([column, row, characters, words], axis=1)[~alone].tolist():
        of_page.setdefault(int(predicted.page_of[rest[c]]), {})[g, c] = both[0], both[1]
    chosen = []
    for page, edges in of_page.items():
        columns = sorted({g for g, _ in edges})
        rows = _by_content({c: predicted[rest[c]] for _, c in edges})
        place = {g: number for number, g in enumerate(columns)}, {c: number for number, c in enumerate(rows)}
        numbered = {(place[0][g], place[1][c]): both for (g, c), both in edges.items()}
        best = best_pairs(
            golds.texts.page(page),
            [golds.side[open_golds[g]] for g in columns],
            [predicted[rest[c]] for c in rows],
            numbered,
        )
        chosen += [(open_golds[columns[g]], rest[rows[c]], *numbered[g, c]) for g, c in best]
    return Pairs(*_joined(pairs, _columns(chosen, len(Pairs._fields))))


def _by_content(claims: Mapping[int, Claim]) -> list[int]:
    """Return the numbers of claims in order of their contents, and of all they say where these are equal."""
    cores = {number: claim.content.core for number, claim in claims.items()}
    if len(set(cores.values())) == len(cores):
        return sorted(cores, key=cores.__getitem__)
    return sorted(cores, key=lambda number: (cores[number], claims[number].key()))


def _refusals(golds: GoldSide, predicted: Side, unmatched: Ints) -> list[int]:
    """Return those predictions without a match that are refusals to comment."""
    pages = predicted.page_of[unmatched]
    empty = predicted.no_comment[unmatched] & (predicted.elements["content"].weight[unmatched] == 0)
    found: list[int] = []
    for page in sorted({*pages[empty].tolist(), *(golds.ignored.keys() & set(pages.tolist()))}):
        refusals = sorted((golds.side[at] for at in golds.ignored.get(page, ())), key=lambda claim: claim.key())
        found += left_out(golds.texts.page(page), refusals, predicted, unmatched[pages == page].tolist())
    return found


def _columns(rows: Sequence[tuple[int, ...]], width: int = 2) -> Ints:
    return np.array(rows, np.int64).reshape(len(rows), width).T


def _joined(first: Sequence[Ints], second: Sequence[Ints]) -> list[Ints]:
    return [np.concatenate(columns) for columns in zip(first, second, strict=True)]
