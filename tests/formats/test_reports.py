"""Reports in every format: complete, escaped, and valid against the schema."""

from __future__ import annotations

import csv
import io
import json
import math

import jsonschema
import pytest

import newsbench
from newsbench.formats import comparisons, reports
from newsbench.formats.predictions import read_predictions
from newsbench.gold import load_gold
from newsbench.metrics.attributions import FAMILY
from newsbench.report import Estimate, Report, SystemReport, TaskReport
from newsbench.resources import table
from newsbench.stats import Resampling

FEW = Resampling(resamples=200)


def predictions(pages, cut: float, system: str):
    return [
        {"id": p.id, "system": system, "main_text": p.text[: int(len(p.text) * cut)], "story": p.story} for p in pages
    ]


@pytest.fixture(scope="module")
def report(gold_pages):
    strange = "a|b & <c>_%\\"
    return newsbench.score(
        predictions(gold_pages, 0.9, "first"), predictions(gold_pages[1:], 0.5, strange), split=None, resampling=FEW
    )


def test_json_fits_the_schema_and_has_the_promised_shape(report):
    made = json.loads(reports.render(report, "json"))
    jsonschema.validate(made, table("report.schema"))
    first = made["systems"][0]
    figure = first["tasks"]["boilerplate"]["metrics"]["token_f1"]
    assert set(figure) == {"value", "low", "high", "ceiling", "n"}
    assert figure["low"] <= figure["value"] <= figure["high"]
    assert first["tasks"]["boilerplate"]["slices"]["type"]["navigation"]["leakage"]["value"] > 0
    assert made["systems"][1]["missing"] == 1
    assert made["data"]["split"] == "all"


def test_no_format_writes_nan(report):
    assert "NaN" not in reports.render(report, "json")
    for form in reports.FORMATS:
        assert "nan" not in reports.render(report, form, slices=True).lower().split()


@pytest.mark.parametrize("form", reports.FORMATS)
def test_every_format_has_every_figure(report, form):
    made = reports.render(report, form, slices=True).replace("\\_", "_")
    for task in report.systems[0].tasks.values():
        for name, estimate in task.metrics.items():
            if math.isfinite(estimate.value):
                assert name in made


def test_markdown_and_latex_escape_names(report):
    made = reports.render(report, "markdown")
    assert "a\\|b &amp; &lt;c&gt;" in made
    rows = [line for line in made.splitlines() if line.startswith("|")]
    assert len({line.replace("\\|", "").count("|") for line in rows}) == 1
    latex = reports.render(report, "latex")
    assert r"a\textbar{}b \& \textless{}c\textgreater{}\_\%\textbackslash{}" in latex
    assert latex.count(r"\toprule") == latex.count(r"\bottomrule") == 1


def test_csv_is_unrounded_and_one_line_a_figure_and_system(report):
    rows = list(csv.DictReader(io.StringIO(reports.render(report, "csv"))))
    first = next(row for row in rows if row["figure"] == "token_f1" and row["system"] == "first")
    assert float(first["value"]) == report["first"]["boilerplate"]["token_f1"].value


def test_the_table_says_what_is_missing_and_carries_the_signature(report):
    made = reports.render(report, "table")
    assert "1 without a prediction (scored as empty)" in made
    assert report.signature in made


def one_figure(value: float, ceiling: float, n: int) -> Estimate:
    return Estimate(value, ceiling=ceiling, n=n)


def made_report(**settings) -> Report:
    """Figures of stories over 100 pages without a ceiling, of aspects over 49 with one, of titles without any."""
    tasks = {
        "stories": TaskReport({"ari": one_figure(0.5, math.nan, 100), "aspect_ari": one_figure(0.5, 0.9, 49)}),
        "titles": TaskReport({"token_f1": one_figure(0.5, math.nan, 100)}),
    }
    usual = {"policy": "strict", "resamples": 1000, "level": 0.95, "interval": "percentile", "stories": 20,
             "ceiling_pages": {"stories": 49}}  # fmt: skip
    data = {"name": "newsbench", "version": "1", "sha256": "", "split": "test", "pages": 100}
    return Report("s", data, usual | settings, [SystemReport("a", 100, 0, 0, 0, tasks)])


