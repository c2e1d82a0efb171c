"""Words hashed line by line are the words of the whole texts, and runs that lines share are counted as any others."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics.compat.aeb import TOKENS
from newsbench.metrics.compat.texts import word_tokens
from newsbench.wordhash import hash_texts
from newsbench.wordlines import common_blocks, hash_by_line
from newsbench.wordruns import runs_of, shared_runs

HARD = "ab B\n \r\u2028“ﬁ’.\U0001d400\ud800\u0301é漢_1"
lines = st.lists(
    st.one_of(st.sampled_from(["", " ", "a b", "a b c", "a a a a a", "b c d e f", "c", "“x” y z a", "b c d e f g h"]),
              st.text(alphabet=HARD, max_size=8)),
    max_size=7,
).map("\n".join)  # fmt: skip
pairs = st.lists(st.tuples(lines, lines), min_size=1, max_size=4)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.lists(lines, min_size=1, max_size=4), min_size=1, max_size=3))
def test_line_by_line_is_all_at_once(groups):
    for texts, lined in zip(groups, hash_by_line(groups, TOKENS), strict=True):
        whole = hash_texts(texts, TOKENS)
        assert lined.words.hashes.tolist() == whole.hashes.tolist()
        assert lined.words.edges.tolist() == whole.edges.tolist()
        of_lines = [len(word_tokens(line)) for text in texts for line in text.split("\n")]
        assert lined.sizes.tolist() == [size for size in of_lines if size]
        assert np.bincount(lined.text_of, lined.sizes, len(texts)).tolist() == np.diff(whole.edges).tolist()


def bag(text, size):
    words = word_tokens(text)
    if len(words) < size:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


@settings(max_examples=600, deadline=None)
@given(pairs, st.integers(1, 5))
def test_shared_runs_are_the_intersection_of_bags(texts, size):
    first, second = (runs_of(side, size) for side in hash_by_line(list(zip(*texts, strict=True)), TOKENS))
    assert first.counts.tolist() == [bag(one, size).total() for one, _ in texts]
    assert second.counts.tolist() == [bag(other, size).total() for _, other in texts]
    expected = [(bag(one, size) & bag(other, size)).total() for one, other in texts]
    assert shared_runs(first, second).tolist() == expected
    assert shared_runs(second, first).tolist() == expected


@settings(max_examples=300, deadline=None)
@given(pairs)
def test_blocks_are_equal_words_on_both_sides(texts):
    first, second = hash_by_line(list(zip(*texts, strict=True)), TOKENS)
    blocks = common_blocks(first, second)
    taken = [np.zeros(len(side.words.hashes), dtype=int) for side in (first, second)]
    for text, ours, theirs, size in zip(*(column.tolist() for column in blocks), strict=True):
        for side, start, own in ((first, ours, taken[0]), (second, theirs, taken[1])):
            assert side.words.edges[text] <= start < start + size <= side.words.edges[text + 1]
            own[start : start + size] += 1
        assert np.array_equal(first.words.hashes[ours : ours + size], second.words.hashes[theirs : theirs + size])
    assert max([0, *taken[0], *taken[1]]) <= 1


def test_blocks_reach_over_empty_lines_and_end_where_the_order_does():
    gold = "one two\nthree\n\nfour five\nsix\nseven\nseven"
    output = "menu\none two\nthree\nfour five\n\nseven\nsix"
    blocks = common_blocks(*hash_by_line([[gold], [output]], TOKENS))
    # Of "seven", which the gold has twice, no block is made.
    assert [column.tolist() for column in blocks] == [[0, 0], [0, 5], [1, 7], [5, 1]]
