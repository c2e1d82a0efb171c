"""What a site does from page to page: reproducible, at the rates that are given, invisible where it breaks markup."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbench.corpus.habits import break_markup, chance, check_habits, place_furniture
from newsbench.corpus.problems import Report
from newsbench.render import render

FURNITURE = {"related": {"title": "More"}, "newsletter": {"title": "Mail"}, "share": ["Mail"]}


def article(paragraphs: int, **others: int) -> list[dict]:
    blocks = [{"kind": "paragraph", "text": str(number)} for number in range(paragraphs)]
    for kind, at in others.items():
        blocks.insert(at, {"kind": kind, "text": ""})
    return blocks


def kinds(blocks: list[dict]) -> list[str]:
    return [block["kind"] for block in blocks]


def test_furniture_comes_at_the_rate_that_is_given() -> None:
    outlet = {"furniture": FURNITURE, "habits": {"inside": {"related": 0.3, "newsletter": 1, "share": 0}}}
    pages = [kinds(place_furniture(f"page-{n}", article(12), outlet)) for n in range(2000)]
    assert sum("related" in page for page in pages) / 2000 == pytest.approx(0.3, abs=0.03)
    assert all("newsletter" in page for page in pages)
    assert not any("share" in page for page in pages)
    assert len({page.index("newsletter") for page in pages}) > 5


def test_furniture_keeps_its_distance() -> None:
    outlet = {"furniture": FURNITURE, "habits": {"inside": {"related": 1, "newsletter": 1}}}
    for number in range(300):
        found = kinds(place_furniture(f"page-{number}", article(12, figure=4), outlet))
        assert [kind for kind in found if kind not in FURNITURE] == kinds(article(12, figure=4))
        places = [at for at, kind in enumerate(found) if kind in FURNITURE]
        assert len(places) == 2
        assert places[0] >= 2
        assert places[1] - places[0] >= 3
        assert places[-1] < len(found) - 1
        assert all(found[at - 1] == found[at + 1] == "paragraph" for at in places)


def test_what_the_article_holds_is_left_alone() -> None:
    outlet = {"furniture": FURNITURE, "habits": {"inside": {"related": 1}}}
    blocks = article(12, related=5)
    assert place_furniture("page", blocks, outlet) == blocks
    assert place_furniture("page", article(2), outlet) == article(2)
    assert place_furniture("page", article(12), {"furniture": FURNITURE}) == article(12)


def test_decisions_depend_on_the_page_alone() -> None:
    assert chance("a", 1) == chance("a", 1) != chance("a", 2)
    assert 0 <= min(chance(n) for n in range(1000)) < 0.01
    assert 0.99 < max(chance(n) for n in range(1000)) < 1


PAGE = (
    "<!doctype html><html><head><title>t</title></head><body><div><article>"
    + "".join(f"<p>Paragraph {n} with <b>bold</b> words.</p>\n" for n in range(40))
    + "<ul><li>one</li><li>two</li></ul><p>last</p></article></div></body></html>\n"
)


@pytest.mark.parametrize("kind", ["nul", "unclosed", "misnested", "truncated", "bloat"])
def test_broken_markup_shows_the_same(kind: str) -> None:
    teasers = [{"headline": "One </script> more", "url": "https://x.example/1"}]
    broken = break_markup("page", PAGE, {"habits": {"broken": {kind: 1}}}, teasers)
    assert broken != PAGE
    assert broken == break_markup("page", PAGE, {"habits": {"broken": {kind: 1}}}, teasers)
    assert render(broken).text.split() == render(PAGE).text.split()
    if kind == "bloat":
        assert len(broken) > 1_000_000
    if kind == "nul":
        assert "\0" in broken


def test_sound_sites_are_left_alone() -> None:
    assert break_markup("page", PAGE, {}, []) == PAGE
    assert break_markup("page", PAGE, {"habits": {"broken": {"nul": 0}}}, []) == PAGE


@pytest.mark.parametrize(
    ("habits", "message"),
    [
        ([], "must be a mapping"),
        ({"outside": {}}, "must be a mapping with inside and broken"),
        ({"inside": {"footer": 0.1}}, "'footer'; allowed are"),
        ({"inside": {"sponsored": 0.1}}, "no furniture of this name"),
        ({"inside": {"related": 2}}, "must be a number from 0 to 1"),
        ({"inside": {"related": True}}, "must be a number from 0 to 1"),
        ({"broken": {"bitten": 0.1}}, "allowed are bloat, misnested"),
        ({"broken": [1]}, "must be a mapping of kinds"),
    ],
)
def test_habits_are_checked(habits, message: str) -> None:
    report = Report(Path("outlet.yaml"))
    check_habits({"furniture": FURNITURE, "habits": habits}, report)
    assert message in str(report.problems[0])