def test_what_has_no_ceiling_is_named_and_what_has_one_is_not_called_partial():
    report = made_report()
    made = reports.render(report, "table")
    assert "The ceiling of" not in made
    assert "No ceiling for titles: no second annotation" in made
    report.systems[0].tasks["stories"].metrics["ari"] = one_figure(0.5, 0.9, 100)
    assert "The ceiling of stories is over 49 of these 100 pages." in reports.render(report, "table")
    del report.systems[0].tasks["titles"]
    assert "No ceiling" not in reports.render(report, "table")


def test_one_story_and_few_resamples_are_said():
    made = reports.render(made_report(stories=1), "table")
    assert "No intervals: these pages are of one story" in made
    assert "In brackets" not in made
    assert "No intervals" not in reports.render(made_report(stories=1, resamples=0), "table")
    made = reports.render(made_report(resamples=1), "table")
    assert "from 1 resample of 20" in made
    assert "1 resample is too few for 95% intervals, whose ends need 39:" in made
    for resamples, level, few in ((38, 0.95, True), (39, 0.95, False), (19, 0.9, False), (198, 0.99, True)):
        made = reports.render(made_report(resamples=resamples, level=level), "table")
        assert ("resamples are too few" in made) == few


def test_one_of_a_kind_stands_in_the_singular():
    report = made_report()
    report.data["pages"] = 1
    report.systems[0].skipped = 1
    made = reports.render(report, "table")
    assert made.splitlines()[-6].startswith("1 page of newsbench")
    assert "1 invalid record skipped." in made


@pytest.mark.parametrize("form", ["report", "comparison"])
def test_notes_in_markdown_are_items_of_a_list(form, report, comparison):
    made = reports.render(report, "markdown") if form == "report" else comparisons.render(comparison, "markdown")
    notes = made.partition("\n\n")[2].splitlines()
    assert len(notes) > 3
    assert all(note.startswith("- ") for note in notes)


def test_bold_in_latex_is_said_to_be_no_test(report):
    assert "\n% bold: the largest value (smallest where less is better); not a test" in reports.render(report, "latex")
    assert "% bold" not in reports.render(made_report(), "latex")


def test_the_worst_outlet_is_named_where_figures_by_outlet_are_at_hand(report):
    found = report["first"]["boilerplate"]
    outlet = min(found.slices["outlet"], key=lambda name: found.slices["outlet"][name]["token_f1"].value)
    assert f"The outlet of boilerplate token_f1_outlet_worst: first {outlet}, " in reports.render(report, "table")
    bare = newsbench.score(
        [{"id": load_gold().pages[0].id, "main_text": "x"}], slices=False, resampling=Resampling(resamples=0)
    )
    assert "The outlet of" not in reports.render(bare, "table")


def test_the_signature_names_what_numbers_depend_on(report):
    parts = dict(part.split(":", 1) for part in report.signature.split("|"))
    assert set(parts) == {"data", "split", "metrics", "policy", "words", "align", "boot", "newsbench"}
    assert "boilerplate.words.v2" in parts["metrics"]


def test_unknown_formats_tasks_and_figures_are_refused_with_what_there_is(report):
    with pytest.raises(ValueError, match="allowed: table"):
        reports.render(report, "xls")
    with pytest.raises(KeyError, match="there are: boilerplate"):
        report["first"]["topics"]
    with pytest.raises(KeyError, match="there are: token_f1"):
        report["first"]["boilerplate"]["f1"]
    with pytest.raises(KeyError, match="there are: first"):
        report["boilerplate"]


def test_a_perfect_score_is_never_printed_below_one(gold_pages):
    rows = [{"id": p.id, "story": p.story, "topics": [{"code": t.code, "primary": t.primary} for t in p.topics or ()]}
            for p in gold_pages]  # fmt: skip
    found = newsbench.score(rows, split=None, resampling=FEW)
    assert found["stories"]["ari"].value == found["stories"]["v_measure"].value == 1.0


