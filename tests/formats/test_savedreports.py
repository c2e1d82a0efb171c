"""Reports read back: what is one, and what one must not say."""

from __future__ import annotations

import json

import pytest

from newsbench.cli import main
from newsbench.formats.savedreports import is_report, read_reports
from newsbench.problems import InputError
from newsbench.report import Estimate, Report, SystemReport, TaskReport

#: The report that the contract prints: no settings, no counts of pages.
EXAMPLE = {
    "signature": "...",
    "data": {"name": "newsbench", "version": "1.0.0", "sha256": "...", "split": "test", "pages": 250},
    "systems": [
        {
            "name": "trafilatura", "missing": 0, "skipped": 0,
            "tasks": {
                "boilerplate": {
                    "metrics": {"token_f1": {"value": 0.91, "low": 0.89, "high": 0.93, "ceiling": 0.99, "n": 250}},
                    "slices": {"type": {"navigation": {"leakage": {"value": 0.02}}}},
                }
            },
        }
    ],
}  # fmt: skip


@pytest.fixture
def saved(tmp_path):
    """Write the example, or the text given, and return the path."""

    def save(text: str | None = None, name: str = "mine.json") -> str:
        (tmp_path / name).write_text(json.dumps(EXAMPLE) if text is None else text, "utf-8")
        return str(tmp_path / name)

    return save


def changed(change) -> str:
    document = json.loads(json.dumps(EXAMPLE))
    change(document)
    return json.dumps(document)


def problems_of(path: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        read_reports([path])
    return [str(problem).removeprefix(path) for problem in refused.value.problems]


def figures(document):
    return document["systems"][0]["tasks"]["boilerplate"]["metrics"]["token_f1"]


def test_the_example_of_the_contract_can_be_shown(saved, tmp_path):
    assert main(["leaderboard", saved(), "-o", str(tmp_path / "site")]) == 0
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "0.910" in html
    assert "policy not named" in html


@pytest.mark.parametrize("settings", [{}, {"policy": "strict"}, {"resamples": 10, "stories": 9}, {"level": 0.9}])
def test_a_report_may_leave_settings_out(settings, saved, tmp_path):
    path = saved(changed(lambda document: document.update(settings=settings)))
    assert main(["leaderboard", path, "-o", str(tmp_path / "site")]) == 0


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"level": "high"}, ": settings.level: 'high' is a string; allowed: number"),
        ({"policy": None}, ": settings.policy: None is null; allowed: string"),
        ({"resamples": -1}, ": settings.resamples: -1 is too small; allowed: 0 or more"),
        ({"stories": 1.5}, ": settings.stories: 1.5 is a number; allowed: integer"),
    ],
)
def test_settings_have_types(settings, told, saved):
    assert problems_of(saved(changed(lambda document: document.update(settings=settings)))) == [told]


@pytest.mark.parametrize("task", ["../pwned", "index", "a/b", "/abs", "Boilerplate", ""])
def test_a_task_is_one_of_the_six(task, saved, tmp_path, capsys):
    path = saved(changed(lambda document: document["systems"][0]["tasks"].update({task: {"metrics": {}}})))
    assert main(["leaderboard", path, "-o", str(tmp_path / "a" / "site")]) == 1
    told = capsys.readouterr().err
    assert f"systems[0].tasks: {task!r} is not allowed; allowed: boilerplate, attributions" in told
    assert [entry.name for entry in tmp_path.iterdir()] == ["mine.json"]


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity", "1" * 400])
def test_numbers_are_finite(number, saved):
    assert len(problems_of(saved(json.dumps(EXAMPLE).replace("0.91", number)))) == 1


def test_the_place_of_an_infinite_number_is_named(saved):
    (told,) = problems_of(saved(json.dumps(EXAMPLE).replace("0.91", "1e400")))
    assert told.startswith(": systems[0].tasks.boilerplate.metrics.token_f1.value: is not a finite number")


def test_an_interval_has_its_ends_in_order(saved):
    def cross(document):
        figures(document).update(value=7.5, low=9, high=-3)
        document["systems"][0]["tasks"]["boilerplate"]["slices"]["type"]["navigation"]["leakage"].update(low=1, high=0)

    assert problems_of(saved(changed(cross))) == [
        ": systems[0].tasks.boilerplate.metrics.token_f1: low 9 is above high -3",
        ": systems[0].tasks.boilerplate.slices.type.navigation.leakage: low 1 is above high 0",
    ]
    outside = saved(changed(lambda document: figures(document).update(value=7.5, low=None, high=-3)))
    assert read_reports([outside])[outside]["boilerplate"]["token_f1"].value == 7.5


def test_all_faults_of_all_files_are_told_at_once(saved):
    paths = [saved("{\"signature\": ", "cut.json"), saved(changed(lambda d: d.update(more=1)), "more.json")]
    with pytest.raises(InputError) as refused:
        read_reports(paths)
    assert [problem.file for problem in refused.value.problems] == paths
    assert "no JSON" in str(refused.value)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("name", ["t.json", "t.JSON", "t.report", "t"])
def test_a_report_is_known_by_its_content(name, order, indent, saved):
    document = dict(list({**EXAMPLE, "settings": {"policy": "strict"}}.items())[::order])
    assert is_report(saved(json.dumps(document, indent=indent), name))
    assert is_report(saved("\ufeff \n" + json.dumps(document, sort_keys=True, indent=indent), name))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"id": "a", "main_text": "\\"signature\\": \\"systems\\""}', '{"data": 1}\n', '{"id": "signature"}'],
)
def test_nothing_else_is_a_report(text, saved):
    assert not is_report(saved(text))
    assert not is_report("/nowhere.json")


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("command", ["score", "compare"])
def test_a_report_given_as_predictions_is_named_in_one_line(command, indent, saved, capsys):
    path = saved(json.dumps(EXAMPLE, indent=indent), "mine.report")
    assert main([command, path, path]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].endswith("mine.report: is a report, not predictions: `newsbench leaderboard` reads reports")
    assert len(told) == 2


def test_names_are_cleaned_as_our_own_reports_have_them(saved):
    path = saved(changed(lambda document: document["systems"][0].update(name="a\x1b[31m  b\nc")))
    assert read_reports([path])[path].systems[0].name == "a\\x1b[31m b c"


def test_a_report_keeps_all_its_numbers(saved):
    tasks = {"topics": TaskReport({"micro_f1": Estimate(0.5, 0.25, 0.75, 1.0, 3)}, {"d": {"k": {"m": Estimate(0.1)}}}, 2)}
    report = Report("s", EXAMPLE["data"], {"policy": "strict"}, [SystemReport("a", 9, 1, 2, 3, tasks)])
    path = saved(json.dumps(report.as_json()))
    assert read_reports([path])[path].as_json() == report.as_json()
