"""What a comparison says beside its tests: what is missing, refused, or was made up by somebody."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from comparison_examples import FEW, clusters, kept

import newsbench
from newsbench.comparison import compare_tables
from newsbench.formats.comparisons import FORMATS, render
from newsbench.problems import UsageError
from newsbench.stats import Resampling

EVIL = "=cmd|'/C calc'!A0 ![x](http://e.example/p.png) <img src=x> \x1b[2J\u202e *b*\n|row"


def test_systems_without_a_common_task_are_refused_with_what_each_answers():
    gold = np.repeat(np.arange(4), 2)
    one, two = clusters("one\x1b", gold, gold), kept("two", np.linspace(0, 1, 8))
    tables = [one, replace(two, groups=one.groups)]
    with pytest.raises(UsageError, match=r"one\\x1b answers stories; two answers boilerplate"):
        compare_tables(tables)


def test_where_no_figure_is_defined_for_two_systems_the_comparison_is_refused():
    name = ["boilerplate.token_precision"]
    tables = [kept(name, np.zeros(5)) for name in "ab"]
    with pytest.raises(UsageError, match=r"token_precision: undefined for a, b"):
        newsbench.compare(tables, metrics=name, resampling=FEW)


@pytest.mark.parametrize("form", sorted({*FORMATS} - {"json", "csv"}))
def test_a_comparison_says_what_each_system_left_open(form):
    whole, half = kept("whole", [0.5, 0.9, 0.8, 0.7]), kept("half", [0.5, 0, 0, 0])
    rows = half.families["boilerplate.words"]
    rows = replace(rows, answered=np.array([True, False, False, False]))
    half = replace(
        half, status=["answered", "failed", "missing", "missing"], skipped=1, elsewhere={"train": 7},
        families={"boilerplate.words": rows},
    )  # fmt: skip
    made = render(compare_tables([whole, half], resampling=FEW), form)
    said = "half: 2 without a prediction (scored as empty), 1 failed (scored as empty), 1 invalid record skipped, "
    assert said + "7 predictions for none of these pages (of train)" in made.replace("\\_", "_")


def test_the_json_of_a_comparison_carries_coverage_by_system_and_task():
    whole, half = kept("whole", [0.5, 0.9, 0.8]), kept("half", [0.5, 0, 0])
    for table, outputs in ((whole, [9, 9, 9]), (half, [9, 0, 0])):
        rows = table.families["boilerplate.words"]
        rows.values[:, rows.columns.index("output")] = outputs
    half = replace(half, status=["answered", "answered", "missing"])
    half.families["boilerplate.words"].answered[2] = False
    systems = json.loads(render(compare_tables([whole, half], resampling=FEW), "json"))["systems"]
    assert systems[0] == {
        "name": "whole", "pages": 3, "missing": 0, "failed": 0, "skipped": 0, "elsewhere": {},
        "tasks": {"boilerplate": {"missing": 0, "empty": 0}},
    }  # fmt: skip
    assert systems[1]["missing"] == 1
    assert systems[1]["tasks"] == {"boilerplate": {"missing": 1, "empty": 1}}


def test_too_few_resamples_are_named_in_a_comparison():
    tables = [kept("a", np.linspace(0, 1, 8)), kept("b", np.linspace(1, 0.2, 8))]
    made = render(compare_tables(tables, resampling=Resampling(resamples=1)), "table")
    assert "1 resample is too few for 95% intervals, whose ends need 39" in made
    assert "8 stories and 1 resample p is at least" in made
    assert "too few" not in render(compare_tables(tables, resampling=FEW), "table")


def test_what_is_no_list_of_predictions_is_refused_by_name():
    with pytest.raises(UsageError, match="predictions is a dict; allowed: a list"):
        newsbench.compare({"a": [], "b": []})


def test_unknown_figures_are_named_all_at_once_each_with_its_reason():
    tables = [kept("a", [0.5, 1]), kept("b", [0.5, 1])]
    wanted = ["topics.micro_f1", "boilerplate.token_f2", "boilerplate.aeb_f1", "boilerplate.token_f1", "xyz"]
    with pytest.raises(UsageError) as refused:
        compare_tables(tables, metrics=wanted)
    lines = str(refused.value).splitlines()
    assert "'topics.micro_f1'" in lines[0]
    assert "a, b do not answer topics" in lines[0]
    assert "near: boilerplate.token_f1" in lines[1]
    assert "--peers" in lines[2]
    assert sum("--peers" in line for line in lines) == 1
    assert "'xyz'" in lines[3]
    assert lines[4].startswith("there are: boilerplate.token_f1, ")
    assert len(lines) == 5


@pytest.mark.parametrize(
    "given",
    [
        {"predictions": "a.jsonl"},
        {"predictions": Path("a.jsonl")},
        {"predictions": [], "metrics": "boilerplate.token_f1"},
        {"predictions": [], "tasks": "boilerplate"},
    ],
)
def test_a_bare_name_where_a_list_is_wanted_is_a_wrong_call(given):
    with pytest.raises(UsageError, match="allowed: a list"):
        newsbench.compare(**given)


@pytest.mark.parametrize("form", FORMATS)
def test_names_do_no_harm_in_any_format(form):
    rates = np.linspace(0.5, 0.9, 8)
    tables = [kept(EVIL, rates), kept("plain", rates + 0.1)]
    made = render(compare_tables(tables, metrics=["boilerplate.token_f1"], resampling=FEW), form)
    assert "\x1b" not in made
    assert "\u202e" not in made
    row = next(line for line in made.splitlines() if "cmd" in line)
    if form == "markdown":
        assert "![" not in made
        assert "<img" not in made
        assert made.splitlines()[2] == row
        assert row.replace("\\|", "").count("|") == made.splitlines()[0].count("|")
    elif form == "latex":
        assert row.startswith("boilerplate.token\\_f1 & ")
        assert "\\textbar{}" in row
        assert row.endswith(r"\\")
        body = made.partition(r"\midrule")[2].partition(r"\bottomrule")[0]
        assert len(body.strip().splitlines()) == 1
        assert all(line.startswith("%") for line in made.partition(r"\end{tabular}")[2].strip().splitlines())
    elif form == "csv":
        (cells,) = list(csv.DictReader(io.StringIO(made)))
        assert cells["first"].startswith("'=cmd")
        assert float(cells["difference"]) < 0
        assert len(made.splitlines()) == 2
    elif form == "json":
        assert json.loads(made)["pairs"][0]["first"] == EVIL
    else:
        assert "|row" in row
