"""Measures of characters and words against one character at a time."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsbench.metrics.attribution_text import ACROSS, PRESENT, PageText
from newsbench.spans import intersection, union
from newsbench.text import word_spans
from newsbench.types import Segment

texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("abc XY9_-.,“”’\n\r\t\u00a0\u00ad\u200b\u0301\u2028½ﬁß𝔄漢字あéЖ😀\x00İ"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


def is_visible(char):
    return not char.isspace() and unicodedata.category(char) not in ("Mn", "Mc", "Me", "Cc", "Cf")


@settings(max_examples=400, deadline=None)
@given(texts, st.integers(0, 40), st.integers(0, 40))
@example("1㋀ in a㍗h", 0, 40)  # Signs that are several words.
def test_size_counts_visible_characters_and_words_that_begin(text, start, end):
    end = min(end, len(text))
    spans = union([(start, end)])
    weight, words = PageText(text).size(spans)
    assert weight == sum(map(is_visible, text[start:end]))
    assert words == len({at for at in word_spans(text).starts if start <= at < end})


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4),
       st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4))  # fmt: skip
def test_overlap_is_the_size_of_the_intersection(first, second):
    text = PageText("Roads, bridges and a ferry: wait")
    a, b = union(first), union(second)
    assert text.overlap(a, b) == text.size(intersection(a, b))


def test_fast_and_slow_ways_split_a_text_alike():
    plain = "The minister’s “plan” — 5 % of Győr’s budget — was naïve; 漢字 too"
    marked = plain.replace("ister", "is\u00adter").replace("ï", "i\u0308")
    assert PageText(plain).size(((0, len(plain)),)) == PageText(marked).size(((0, len(marked)),))


def test_an_element_is_measured_without_the_marks_at_its_edges():
    text = PageText("She said: “That is all.” France and Spain agreed")
    content = text.element("content", ((10, 24),))
    assert text.text[slice(*content.spans[0])] == "“That is all.”"
    assert text.text[slice(*content.core[0])] == "is all"
    assert text.element("cue", ((10, 24),)).core == ((11, 22),)
    assert (content.weight, content.words, content.extra) == (5, 2, 0)
    source = text.element("source", ((25, 31), (36, 41)))
    assert source.spans == ((25, 41),)
    lost = text.with_missing(content, ("no such words",))
    assert (lost.weight, lost.words, lost.extra) == (5 + 11, 2 + 3, 11)


def test_a_content_is_in_several_segments_where_it_reaches_into_the_next():
    text = "Roads wait. Boats"
    page = PageText(text, [Segment(0, 11, "paragraph"), Segment(12, 17, "paragraph")])
    for fragments, traits in ((((0, 10),), PRESENT), (((12, 17),), PRESENT), (((0, 17),), PRESENT + ACROSS)):
        assert page.element("content", fragments).traits == traits
    # A letter more in a paragraph of its own.
    page = PageText(f"{text}s", [Segment(12, 17, "paragraph"), Segment(17, 18, "paragraph")])
    assert page.element("content", ((12, 17),)).traits == PRESENT
    assert page.element("content", ((12, 18),)).traits == PRESENT + ACROSS


def test_fragments_end_where_the_text_does():
    page = PageText("Roads wait")
    for start, end in ((-1, 5), (-9, 5), (6, 11), (-1, 11)):
        element = page.element("cue", ((start, end),))
        assert element.spans == element.core == ((max(start, 0), min(end, 10)),)
