"""Gold texts meet pages: what is content, how much was found, what is reported."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.importers.goldtext import Paragraph, align_gold
from newsbench.importers.tiling import FURNITURE, block_segments, run_segments

PAGE = """Home News Sport
Ferry sinks off Naxos
By Ada Roux
A ferry sank off the island of Naxos on Monday, the coast guard said.
Advertisement
All 214 passengers were taken off in time.
Why?
Nobody knows yet why the pumps failed at the very same hour.
Read also: Ferry prices rise again in July
Imprint"""


def labelled(text, segments):
    return [(text[part["start"] : part["end"]], part["type"]) for part in segments]


def contents(text, gold, **more):
    found = align_gold(text, [Paragraph(line) for line in gold.split("\n")], **more)
    return found, [piece for piece, kind in labelled(text, found.segments) if kind != FURNITURE]


GOLD = "\n".join(PAGE.split("\n")[i] for i in (3, 5, 6, 7))


def test_verbatim_paragraphs_are_content_and_the_rest_is_furniture():
    found, kept = contents(PAGE, GOLD)
    assert kept == GOLD.split("\n")
    assert found.quality == 1.0
    assert (found.twice, found.absent, found.blank) == ([], [], 0)
    assert {kind for _, kind in labelled(PAGE, found.segments)} == {"paragraph", FURNITURE}


def test_a_title_in_the_gold_text_is_the_headline_else_it_counts_neither_way():
    title = "Ferry sinks off Naxos"
    found, _ = contents(PAGE, f"{title}\n{GOLD}", title=title)
    assert dict(labelled(PAGE, found.segments))[title] == "headline"
    found, _ = contents(PAGE, GOLD, title=title)
    assert dict(labelled(PAGE, found.segments))[title] == "unlabelled"


def test_typography_and_a_word_that_differs_do_not_matter():
    gold = GOLD.replace("coast guard", "coastguard").replace("Monday,", "MONDAY\u00a0,")
    found, kept = contents(PAGE, gold)
    assert kept == GOLD.split("\n")
    assert 0.9 < found.quality < 1


def test_paragraphs_that_stand_twice_are_absent_or_blank_are_told():
    text = PAGE + "\nAll 214 passengers were taken off in time."
    found, kept = contents(text, f"{GOLD}\n* * *\nNot a word of this was ever printed anywhere.")
    assert found.twice == ["All 214 passengers were taken off in time."]
    assert found.absent == ["Not a word of this was ever printed anywhere."]
    assert found.blank == 1
    assert found.quality < 0.9
    assert kept == GOLD.split("\n")


def test_numbers_of_list_items_that_a_browser_draws_are_not_missed():
    found, kept = contents("Menu\nBring a warm coat with you\nTake the second ferry", "1. Bring a warm coat with you")
    assert found.quality == 1.0
    assert kept == ["Bring a warm coat with you"]


def test_a_chance_match_of_three_words_is_no_content():
    found, kept = contents(
        "Terms of the use of this site\nOther text", "There is no word of the use, he told the court last week"
    )
    assert kept == []
    assert found.quality < 0.5


def test_content_inside_a_line_is_cut_at_white_space():
    text = "Live: “The dam holds,” said the engineer. Share"
    _, kept = contents(text, "“The dam holds,” said the engineer.")
    assert kept == ["“The dam holds,” said the engineer."]


@given(st.text(alphabet="ab ½\u00ad\u0301.\t\n😀é", max_size=60), st.data())
@settings(max_examples=150, deadline=None)
def test_segments_always_tile_the_text(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for segments in (
        align_gold(text, [Paragraph(text[start:end])], title=text[:4]).segments,
        run_segments(text, [(start, end, "paragraph")]),
        block_segments(text),
    ):
        position = 0
        for part in segments:
            assert position <= part["start"] < part["end"]
            assert not text[position : part["start"]].strip()
            assert text[part["start"] : part["end"]].strip() == text[part["start"] : part["end"]]
            position = part["end"]
        assert not text[position:].strip()


def test_blocks_are_parted_by_blank_lines_or_else_by_lines():
    assert len(block_segments("one\ntwo\n\nthree")) == 2
    assert len(block_segments("one\ntwo\nthree\n\n")) == 3
