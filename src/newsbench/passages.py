"""Passages that two lists of words share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

#: Fewer equal words in a row are chance, not a passage.
MIN_PASSAGE = 3
# Occurrences of one trigram on both sides, multiplied: above this only the nearest by rank are paired.
_MOST_PAIRS = 4096
_MOST_PASSAGES = 20_000


class Run(NamedTuple):
    """`length` equal words from `page` and `output` (word positions) on."""

    page: int
    output: int
    length: int


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
    by_diagonal, capped = _diagonals(page, output, hits, places)
    runs = _merged_runs(by_diagonal)
    if capped:
        runs = _extended(runs, page, output)
    if len(runs) > _MOST_PASSAGES:
        runs.sort(key=lambda run: -run.length)
        del runs[_MOST_PASSAGES:]
    return runs


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
) -> tuple[dict[int, list[int]], bool]:
    """Output positions of shared trigrams by diagonal (page position minus output position), and whether some of a
    trigram that is said over and over were left out."""
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
    capped = False
    for trigram, ats in output_places.items():
        candidates = repeated[trigram]
        if len(ats) * len(candidates) <= _MOST_PAIRS:
            for at in ats:
                for place in candidates:
                    by_diagonal[place - at].append(at)
        else:
            # Pair by rank from the front and from the back.
            capped = True
            for at, place in zip(ats, candidates, strict=False):
                by_diagonal[place - at].append(at)
            for at, place in zip(reversed(ats), reversed(candidates), strict=False):
                by_diagonal[place - at].append(at)
    return by_diagonal, capped


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
    return runs


def _extended(runs: list[Run], page: Sequence[str], output: Sequence[str]) -> list[Run]:
    """Grow runs on both sides over trigrams that were left out; runs of one diagonal that meet become one."""
    grown: list[Run] = []
    reached: dict[int, int] = {}
    for run in sorted(runs, key=lambda run: (run.page - run.output, run.output)):
        diagonal = run.page - run.output
        if run.output < reached.get(diagonal, 0):
            continue
        start, end = run.output, run.output + run.length
        while start and start + diagonal and output[start - 1] == page[start + diagonal - 1]:
            start -= 1
        while end < len(output) and end + diagonal < len(page) and output[end] == page[end + diagonal]:
            end += 1
        reached[diagonal] = end
        grown.append(Run(start + diagonal, start, end - start))
    return grown
