"""Hashes stand for words: the same words, in the same number and order, whatever the text is made of."""

from __future__ import annotations

import random
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench import wordhash
from newsbench.text import output_words, unmarked, words
from newsbench.wordhash import count_words, hash_texts, hash_words

HARD = "abß½ﬁİſ \n\t\0'“”…—\u00a0\u00ad\u200b\u0301e\u0301éÉ漢かカ\U0001f600\U0001d400\ud800\uffff\ufffeｶﾞ가&;x1٣"
texts = st.lists(st.one_of(st.text(max_size=30), st.text(alphabet=HARD, max_size=20)), min_size=1, max_size=5)


@settings(max_examples=400)
@given(texts)
def test_a_text_has_the_hashes_of_its_words(found):
    hashed = hash_texts(found)
    assert len(hashed.edges) == len(found) + 1
    for at, text in enumerate(found):
        mine = hashed.hashes[hashed.edges[at] : hashed.edges[at + 1]]
        assert mine.tolist() == hash_words(words(text)).tolist() if words(text) else not len(mine)


@given(texts)
def test_neighbours_change_nothing(found):
    together = hash_texts(found)
    alone = [hash_texts([text]).hashes for text in found]
    assert np.concatenate(alone).tolist() == together.hashes.tolist()


@settings(max_examples=200)
@given(texts, st.integers(1, 40), st.integers(1, 40))
def test_how_many_are_hashed_in_one_go_changes_nothing(found, size, longest):
    together, lines = hash_texts(found), [word for text in found for word in words(text)]
    with patch("newsbench.wordhash._CHUNK", size), patch("newsbench.wordhash._LONG", longest):
        assert count_words(found).tolist() == [len(words(text)) for text in found]
        assert hash_texts(found).hashes.tolist() == together.hashes.tolist()
        assert hash_texts(found).edges.tolist() == together.edges.tolist()
        assert hash_words(lines).tolist() == together.hashes.tolist()


def test_long_texts_and_words_leave_nothing_behind():
    """A text is hashed by parts, and powers for a word of millions of letters are not kept."""
    long = "\n".join(f"word{number} \u00adof" for number in range(100_000))
    assert hash_texts([long, "x"]).hashes.tolist() == hash_words([*words(long), "x"]).tolist()
    word = "ab" * 300_000
    assert hash_texts([f"a {word} b"]).hashes.tolist()[::2] == hash_words(["a", "b"]).tolist()
    assert hash_texts([f"{word}c"]).hashes.tolist() != hash_texts([f"{word}d"]).hashes.tolist()
    assert all(len(wordhash._kept_powers(bits)[0]) == 1 << bits for bits in range(wordhash._KEPT_BITS + 1))
    assert wordhash._kept_powers.cache_info().currsize == wordhash._KEPT_BITS + 1


def test_letters_that_fold_to_several_or_none_need_no_rewriting():
    """Soft hyphens, ligatures and emoji are frequent: a text is not folded as a whole for them."""
    text = "Stra\u00dfen\u00adbahn \ufb01ne \u00bd\U0001f600\u200bok\u00ad \u00adend"
    with patch("newsbench.wordhash._hash_rewritten", side_effect=AssertionError):
        assert hash_texts([text, "", text]).hashes.tolist() == 2 * hash_words(words(text)).tolist()
    assert words(text) == ["strassenbahn", "fine", "1", "2", "ok", "end"]


@settings(max_examples=200)
@given(texts)
def test_how_what_folds_to_several_or_none_is_replaced_changes_nothing(found):
    with patch("newsbench.wordunits._FEW_PLACES", 0):
        by_arrays = hash_texts(found)
    one_by_one = hash_texts(found)
    assert by_arrays.hashes.tolist() == one_by_one.hashes.tolist()
    assert by_arrays.edges.tolist() == one_by_one.edges.tolist()


def test_different_words_have_different_hashes(gold_pages):
    vocabulary = {word for page in gold_pages for word in words(page.text)}
    rng = random.Random(1)
    vocabulary |= {"".join(rng.choices("abc", k=rng.randint(1, 40))) for _ in range(50_000)}
    vocabulary |= {"ab" * n + tail for n in range(300) for tail in ("", "a", "b")} - {""}
    hashes = hash_words(sorted(vocabulary))
    assert len(np.unique(hashes)) == len(vocabulary)


def test_hashes_are_the_same_on_every_machine():
    """Stored nowhere, but compared between processes: pinned, so that a change is seen."""
    assert hash_words(["news", "bench"]).tolist() == hash_texts(["News — BENCH!"]).hashes.tolist()
    assert [format(value, "016x") for value in hash_words(["news", "bench"]).tolist()] == PINNED


PINNED = ["6bc7f34bc04ab427", "155ef80c8407cda4"]


def test_output_words_are_those_of_the_unmarked_text(gold_pages):
    for page in gold_pages[:10]:
        text = f"[{page.text[:500]}](https://x.example) &amp; &#8217;{page.text[500:]}"
        assert output_words(text) == words(unmarked(text))
