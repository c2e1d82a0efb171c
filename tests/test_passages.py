"""Passages of a page and an output that say the same trigrams over and over, against a slow restatement."""

from __future__ import annotations

import random
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from newsbench import passages
from newsbench.passages import Run, find_passages, word_ids


def places_of(words: str) -> dict[str, list[int]]:
    """Trigram -> where it stands."""
    found: dict[str, list[int]] = {}
    for at in range(len(words) - 2):
        found.setdefault(words[at : at + 3], []).append(at)
    return found


def paired(page: str, output: str, most: int, often: int) -> Iterator[tuple[int, int]]:
    """Yield the places of equal trigrams: all of them or, of those that are too many, the first and the last of each."""
    on_page, in_output = places_of(page), places_of(output)
    both = [(on_page[trigram], in_output[trigram]) for trigram in on_page.keys() & in_output.keys()]
    crowded = sum(len(ours) * len(theirs) for ours, theirs in both) > most
    for ours, theirs in both:
        if crowded and len(ours) * len(theirs) > often:
            yield from zip(ours, theirs, strict=False)
            yield from zip(ours[::-1], theirs[::-1], strict=False)
        else:
            yield from ((one, other) for one in ours for other in theirs)


def grown(page: str, output: str, ours: int, theirs: int) -> Run:
    """Return the longest run of equal words through a place."""
    before = after = 0
    while min(ours, theirs) > before and page[ours - before - 1] == output[theirs - before - 1]:
        before += 1
    while page[ours + after : ours + after + 1] == output[theirs + after : theirs + after + 1] != "":
        after += 1
    return Run(ours - before, theirs - before, before + after)


@pytest.mark.parametrize("seed", range(20))
def test_passages_are_maximal_though_some_of_their_trigrams_are_left_out(seed):
    rng = random.Random(seed)
    for _ in range(40):
        most, often = rng.choice((0, 20, 60)), rng.choice((1, 4, 9))
        # Where a page says no trigram twice, none is left out.
        page, output = ("aaaa" + "".join(rng.choices("aaabcd", k=rng.randint(0, 40))) for _ in range(2))
        vocabulary = {word: number for number, word in enumerate(dict.fromkeys(page))}
        with patch.multiple(passages, _MOST_PAIRS=most, _OVER_AND_OVER=often):
            found = find_passages(word_ids(page, vocabulary), word_ids(output, vocabulary))
        expected = {grown(page, output, *places) for places in paired(page, output, most, often)}
        assert found == sorted(expected, key=lambda run: (run.output, run.page)), (page, output)
