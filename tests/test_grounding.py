"""Quoted strings and where they are found."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.grounding import Grounder
from newsbench.occurrences import TextIndex
from newsbench.types import QuotedAttribution, Span

TEXT = (
    "Menu: Roads closed for winter\n"
    "Roads closed for winter\n"
    "Mayor Ana Ruiz said the bridge would stay shut until May. “We cannot wait any longer,” she said, "
    "“and we will not pretend otherwise.” The mayor’s office declined to comment.\n"
    "Engineers warned that the naïve plan—drawn up in\u00a02019—ignored ice. “The deck is failing”, Ruiz said. "
    "“It is failing fast,” the engineer Tomas Kivi added, “and we said so.”\n"
    "He said that he would resign. Kivi said that he would not."
)


def pieces(text, fragments):
    return [text[start:end] for start, end in fragments]


def found(string, text=TEXT):
    return [pieces(text, place) for place in TextIndex(text).find(string)]


def ground(text=TEXT, article=(), **elements):
    given_parts = {name: part if isinstance(part, tuple) else (part,) for name, part in elements.items()}
    grounded = Grounder(text, article).ground(QuotedAttribution(**given_parts))
    return {name: pieces(text, grounded[name].fragments) for name in elements}


def starts(text=TEXT, article=(), **elements):
    given_parts = {name: part if isinstance(part, tuple) else (part,) for name, part in elements.items()}
    grounded = Grounder(text, article).ground(QuotedAttribution(**given_parts))
    return {name: grounded[name].fragments[0].start for name in elements}


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        ("Tomas Kivi", ["Tomas Kivi"]),
        ("  Tomas Kivi\n", ["Tomas Kivi"]),
        ("TOMAS KIVI", ["Tomas Kivi"]),
        ('"We cannot wait any longer,"', ["“We cannot wait any longer,”"]),
        ("'We cannot wait any longer'", ["We cannot wait any longer"]),
        ("The mayor's office", ["The mayor’s office"]),
        ("drawn up in 2019", ["drawn up in\u00a02019"]),
        ("the na\u00efve plan - drawn", ["the naïve plan—drawn"]),
        ("the nai\u0308ve plan", ["the naïve plan"]),
        ("the naïve plan\u00ad—drawn", ["the naïve plan—drawn"]),
    ],
)
def test_other_typography_is_found(string, expected):
    assert found(string) == [expected]


def test_a_word_inside_another_is_no_mention():
    assert all(place in (["He"], ["he"]) for place in found("he"))
    # Exact case first, as the string is written.
    assert found("he") == [["he"], ["he"]]
    assert found("Rui") == []


def test_a_frame_may_interrupt():
    assert found("We cannot wait any longer, and we will not pretend otherwise.") == [
        ["We cannot wait any longer", "and we will not pretend otherwise"]
    ]
    assert found("It is failing fast and we said so") == [["It is failing fast", "and we said so"]]


def test_an_ellipsis_divides():
    assert found("We cannot wait … pretend otherwise") == [["We cannot wait", "pretend otherwise"]]
    assert found("Mayor Ana Ruiz said [...] until May") == [["Mayor Ana Ruiz said", "until May"]]
    assert found("until May ... Mayor Ana Ruiz") == []


def test_nearly_the_same_is_found_in_whole_words():
    assert found("Engineers warmed that the naive plan") == [["Engineers warned that the naïve plan"]]
    assert found("the bridge would stay shot until May") == [["the bridge would stay shut until May"]]


@pytest.mark.parametrize(
    "string",
    ["The president resigned on Tuesday", "sayd", "We cannot wait any longer, he told the whole parliament", "zz", "…"],
)
def test_what_is_not_there_is_missing(string):
    assert found(string) == []


def test_missing_strings_are_told_apart_from_those_found():
    grounded = Grounder(TEXT).ground(
        QuotedAttribution(content=("The deck is failing", "and the moon is cheese"), source=("Napoleon",), cue=("  ",))
    )
    assert pieces(TEXT, grounded["content"].fragments) == ["The deck is failing"]
    assert grounded["content"].missing == ("and the moon is cheese",)
    assert grounded["source"].missing == ("Napoleon",)
    assert grounded["cue"].strings == ()


def test_spans_are_taken_as_they_are():
    grounded = Grounder(TEXT).ground(QuotedAttribution(content=(Span(3, 9),), cue=("said",)))
    assert grounded["content"].fragments == (Span(3, 9),)
    assert grounded["content"].strings == ()


def test_cue_and_source_stand_beside_the_content():
    spot = starts(content="We cannot wait any longer", cue="said", source="she")
    assert TEXT[spot["cue"] - 4 :].startswith("she said, “and")
    spot = starts(content="The deck is failing", cue="said", source="Ruiz")
    assert TEXT[spot["source"] :].startswith("Ruiz said. “It")
    assert spot["cue"] == spot["source"] + 5
    spot = starts(content="the bridge would stay shut", cue="said", source="Ruiz")
    assert TEXT[spot["source"] :].startswith("Ruiz said the bridge")


def test_a_frame_of_the_sentence_before_is_farther_than_one_that_follows():
    text = "“One,” Ann said. “Two,” Bob said. “Three,” Cid said."
    for content, source in (("One", "Ann"), ("Two", "Bob"), ("Three", "Cid")):
        spot = starts(text, content=content, cue="said", source=source)
        assert spot["cue"] == text.index(source) + 4


def test_a_short_content_goes_to_its_frame():
    spot = starts(content="he", cue="said", source="Kivi")
    assert TEXT[spot["content"] :].startswith("he would not")
    spot = starts(content="he", cue="said", source="He")
    assert TEXT[spot["content"] :].startswith("he would resign")


def test_article_before_furniture_then_the_first():
    string = "Roads closed for winter"
    first = TEXT.index(string)
    second = TEXT.index(string, first + 1)
    assert starts(content=string)["content"] == first
    assert starts(content=string, article=[(second, len(TEXT))])["content"] == second


def test_a_second_string_of_an_element_stays_near_the_first():
    text = "He won. Later he lost. Much later, in the last chapter of all, he won."
    spot = Grounder(text).ground(QuotedAttribution(content=("he lost", "won")))
    assert [start for start, _ in spot["content"].fragments] == [3, 14]


def test_a_text_of_two_words_does_not_take_forever():
    rng = random.Random(3)
    text = " ".join(rng.choice("ab") for _ in range(4000))
    string = " ".join(rng.choice("ab") for _ in range(60))
    began = time.process_time()
    TextIndex(text).find(string)
    assert time.process_time() - began < 5


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_unique_passage_is_found_where_it_stands(data):
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    string = TEXT[start:end].strip()
    edges = (start == 0 or not TEXT[start - 1].isalnum()) and (end == len(TEXT) or not TEXT[end].isalnum())
    if not string or not edges or TEXT.count(string) != 1:
        return
    assert found(string) == [[string]]
    blurred = string.replace("“", '"').replace("”", '"').replace("—", "-").upper().replace(" ", "  ")
    places = found(blurred)
    assert [[piece.casefold() for piece in place] for place in places][:1] == [[string.casefold()]] or len(places) > 1


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=12))
def test_any_text_and_string_give_ranges_inside_the_text(text, string):
    for place in TextIndex(text).find(string):
        assert place
        for start, end in place:
            assert 0 <= start < end <= len(text)
