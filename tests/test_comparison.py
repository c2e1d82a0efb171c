"""Comparisons of systems: which figures are tested and how, what is undefined, what is refused."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import newsbench
from newsbench.comparison import compare_tables
from newsbench.formats.comparisons import FORMATS, render
from newsbench.gold import load_gold
from newsbench.metrics import load_family
from newsbench.problems import UsageError
from newsbench.scoring import GROUPS, CountTable, FamilyCounts
from newsbench.stats import Resampling, bootstrap, interval_of

FEW = Resampling(resamples=400)
EVIL = "=cmd|'/C calc'!A0 ![x](http://e.example/p.png) <img src=x> \x1b[2J\u202e *b*\n|row"


def count_table(system: str, name: str, values, *, stories=None, outlets=None) -> CountTable:
    """A table of one family, of which each row is a page; each page is a story of its own unless told."""
    family = load_family(name)
    values = np.array(values, float)
    pages = [f"p{at}" for at in range(len(values))]
    groups = {group: [None] * len(pages) for group in GROUPS}
    groups["story"] = stories or list(pages)
    groups["outlet"] = outlets or list(pages)
    everywhere = np.ones(len(pages), dtype=bool)
    counts = {name: FamilyCounts(family.columns, np.arange(len(pages)), values, everywhere, family.version)}
    meta = {"name": "made", "version": "1.0.0", "sha256": "ab" * 32, "tokenizer": "words-2", "pages": len(pages)}
    return CountTable(system, pages, groups, ["answered"] * len(pages), counts, meta=meta)


def clusters(system: str, gold, predicted) -> CountTable:
    return count_table(
        system, "stories.clusters", np.column_stack([gold, predicted]), stories=[f"s{story}" for story in gold]
    )


def kept(system: str, rates, *, words: int = 100) -> CountTable:
    """Boilerplate counts of pages of 100 words of paragraphs, of which a share is kept, and 100 of navigation."""
    family = load_family("boilerplate.words")
    values = np.zeros((len(rates), len(family.columns)))
    at = family.index
    values[:, at["words.paragraph"]] = words
    values[:, at["words.navigation"]] = words
    values[:, at["kept.paragraph"]] = np.round(np.array(rates) * words)
    return count_table(system, "boilerplate.words", values)


def noisy(gold, rng, share: float):
    """A clustering in which a share of pages stands alone."""
    strays = rng.random(len(gold)) < share
    return np.where(strays, 1000 + np.arange(len(gold)), gold)


@pytest.fixture(scope="module")
def clusterings():
    rng = np.random.default_rng(1)
    gold = np.repeat(np.arange(20), 5)
    return [clusters(f"stray-{share}", gold, noisy(gold, rng, share)) for share in (0.05, 0.1, 0.6)]


def test_clusterings_are_tested_ranked_and_say_by_which_test(clusterings):
    found = compare_tables(clusterings, resampling=FEW)
    assert {pair.figure for pair in found.pairs} == {"stories.ari", "stories.pairwise_f1", "stories.bcubed_f1"}
    assert all(pair.test == "jackknife" for pair in found.pairs)
    for pair in found.pairs:
        assert pair.low <= pair.difference <= pair.high
        assert pair.p_jackknife <= pair.p_holm
        assert math.isnan(pair.p_randomization)
    assert found.rankings[0].ranks == {"stray-0.05": (1, 2), "stray-0.1": (1, 2), "stray-0.6": (3, 3)}
    rows = json.loads(render(found, "json"))["pairs"]
    assert {row["test"] for row in rows} == {"jackknife"}
    assert all("jackknife" in line for line in render(found, "table").splitlines() if line.startswith("stories."))


def test_two_clusterings_from_predictions_are_compared():
    pages = load_gold(split="validation").pages
    right = [{"id": page.id, "story": page.story} for page in pages]
    alone = [{"id": page.id, "story": page.id if at % 3 else page.story} for at, page in enumerate(pages)]
    found = newsbench.compare([right, alone], split="validation", resampling=FEW)
    ari = next(pair for pair in found.pairs if pair.figure == "stories.ari")
    report = newsbench.score(right, alone, split="validation", resampling=FEW)
    values = [system["stories"]["ari"].value for system in report.systems]
    assert ari.difference == values[0] - values[1]
    assert ari.test == "jackknife"
    # Four stories: no test can be surer than two of sixteen swaps.
    assert ari.p_holm == 0.125
    assert found.signature == report.signature
    assert found.data == report.data


def test_the_jackknife_does_not_find_differences_too_often():
    """Two systems made the same way differ with p < .05 in no more than about one of twenty samples."""
    rng, trials, found = np.random.default_rng(5), 200, []
    for _ in range(trials):
        gold = np.repeat(np.arange(10), rng.integers(2, 7, 10))
        pair = [clusters(name, gold, noisy(gold, rng, 0.2)) for name in "ab"]
        found.append(compare_tables(pair, metrics=["stories.ari"]).pairs[0].p_jackknife)
    assert np.mean(np.array(found) < 0.05) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / trials)
    assert 0.35 < np.mean(found) < 0.65


def test_no_spread_at_all_is_no_certainty():
    gold = np.repeat(np.arange(6), 3)
    found = compare_tables([clusters("right", gold, gold), clusters("one", gold, gold * 0)], metrics=["stories.ari"])
    assert found.pairs[0].difference == 1
    assert found.pairs[0].p_jackknife == 2 / 2**6
    same = compare_tables([clusters("right", gold, gold), clusters("too", gold, gold + 7)], metrics=["stories.ari"])
    assert same.pairs[0].p_jackknife == 1
    assert math.isnan(same.pairs[0].detectable)


def test_with_too_many_stories_a_clustering_is_said_to_be_untested():
    gold = np.repeat(np.arange(501), 2)
    found = compare_tables([clusters("right", gold, gold), clusters("one", gold, gold * 0)])
    assert {pair.test for pair in found.pairs} == {None}
    assert found.pairs[0].difference == 1
    assert math.isnan(found.pairs[0].p)
    assert found.rankings[0].ranks == {}
    assert any("stories.ari: not tested: there are 501 stories" in note for note in found.notes)
    assert "not tested: there are 501 stories" in render(found, "table")


def test_a_minimum_is_compared_but_not_tested():
    tables = [kept("a", np.linspace(0.5, 1, 10)), kept("b", np.linspace(0.3, 0.9, 10))]
    found = compare_tables(
        tables, metrics=["boilerplate.token_f1_outlet_worst", "boilerplate.token_f1_outlet_mean"], resampling=FEW
    )
    worst, mean = found.pairs
    assert worst.difference > 0
    assert worst.test is None
    assert mean.test == "jackknife"
    assert any("outlet_worst: not tested" in note for note in found.notes)


def test_the_interval_is_of_the_kind_asked_for():
    rng = np.random.default_rng(3)
    tables = [kept("a", rng.beta(9, 1, 12)), kept("b", rng.beta(8, 2, 12))]
    name = ["boilerplate.token_recall"]
    plain, bca = (
        compare_tables(tables, metrics=name, resampling=Resampling(resamples=1000, method=method))
        for method in ("percentile", "bca")
    )
    assert (plain.pairs[0].low, plain.pairs[0].high) != (bca.pairs[0].low, bca.pairs[0].high)
    assert plain.pairs[0].p_randomization == bca.pairs[0].p_randomization
    columns = load_family("boilerplate.words").index
    sums = np.column_stack([table.families["boilerplate.words"].values[:, columns["kept.paragraph"]] for table in tables])
    expected = bootstrap(
        sums, lambda values: (values[..., 0] - values[..., 1]) / 1200, Resampling(resamples=1000, method="bca")
    )
    assert (bca.pairs[0].low, bca.pairs[0].high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    settings = json.loads(render(bca, "json"))["settings"]
    assert [settings[key] for key in ("interval", "level", "resamples", "seed")] == ["bca", 0.95, 1000, 20260314]
    assert "(bca, 1,000 resamples)" in render(bca, "table")


def test_the_percentile_interval_is_that_of_paired_draws():
    rng = np.random.default_rng(4)
    tables = [kept("a", rng.beta(9, 1, 12)), kept("b", rng.beta(8, 2, 12))]
    pair = compare_tables(tables, metrics=["boilerplate.token_recall"], resampling=FEW).pairs[0]
    stories = np.random.default_rng([FEW.seed, 12]).integers(0, 12, size=(400, 12))
    columns = load_family("boilerplate.words").index
    one, other = (table.families["boilerplate.words"].values[:, columns["kept.paragraph"]] for table in tables)
    drawn = (one - other)[stories].sum(axis=1) / 1200
    by_hand = interval_of(
        np.column_stack([one, other]), drawn, lambda values: (values[..., 0] - values[..., 1]) / 1200, FEW
    )
    assert (pair.low, pair.high) == pytest.approx((by_hand.low, by_hand.high), abs=1e-12)


def test_an_undefined_figure_has_no_test_and_no_rank_and_widens_nobody_s():
    steps = np.linspace(0, 0.2, 20)
    tables = [kept("nothing", steps * 0), kept("high", 0.8 + steps), kept("low", 0.3 + steps)]
    name = ["boilerplate.token_precision", "boilerplate.token_recall"]
    # Without a word kept there is no precision; furniture kept parts the other two.
    columns = load_family("boilerplate.words").index
    tables[2].families["boilerplate.words"].values[:, columns["kept.navigation"]] = 50
    found = compare_tables(tables, metrics=name, resampling=Resampling(resamples=2000))
    precision = [pair for pair in found.pairs if pair.figure == name[0]]
    assert [pair.test for pair in precision] == [None, None, "randomization"]
    assert precision[2].p_holm == precision[2].p_randomization
    ranking = found.rankings[0]
    assert ranking.ranks == {"high": (1, 1), "low": (2, 2)}
    assert list(ranking.values) == ["high", "low", "nothing"]
    table = render(found, "table")
    assert "nan" not in table
    assert "nothing – (–)" in table
    assert "boilerplate.token_precision: undefined for nothing" in table
    alone = compare_tables(tables[1:], metrics=name[:1], resampling=Resampling(resamples=2000)).pairs[0]
    assert precision[2].detectable == alone.detectable
    rows = json.loads(render(found, "json"))
    assert rows["pairs"][0]["difference"] is None
    assert rows["rankings"][0]["values"]["nothing"] is None


def test_where_draws_are_too_few_for_the_pairs_nothing_is_detectable_and_it_says_why():
    rng = np.random.default_rng(6)
    tables = [kept(f"s{at}", rng.beta(9, 1 + at, 20)) for at in range(8)]
    name = ["boilerplate.token_recall"]
    found = compare_tables(tables, metrics=name, resampling=Resampling(resamples=500))
    assert all(math.isnan(pair.detectable) for pair in found.pairs)
    assert min(pair.p_holm for pair in found.pairs) > 0.05
    (note,) = found.notes
    assert "20 stories and 500 resamples p is at least 0.002, and for 28 pairs" in note
    assert note in render(found, "table")
    enough = compare_tables(tables, metrics=name, resampling=Resampling(resamples=2000))
    assert all(pair.detectable > 0 for pair in enough.pairs)
    assert enough.notes == []


def test_equal_systems_have_no_detectable_difference():
    rates = np.linspace(0.5, 1, 20)
    found = compare_tables([kept("a", rates), kept("b", rates)], metrics=["boilerplate.token_f1"], resampling=FEW)
    assert found.pairs[0].p_holm == 1
    assert math.isnan(found.pairs[0].detectable)


def test_without_resamples_differences_stand_untested():
    rates = np.linspace(0.5, 0.9, 20)
    tables = [kept("a", rates), kept("b", rates + 0.1)]
    found = compare_tables(tables, metrics=["boilerplate.token_f1"], resampling=Resampling(resamples=0))
    assert found.pairs[0].difference < 0
    assert found.pairs[0].test is None
    assert found.notes == ["boilerplate.token_f1: not tested: there are no resamples"]


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


def test_of_one_story_there_are_differences_and_no_test():
    one = clusters("one", [0, 0, 0, 0], [1, 1, 2, 2])
    other = clusters("other", [0, 0, 0, 0], [1, 1, 1, 2])
    for tables in ([kept("a", [0.5]), kept("b", [0.9])], [one, other]):
        found = newsbench.compare(tables, resampling=FEW)
        assert any(pair.difference < 0 for pair in found.pairs)
        assert {pair.test for pair in found.pairs} == {None}
        assert not any(ranking.ranks for ranking in found.rankings)
        assert len([note for note in found.notes if "not tested: one story" in note]) == len(found.rankings)
        assert "detectable:" not in render(found, "table")


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


def test_a_comparison_carries_what_it_was_made_with(clusterings):
    found = compare_tables(clusterings, resampling=FEW)
    made = json.loads(render(found, "json"))
    assert made["signature"].startswith("data:made-1.0.0-abababababab|")
    assert made["data"] == {"name": "made", "version": "1.0.0", "sha256": "ab" * 32, "pages": 100}
    assert made["settings"]["tokenizer"] == "words-2"
    for form in ("table", "latex", "markdown"):
        assert made["signature"] in render(found, form).replace("\\|", "|")


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
