"""Passages of many pairs of a page and an output at once: `passages.find_passages` with the work of arrays shared.

Words are hashes (`newsbench.wordhash`); shared trigrams that follow one another on both sides are joined into passages.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.passages import MIN_PASSAGE, MOST_PASSAGES, Run, find_passages
from newsbench.sharedtrigrams import MOST_PAIRS, MOST_WORDS, Trigrams, by_slot, by_sorting, trigrams_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A place along a diagonal: the diagonal above so many bits, the place in the outputs below.
_ALONG_BITS = 31


class BatchPassages(NamedTuple):
    """Passages of many pairs, by pair, output position and page position, as columns (r,).

    `pages` and `outputs` are positions in each text, as in `Run`.
    """

    pairs: NDArray[Any]
    pages: NDArray[Any]
    outputs: NDArray[Any]
    lengths: NDArray[Any]

    def rows(self, chosen: Any) -> BatchPassages:
        """Return the passages that an index of arrays chooses (places, flags or a slice), in its order."""
        return BatchPassages(*(column[chosen] for column in self))

    def runs(self) -> list[Run]:
        """Return the passages without their pairs."""
        return [Run(*run) for run in zip(*(column.tolist() for column in self[1:]), strict=True)]

    def of_pair(self, pair: int) -> list[Run]:
        """Return the passages of one pair."""
        return self.rows(slice(*self.pairs.searchsorted([pair, pair + 1]).tolist())).runs()

    def with_runs(self, runs: Sequence[tuple[int, Sequence[Run]]]) -> BatchPassages:
        """Add runs, given by pair, behind those of each pair."""
        import numpy as np

        if not runs:
            return self
        pairs = np.repeat([pair for pair, _ in runs], [len(of_pair) for _, of_pair in runs])
        columns = np.array([run for _, of_pair in runs for run in of_pair], dtype=np.int64).reshape(-1, 3).T
        joined = BatchPassages(*map(np.concatenate, zip(self, (pairs, *columns), strict=True)))
        return joined.rows(joined.pairs.argsort(kind="stable"))


def find_batch_passages(
    page: NDArray[Any],
    page_edges: Sequence[int],
    output: NDArray[Any],
    output_edges: Sequence[int],
    short_segments: Sequence[Sequence[tuple[int, int]]],
    *,
    skipped: Collection[int] = frozenset(),
) -> BatchPassages:
    """Return the maximal shared passages of each pair, as `find_passages` gives them.

    `page` and `output` hold word hashes of all texts, one text behind the other; pair p has those from
    ``edges[p]`` to ``edges[p + 1]``. Errors: ValueError for more than `MOST_PAIRS` pairs.
    """
    pairs = len(page_edges) - 1
    if pairs > MOST_PAIRS:
        raise ValueError(f"{pairs} pairs in a batch; allowed are {MOST_PAIRS}")
    alone = [
        at
        for at in range(pairs)
        if at not in skipped
        and (
            output_edges[at + 1] - output_edges[at] < MIN_PASSAGE
            or max(page_edges[at + 1] - page_edges[at], output_edges[at + 1] - output_edges[at]) >= MOST_WORDS
        )
    ]
    left_out = {*alone, *skipped}
    found, crowded = _trigram_runs(trigrams_of(page, page_edges, left_out), trigrams_of(output, output_edges, left_out))
    alone += crowded
    others = {at: _one_pair(page, page_edges, output, output_edges, at) for at in alone}
    for at, ranges in enumerate(short_segments):
        if ranges and at not in skipped and (short := _short(page, page_edges, output, output_edges, at, ranges)):
            runs = others[at] if at in others else found.of_pair(at)
            others[at] = sorted({*runs, *short}, key=lambda run: (run.output, run.page))
    return _without(found, others).with_runs([*others.items()]) if others else found


def _without(found: BatchPassages, pairs: Collection[int]) -> BatchPassages:
    import numpy as np

    left = np.ones(MOST_PAIRS, dtype=bool)
    left[list(pairs)] = False
    return found.rows(left[found.pairs])


def _one_pair(page, page_edges, output, output_edges, at: int) -> list[Run]:
    import numpy as np

    ours = page[page_edges[at] : page_edges[at + 1]]
    theirs = output[output_edges[at] : output_edges[at + 1]]
    known, numbers = np.unique(ours, return_inverse=True)
    if not len(known):
        return []
    places = np.minimum(known.searchsorted(theirs), len(known) - 1)
    return find_passages(numbers.astype(np.int64), np.where(known[places] == theirs, places, -1))


def _short(page, page_edges, output, output_edges, at: int, ranges) -> list[Run]:
    """Return content segments that are shorter than a passage, wherever the output has them."""
    theirs = output[output_edges[at] : output_edges[at + 1]]
    first = page_edges[at]
    found = []
    for start, end in ranges:
        same = theirs[: len(theirs) - (end - start) + 1] == page[first + start]
        if end - start == 2:
            same = same & (theirs[1:] == page[first + start + 1])
        found += [Run(start, place, end - start) for place in same.nonzero()[0].tolist()]
    return found


def _trigram_runs(page: Trigrams, output: Trigrams) -> tuple[BatchPassages, list[int]]:
    """Return the passages of all pairs but those left out, and the pairs that share too many trigrams for this."""
    import numpy as np

    alone, of_page, of_output = by_slot(page, output)
    several, crowded = by_sorting(page, of_page, output, of_output)
    found = _joined(alone, several, page, output)
    many = (np.bincount(found.pairs) > MOST_PASSAGES).nonzero()[0].tolist()
    return found, sorted({*crowded, *many})


def _joined(
    alone: tuple[NDArray[Any], NDArray[Any]],
    several: tuple[NDArray[Any], NDArray[Any]],
    page: Trigrams,
    output: Trigrams,
) -> BatchPassages:
    """Join shared trigrams that follow one another on both sides into runs; `alone` are in the order of the outputs."""
    import numpy as np

    offset = len(output.codes)

    def along(ours: NDArray[Any], theirs: NDArray[Any]) -> NDArray[Any]:
        return ((ours - theirs + offset) << _ALONG_BITS) | theirs

    of_alone = along(*alone)
    # Neighbours of a run differ by one. Most of them are neighbours here already: so few are left to be sorted.
    breaks = of_alone[1:] != of_alone[:-1] + 1
    edge = np.ones(min(len(of_alone), 1), dtype=bool)
    starts, ends = of_alone[np.concatenate([edge, breaks])], of_alone[np.concatenate([breaks, edge])]
    of_several = along(*several)
    starts, ends = np.concatenate([starts, of_several]), np.concatenate([ends, of_several])
    starts.sort()
    ends.sort()
    # No two pieces of a diagonal overlap: sorted by their starts and by their ends they stand in the same order.
    apart = starts[1:] != ends[:-1] + 1
    edge = np.ones(min(len(starts), 1), dtype=bool)
    starts, ends = starts[np.concatenate([edge, apart])], ends[np.concatenate([apart, edge])]
    outputs = starts & ((1 << _ALONG_BITS) - 1)
    pages = (starts >> _ALONG_BITS) - offset + outputs
    order = np.lexsort((pages, outputs))
    outputs, pages, lengths = outputs[order], pages[order], (ends - starts)[order] + MIN_PASSAGE
    pairs = output.edges.searchsorted(outputs, side="right") - 1
    return BatchPassages(pairs, pages - page.edges[pairs], outputs - output.edges[pairs], lengths)
