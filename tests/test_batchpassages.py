"""Passages found for many pairs at once are those found pair by pair."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench import batchpassages, passages, sharedtrigrams
from newsbench.batchpassages import find_batch_passages
from newsbench.passages import MIN_PASSAGE, Run, find_passages, word_ids
from newsbench.sharedtrigrams import MOST_PAIRS
from newsbench.wordhash import hash_words

sides = st.lists(st.text(alphabet="abcde", min_size=1, max_size=6).map(list), max_size=4).map(
    lambda parts: [word for part in parts for word in part]
)
pairs = st.lists(st.tuples(sides, sides, st.integers(0, 3)), min_size=1, max_size=6)


def joined(texts):
    hashes = [hash_words(words) if words else np.zeros(0, dtype=np.uint64) for words in texts]
    return np.concatenate(hashes), np.cumsum([0, *map(len, texts)]).tolist()


def one_by_one(page, output, short):
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(page))}
    return find_passages(word_ids(page, vocabulary), word_ids(output, vocabulary), short_segments=short)


def by_pair(found, count):
    runs = [[] for _ in range(count)]
    for pair, *run in zip(*(column.tolist() for column in found), strict=True):
        runs[pair].append(Run(*run))
    assert found.pairs.tolist() == sorted(found.pairs.tolist())
    return runs


def check(cases) -> None:
    short = [[(at, min(at + 2, len(page)))] if at < len(page) else [] for page, _, at in cases]
    page, page_edges = joined([page for page, _, _ in cases])
    output, output_edges = joined([output for _, output, _ in cases])
    found = by_pair(find_batch_passages(page, page_edges, output, output_edges, short), len(cases))
    assert found == [one_by_one(page, output, one) for (page, output, _), one in zip(cases, short, strict=True)]


@settings(max_examples=500)
@given(pairs)
def test_many_pairs_are_each_pair(cases):
    check(cases)


def test_pairs_that_share_too_much_are_left_to_the_slow_way(monkeypatch):
    monkeypatch.setattr(sharedtrigrams, "_MOST_SHARED", 30)
    rng = random.Random(2)
    for _ in range(60):
        check([(rng.choices("ab", k=rng.randint(0, 14)), rng.choices("ab", k=rng.randint(0, 14)), 0) for _ in range(8)])


def test_texts_longer_than_a_key_holds(monkeypatch):
    monkeypatch.setattr(batchpassages, "MOST_WORDS", 12)
    rng = random.Random(3)
    for _ in range(40):
        check([(rng.choices("abc", k=rng.randint(0, 24)), rng.choices("abc", k=rng.randint(0, 24)), 0) for _ in range(5)])


@pytest.mark.parametrize("slots", [0, 1, 64])
def test_hashes_that_share_the_bits_of_a_key_are_told_apart(monkeypatch, slots):
    """With no bits of the hash in the key, and few in the slots, all falls together and is compared in full."""
    monkeypatch.setattr(sharedtrigrams, "_HASH_MASK", 0)
    monkeypatch.setattr(sharedtrigrams, "_SLOTS", slots)
    rng = random.Random(4)
    for _ in range(40):
        check([(rng.choices("abcd", k=rng.randint(0, 16)), rng.choices("abcd", k=rng.randint(0, 16)), 0) for _ in range(5)])


def test_trigrams_of_long_texts_seldom_want_the_same_slot():
    """Sorting is for what is said again: a page of many words must not need it."""
    rng = random.Random(6)
    texts = [rng.choices([f"w{number}" for number in range(5000)], k=size) for size in (20_000, 300)]
    words, edges = joined(texts)
    sides = sharedtrigrams.trigrams_of(words, edges, ()), sharedtrigrams.trigrams_of(words, edges, ())
    _, of_page, of_output = sharedtrigrams.by_slot(*sides)
    assert len(of_page) == len(of_output) < len(words) / 8


def test_a_pair_of_very_many_passages_has_as_many_as_alone(monkeypatch):
    """Of thousands of passages only the longest count, whichever way they are found."""
    for module in (batchpassages, passages):
        monkeypatch.setattr(module, "MOST_PASSAGES", 5)
    rng = random.Random(5)
    page = [f"w{number}" for number in range(60)]
    pieces = [page[at : at + rng.randint(MIN_PASSAGE, 5)] for at in range(0, 55, 5)]
    rng.shuffle(pieces)
    output = [word for piece in pieces for word in piece]
    assert len(one_by_one(page, output, [])) == 5
    check([(page, output, 0), (page, page[:9], 3)])


def test_skipped_pairs_are_left_empty():
    page, page_edges = joined([list("abcdef"), list("abcdef")])
    found = by_pair(find_batch_passages(page, page_edges, page, page_edges, [[], [(0, 1)]], skipped={1}), 2)
    assert found[0]
    assert found[1] == []


def test_a_batch_has_bounds():
    many = MOST_PAIRS + 1
    with pytest.raises(ValueError, match=f"allowed are {MOST_PAIRS}"):
        find_batch_passages(np.zeros(0, np.uint64), [0] * (many + 1), np.zeros(0, np.uint64), [0] * (many + 1), [[]] * many)
