"""The static site: what it takes, what it refuses, that it escapes what users write and counts what was tested."""

from __future__ import annotations

import csv
import json
import math
import re
from html.parser import HTMLParser

import pytest

import newsbench
from newsbench.cli import main
from newsbench.formats import reports
from newsbench.formats.counts import write_counts
from newsbench.formats.sites import render_site
from newsbench.leaderboard import join_reports, make_leaderboard, read_report
from newsbench.problems import InputError
from newsbench.report import report_of_json
from newsbench.stats import Resampling

FEW = Resampling(resamples=200)
STRANGE = 'x"><script>alert(1)</script>&amp;'


def answers(pages, cut: float, system: str):
    return [{"id": p.id, "system": system, "main_text": p.text[: int(len(p.text) * cut)], "story": p.story} for p in pages]


@pytest.fixture(scope="module")
def report(gold_pages):
    systems = (answers(gold_pages, 0.9, "first"), answers(gold_pages, 0.3, STRANGE))
    return newsbench.score(*systems, split=None, resampling=FEW)


@pytest.fixture(scope="module")
def files(gold_pages, tmp_path_factory):
    """Predictions, a table of counts and a report of three systems."""
    tmp_path = tmp_path_factory.mktemp("files")
    paths = []
    for number, cut in enumerate((0.9, 0.6, 0.3)):
        path = tmp_path / f"system{number}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in answers(gold_pages, cut, f"s{number}")), "utf-8")
        paths.append(path)
    from newsbench.api import count_systems

    counts = tmp_path / "system1.parquet"
    write_counts(count_systems([paths[1]], split=None)[0][0], counts)
    made = tmp_path / "system2.json"
    made.write_text(reports.render(newsbench.score(paths[2], split=None, resampling=FEW), "json"), "utf-8")
    return paths[0], counts, made


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


def test_without_a_comparison_nobody_has_a_rank(report):
    html = render_site(report)["index.html"]
    assert re.findall(r'<td class="n">–</td><td>', html)
    assert "have no rank" in html


def test_systems_stand_in_the_order_of_their_value(report):
    html = render_site(report)["index.html"]
    board = html[html.index("boilerplate.token_f1:") :]
    assert board.index("<td>first</td>") < board.index("<td>x&#34;")


def test_a_report_survives_the_trip_through_json(report):
    again = report_of_json(json.loads(reports.render(report, "json")))
    assert reports.render(again, "json") == reports.render(report, "json")


def test_predictions_and_counts_are_ranked_and_reports_join_them(files, tmp_path):
    predictions, counts, made = files
    make_leaderboard([predictions, counts], tmp_path / "ranked", split=None, resampling=FEW)
    html = (tmp_path / "ranked" / "index.html").read_text("utf-8")
    assert "paired tests over the same stories" in html
    assert re.search(r'<td class="n">1</td><td>s1</td>', html), re.findall(r'<tr><td.*', html)
    make_leaderboard([predictions, counts, made], tmp_path / "joined", split=None, resampling=FEW)
    html = (tmp_path / "joined" / "index.html").read_text("utf-8")
    assert "have no rank" in html
    assert all(f"<td>s{number}</td>" in html for number in range(3))


def test_figures_made_in_different_ways_are_not_put_together(files, tmp_path):
    predictions, _, made = files
    with pytest.raises(InputError, match=r"boot: .percentile-100.*but .*percentile-200"):
        make_leaderboard([predictions, made], tmp_path / "site", split=None, resampling=Resampling(resamples=100))
    assert not (tmp_path / "site").exists()
    first, second = read_report(made), read_report(made)
    second.signature = second.signature.replace("split:all", "split:test")
    with pytest.raises(InputError, match=r"split: 'test', but a has 'all'"):
        join_reports({"a": first, "b": second})


def test_systems_of_one_name_are_numbered(files):
    joined = join_reports({"a": read_report(files[2]), "b": read_report(files[2])})
    assert [system.name for system in joined.systems] == ["s2", "s2 (2)"]


def test_a_report_that_does_not_fit_its_schema_is_refused(files, tmp_path, capsys):
    document = json.loads(files[2].read_text("utf-8"))
    document["systems"][0]["tasks"]["boilerplate"]["metrics"]["token_f1"]["value"] = "high"
    document["systems"][0]["surprise"] = 1
    spoilt = tmp_path / "spoilt.json"
    spoilt.write_text(json.dumps(document), "utf-8")
    assert main(["leaderboard", str(spoilt), "-o", str(tmp_path / "site")]) == 1
    told = capsys.readouterr().err
    assert "spoilt.json" in told
    assert "surprise" in told
    assert "token_f1" in told
    assert not (tmp_path / "site").exists()


def test_the_command_writes_the_site(files, tmp_path, capsys):
    arguments = ["leaderboard", *map(str, files), "-o", str(tmp_path / "a" / "site"), "--split", "all", "--resamples", "200"]
    assert main(arguments) == 0
    assert (tmp_path / "a" / "site" / "boilerplate.html").is_file()
    assert "index.html" in capsys.readouterr().err
    assert main(["leaderboard", str(files[0])]) == 2
