"""A report as what a page in HTML shows: systems in order, with pictures, and tables of figures and slices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from newsbench.formats.notes import about_figures
from newsbench.formats.reports import best_of, rows_of, shown_number
from newsbench.metrics import family_table, load_family
from newsbench.metrics.base import CorpusMetric, Metric
from newsbench.report import Estimate, Report


def explained(report: Report, ranks: Mapping[str, Any] | None) -> Iterator[str]:
    """Say in words what figures, ceilings and ranks are."""
    yield from about_figures(report)
    if any(math.isfinite(estimate.ceiling) for estimate in _estimates(report)):
        if report.data.get("name") == "newsbench":
            yield (
                "ceiling: what a second, independent annotation by a language model scores against the gold; it marked "
                "attributions and topics blind and judged which lines of a page to keep; no human annotated anything. "
                "The gold of attributions and topics was settled from it and another one: there it is on the high side."
            )
        else:
            yield "ceiling: what the second annotation that comes with the gold scores against the gold."
    if ranks:
        yield (
            "rank: the places that a system may have, from paired tests over the same stories, with Holm's correction "
            "over all pairs; systems that the test does not part share them."
        )
    yield "`newsbench metrics` has the definitions."
    yield f"Signature: {report.signature}"


def _estimates(report: Report) -> Iterator[Estimate]:
    for system in report.systems:
        for task in system.tasks.values():
            yield from task.metrics.values()


def _known_metrics(task: str) -> dict[str, Metric | CorpusMetric]:
    families = (load_family(name) for name in family_table() if name.partition(".")[0] == task)
    return {metric.name: metric for family in families for metric in (*family.metrics, *family.corpus_metrics)}


def boards_of(
    report: Report, task: str, ranks: Mapping[str, Mapping[int, tuple[int, int]]] | None
) -> Iterator[dict[str, Any]]:
    """Give for each headline figure of a task its systems in order, with their ranks and what a picture shows."""
    for name, metric in _known_metrics(task).items():
        if not metric.headline:
            continue
        found = {
            at: system.tasks[task].metrics[name]
            for at, system in enumerate(report.systems)
            if task in system.tasks and name in system.tasks[task].metrics
        }
        if any(math.isfinite(estimate.value) for estimate in found.values()):
            figure = f"{task}.{name}"
            places = (ranks or {}).get(figure, {})
            drawn = report.settings.get("resamples") != 0
            names = {at: report.systems[at].name for at in found}
            yield {
                "figure": figure,
                "formula": metric.formula,
                "unranked": "" if places else _why_unranked(metric, len(found), ranks is not None, drawn),
                **_board(metric, names, found, places),
            }


def _why_unranked(metric: Metric | CorpusMetric, systems: int, testable: bool, drawn: bool) -> str:
    if systems == 1:
        return "No rank: there is one system."
    if isinstance(metric, CorpusMetric) and not metric.interval:
        return "No rank: the figure is a minimum over all pages, and has no paired test."
    if not testable:
        return "No rank: a paired test needs predictions or tables of counts, and a report is among the inputs."
    if not drawn:
        return "No rank: no resamples were asked for, so nothing was tested."
    return "No rank: a paired test needs at least two stories."


def _board(
    metric: Metric | CorpusMetric,
    names: Mapping[int, str],
    found: Mapping[int, Estimate],
    ranks: Mapping[int, tuple[int, int]],
) -> dict[str, Any]:
    """Return a table of one figure; systems go by their place in the report."""
    sign = -1 if metric.better == "higher" else 1

    def place(at: int) -> tuple[float, str]:
        value = found[at].value
        return (sign * value if math.isfinite(value) else math.inf), names[at]

    low, high = _span(found.values())
    best = best_of([estimate.value for estimate in found.values()], metric.better)
    rows = []
    for at in sorted(found, key=place):
        estimate = found[at]
        rows.append(
            {
                "system": names[at],
                "rank": _rank(ranks.get(at)) if math.isfinite(estimate.value) else "–",
                "best": estimate.value == best,
                **_printed(estimate),
                "x": _x(estimate.value, low, high),
                "low_x": _x(estimate.low, low, high),
                "high_x": _x(estimate.high, low, high),
                "ceiling": shown_number(estimate.ceiling),
                "ceiling_x": _x(estimate.ceiling, low, high),
            }
        )
    ceiling = next((row["ceiling"] for row in rows if row["ceiling_x"] is not None), "")
    return {"rows": rows, "low": f"{low:g}", "high": f"{high:g}", "ceiling": ceiling}


def _rank(places: tuple[int, int] | None) -> str:
    if places is None:
        return "–"
    first, last = places
    return str(first) if first == last else f"{first}–{last}"


def _span(estimates: Iterable[Estimate]) -> tuple[float, float]:
    """Return the range that the pictures of a figure share: from 0 (or -1) to 1, or to the outermost value."""
    numbers = [
        number
        for estimate in estimates
        for number in (estimate.value, estimate.low, estimate.high, estimate.ceiling)
        if math.isfinite(number)
    ]
    low, high = float(math.floor(min(numbers))), float(math.ceil(max(numbers)))
    return min(0.0, low), max(1.0, high)


def _x(value: float, low: float, high: float) -> str | None:
    return f"{(value - low) / (high - low):.2%}" if math.isfinite(value) else None


def _printed(estimate: Estimate | None) -> dict[str, str]:
    if estimate is None or not math.isfinite(estimate.value):
        return {"value": "–", "interval": ""}
    known = math.isfinite(estimate.low) and math.isfinite(estimate.high)
    return {
        "value": shown_number(estimate.value),
        "interval": f"[{shown_number(estimate.low)}, {shown_number(estimate.high)}]" if known else "",
    }


def only_task(report: Report, task: str) -> Report:
    """Return the part of a report that concerns one task: the systems that answer it."""
    systems = [replace(one, tasks={task: one.tasks[task]}) for one in report.systems if task in one.tasks]
    return replace(report, systems=systems)


def sections_of(report: Report, task: str) -> Iterator[dict[str, Any]]:
    """Give the tables of a task's page: its figures, then one for each dimension of its slices."""
    better = {name: metric.better for name, metric in _known_metrics(task).items()}
    rows = [_row(row.figure, row.estimates, better.get(row.figure)) for row in rows_of(report, slices=False)]
    yield {"title": "All figures", "caption": f"Figures of {task} by system", "head": "figure", "rows": rows}
    slices = [system.tasks[task].slices for system in report.systems]
    for dimension in dict.fromkeys(name for one in slices for name in one):
        places = dict.fromkeys(
            (key, name) for one in slices for key, row in one.get(dimension, {}).items() for name in row
        )
        rows = [
            _row(f"{key}: {name}", [one.get(dimension, {}).get(key, {}).get(name) for one in slices], None)
            for key, name in places
        ]
        caption = f"Figures of {task} by {dimension} and system"
        yield {"title": f"By {dimension}", "caption": caption, "head": dimension, "rows": rows}


def _row(name: str, estimates: Sequence[Estimate | None], better: str | None) -> dict[str, Any]:
    values = [math.nan if estimate is None else estimate.value for estimate in estimates]
    best = best_of(values, better)
    cells = [
        {"best": best is not None and value == best, **_printed(estimate)}
        for estimate, value in zip(estimates, values, strict=True)
    ]
    ceilings = [estimate.ceiling for estimate in estimates if estimate is not None]
    return {"name": name, "cells": cells, "ceiling": shown_number(next(filter(math.isfinite, ceilings), math.nan))}
