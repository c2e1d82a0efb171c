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
#: Of more passages only the longest are looked at.
MOST_PASSAGES = 8_000
# A trigram's code holds three word ids of so many bits.
_ID_BITS = 21
_UNKNOWN = (1 << _ID_BITS) - 1


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
    """Return each trigram as one integer; unknown words have an id that no page has."""
    return (ids[:-2] << (2 * _ID_BITS)) | (ids[1:-1] << _ID_BITS) | ids[2:]


def _trigram_passages(page: NDArray[Any], output: NDArray[Any]) -> list[Run]:
    import numpy as np

    if len(page) < MIN_PASSAGE:
        return []
    page, output = page.astype(np.int64), output.astype(np.int64)
    output[output < 0] = _UNKNOWN
    if int(page.max()) >= _UNKNOWN:
        page, output = _renumbered(page, output)
    codes = _trigram_codes(page)
    order = codes.argsort()
    ordered = codes[order]
    wanted = _trigram_codes(output)
    first = ordered.searchsorted(wanted)
    first[first == len(ordered)] = 0
    (ats,) = (ordered[first] == wanted).nonzero()
    if not len(ats):
        return []
    first = first[ats]
    (changes,) = (ordered[1:] != ordered[:-1]).nonzero()
    # Fewer changes than trigrams: some stand on the page more than once.
    if len(changes) + 1 == len(ordered):
        return _as_runs(*_longest(*_run_bounds(ats, order[first])))
    starts = np.concatenate([[0], changes + 1])
    said = np.zeros(len(ordered), dtype=np.int64)
    said[starts] = np.diff(starts, append=len(ordered))
    ats, places, capped = _all_pairs(ats, first, said[first], order)
    # Along each diagonal, in the order of the output: one key holds both.
    along = ((places - ats + len(output)) * len(output) + ats).argsort()
    pages, outputs, lengths = _run_bounds(ats[along], places[along])
    if capped:
        pages, outputs, lengths = _extended(pages, outputs, lengths, page, output)
    pages, outputs, lengths = _longest(pages, outputs, lengths)
    order = np.lexsort((pages, outputs))
    return _as_runs(pages[order], outputs[order], lengths[order])


def _longest(
    pages: NDArray[Any], outputs: NDArray[Any], lengths: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return the longest `MOST_PASSAGES` of some runs, in the order in which they came."""
    import numpy as np

    if len(pages) <= MOST_PASSAGES:
        return pages, outputs, lengths
    longest = np.sort(np.lexsort((outputs, pages - outputs, -lengths))[:MOST_PASSAGES])
    return pages[longest], outputs[longest], lengths[longest]


def _renumbered(page: NDArray[Any], output: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Give the words of a page of a huge vocabulary ids that fit a trigram's code.

    Errors: ValueError for a page of more than two million different words.
    """
    import numpy as np

    known, numbers = np.unique(page, return_inverse=True)
    if len(known) >= _UNKNOWN:
        raise ValueError(f"a page of {len(known)} different words; allowed: fewer than {_UNKNOWN}")
    places = known.searchsorted(output)
    places[places == len(known)] = 0
    return numbers, np.where(known[places] == output, places, _UNKNOWN)


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


def _run_bounds(ats: NDArray[Any], places: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Join shared trigrams that follow one another on both sides; return where runs begin, and how long they are."""
    import numpy as np

    breaks = ((ats[1:] != ats[:-1] + 1) | (places[1:] != places[:-1] + 1)).nonzero()[0]
    starts, ends = np.concatenate([[0], breaks + 1]), np.append(breaks, len(ats) - 1)
    return places[starts], ats[starts], ats[ends] - ats[starts] + MIN_PASSAGE


def _as_runs(pages: NDArray[Any], outputs: NDArray[Any], lengths: NDArray[Any]) -> list[Run]:
    columns = zip(pages.tolist(), outputs.tolist(), lengths.tolist(), strict=True)
    return list(map(tuple.__new__, repeat(Run), columns))


def _extended(
    pages: NDArray[Any], outputs: NDArray[Any], lengths: NDArray[Any], page: NDArray[Any], output: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Grow runs on both sides over trigrams that were left out; runs of one diagonal that meet become one."""
    import numpy as np

    page_ends, output_ends = pages + lengths, outputs + lengths
    before = (pages > 0) & (outputs > 0)
    before[before] = page[pages[before] - 1] == output[outputs[before] - 1]
    behind = (page_ends < len(page)) & (output_ends < len(output))
    behind[behind] = page[page_ends[behind]] == output[output_ends[behind]]
    growing = before | behind
    # What cannot grow is met by nothing: the words beside it differ.
    grown = _grown(_as_runs(pages[growing], outputs[growing], lengths[growing]), page, output)
    columns = np.array(grown, dtype=np.int64).reshape(-1, 3).T
    kept = (pages[~growing], outputs[~growing], lengths[~growing])
    found = [np.concatenate(pair) for pair in zip(kept, columns, strict=True)]
    return found[0], found[1], found[2]


def _grown(runs: list[Run], page: NDArray[Any], output: NDArray[Any]) -> list[Run]:
    known_page, known_output = page.tolist(), output.tolist()
    grown: list[Run] = []
    reached: dict[int, int] = {}
    for run in sorted(runs, key=lambda run: (run.page - run.output, run.output)):
        diagonal = run.page - run.output
        if run.output < reached.get(diagonal, 0):
            continue
        start, end = run.output, run.output + run.length
        while start and start + diagonal and known_output[start - 1] == known_page[start + diagonal - 1]:
            start -= 1
        while (
            end < len(known_output)
            and end + diagonal < len(known_page)
            and known_output[end] == known_page[end + diagonal]
        ):
            end += 1
        reached[diagonal] = end
        grown.append(Run(start + diagonal, start, end - start))
    return grown
