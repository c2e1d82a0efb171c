"""Passages of many pairs of a page and an output at once: `passages.find_passages` with the work of arrays shared.

Words are hashes (`newsbench.wordhash`). All trigrams of a batch are sorted together, each as one integer that holds the
pair, a part of its hash, the side and the place; what falls together is compared by the whole hash.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, Any

from newsbench.passages import MIN_PASSAGE, MOST_PASSAGES, Run, find_passages

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Pairs in a batch, words of a text: what the bits of a key hold.
MOST_PAIRS, MOST_WORDS = 1 << 7, 1 << 16
# Shared trigrams of one pair, repetitions multiplied: a pair with more is left to `find_passages`, which has bounds.
_MOST_SHARED = MOST_PASSAGES
_PLACE_BITS, _SIDE_BITS, _PAIR_BITS = 16, 1, 7
_SIDE = 1 << _PLACE_BITS
_HASH_MASK = ((1 << (64 - _PAIR_BITS)) - 1) & ~((1 << (_PLACE_BITS + _SIDE_BITS)) - 1)
_MULTIPLIERS = (0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB)


def find_batch_passages(
    page: NDArray[Any],
    page_edges: Sequence[int],
    output: NDArray[Any],
    output_edges: Sequence[int],
    short_segments: Sequence[Sequence[tuple[int, int]]],
    *,
    skipped: Collection[int] = frozenset(),
) -> list[list[Run]]:
    """Return the maximal shared passages of each pair, as `find_passages` gives them.

    `page` and `output` hold word hashes of all texts, one text behind the other; pair p has those from
    ``edges[p]`` to ``edges[p + 1]``. Errors: ValueError for more than `MOST_PAIRS` pairs.
    """
    pairs = len(page_edges) - 1
    if pairs > MOST_PAIRS:
        raise ValueError(f"{pairs} pairs in a batch; allowed are {MOST_PAIRS}")
    found: list[list[Run]] = [[] for _ in range(pairs)]
    alone = [
        at
        for at in range(pairs)
        if at not in skipped
        and (
            output_edges[at + 1] - output_edges[at] < MIN_PASSAGE
            or max(page_edges[at + 1] - page_edges[at], output_edges[at + 1] - output_edges[at]) >= MOST_WORDS
        )
    ]
    alone += _trigram_runs(page, page_edges, output, output_edges, {*alone, *skipped}, found)
    for at in alone:
        found[at] = _one_pair(page, page_edges, output, output_edges, at)
    for at, ranges in enumerate(short_segments):
        if ranges and at not in skipped:
            found[at] = _with_short(found[at], page, page_edges, output, output_edges, at, ranges)
    return found


def _one_pair(page, page_edges, output, output_edges, at: int) -> list[Run]:
    import numpy as np

    ours = page[page_edges[at] : page_edges[at + 1]]
    theirs = output[output_edges[at] : output_edges[at + 1]]
    known, numbers = np.unique(ours, return_inverse=True)
    if not len(known):
        return []
    places = np.minimum(known.searchsorted(theirs), len(known) - 1)
    return find_passages(numbers.astype(np.int64), np.where(known[places] == theirs, places, -1))


def _with_short(runs, page, page_edges, output, output_edges, at: int, ranges) -> list[Run]:
    """Add content segments that are shorter than a passage, wherever the output has them."""
    theirs = output[output_edges[at] : output_edges[at + 1]]
    first = page_edges[at]
    added = []
    for start, end in ranges:
        same = theirs[: len(theirs) - (end - start) + 1] == page[first + start]
        if end - start == 2:
            same = same & (theirs[1:] == page[first + start + 1])
        added += [Run(start, place, end - start) for place in same.nonzero()[0].tolist()]
    if not added:
        return runs
    return sorted({*runs, *added}, key=lambda run: (run.output, run.page))


def _trigram_runs(page, page_edges, output, output_edges, left_out: set[int], found: list[list[Run]]) -> list[int]:
    """Fill `found` for all pairs but those left out; return the pairs that share too many trigrams for this."""
    import numpy as np

    page_codes, output_codes = _trigram_codes(page), _trigram_codes(output)
    keys = np.concatenate(
        [_keys(page_codes, page_edges, 0, left_out), _keys(output_codes, output_edges, _SIDE, left_out)]
    )
    keys.sort()
    # Neighbours of one pair and hash; within such a group the page's places stand before the output's.
    group = keys >> np.uint64(_PLACE_BITS + _SIDE_BITS)
    same = np.concatenate([[False], group[1:] == group[:-1], [False]])
    of_output = (keys & np.uint64(_SIDE)) != 0
    # Most groups are one place on the page and one in the output.
    twos = same[1:-1] & ~same[:-2] & ~same[2:]
    (ours,) = (twos & of_output[1:] & ~of_output[:-1]).nonzero()
    theirs = ours + 1
    # Of larger groups each member has a neighbour on both sides, or a neighbour that has.
    between = same[:-1] & same[1:]
    larger = between.copy()
    larger[1:] |= between[:-1]
    larger[:-1] |= between[1:]
    (rest,) = larger.nonzero()
    more, crowded = _all_pairs(group[rest], of_output[rest], keys[rest])
    if len(more[0]):
        ours, theirs = np.concatenate([ours, rest[more[0]]]), np.concatenate([theirs, rest[more[1]]])
    if not len(ours):
        return crowded
    mask = np.uint64((1 << _PLACE_BITS) - 1)
    ours, theirs = keys[ours], (keys[theirs] & mask).astype(np.int64)
    pair = (ours >> np.uint64(64 - _PAIR_BITS)).astype(np.int64)
    ours = (ours & mask).astype(np.int64)
    # The key holds a part of the hash: compare the whole of it.
    equal = page_codes[np.asarray(page_edges)[pair] + ours] == output_codes[np.asarray(output_edges)[pair] + theirs]
    if not equal.all():
        pair, ours, theirs = pair[equal], ours[equal], theirs[equal]
    _add_runs(pair, ours, theirs, found)
    return crowded


def _trigram_codes(words: NDArray[Any]) -> NDArray[Any]:
    """Return the hash of each word and its two successors, those across the end of a text included."""
    import numpy as np

    if len(words) < MIN_PASSAGE:
        return np.zeros(0, dtype=np.uint64)
    first, second, third = (np.uint64(number) for number in _MULTIPLIERS)
    codes = words[:-2] * first
    codes += words[1:-1] * second
    codes += words[2:] * third
    return codes


def _keys(codes: NDArray[Any], edges: Sequence[int], side: int, left_out: set[int]) -> NDArray[Any]:
    """Return one key for each trigram that lies within one text: pair, hash, side, place."""
    import numpy as np

    sizes = [end - start for start, end in pairwise(edges)]
    places = np.arange(max(sizes, default=0), dtype=np.uint64) | np.uint64(side)
    numbers = np.arange(len(sizes), dtype=np.uint64) << np.uint64(64 - _PAIR_BITS)
    keys = codes >> np.uint64(_PAIR_BITS)
    keys &= np.uint64(_HASH_MASK)
    keys |= np.repeat(numbers, sizes)[: len(keys)]
    pieces = []
    for pair, start in enumerate(edges[:-1]):
        if pair not in left_out and sizes[pair] >= MIN_PASSAGE:
            piece = keys[start : start + sizes[pair] - MIN_PASSAGE + 1]
            piece |= places[: len(piece)]
            pieces.append(piece)
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.uint64)


def _all_pairs(
    group: NDArray[Any], of_output: NDArray[Any], keys: NDArray[Any]
) -> tuple[tuple[NDArray[Any], NDArray[Any]], list[int]]:
    """Pair each output place of a group with each page place of it; leave out crowded pairs of texts, and name them."""
    import numpy as np

    nothing = np.zeros(0, dtype=np.int64)
    if not len(group):
        return (nothing, nothing), []
    starts = np.concatenate([[0], (group[1:] != group[:-1]).nonzero()[0] + 1])
    sizes = np.diff(starts, append=len(group))
    outputs = np.add.reduceat(of_output.astype(np.int64), starts)
    pages = sizes - outputs
    shared = pages * outputs
    pair = (keys[starts] >> np.uint64(64 - _PAIR_BITS)).astype(np.int64)
    crowded = (np.bincount(pair, weights=shared) > _MOST_SHARED).nonzero()[0].tolist()
    if crowded:
        shared[np.isin(pair, crowded)] = 0
    many = shared.nonzero()[0]
    if not len(many):
        return (nothing, nothing), crowded
    # Number the combinations of each group: quotient and remainder by its page places.
    number = _counting(shared[many])
    of_group = np.repeat(many, shared[many])
    ours = starts[of_group] + number % pages[of_group]
    theirs = starts[of_group] + pages[of_group] + number // pages[of_group]
    return (ours, theirs), crowded


def _counting(sizes: NDArray[Any]) -> NDArray[Any]:
    """Return 0 … size − 1 for each size, one behind the other."""
    import numpy as np

    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1])) - np.repeat(ends - sizes, sizes)


def _add_runs(pair: NDArray[Any], place: NDArray[Any], at: NDArray[Any], found: list[list[Run]]) -> None:
    """Join shared trigrams that follow one another on both sides into runs."""
    import numpy as np

    if not len(pair):
        return
    # Along each diagonal of a pair, in the order of the output: then neighbours of a run differ by one.
    wide = _PLACE_BITS + 1
    along = (((pair << wide) + place - at + MOST_WORDS) << wide) | at
    along.sort()
    breaks = (along[1:] != along[:-1] + 1).nonzero()[0]
    firsts, lasts = along[np.concatenate([[0], breaks + 1])], along[np.concatenate([breaks, [len(along) - 1]])]
    start = firsts & ((1 << wide) - 1)
    on_page = ((firsts >> wide) & ((1 << wide) - 1)) - MOST_WORDS + start
    of_pair = firsts >> (2 * wide)
    order = ((((of_pair << wide) | start) << wide) | on_page).argsort()
    columns = (column[order].tolist() for column in (on_page, start, lasts - firsts + MIN_PASSAGE))
    runs = list(map(tuple.__new__, repeat(Run), zip(*columns, strict=True)))
    edges = of_pair[order].searchsorted(np.arange(len(found) + 1)).tolist()
    for number, (first, last) in enumerate(pairwise(edges)):
        if first < last:
            found[number] = runs[first:last]
