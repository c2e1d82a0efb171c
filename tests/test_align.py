"""The word alignment against a plain recursion over all shared passages."""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import best_chain, most_in_order, supported_pairs

from newsbench import chaining
from newsbench.align import align_words
from newsbench.passages import find_passages, word_ids

passages = st.lists(st.text(alphabet="abcde", min_size=1, max_size=6).map(list), min_size=1, max_size=4)


def joined(pieces) -> list[str]:
    return [word for piece in pieces for word in piece]


@st.composite
def page_and_output(draw):
    pool = draw(passages)
    pieces = st.lists(st.sampled_from(pool), max_size=5)
    page = joined(draw(pieces))
    strange = st.lists(st.sampled_from("abcxyz"), max_size=3)
    output = joined(draw(st.lists(st.one_of(st.sampled_from(pool), strange), max_size=5)))
    content = draw(st.lists(st.integers(0, 2), min_size=len(page), max_size=len(page)))
    return page, output, content


def before(content):
    sums = [0]
    for flag in content:
        sums.append(sums[-1] + flag)
    return sums


@pytest.mark.parametrize("few", [0, 200])
@settings(max_examples=400, deadline=None)
@given(case=page_and_output())
def test_in_order_alignment_is_the_best_there_is(case, few):
    page, output, content = case
    sums = before(content)
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(page))}
    shared = find_passages(word_ids(page, vocabulary), word_ids(output, vocabulary))
    usual, chaining._FEW_PASSAGES = chaining._FEW_PASSAGES, few
    try:
        found = chaining.best_chain(shared, sums) if shared else []
    finally:
        chaining._FEW_PASSAGES = usual
    words = sum(run.length for run in found)
    assert words == most_in_order(tuple(page), tuple(output))
    if len(shared) <= 9:
        reached = (words, sum(sums[run.page + run.length] - sums[run.page] for run in found), -len(found))
        assert reached == best_chain(shared, sums)


@settings(max_examples=400, deadline=None)
@given(page_and_output())
def test_every_word_of_the_output_is_accounted_for_once(case):
    page, output, _ = case
    found = align_words(page, output)
    runs = [*found.in_order, *found.moved]
    on_page = [run.page + k for run in runs for k in range(run.length)]
    in_output = [run.output + k for run in runs for k in range(run.length)]
    assert len(set(on_page)) == len(on_page)
    assert len(set(in_output)) == len(in_output)
    pairs = supported_pairs(page, output)
    assert all(pair in pairs for pair in zip(on_page, in_output, strict=True))
    assert len(in_output) + found.duplicated + found.invented == len(output)
    explained = {o for _, o in pairs}
    assert found.invented == len(output) - len(explained)
    # What is repeated are the words of the page at the output's places that are not paired.
    rest = explained.difference(in_output)
    assert Counter(page[at] for at in found.repeated) == Counter(output[at] for at in rest)


def test_the_longest_passage_says_what_is_repeated():
    page = ["a", "b", "c", "d", "x", "a", "b", "c"]
    assert align_words(page, [*page, "a", "b", "c", "d"]).repeated == [0, 1, 2, 3]
    assert align_words(page, [*page, "a", "b", "c"], worth=before([0] * 5 + [1] * 3)).repeated == [5, 6, 7]


@settings(max_examples=200, deadline=None)
@given(page_and_output())
def test_a_text_aligns_to_itself_in_full(case):
    page = case[0]
    found = align_words(page, page)
    assert sum(run.length for run in found.in_order) == len(page)
    assert (found.moved, found.duplicated, found.invented) == ([], 0, 0)


def test_of_two_equal_passages_the_one_that_fits_the_rest_is_taken():
    headline = ["minister", "resigns", "over", "hospital", "law"]
    body = ["the", "health", "minister", "left", "her", "office", "at", "night"]
    menu = ["home", "politics", "sport"]
    page = [*menu, *headline, *menu, *headline, *body]
    found = align_words(page, [*headline, *body])
    # Fewest runs: the copy that stands right before the body.
    assert [tuple(run) for run in found.in_order] == [(11, 0, 13)]


def test_a_tie_goes_to_content():
    page = ["one", "two", "three", "x", "one", "two", "three"]
    content = before([False] * 4 + [True] * 3)
    assert align_words(page, ["one", "two", "three"], worth=content).in_order[0].page == 4


def test_reversed_paragraphs_are_moved_not_invented():
    paragraphs = [[f"w{p}{k}" for k in range(8)] for p in range(4)]
    found = align_words(joined(paragraphs), joined(reversed(paragraphs)))
    assert sum(run.length for run in found.in_order) == 8
    assert sum(run.length for run in found.moved) == 24
    assert (found.duplicated, found.invented) == (0, 0)


def test_a_doubled_text_is_half_duplicated():
    page = [f"w{k}" for k in range(50)]
    found = align_words(page, page * 2)
    assert (sum(run.length for run in found.in_order), found.duplicated, found.invented) == (50, 50, 0)


def test_shuffled_words_are_invented():
    page = [f"w{k}" for k in range(60)]
    shuffled = page[:]
    random.Random(1).shuffle(shuffled)
    assert align_words(page, shuffled).invented == 60


def test_short_outputs_and_short_content_segments_count():
    page = ["home", "why", "not", "the", "ferry", "burned"]
    assert align_words(page, ["ferry", "burned"]).in_order[0].page == 4
    lonely = align_words(["a", "b", "why", "c", "d", "e"], ["why", "c", "d", "e"], short_segments=[(2, 3)])
    assert [tuple(run) for run in lonely.in_order] == [(2, 0, 4)]
    apart = align_words(["x", "why", "y", "c", "d", "e"], ["why", "c", "d", "e"], short_segments=[(1, 2)])
    assert [tuple(run) for run in apart.in_order] == [(1, 0, 1), (3, 1, 3)]


def natural(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    return [f"w{int(rng.paretovariate(0.7)) % 30000}" for _ in range(count)]


HARD = {
    "nothing in common": lambda: (natural(4_000, 1), [f"v{k}" for k in range(4_000)]),
    "other text of the same language": lambda: (natural(4_000, 1), natural(4_000, 2)),
    "one word repeated": lambda: (natural(4_000, 1), ["w1"] * 4_000),
    "two texts of one word": lambda: (["x", *["a"] * 4_000], ["y", *["a"] * 3_000, "z"]),
    "the same": lambda: (natural(4_000, 1), natural(4_000, 1)),
    "a fifth is missing": lambda: (natural(4_000, 1), [w for k, w in enumerate(natural(4_000, 1)) if k % 50 > 9]),
}


@pytest.mark.parametrize("name", HARD)
def test_hard_cases_end_in_bounded_memory(name):
    page, output = HARD[name]()
    tracemalloc.start()
    found = align_words(page, output)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300e6
    runs = [*found.in_order, *found.moved]
    assert sum(run.length for run in runs) + found.duplicated + found.invented == len(output)


def test_a_frequent_word_does_not_break_long_passages():
    page, output = HARD["a fifth is missing"]()
    found = align_words(page, output)
    assert sum(run.length for run in found.in_order) == len(output)
