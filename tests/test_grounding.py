"""Quoted strings and where they are found."""

from __future__ import annotations

import random
import time

import pytest
from grounding_examples import TEXT, found, pieces
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.grounding import Grounder
from newsbench.occurrences import MOST_LEFT_OUT, TextIndex
from newsbench.types import QuotedAttribution, Span


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
        ("&ldquo;We cannot wait any longer,&rdquo;", ["“We cannot wait any longer,”"]),
        ("The mayor&#8217;s office", ["The mayor’s office"]),
        ("drawn&nbsp;up&amp;nbsp;in 2019", ["drawn up in\u00a02019"]),
        ("the engineer [Tomas Kivi](https://kivi.example/cv) added", ["the engineer Tomas Kivi added"]),
    ],
)
def test_other_typography_is_found(string, expected):
    assert found(string) == [expected]


def test_a_word_inside_another_is_no_mention():
    assert all(place in (["He"], ["he"]) for place in found("he"))
    # A capital makes no other word.
    assert found("he") == found("He") == [["He"], ["he"], ["he"]]
    assert found("Rui") == []


def test_what_begins_or_ends_inside_a_word_is_found_at_last():
    text = "The committee wants not dead ones but re-elected members. It cost €12m, after 7Up. Dead Ones won; 김 시장은 말했다."
    for string in ("t dead ones", "he committee wan", "ot dead ones", "€12", "12", "m", "7", "김 시장"):
        assert found(string, text) in ([[string]], [["not dead ones"]])
    # Not where a whole word is to be had, if only in other letters, nor from case to case.
    assert found("dead one", text) == [["dead one"]]
    assert found("12", text + " Of 12 said so.") == [["12"]]
    assert TextIndex(text + " 12").find("12") == ((Span(len(text) + 1, len(text) + 3),),)
    assert found("T dead one", text) == []
    # A part of a word, or of each of two, is none.
    for string in ("he", "nes", "commit", "elect", "nts no", "2", "시장"):
        assert found(string, text) == []


def test_an_entity_that_the_text_shows_is_found_as_it_stands():
    text = "Ask AT&amp;T, not AT&T."
    assert found("AT&amp;T", text) == [["AT&amp;T"]]
    assert found("AT&T", text) == [["AT&T"]]
    assert found("&nbsp;", text) == found("&zwj;", text) == []


def test_a_frame_may_interrupt():
    assert found("We cannot wait any longer, and we will not pretend otherwise.") == [
        ["We cannot wait any longer", "and we will not pretend otherwise"]
    ]
    assert found("It is failing fast and we said so") == [["It is failing fast", "and we said so"]]


def test_an_ellipsis_divides():
    assert found("We cannot wait … pretend otherwise") == [["We cannot wait", "pretend otherwise"]]
    assert found("Mayor Ana Ruiz said [...] until May") == [["Mayor Ana Ruiz said", "until May"]]
    assert found("until May ... Mayor Ana Ruiz") == []


def test_an_ellipsis_leaves_out_so_much_and_no_more():
    between = " x" * (MOST_LEFT_OUT // 2 - 1) + "x "
    assert found("Roads close … in May", f"Roads close{between}in May") == [["Roads close", "in May"]]
    assert found("Roads close … in May", f"Roads close x{between}in May") == []


def test_words_in_order_stand_in_few_runs():
    # Fewer than two words a run, or more than three runs, are chance.
    assert found("Ana, Ruiz") == [["Ana Ruiz"]]
    assert found("Ruiz May") == found("Ruiz until May") == []
    text = "“We have one”, the mayor told us, “plan and”, she read from notes, “it will”, as heard by all, “hold at last”."
    assert found("We have one plan and it will", text) == [["We have one", "plan and", "it will"]]
    assert found("We have one plan and it will hold at last", text) == []


def test_a_frame_that_repeats_the_next_word_may_be_a_long_one():
    """The word is then taken from behind it, where it is nearer to the rest."""
    frame = " x" * 50
    text = f"Yes we{frame} we{frame} wait for the boats"
    assert found("Yes we wait for the boats", text) == [["Yes", "we", "wait for the boats"]]


def test_nearly_the_same_is_found_in_whole_words():
    assert found("Engineers warmed that the naive plan") == [["Engineers warned that the naïve plan"]]
    assert found("the bridge would stay shot until May") == [["the bridge would stay shut until May"]]
    # Signs that carry meaning are part of it.
    assert found("Costs rise by nearly 12%", "Costs rose by nearly 12% in May") == [["Costs rose by nearly 12%"]]
    # 17 of 20 letters are just enough.
    assert found("abcdefghijklmnopqxyz", "abcdefghijklmnopqrst") == [["abcdefghijklmnopqrst"]]
    assert found("abcdefghijklmnopwxyz", "abcdefghijklmnopqrst") == []


@pytest.mark.parametrize(
    "string",
    ["The president resigned on Tuesday", "sayd", "We cannot wait any longer, he told the whole parliament", "zz", "…"],
)
def test_what_is_not_there_is_missing(string):
    assert found(string) == []


def test_missing_strings_are_told_apart_from_those_found():
    grounded = Grounder(TEXT).ground(
        [QuotedAttribution(content=("The deck is failing", "and the moon is cheese"), source=("Napoleon",), cue=("  ",))]
    )[0]
    assert pieces(TEXT, grounded["content"].fragments) == ["The deck is failing"]
    assert grounded["content"].missing == ("and the moon is cheese",)
    assert grounded["source"].missing == ("Napoleon",)
    assert grounded["cue"].strings == ()


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
    # Written with other capitals it may stand elsewhere too.
    alone = TEXT.casefold().count(string.casefold()) == 1
    assert found(string) == [[string]] if alone else [string] in found(string)
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
