"""Where on the page the words of an output come from: a word-level alignment by shared passages.

A page word and an output word may be paired when both stand in a *passage* that occurs in both texts: at least
`MIN_PASSAGE` equal words in a row, or all of an output or of a content segment that is shorter than that. Chance
matches of single words are thus no matches. The alignment takes, in this order:

1. **in order**: the largest set of pairs that is increasing on both sides; among equals that with the fewest runs,
   among these the one with the most content words;
2. **moved**: from what is left on both sides, the longest shared passage, again and again;
3. **duplicated**: output words that stand in a shared passage whose page words are all taken;
4. **invented**: the rest of the output.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

#: Named in every signature: another rule is another name.
ALIGNMENT = "passages-1"

MIN_PASSAGE = 3
# Occurrences of one trigram on both sides, multiplied: above this only the nearest by rank are paired.
_MOST_PAIRS = 4096
# Passages up to here are chained by a plain loop, beyond by arrays.
_FEW_PASSAGES = 48
_MOST_PASSAGES = 20_000


class Run(NamedTuple):
    """`length` equal words from `page` and `output` (word positions) on."""

    page: int
    output: int
    length: int


class Alignment(NamedTuple):
    """Runs in page order that keep the output's order, runs out of order, and what the page does not explain."""

    in_order: list[Run]
    moved: list[Run]
    duplicated: int
    invented: int


def align_words(
    page: Sequence[str],
    output: Sequence[str],
    *,
    content: Sequence[int] | None = None,
    short_segments: Sequence[tuple[int, int]] = (),
) -> Alignment:
    """Align the words of an output to the words of a page by shared passages (see the module).

    `content` holds, for each page position and one past the end, how many content words stand before it; it breaks
    ties. `short_segments` are the word ranges of content segments of fewer than `MIN_PASSAGE` words.
    """
    passages = find_passages(page, output, short_segments=short_segments)
    if not passages:
        return Alignment([], [], 0, len(output))
    in_order = best_chain(passages, content)
    aligned = sum(run.length for run in in_order)
    if aligned == len(output):
        return Alignment(in_order, [], 0, 0)
    moved, duplicated = _tile_rest(passages, in_order, len(page), len(output))
    aligned += sum(run.length for run in moved)
    return Alignment(in_order, moved, duplicated, len(output) - aligned - duplicated)


def find_passages(
    page: Sequence[str], output: Sequence[str], *, short_segments: Sequence[tuple[int, int]] = ()
) -> list[Run]:
    """Return the maximal shared passages of two word lists, by output position and then page position."""
    if not page or not output:
        return []
    if page == output:
        return [Run(0, 0, len(page))]
    passages = _trigram_passages(page, output) if len(output) >= MIN_PASSAGE else _occurrences(page, output, 0)
    for start, end in short_segments:
        passages.extend(
            Run(start, at, end - start) for _, at, _ in map(_swap, _occurrences(output, page[start:end], start))
        )
    return sorted(set(passages), key=lambda run: (run.output, run.page))


def _swap(run: Run) -> Run:
    return Run(run.output, run.page, run.length)


def _occurrences(words: Sequence[str], needle: Sequence[str], at: int) -> list[Run]:
    """Every place of a needle of one or two words, as runs ``(place, at, length)``."""
    size = len(needle)
    first = needle[0]
    return [
        Run(i, at, size)
        for i, word in enumerate(words)
        if word == first and i + size <= len(words) and (size == 1 or words[i + 1] == needle[1])
    ]


def _trigram_passages(page: Sequence[str], output: Sequence[str]) -> list[Run]:
    places = dict(zip(zip(page, page[1:], page[2:], strict=False), range(len(page)), strict=False))
    hits = list(map(places.get, zip(output, output[1:], output[2:], strict=False), repeat(-1)))
    if len(places) == len(page) - 2:
        return list(_single_runs(hits))
    return _merged_runs(_diagonals(page, output, hits, places))


def _single_runs(hits: list[int]) -> Iterator[Run]:
    """Runs where each trigram of the output has at most one place on the page."""
    expected = -2
    start = 0
    for at, place in enumerate(hits):
        if place == expected:
            expected += 1
            continue
        if expected >= 0:
            yield Run(expected - (at - start), start, at - start + 2)
        start = at
        expected = place + 1 if place >= 0 else -2
    if expected >= 0:
        yield Run(expected - (len(hits) - start), start, len(hits) - start + 2)


