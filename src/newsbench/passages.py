"""Passages that two lists of words share, found on integer word ids."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Fewer equal words in a row are chance, not a passage.
MIN_PASSAGE = 3
# Shared trigrams, repetitions multiplied: beyond this, trigrams said over and over are paired by rank only.
_MOST_PAIRS = 500_000
# A trigram is said over and over where its occurrences on both sides multiply to more than this.
_OVER_AND_OVER = 4096
_MOST_PASSAGES = 20_000
# Odd constants that spread word ids over 64 bits; equal codes are checked word by word.
_SPREAD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)


class Run(NamedTuple):
    """`length` equal words from `page` and `output` (word positions) on."""

    page: int
    output: int
    length: int


def word_ids(words: Sequence[str], vocabulary: dict[str, int]) -> NDArray[Any]:
    """Return the ids of words, -1 for those that the vocabulary does not have."""
    import numpy as np

    return np.fromiter(map(vocabulary.get, words, repeat(-1)), dtype=np.int64, count=len(words))


def find_passages(
    page: NDArray[Any], output: NDArray[Any], *, short_segments: Sequence[tuple[int, int]] = ()
) -> list[Run]:
    """Return the maximal shared passages of two lists of word ids, by output position and then page position.

    Negative ids match nothing. `short_segments` are page ranges of fewer than `MIN_PASSAGE` words that count as
    passages of their own.
    """
    if not len(page) or not len(output):
        return []
    if len(output) < MIN_PASSAGE:
        found = [Run(at, 0, len(output)) for at in _occurrences(page, output)] if output.min() >= 0 else []
    else:
        found = _trigram_passages(page, output)
    for start, end in short_segments:
        found.extend(Run(start, at, end - start) for at in _occurrences(output, page[start:end]))
    return sorted(set(found), key=lambda run: (run.output, run.page)) if short_segments else found


def _occurrences(words: NDArray[Any], needle: NDArray[Any]) -> list[int]:
    """Return where a needle of one or two words stands."""
    import numpy as np

    same = words[: len(words) - len(needle) + 1] == needle[0]
    if len(needle) == 2:
        same = same & (words[1:] == needle[1])
    return np.nonzero(same)[0].tolist()


def _trigram_codes(ids: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    ids = ids.astype(np.uint64)
    return (ids[:-2] * np.uint64(_SPREAD[0]) + ids[1:-1]) * np.uint64(_SPREAD[1]) + ids[2:]


def _trigram_passages(page: NDArray[Any], output: NDArray[Any]) -> list[Run]:
    import numpy as np

    if len(page) < MIN_PASSAGE:
        return []
    codes = _trigram_codes(page)
    order = codes.argsort()
    ordered = codes[order]
    wanted = _trigram_codes(output)
    first = ordered.searchsorted(wanted)
    first[first == len(ordered)] = 0
    (ats,) = (ordered[first] == wanted).nonzero()
    first = first[ats]
    (changes,) = (ordered[1:] != ordered[:-1]).nonzero()
    capped = False
    # Fewer changes than trigrams: some stand on the page more than once.
    repeated = len(changes) + 1 < len(ordered)
    if repeated:
        starts = np.concatenate([[0], changes + 1])
        said = np.zeros(len(ordered), dtype=np.int64)
        said[starts] = np.concatenate([starts[1:], [len(ordered)]]) - starts
        ats, places, capped = _all_pairs(ats, first, said[first], order)
    else:
        places = order[first]
    if not len(ats):
        return []
    # Codes may collide, and unknown words have none: look at the words themselves.
    sure = (page[places] == output[ats]) & (page[places + 1] == output[ats + 1]) & (page[places + 2] == output[ats + 2])
    if not sure.all():
        ats, places = ats[sure], places[sure]
        if not len(ats):
            return []
    if not repeated:
        return _runs(ats, places)
    diagonals = places - ats
    along = np.lexsort((ats, diagonals))
    runs = _runs(ats[along], places[along])
    if capped:
        runs = _extended(runs, page, output)
    if len(runs) > _MOST_PASSAGES:
        runs.sort(key=lambda run: -run.length)
        del runs[_MOST_PASSAGES:]
    runs.sort(key=lambda run: (run.output, run.page))
    return runs


def _all_pairs(
    ats: NDArray[Any], first: NDArray[Any], many: NDArray[Any], order: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], bool]:
    """Pair each output position with every page position of its trigram, unless that would be far too many."""
    import numpy as np

    capped = False
    if int(many.sum()) > _MOST_PAIRS:
        _, group, said = np.unique(first, return_inverse=True, return_counts=True)
        often = said[group] * many > _OVER_AND_OVER
        capped = bool(often.any())
        if capped:
            by_rank = _by_rank(ats[often], first[often], many[often], order)
            ats, first, many = ats[~often], first[~often], many[~often]
    starts = np.repeat(first - np.concatenate([[0], many.cumsum()[:-1]]), many) if len(ats) else first
    places = order[starts + np.arange(len(starts))] if len(ats) else first
    pairs = np.repeat(ats, many)
    if capped:
        pairs, places = np.concatenate([pairs, by_rank[0]]), np.concatenate([places, by_rank[1]])
    return pairs, places, capped


def _by_rank(
    ats: NDArray[Any], first: NDArray[Any], many: NDArray[Any], order: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Pair the occurrences of a trigram by rank, from the front and from the back."""
    import numpy as np

    found_at, found_place = [], []
    for code in np.unique(first):
        mine = ats[first == code]
        places = np.sort(order[code : code + many[first == code][0]])
        size = min(len(mine), len(places))
        found_at += [mine[:size], mine[len(mine) - size :]]
        found_place += [places[:size], places[len(places) - size :]]
    pairs = np.unique(np.column_stack([np.concatenate(found_at), np.concatenate(found_place)]), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _runs(ats: NDArray[Any], places: NDArray[Any]) -> list[Run]:
    """Join shared trigrams that follow one another on both sides into runs."""
    breaks = ((ats[1:] != ats[:-1] + 1) | (places[1:] != places[:-1] + 1)).nonzero()[0]
    starts = [0, *(breaks + 1).tolist()]
    ends = [*breaks.tolist(), len(ats) - 1]
    first_at, last_at = ats[starts].tolist(), ats[ends].tolist()
    first_place = places[starts].tolist()
    return [
        Run(place, at, last - at + MIN_PASSAGE) for place, at, last in zip(first_place, first_at, last_at, strict=True)
    ]


def _extended(runs: list[Run], page: NDArray[Any], output: NDArray[Any]) -> list[Run]:
    """Grow runs on both sides over trigrams that were left out; runs of one diagonal that meet become one."""
    known_page, known_output = page.tolist(), output.tolist()
    grown: list[Run] = []
    reached: dict[int, int] = {}
    for run in sorted(runs, key=lambda run: (run.page - run.output, run.output)):
        diagonal = run.page - run.output
        if run.output < reached.get(diagonal, 0):
            continue
        start, end = run.output, run.output + run.length
        while start and start + diagonal and known_output[start - 1] == known_page[start + diagonal - 1] >= 0:
            start -= 1
        while (
            end < len(known_output)
            and end + diagonal < len(known_page)
            and known_output[end] == known_page[end + diagonal] >= 0
        ):
            end += 1
        reached[diagonal] = end
        grown.append(Run(start + diagonal, start, end - start))
    return grown