@pytest.fixture(scope="module")
def comparison(gold_pages):
    sets = [predictions(gold_pages, cut, f"cut-{cut}") for cut in (0.9, 0.89, 0.3)]
    return newsbench.compare(sets, split=None, resampling=Resampling(resamples=500))


def test_a_comparison_tests_all_pairs_and_admits_ties(comparison):
    first = [pair for pair in comparison.pairs if pair.figure == "boilerplate.token_f1"]
    assert len(first) == 3
    for pair in first:
        assert pair.low <= pair.difference <= pair.high
        assert pair.p_holm >= pair.p_randomization
    ranking = next(one for one in comparison.rankings if one.figure == "boilerplate.token_f1")
    assert all(low <= high for low, high in ranking.ranks.values())


@pytest.mark.parametrize("form", comparisons.FORMATS)
def test_every_comparison_format_names_every_pair(comparison, form):
    made = comparisons.render(comparison, form)
    for pair in comparison.pairs:
        assert pair.first in made
        assert pair.second in made
    assert "NaN" not in made


def test_swapping_two_systems_turns_the_sign(gold_pages):
    one, two = predictions(gold_pages, 0.9, "one"), predictions(gold_pages, 0.5, "two")
    there = newsbench.compare([one, two], split=None, resampling=FEW).pairs[0]
    back = newsbench.compare([two, one], split=None, resampling=FEW).pairs[0]
    assert there.difference == -back.difference
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.p_randomization == back.p_randomization


def test_comparing_different_pages_is_refused(gold_pages):
    from newsbench.api import count_systems
    from newsbench.comparison import compare_tables

    one = count_systems([predictions(gold_pages, 0.9, "one")], split="test")[0]
    two = count_systems([predictions(gold_pages, 0.9, "two")], split="train")[0]
    with pytest.raises(ValueError, match="covers other pages"):
        compare_tables([*one, *two])
    with pytest.raises(ValueError, match="at least two"):
        compare_tables(one)


def test_what_rounds_to_zero_has_no_sign(gold_pages):
    found = newsbench.score([{"id": p.id, "story": p.id} for p in gold_pages], split=None, resampling=Resampling(resamples=0))
    assert -1e-6 < found["stories"]["ami"].low < 0
    made = reports.render(found, "table")
    assert "0.000 [0.000, 0.000]" in made
    assert "-0.000" not in made


def test_numbers_have_no_minus_before_zero_wherever_they_are_shown():
    shown = [reports.shown_number(value) for value in (-0.0001, 0.0, -0.25, math.nan, 1e308)]
    assert shown == ["0.000", "0.000", "-0.250", "–", "1e+308"]


def test_attributions_by_language_have_both_sides(gold_pages):
    """What is found of a language's pages, and how much of what is said of them is right: counted on these alone."""
    said = [
        {
            "id": page.id,
            "attributions": [
                {"content": [one.content[0]._asdict()], "source": [span._asdict() for span in one.source]}
                for one in page.attributions[: 1 + number % 4]
                if one.content
            ],
        }
        for number, page in enumerate(gold_pages)
    ]
    found = newsbench.score(said, split=None, tasks=["attributions"], resampling=Resampling(resamples=0))
    of_language = found.systems[0].tasks["attributions"].slices["language"]
    assert set(of_language) == {page.language for page in gold_pages}
    given = read_predictions(said).predictions
    for language in ("de", "fr"):
        rows = [
            FAMILY.count(FAMILY.prepare(page), given[page.id]) for page in gold_pages if page.language == language
        ]
        sums = dict(zip(FAMILY.columns, map(sum, zip(*rows, strict=True)), strict=True))
        matched, predicted, gold = (sums[name] for name in ("joint_relaxed", "predicted", "gold"))
        assert 0 < matched / gold < matched / predicted
        assert of_language[language]["joint_relaxed_precision"].value == matched / predicted
        assert of_language[language]["joint_relaxed_recall"].value == matched / gold
        assert of_language[language]["joint_relaxed_f1"].value == 2 * matched / (predicted + gold)
