"""Compiled pages: offsets, segments, metadata, released HTML, faults of templates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsbench.corpus.markup import has_marks
from newsbench.render import render

BELL = "stories/harbour-bell/is-hafnarblad-bell-gone.xml"

GONE, OVER_SEA, BASIN = "is-hafnarblad-bell-gone", "no-vestposten-bell-over-sea", "no-vestposten-empty-basin"


def words(page: dict, spans: list[dict]) -> list[str]:
    return [page["text"][span["start"] : span["end"]] for span in spans]


def test_offsets_give_the_annotated_words(pages) -> None:
    page = pages[GONE]
    found = {a["id"]: a for a in page["attributions"]}
    assert words(page, found["a1"]["content"]) == ["“Somebody cut the e\u0301tage\u0301re rope”"]
    assert words(page, found["a2"]["content"]) == ["– It was there at ten", "– At eleven it was not"]
    assert words(page, found["a2"]["source"]) == ["harbour\u00admaster Una\u00a0Holm"]
    assert words(page, found["a3"]["source"]) == ["She"]
    assert words(page, found["a3"]["cue"]) == ["has not ruled out"]
    assert words(page, found["a3"]["cue_head"]) == ["ruled"]
    assert words(page, found["a3"]["content"]) == ["that the thieves, as the guard put to her, “came for the bronze”"]
    assert words(page, found["a4"]["content"]) == [
        "that the thieves, as the guard put",
        ", “came for the bronze”",
    ]
    assert words(page, found["a4"]["addressee"]) == ["to her"]
    assert words(page, found["a4"]["cue_head"]) == ["put"]
    assert words(page, found["a4"]["quoted_fragments"]) == ["“came for the bronze”"]
    assert words(page, found["a5"]["content"]) == ["for “a call”"]  # two pieces that touch
    assert words(page, found["a5"]["hedge"]) == ["reportedly"]
    assert words(page, found["a5"]["quoted_fragments"]) == ["“a call”"]
    assert found["a6"]["content"] == [] and found["a6"]["no_comment"] is True
    assert found["a4"]["parent"] == "a3" and found["a1"]["statement"] == "rope-cut" and found["a2"]["parent"] is None
    assert found["a5"]["modality"] == "hypothetical" and found["a1"]["modality"] == "actual"


def test_offsets_survive_soft_hyphens_and_no_break_spaces(pages) -> None:
    page = pages[BASIN]
    attribution = page["attributions"][0]
    content = words(page, attribution["content"])[0]
    assert content.replace("\u00ad", "").replace("\u00a0", " ") == "Incomprehensible amounts of water"
    assert "\u00ad" in content and "of\u00a0water" in content
    assert words(page, attribution["cue_head"]) == ["said"]
    assert "3\u00a0km" in page["metadata"]["headline"] or "3 km" in page["metadata"]["headline"]
    assert "3\u00a0km" in page["text"] and "40\u00a0min" in page["text"]


def test_segments_tile_the_visible_text(pages, schema) -> None:
    for page in pages.values():
        position = 0
        for segment in page["segments"]:
            assert page["text"][position : segment["start"]].strip() == ""
            assert segment["start"] < segment["end"]
            piece = page["text"][segment["start"] : segment["end"]]
            assert piece == piece.strip()
            position = segment["end"]
        assert page["text"][position:].strip() == ""
        assert page["boilerplate"] == [
            s
            for s in page["segments"]
            if s["type"]
            in {
                "navigation",
                "related",
                "advertisement",
                "newsletter",
                "comments",
                "footer",
                "site_header",
                "section_label",
            }
        ]


def test_segments_have_their_types(pages) -> None:
    page = pages[GONE]
    kinds = [(s["type"], page["text"][s["start"] : s["end"]]) for s in page["segments"]]
    assert ("list_item", "no call came") in kinds
    assert ("table", "Hour\tBell\n10\tyes") in kinds
    assert ("caption", "The hook, \U0001f514\U0001f514 on Monday.") in kinds
    assert ("live_entry", "9:41\n\nDivers go in.\n\nNothing.") in kinds
    assert ("newsletter", "The Friday letter") in kinds
    assert ("standfirst", "Fish & chips <b> were left\u00a0alone.") in kinds
    assert [kind for kind, _ in kinds].count("list_item") == 2
    assert "Tide tables" not in page["text"] and "again" not in page["text"]


def test_released_html_holds_no_label_and_shows_the_text(pages) -> None:
    for page in pages.values():
        assert not has_marks(page["html"]) and not has_marks(page["text"])
        assert re.search(r"data-(segment|meta|hidden)", page["html"]) is None
    assert render(pages[BASIN]["html"]).text == pages[BASIN]["text"]
    assert '"articleBody": "– It was there at ten' in pages[GONE]["html"]


def test_metadata_is_what_the_page_prints(pages) -> None:
    assert pages[GONE]["metadata"] == {
        "headline": "\U0001f514 Bell gone: “Somebody cut the e\u0301tage\u0301re rope”",
        "byline": "By Dóra Steins",
        "outlet": None,
        "country": None,
        "published": "2026-02-03",
    }
    assert "Tuesday 03 February 2026, 06:30" in pages[GONE]["text"]
    assert pages[BASIN]["metadata"]["outlet"] == "Vestposten"
    assert pages[BASIN]["metadata"]["published"] is None


def test_the_reader_view_belongs_to_the_aggregator(pages) -> None:
    page = pages[OVER_SEA]
    assert (page["view"], page["template"], page["outlet"]["id"]) == ("reader", "reader", "no-vestposten")
    assert page["text"].startswith("Many Papers")
    assert "Bell gone" in page["text"].split("Other takes")[1] and "(Hafnarblað, Iceland)" in page["text"]
    assert page["url"].startswith("https://reader.example/")
    assert pages[GONE]["url"] == "https://hafnarblad.example/harbour-sea/2026/02/03/bell-gone"


def test_teasers_are_of_other_stories(pages) -> None:
    tail = pages[BASIN]["text"].split("round it.")[1]
    assert "Bell gone" in tail and "Icelandic bell" in tail and "A lake" not in tail


def test_annotators_are_recorded(pages) -> None:
    assert pages[GONE]["annotation"] == {"annotators": ["a", "b"], "adjudicated": True}
    assert pages[BASIN]["annotation"] == {"annotators": ["a"], "adjudicated": False}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{{ headline.html }}", "{{ headline.html }}<b hidden>{{ headline.html }}</b>", "printed more than once"),
        ("{{ headline.html }}", "{{ page.headline }}", "is not printed"),
        ("{{ headline.html }}", "{{ headline.html | upper }}", "it must stay unchanged"),
        ("<h1 data", "<h1 hidden data", "stands in text that is not shown"),
        ('<h1 data-segment="headline">', "<h1>", "visible text without a data-segment"),
        ('<h1 data-segment="headline">', '<h1 data-segment="title">', "data-segment='title'; allowed are headline"),
        ('"caption"', '"credit"', "is printed under credit; it must be caption"),
        ("{% for b in blocks %}", "{% for b in blocks | reverse %}", "before the block that it follows"),
        ('data-meta="byline"', 'data-meta="author"', "data-meta='author'; allowed are byline, outlet"),
        ("{{ page.date }}", "yesterday", "data-meta='published' shows 'yesterday'"),
        ("{{ page.byline }}", "Somebody", "data-meta='byline' shows 'Somebody'"),
        ("{% if standfirst %}", "{% if standfirst %", "template"),
        ("{{ page.headline }} –", "{{ page.headline | nonsense }}", "nonsense"),
        ("{{ page.headline }} –", "{{ page.headline + 1 }}", "cannot print the page"),
        ("articleBody\": body_text", "articleBody\": headline.html", "printed more than once"),
        ('data-segment="footer"', "data-segment=footer", "label could not be removed"),
    ],
)  # fmt: skip
def test_faults_of_templates_are_found(spoil, old: str, new: str, message: str) -> None:
    problems = spoil("templates/plain.html.j2", (old, new))
    assert any(message in problem for problem in problems), problems


def test_an_empty_slot_needs_furniture(spoil) -> None:
    problems = spoil(BELL, ("<advertisement/>", "<poll_widget/>"), allow_unannotated=True)
    assert any("<poll_widget/> is empty and is-hafnarblad has no furniture" in problem for problem in problems)


def test_preview_of_one_page(seeds: Path, schema: Path) -> None:
    from newsbench.corpus.page import describe
    from newsbench.corpus.preview import preview_page

    page, problems = preview_page(seeds / BELL, seeds=seeds, schema=schema)
    assert problems == [] and page is not None
    assert re.search(r"^ +list_item \| no call came$", describe(page), re.M)
