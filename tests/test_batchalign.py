"""Alignments of many pairs at once are those of each pair."""

from __future__ import annotations

import random

import numpy as np
import pytest

from newsbench import batchalign
from newsbench.align import align_passages
from newsbench.batchalign import align_batch
from newsbench.batchpassages import BatchPassages
from newsbench.passages import Run, find_passages


def columns_of(passages):
    rows = [(pair, *run) for pair, runs in enumerate(passages) for run in runs]
    return BatchPassages(*np.array(rows, dtype=np.int64).reshape(-1, 4).T)


def one_pair(rng):
    """A page of few or many different words, and an output of pieces of it with some words of its own."""
    page = [rng.randrange(rng.choice((3, 8, 200))) for _ in range(rng.randint(0, 60))]
    output = []
    for _ in range(rng.randint(0, 6)):
        at = rng.randint(0, len(page))
        output += page[at : at + rng.randint(0, 25)] if rng.random() < 0.8 else [rng.randrange(8)]
    if rng.random() < 0.3:
        output = page[rng.randint(0, 5) : rng.randint(5, 60)]
    short = [(at, at + 2) for at in rng.sample(range(max(len(page) - 1, 0)), min(1, max(len(page) - 1, 0)))]
    passages = find_passages(np.array(page, dtype=np.int64), np.array(output, dtype=np.int64), short_segments=short)
    worth = np.cumsum([0, *(rng.choice((0, 1, 2)) for _ in page)]).tolist()
    return passages, len(page), len(output), worth


def check(cases):
    passages, pages, outputs, worth = zip(*cases, strict=True)
    found = align_batch(columns_of(passages), pages, outputs, worth.__getitem__)
    for pair, (runs, page, output, of_words) in enumerate(cases):
        expected = align_passages(runs, page, output, worth=of_words)
        kept = [(run.page, run.output, run.length) for run in found.kept.of_pair(pair)]
        assert sorted(kept) == sorted(map(tuple, [*expected.in_order, *expected.moved]))
        assert found.moved[pair] == sum(run.length for run in expected.moved)
        assert [word for of, word in found.repeated_words.tolist() if of == pair] == expected.repeated
        assert (found.repeated[pair], found.invented[pair]) == (expected.duplicated, expected.invented)


@pytest.mark.parametrize("seed", range(60))
def test_many_pairs_are_each_pair(seed):
    rng = random.Random(seed)
    for _ in range(30):
        check([one_pair(rng) for _ in range(rng.randint(1, 5))])


@pytest.mark.parametrize("seed", range(40))
def test_passages_thrown_together(seed):
    """Not as texts have them, but crowded, so that many lie within others, touch, overlap or are equal in length."""
    rng = random.Random(seed)
    for _ in range(100):
        runs = {Run(rng.randint(0, 12), rng.randint(0, 12), rng.randint(1, 8)) for _ in range(rng.randint(1, 5))}
        worth = np.cumsum([0, *(rng.choice((0, 1, 2)) for _ in range(20))]).tolist()
        check([(sorted(runs, key=lambda run: (run.output, run.page)), 20, 20, worth)] * 2)


def test_what_lies_within_a_longer_passage_is_neither_chained_nor_tiled(monkeypatch):
    """Most pairs of a page and an output are like this: they must not need the slow way."""
    monkeypatch.setattr(batchalign, "chain_part", None)
    monkeypatch.setattr(batchalign, "tile_rest", None)
    within = [Run(10, 0, 30), Run(90, 4, 3), Run(60, 12, 3), Run(50, 30, 20), Run(0, 40, 5)]
    found = align_batch(columns_of([within, []]), [100, 5], [54, 3], [[0] * 101, [0] * 6].__getitem__)
    assert found.kept.of_pair(0) == [Run(10, 0, 30), Run(50, 30, 20)]
    assert found.invented.tolist() == [4, 3]
