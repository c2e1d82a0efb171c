"""The site of a leaderboard: its pages, and what lies in its folder when it is written."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from board_examples import FEW, STRANGE, answers

import newsbench
from newsbench.formats import reports
from newsbench.formats.sites import render_site, write_site
from newsbench.report import SystemReport


@pytest.fixture(scope="module")
def report(gold_pages):
    systems = (answers(gold_pages, 0.9, "first"), answers(gold_pages, 0.3, STRANGE))
    return newsbench.score(*systems, split=None, resampling=FEW)


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)

    def handle_data(self, data):
        self.texts.append(data)


def test_every_page_shows_every_figure_and_runs_nothing(report):
    site = render_site(report)
    assert set(site) == {"index.html", "boilerplate.html", "stories.html", "results.json", "results.csv"}
    for name, html in site.items():
        if name.endswith(".html"):
            page = Tags(html)
            assert "script" not in page.found
            assert any(STRANGE in text for text in page.texts)
    for task, found in report.systems[0].tasks.items():
        for figure, estimate in found.metrics.items():
            assert not math.isfinite(estimate.value) or figure in site[f"{task}.html"]
    assert "By outlet" in site["boilerplate.html"]
    assert json.loads(site["results.json"])["signature"] == report.signature
    assert {row["system"] for row in csv.DictReader(site["results.csv"].splitlines())} == {"first", STRANGE}


def test_a_report_is_one_page_that_needs_nothing_else_and_is_not_taken_for_a_page_of_a_site(report, tmp_path):
    html = reports.render(report, "html")
    page = Tags(html)
    assert "script" not in page.found
    assert any(STRANGE in text for text in page.texts)
    assert set(re.findall(r'(?:href|src)="([^"]*)"', html)) == {"#boilerplate", "#stories", "#reading"}
    for task, found in report.systems[0].tasks.items():
        assert f'<h2 id="{task}">' in html
        for figure, estimate in found.metrics.items():
            assert not math.isfinite(estimate.value) or f'<th scope="row">{figure}</th>' in html
    assert "By outlet" in html
    # Nothing was tested, so nobody is told of ranks.
    assert "rank" not in html[html.index("<body>") :].lower()
    (tmp_path / "boilerplate.html").write_text(html, "utf-8")
    write_site({"index.html": "x"}, tmp_path)
    assert (tmp_path / "boilerplate.html").exists()


def test_a_page_never_lies_outside_the_folder(report, tmp_path):
    task = report.systems[0].tasks["boilerplate"]
    strange = ("../pwned", "index", "a/b", "/abs", "boilerplate")
    odd = replace(report, systems=[SystemReport("s", 1, 0, 0, 0, dict.fromkeys(strange, task))])
    site = render_site(odd)
    assert len(site) == len(strange) + 3
    assert all(re.fullmatch(r"[a-z0-9-]+\.(html|json|csv)", name) for name in site)
    with pytest.raises(ValueError, match="no plain file name"):
        write_site({"../pwned.html": "x"}, tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_a_site_is_written_whole_or_not_at_all(report, tmp_path):
    site = tmp_path / "site"
    (site / "stories.html").mkdir(parents=True)
    (site / "index.html").write_text("before", "utf-8")
    with pytest.raises(OSError, match=r"stories\.html is no file"):
        write_site(render_site(report), site)
    assert sorted(path.name for path in site.iterdir()) == ["index.html", "stories.html"]
    assert (site / "index.html").read_text("utf-8") == "before"


def test_stale_pages_of_ours_go_and_nothing_else_does(report, tmp_path):
    write_site(render_site(report), tmp_path)
    (tmp_path / "topics.html").write_text("<!doctype html><p>somebody's own</p>", "utf-8")
    (tmp_path / "notes.html").write_text((tmp_path / "stories.html").read_text("utf-8"), "utf-8")
    fewer = replace(report, systems=[replace(one, tasks={"stories": one.tasks["stories"]}) for one in report.systems])
    write_site(render_site(fewer), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html", "stories.html", "topics.html", "notes.html", "results.json", "results.csv",
    }  # fmt: skip


def test_intervals_and_ceilings_are_there_to_read(gold_pages):
    rows = [{"id": page.id, "main_text": page.text} for page in gold_pages]
    html = render_site(newsbench.score(rows, resampling=FEW))
    overview, page = html["index.html"], html["boilerplate.html"]
    assert re.search(r"0\.\d{3}<small>\[0\.\d{3}, 0\.\d{3}\]</small></td>", overview)
    assert re.search(r"0\.\d{3}<small>\[0\.\d{3}, 0\.\d{3}\]</small></td>", page)
    assert re.search(r'aria-label="0\.\d{3}, interval \[[^]]*\], ceiling \d\.\d{3}"', overview)
    assert "Ceiling: 1.000." in overview
    assert page.count("<caption>") == page.count("<table>")
    for text in (overview, page):
        assert "human" not in text.replace("no human annotated anything", "")
        assert "language model" in text
        assert "title=" not in text