def _diagonals(
    page: Sequence[str], output: Sequence[str], hits: list[int], places: dict[tuple[str, ...], int]
) -> dict[int, list[int]]:
    """Output positions of shared trigrams by diagonal (page position minus output position), ascending."""
    repeated: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, trigram in enumerate(zip(page, page[1:], page[2:], strict=False)):
        if places[trigram] != at or trigram in repeated:
            repeated[trigram].append(at)
    for trigram, found in repeated.items():
        if found[-1] != places[trigram]:
            found.append(places[trigram])
    by_diagonal: dict[int, list[int]] = defaultdict(list)
    output_places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, place in enumerate(hits):
        if place < 0:
            continue
        trigram = (output[at], output[at + 1], output[at + 2])
        if trigram in repeated:
            output_places[trigram].append(at)
        else:
            by_diagonal[place - at].append(at)
    for trigram, ats in output_places.items():
        candidates = repeated[trigram]
        if len(ats) * len(candidates) <= _MOST_PAIRS:
            for at in ats:
                for place in candidates:
                    by_diagonal[place - at].append(at)
        else:
            # A word said over and over: pair by rank from the front and from the back.
            for at, place in zip(ats, candidates, strict=False):
                by_diagonal[place - at].append(at)
            for at, place in zip(reversed(ats), reversed(candidates), strict=False):
                by_diagonal[place - at].append(at)
    return by_diagonal


def _merged_runs(by_diagonal: dict[int, list[int]]) -> list[Run]:
    runs = []
    for diagonal, ats in by_diagonal.items():
        ats = sorted(set(ats))
        start = previous = ats[0]
        for at in ats[1:]:
            if at != previous + 1:
                runs.append(Run(start + diagonal, start, previous - start + MIN_PASSAGE))
                start = at
            previous = at
        runs.append(Run(start + diagonal, start, previous - start + MIN_PASSAGE))
    if len(runs) > _MOST_PASSAGES:
        runs.sort(key=lambda run: -run.length)
        del runs[_MOST_PASSAGES:]
    return runs


def best_chain(passages: list[Run], content: Sequence[int] | None = None) -> list[Run]:
    """Return the in-order chain of passages, trimmed where they overlap, that pairs the most words.

    Ties go to fewer runs, then to more content words, then to the earlier page position. O(r²) for r passages.
    """
    if len(passages) == 1:
        return passages
    passages = sorted(passages, key=lambda run: (run.output + run.length, run.page + run.length))
    if _is_chain(passages):
        return passages
    chain = _chain_loop if len(passages) <= _FEW_PASSAGES else _chain_arrays
    return _trim(chain(passages, content), content)


def _is_chain(passages: list[Run]) -> bool:
    """All passages fit one behind the other without overlap: nothing to choose."""
    page = output = 0
    for run in passages:
        if run.page < page or run.output < output:
            return False
        page = run.page + run.length
        output = run.output + run.length
    return True


def _chain_loop(passages: list[Run], content: Sequence[int] | None) -> list[Run]:
    # Scores are (words, -runs, content words): compared in this order.
    best: list[tuple[int, int, int]] = []
    back: list[int] = []
    for j, (page, output, length) in enumerate(passages):
        held = content[page + length] - content[page] if content is not None else 0
        score = (length, -1, held)
        source = -1
        for i in range(j):
            p, o, n = passages[i]
            # The later one must begin and end later on both sides; what overlaps counts once.
            if p >= page or o >= output or p + n >= page + length or o + n >= output + length:
                continue
            overlap = max(p + n - page, o + n - output, 0)
            before = best[i]
            gain = 0
            if content is not None:
                gain = held - _least_lost(content, p + n, page, overlap)
            candidate = (before[0] + length - overlap, before[1] - 1, before[2] + gain)
            if candidate > score:
                score, source = candidate, i
        best.append(score)
        back.append(source)
    return _walk_back(passages, max(range(len(best)), key=lambda i: (best[i], -i)), back)


def _least_lost(content: Sequence[int], end: int, start: int, overlap: int) -> int:
    """The fewest content words given up when `overlap` words are cut off the end of one run or the start of the next."""
    if not overlap:
        return 0
    return min(
        content[end] - content[end - cut] + content[start + overlap - cut] - content[start]
        for cut in range(overlap + 1)
    )


