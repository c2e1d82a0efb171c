"""What stands below a table, in words: what was scored, what each system left open, what intervals and ceilings are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from newsbench.report import Estimate, Report, SystemReport, TaskReport
from newsbench.stats import FEW_STORIES

# What an answer without content is called.
_EMPTY = {
    "boilerplate": "with an empty text",
    "attributions": "without any attribution",
    "topics": "without any topic",
    "titles": "with an empty title",
    "metadata": "without any field",
}
_WORST = "_outlet_worst"


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 page", "2,000 pages"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def about_pages(data: Mapping[str, Any], policy: str) -> str:
    """Say which pages were scored, and under which policy."""
    pages = counted(data["pages"], "page") if "pages" in data else "? pages"
    return (
        f"{pages} of {data.get('name', 'gold')} {data.get('version', '')}, "
        f"split {data.get('split', 'all')}, policy {policy}."
    )


def about_systems(systems: Iterable[SystemReport]) -> Iterator[str]:
    """Say of each system that left something open, or answered with nothing, on how many pages it did so."""
    for system in systems:
        notes = list(_left_open(system))
        if notes:
            yield f"{system.name}: {', '.join(notes)}."


def _left_open(system: SystemReport) -> Iterator[str]:
    if system.missing:
        yield f"{system.missing} without a prediction (scored as empty)"
    if system.failed:
        yield f"{system.failed} failed (scored as empty)"
    if system.skipped:
        yield f"{counted(system.skipped, 'invalid record')} skipped"
    if system.elsewhere:
        many = counted(sum(system.elsewhere.values()), "prediction")
        yield f"{many} for none of these pages (of {' and '.join(system.elsewhere)})"
    for name, task in system.tasks.items():
        silent = task.missing - system.missing - system.failed
        if silent > 0:
            yield f"{silent} more not answered in {name} (scored as empty)"
        if task.empty:
            yield f"{task.empty} answered {_EMPTY.get(name, f'with nothing in {name}')}"


def about_resamples(settings: Mapping[str, Any]) -> Iterator[str]:
    """Say where there are too few resamples for the level: an end would lie beyond the outermost of them."""
    resamples, level = settings.get("resamples"), settings.get("level")
    if not resamples or level is None:
        return
    fewest = math.ceil(round(2 / (1 - level), 6)) - 1
    if resamples < fewest:
        verb = "is" if resamples == 1 else "are"
        yield (
            f"{counted(resamples, 'resample')} {verb} too few for {100 * level:g}% intervals, whose ends need "
            f"{fewest:,}: intervals from resamples cover less than they say."
        )


def about_figures(report: Report) -> Iterator[str]:
    """Say in words what was scored, what each system left open, and what the intervals are."""
    yield about_pages(report.data, report.settings.get("policy", "not named"))
    yield from about_systems(report.systems)
    yield from _about_intervals(report.settings)


def _about_intervals(settings: Mapping[str, Any]) -> Iterator[str]:
    stories = settings.get("stories", 0)
    if not settings.get("resamples") or not {"level", "interval"} <= settings.keys():
        return
    if stories == 1:
        yield "No intervals: these pages are of one story, and intervals come from resampling whole stories."
    if stories < 2:
        return
    yield (
        f"In brackets: {100 * settings['level']:g}% intervals from {counted(settings['resamples'], 'resample')} of "
        f"{stories} whole stories ({settings['interval']}); for figures of all pages at once, from leaving out one "
        "story at a time."
    )
    yield from about_resamples(settings)
    if stories < FEW_STORIES:
        yield f"{stories} stories are few: such an interval covers less than it says (about 85 % with four)."


def explain(report: Report) -> Iterator[str]:
    """Say in words what the figures are."""
    yield from about_figures(report)
    yield from _worst_outlets(report)
    yield from _about_ceilings(report)
    yield f"Signature: {report.signature}"


def _worst_outlets(report: Report) -> Iterator[str]:
    """Say which outlet a system is worst on, where figures by outlet are at hand."""
    for task, of_task in _tasks(report).items():
        for name in dict.fromkeys(name for one in of_task.values() for name in one.metrics if name.endswith(_WORST)):
            found = {system: _outlet_of(one, name) for system, one in of_task.items()}
            named = [f"{system} {outlet}" for system, outlet in found.items() if outlet]
            if named:
                yield f"The outlet of {task} {name}: {', '.join(named)}."


def _outlet_of(task: TaskReport, name: str) -> str | None:
    """Return the outlet whose figure is the smallest, None where figures by outlet are not at hand."""
    figures = {
        outlet: row[name.removesuffix(_WORST)].value
        for outlet, row in task.slices.get("outlet", {}).items()
        if name.removesuffix(_WORST) in row
    }
    worst = min(figures, key=lambda outlet: figures[outlet], default=None)
    known = task.metrics.get(name)
    return worst if known is not None and worst is not None and math.isclose(figures[worst], known.value) else None


def _about_ceilings(report: Report) -> Iterator[str]:
    tasks = {task: list(of_task.values()) for task, of_task in _tasks(report).items()}
    judged = {task: found for task, of_task in tasks.items() if (found := _with_ceiling(of_task))}
    if judged:
        yield (
            "ceiling: a second annotator, a language model like the first, scored as if it were a system. The gold of "
            "attributions and topics was settled from this layer and another, which puts it on the high side. "
            "`newsbench metrics` has the definitions."
        )
    covered = report.settings.get("ceiling_pages") or {}
    for task, found in judged.items():
        # Of figures that have a ceiling: others of the task may be over more pages.
        pages = max(estimate.n for estimate in found)
        if 0 < covered.get(task, 0) < pages:
            yield f"The ceiling of {task} is over {covered[task]} of these {counted(pages, 'page')}."
    if without := [task for task in tasks if task not in judged]:
        yield f"No ceiling for {', '.join(without)}: no second annotation of this is at hand."


def _tasks(report: Report) -> dict[str, dict[str, TaskReport]]:
    """Return what systems have of each task, by task and system."""
    found: dict[str, dict[str, TaskReport]] = {}
    for system in report.systems:
        for name, task in system.tasks.items():
            if task.metrics:
                found.setdefault(name, {})[system.name] = task
    return found


def _with_ceiling(tasks: Sequence[TaskReport]) -> list[Estimate]:
    estimates = (estimate for task in tasks for estimate in task.metrics.values())
    return [estimate for estimate in estimates if math.isfinite(estimate.ceiling)]
