"""Runs that texts share are counted as if each text were a bag of them, whatever the two have in common line by line."""

from __future__ import annotations

import random
from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsbench import wordruns
from newsbench.commonlines import common_passages
from newsbench.metrics.compat.aeb import TOKENS, count_many
from newsbench.metrics.compat.texts import word_tokens
from newsbench.wordhash import count_words, hash_texts
from newsbench.wordruns import shared_runs

HARD = "ab B\n \r\u2028“ﬁ’.\U0001d400\U0001f600\ud800\u0301é漢_1"
pieces = st.one_of(
    st.sampled_from(["", " ", "a b", "a b c", "a a a a a", "b c d e f", "c", "“x” y z a", "b c d e f g h", "a-a-a-a"]),
    st.text(alphabet=HARD, max_size=8),
)
lines = st.lists(pieces, max_size=9)


@st.composite
def pairs(draw):
    """A text, and one made of its lines: some left out, moved or broken otherwise, others put between."""
    found = draw(lines)
    kept = [line for line in found if draw(st.booleans())] if draw(st.booleans()) else list(found)
    if draw(st.booleans()):
        kept = draw(st.permutations(kept))
    for line in draw(st.lists(pieces, max_size=3)):
        kept.insert(draw(st.integers(0, len(kept))), line)
    return "\n".join(found), draw(st.sampled_from(["\n", "\n\n", " ", "", " \n", "\u2028"])).join(kept)


def bag(text, size):
    words = word_tokens(text)
    if len(words) < size:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def check(texts, size):
    for sides in (texts, [(other, one) for one, other in texts]):
        first, second = map(list, zip(*sides, strict=True))
        for found, outputs in zip(shared_runs(first, [second, first], size, TOKENS), (second, first), strict=True):
            assert found.first.tolist() == [bag(text, size).total() for text in first]
            assert found.second.tolist() == [bag(text, size).total() for text in outputs]
            both = list(zip(first, outputs, strict=True))
            assert found.shared.tolist() == [(bag(one, size) & bag(other, size)).total() for one, other in both]
            assert found.equal.tolist() == [word_tokens(one) == word_tokens(other) for one, other in both]


@settings(max_examples=500, deadline=None)
@given(st.lists(pairs(), min_size=1, max_size=4), st.integers(1, 5), st.sampled_from([(0, 2), (1, 6), (4, 12), (32, 128)]))
def test_shared_runs_are_the_intersection_of_bags(texts, size, lengths):
    with patch("newsbench.wordruns._EDGE", lengths[0]), patch("newsbench.wordruns._PASSAGE", lengths[1]):
        check(texts, size)


@pytest.mark.parametrize("blanks", ["\n", "\n\n", " ", " \n\n "])
def test_long_passages_are_cut_and_counted(gold_pages, blanks):
    rng = random.Random(7)
    texts = []
    for page in gold_pages[:12]:
        found = page.text.split("\n")
        kept = [line for line in found if rng.random() < 0.8]
        kept.insert(rng.randrange(len(kept)), "Words that are on no page, put between.")
        texts.append((page.text, blanks.join(kept)))
    with patch.object(wordruns, "hash_texts", wraps=hash_texts) as hashing:
        check(texts, 4)
    hashed = hashing.call_args_list[0].args[0]
    assert sum(map(len, hashed)) < 0.6 * sum(len(text) for pair in texts for text in pair)


def test_few_long_words_at_the_edge_of_a_passage_are_no_trouble():
    """A passage of which fewer words would be left than a run needs is not cut."""
    line = "–" * 40 + " one two three four five six seven eight nine ten eleven twelve thirteen fourteen " + "x" * 60
    other = "some other line that is long enough " * 5
    with patch.object(wordruns, "hash_texts", wraps=hash_texts) as hashing:
        check([(f"{line}\nend\n{other}", f"start {line} more {other}")], 4)
    # The other passage is.
    assert [len(call.args[0]) for call in hashing.call_args_list[:2]] == [12, 8]


def test_equal_words_are_equal_wherever_their_passages_are_found():
    line = "the same words again, " + "and again, as often as a passage that is worth to be cut has to be long, " * 3
    first = f"{line}\n{line.replace(',', ';')}"
    with patch.object(wordruns, "_equal_words", wraps=wordruns._equal_words) as comparing:
        check([(first, f"{line.replace(',', ';')}\n{line}"), (first, f"{line}\nWords before it. {line}")], 4)
    assert comparing.called
    # Of equal bags and equal words beside its passages.
    head, tail = "alpha beta gamma delta epsilon zeta", "three four five six seven eight nine"
    full = f"{head} eta {'middle words ' * 10}one two {tail}"
    check([(f"{full}\n{head} {tail}", f"{head} {tail}\n{full}")], 4)


def test_no_pages_are_counted_as_none():
    assert [rows.shape for rows in count_many([], [[], []])] == [(0, 6), (0, 6)]


@settings(max_examples=300, deadline=None)
@given(st.lists(pairs(), min_size=1, max_size=3))
def test_words_are_counted_as_they_are_hashed(texts):
    flat = [text for pair in texts for text in pair]
    expected = [len(word_tokens(text)) for text in flat]
    assert count_words(flat, TOKENS).tolist() == expected
    with patch("newsbench.wordhash._CHUNK", 5):
        assert count_words(flat, TOKENS).tolist() == expected
    hashed = hash_texts(flat, TOKENS)
    assert (hashed.edges[1:] - hashed.edges[:-1]).tolist() == expected


@settings(max_examples=400, deadline=None)
@given(pairs())
@example(("a b\nc d", "a b  c d e"))
def test_passages_are_lines_that_stand_in_the_text(pair):
    found, text = [line.strip() for line in pair[0].split("\n") if line.strip()], pair[1]
    line = at = 0
    with patch("newsbench.commonlines._LONG", 2):
        passages = common_passages(found, text, 1)
    for first, end, start, stop in passages:
        assert line <= first < end <= len(found)
        assert at <= start < stop <= len(text)
        assert " ".join(found[first:end]).split() == text[start:stop].split()
        assert all(beside == "" or beside.isspace() for beside in (text[max(start - 1, 0) : start], text[stop : stop + 1]))
        line, at = end, stop


def test_passages_reach_over_blanks_of_any_kind_and_end_where_the_order_does():
    found = ["one two three four five six seven eight", "nine", "a line that the other text has somewhere else", "ten"]
    text = f"{found[2]}  {found[0]} \n {found[1]}\n\nmore {found[3]}"
    # The third line stands only before; "ten" is too short to be looked for far away.
    assert [tuple(passage) for passage in common_passages(found, text, 1)] == [(0, 2, 47, 93)]
    assert common_passages(found, text, 60) == []
    assert [passage[:2] for passage in common_passages(found[2:], text, 1)] == [(0, 1)]


def test_lines_with_others_between_them_are_found_to_the_end():
    """What is looked through for a line is what lies before it, not all that came before."""
    found = [f"line {number} of a text that goes on for long" for number in range(100)]
    passages = common_passages(found, "\n".join(f"{line}\nmore" for line in found), 1)
    assert [passage[:2] for passage in passages] == [(number, number + 1) for number in range(100)]


def test_lines_that_are_nowhere_are_not_looked_for_without_end():
    """A text is searched some times over, not once for each line of another."""

    class Text(str):
        looked = 0

        def find(self, line, start):
            Text.looked += len(self) - start
            return super().find(line, start)

    text = Text("word " * 1000)
    assert common_passages([f"line {number} that is in no other text at all" for number in range(1000)], text, 1) == []
    assert Text.looked <= 9 * len(text)