def _chain_arrays(passages: list[Run], content: Sequence[int] | None) -> list[Run]:
    """The same as `_chain_loop` with arrays."""
    import numpy as np

    runs = np.asarray(passages, dtype=np.int64)
    page, output, length = runs.T
    page_end, output_end = page + length, output + length
    prefix = np.zeros(int(page_end.max()) + 1, np.int64) if content is None else np.asarray(content, np.int64)
    held = prefix[page_end] - prefix[page]
    # One integer orders (words, -runs, content): each part has its own range of bits.
    unit_run = 1 << 22
    unit_word = unit_run << 20
    best = np.zeros(len(runs), np.int64)
    back = np.full(len(runs), -1)
    for j in range(len(runs)):
        best[j] = length[j] * unit_word - unit_run + held[j]
        if not j:
            continue
        fits = (page[:j] < page[j]) & (output[:j] < output[j])
        fits &= (page_end[:j] < page_end[j]) & (output_end[:j] < output_end[j])
        (candidates,) = np.nonzero(fits)
        if not candidates.size:
            continue
        overlap = np.maximum(np.maximum(page_end[candidates] - page[j], output_end[candidates] - output[j]), 0)
        gain = prefix[page_end[j]] - prefix[page[j] + overlap]
        if content is not None:
            for at in np.nonzero(overlap)[0]:
                end, cut = int(page_end[candidates[at]]), int(overlap[at])
                gain[at] = held[j] - _least_lost(content, end, int(page[j]), cut)
        scores = best[candidates] + (length[j] - overlap) * unit_word - unit_run + gain
        at = int(np.argmax(scores))
        if scores[at] > best[j]:
            best[j] = scores[at]
            back[j] = candidates[at]
    return _walk_back(passages, int(np.argmax(best)), back)


def _walk_back(passages: list[Run], last: int, back: Sequence[int]) -> list[Run]:
    chain = []
    while last >= 0:
        chain.append(passages[last])
        last = back[last]
    chain.reverse()
    return chain


def _trim(chain: list[Run], content: Sequence[int] | None) -> list[Run]:
    """Cut overlaps of neighbours where this gives up the fewest content words, as late as possible."""
    trimmed = [chain[0]]
    for run in chain[1:]:
        before = trimmed[-1]
        end = before.page + before.length
        overlap = max(end - run.page, before.output + before.length - run.output, 0)
        cut = 0
        if overlap and content is not None:
            cut = min(
                range(min(overlap, before.length - 1) + 1),
                key=lambda cut: content[end] - content[end - cut] + content[run.page + overlap - cut] - content[run.page],
            )
            trimmed[-1] = Run(before.page, before.output, before.length - cut)
        start = overlap - cut
        trimmed.append(Run(run.page + start, run.output + start, run.length - start))
    return trimmed


def _tile_rest(passages: list[Run], in_order: list[Run], page_size: int, output_size: int) -> tuple[list[Run], int]:
    """Return runs out of order, longest first, and the number of output words that repeat words already paired."""
    page_free = bytearray(b"\1") * page_size
    output_free = bytearray(b"\1") * output_size
    for page, output, length in in_order:
        page_free[page : page + length] = bytes(length)
        output_free[output : output + length] = bytes(length)
    rest = [run for run in passages if output_free.find(1, run.output, run.output + run.length) >= 0]
    moved: list[Run] = []
    pending = [(-length, output, page) for page, output, length in rest]
    import heapq

    heapq.heapify(pending)
    while pending:
        size, output, page = heapq.heappop(pending)
        pieces = list(_free_pieces(Run(page, output, -size), page_free, output_free))
        if len(pieces) == 1 and pieces[0].length == -size:
            run = pieces[0]
            moved.append(run)
            page_free[run.page : run.page + run.length] = bytes(run.length)
            output_free[run.output : run.output + run.length] = bytes(run.length)
        else:
            for run in pieces:
                heapq.heappush(pending, (-run.length, run.output, run.page))
    covered = bytearray(output_size)
    for run in rest:
        covered[run.output : run.output + run.length] = b"\1" * run.length
    duplicated = sum(map(int.__and__, covered, output_free))
    moved.sort()
    return moved, duplicated


def _free_pieces(run: Run, page_free: bytearray, output_free: bytearray) -> Iterator[Run]:
    """The parts of a passage that are free on both sides and still long enough to be a passage."""
    least = min(MIN_PASSAGE, run.length)
    start = None
    for k in range(run.length + 1):
        if k < run.length and page_free[run.page + k] and output_free[run.output + k]:
            if start is None:
                start = k
        elif start is not None:
            if k - start >= least:
                yield Run(run.page + start, run.output + start, k - start)
            start = None
