"""The static site: what it takes, what it refuses, that it escapes what users write and counts what was tested."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import pytest
from board_examples import FEW, STRANGE, answers

import newsbench
from newsbench.cli import main
from newsbench.formats import reports
from newsbench.formats.counts import write_counts
from newsbench.formats.savedreports import read_reports
from newsbench.formats.sites import render_site
from newsbench.leaderboard import join_reports, make_leaderboard
from newsbench.problems import InputError
from newsbench.report import Report, report_of_json
from newsbench.stats import Resampling


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


def read(path) -> Report:
    return read_reports([str(path)])[str(path)]


def written(folder, rows):
    """Files of predictions in `folder`, by the name of the system."""
    for name, records in rows.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in records), "utf-8")
    return [folder / f"{name}.jsonl" for name in rows]


def ranks_on(html: str, figure: str) -> dict[str, str]:
    """What a board says of ranks, by system."""
    board = html[html.index(f"<b>{figure}</b>") :]
    rows = re.findall(r'<td class="n">([^<]*)</td><th scope="row">([^<]*)</th>', board[: board.index("</table>")])
    return {system: rank for rank, system in rows}


def why_unranked(html: str, figure: str) -> str:
    board = html[html.index(f"<b>{figure}</b>") :]
    found = re.search("No rank: [^<]*", board[: board.index("</caption>")])
    return found[0] if found else ""


def test_without_tests_nobody_has_a_rank_and_the_board_says_why(report):
    html = render_site(report)["index.html"]
    assert set(ranks_on(html, "boilerplate.token_f1").values()) == {"–"}
    assert "a report is among the inputs" in why_unranked(html, "boilerplate.token_f1")
    assert "paired tests over the same stories" not in html
    alone = render_site(replace(report, systems=report.systems[:1]))["index.html"]
    assert why_unranked(alone, "boilerplate.token_f1") == "No rank: there is one system."


def test_systems_stand_in_the_order_of_their_value(report):
    html = render_site(report)["index.html"]
    assert next(iter(ranks_on(html, "boilerplate.token_f1"))) == "first"


def test_a_report_survives_the_trip_through_json(report):
    again = report_of_json(json.loads(reports.render(report, "json")))
    assert reports.render(again, "json") == reports.render(report, "json")


def test_predictions_and_counts_are_ranked_and_reports_join_them(files, tmp_path):
    predictions, counts, made = files
    make_leaderboard([predictions, counts], tmp_path / "ranked", split=None, resampling=FEW)
    html = (tmp_path / "ranked" / "index.html").read_text("utf-8")
    assert "paired tests over the same stories" in html
    assert ranks_on(html, "boilerplate.token_f1_macro") == {"s1": "1", "s0": "2"}
    make_leaderboard([predictions, counts, made], tmp_path / "joined", split=None, resampling=FEW)
    html = (tmp_path / "joined" / "index.html").read_text("utf-8")
    assert ranks_on(html, "boilerplate.token_f1") == dict.fromkeys(("s1", "s0", "s2"), "–")
    assert "a report is among the inputs" in why_unranked(html, "boilerplate.token_f1")


def test_figures_made_in_different_ways_are_not_put_together(files, tmp_path):
    predictions, _, made = files
    with pytest.raises(InputError, match=r"boot: .percentile-100.*but .*percentile-200"):
        make_leaderboard([predictions, made], tmp_path / "site", split=None, resampling=Resampling(resamples=100))
    assert not (tmp_path / "site").exists()
    first, second = read(made), read(made)
    second.signature = second.signature.replace("split:all", "split:test")
    with pytest.raises(InputError, match=r"split: 'test', but a has 'all'"):
        join_reports({"a": first, "b": second})


def test_systems_of_one_name_are_numbered(files):
    joined = join_reports({"a": read(files[2]), "b": read(files[2])})
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


def test_a_task_is_ranked_among_the_systems_that_answer_it(gold_pages, tmp_path):
    rows = {
        # Names that look the same once they are cleaned for display.
        "good": [{"id": p.id, "system": "a  b", "main_text": p.text[: len(p.text) * 2 // 3]} for p in gold_pages],
        "poor": [{"id": p.id, "system": "a b", "main_text": p.text[:90]} for p in gold_pages],
        "other": [{"id": p.id, "system": "only\x1b", "topics": []} for p in gold_pages],
    }
    make_leaderboard(written(tmp_path, rows), tmp_path / "site", split="train", resampling=FEW)
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert sorted(ranks_on(html, "boilerplate.token_f1").values()) == ["1", "2"]
    assert why_unranked(html, "boilerplate.token_f1") == ""
    assert set(ranks_on(html, "topics.micro_f1").values()) == {"–"}
    assert why_unranked(html, "topics.micro_f1") == "No rank: there is one system."
    assert "\x1b" not in html
    # A page of a task has a column for each system that answers it, and no other.
    table = (tmp_path / "site" / "topics.html").read_text("utf-8").partition("<tbody>")
    assert re.findall('scope="col">([^<]*)<', table[0]) == ["figure", "only\\x1b", "ceiling"]
    assert table[2].partition("</tr>")[0].count("<td") == 2


def test_one_story_gives_no_ranks_and_the_board_says_so(gold_pages):
    from newsbench.api import count_systems
    from newsbench.leaderboard import rank_tables
    from newsbench.reporting import build_report

    rows = [[{"id": p.id, "main_text": p.text[:length]} for p in gold_pages] for length in (5000, 50)]
    tables = []
    for table in count_systems(rows, split="validation")[0]:
        counts = table.families["boilerplate.words"]
        one = [table.groups["story"][at] == table.groups["story"][0] for at in counts.positions]
        part = replace(
            counts, positions=counts.positions[one], values=counts.values[one], answered=counts.answered[one]
        )
        tables.append(replace(table, families={"boilerplate.words": part}))
    ranks = rank_tables(tables, resampling=FEW)
    assert ranks == {}
    html = render_site(build_report(tables, resampling=FEW), ranks)["index.html"]
    assert why_unranked(html, "boilerplate.token_f1") == "No rank: a paired test needs at least two stories."


def test_without_resamples_nothing_is_ranked(gold_pages, tmp_path):
    rows = {name: [{"id": p.id, "main_text": p.text[:length]} for p in gold_pages] for name, length in (("a", 9), ("b", 999))}
    make_leaderboard(written(tmp_path, rows), tmp_path / "s", split="validation", resampling=Resampling(resamples=0))
    html = (tmp_path / "s" / "index.html").read_text("utf-8")
    assert set(ranks_on(html, "boilerplate.token_f1").values()) == {"–"}
    assert "no resamples were asked for" in why_unranked(html, "boilerplate.token_f1")


def test_versions_of_shared_metrics_have_to_agree(files):
    first, second, third = (read(files[2]) for _ in range(3))
    second.signature = second.signature.replace("boilerplate.words.v2", "topics.labels.v1")
    joined = join_reports({"a": first, "b": second})
    assert len(joined.systems) == 2
    third.signature = second.signature.replace("topics.labels.v1", "topics.labels.v9")
    with pytest.raises(InputError, match=r"c: metrics: topics.labels has version v9, but b has v1"):
        join_reports({"a": first, "b": second, "c": third})


def test_a_signature_that_lacks_something_is_not_the_same(files):
    first, second = read(files[2]), read(files[2])
    second.signature = second.signature.replace("|split:all", "")
    with pytest.raises(InputError, match=r"b: split: nothing, but a has 'all'"):
        join_reports({"a": first, "b": second})
    with pytest.raises(InputError, match=r"a: split: 'all', but b has nothing"):
        join_reports({"b": second, "a": first})
    third = replace(first, settings={**first.settings, "policy": "lenient"})
    with pytest.raises(InputError, match=r"c: settings.policy: 'lenient', but a has 'strict'"):
        join_reports({"a": first, "c": third})


def test_options_that_cannot_change_a_report_are_refused(files, tmp_path, capsys):
    site = ["-o", str(tmp_path / "site")]
    given = ["--policy", "strict", "--task", "boilerplate", "--skip-invalid", "--level", "0.9"]
    assert main(["leaderboard", str(files[2]), *given, *site]) == 2
    told = capsys.readouterr().err
    assert all(name in told for name in ("--policy", "--task", "--skip-invalid", "--level"))
    assert "--seed" not in told
    assert not (tmp_path / "site").exists()
    assert main(["leaderboard", str(files[2]), *site]) == 0


def test_every_option_of_scoring_is_known_to_the_command():
    import argparse

    from newsbench.cli import leaderboard, options

    parser = argparse.ArgumentParser()
    options.add_gold(parser)
    options.add_scoring(parser)
    usual = vars(parser.parse_args([]))
    parser = argparse.ArgumentParser()
    leaderboard.configure(parser)
    assert parser.parse_args(["x", "-o", "y"]).usual == usual


def test_no_cell_of_the_csv_is_a_formula(report):
    names = ("=1+1", "+1", "-1", "@x", "fine")
    systems = [replace(report.systems[0], name=name) for name in names]
    rows = csv.DictReader(render_site(replace(report, systems=systems))["results.csv"].splitlines())
    assert list(dict.fromkeys(row["system"] for row in rows)) == ["'=1+1", "'+1", "'-1", "'@x", "fine"]
