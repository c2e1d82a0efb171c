"""A report as a static site: an overview that ranks systems on the headline figures, and a page a task."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from newsbench.comparison import Comparison, Ranking
from newsbench.formats.reports import best_of, explain, render, rows_of
from newsbench.metrics import family_table, load_family
from newsbench.metrics.base import CorpusMetric, Metric
from newsbench.report import Estimate, Report, SystemReport

TITLE = "NewsBench leaderboard"
_TEMPLATES = Path(__file__).parent / "site"
_WIDTH = 260  # of the picture of an interval, as in the template


def render_site(report: Report, comparison: Comparison | None = None) -> dict[str, str]:
    """Return the files of the site by name: `index.html`, one page a task, `results.json`, `results.csv`.

    Ranks come from the paired tests of `comparison`; without it systems are ordered by value alone and have no rank.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    names = list(dict.fromkeys(task for system in report.systems for task in system.tasks))
    rankings = {ranking.figure: ranking for ranking in comparison.rankings} if comparison else {}
    tasks = [{"name": name, "file": f"{name}.html", "boards": list(_boards(report, name, rankings))} for name in names]
    shared = {"tasks": tasks, "explanation": [*explain(report), *_about_ranks(comparison)]}
    files = {"index.html": environment.get_template("index.html.j2").render(shared, title=TITLE)}
    for name in names:
        files[f"{name}.html"] = environment.get_template("task.html.j2").render(
            shared,
            title=f"{TITLE}: {name}",
            systems=[system.name for system in report.systems],
            sections=list(_sections(report, name)),
        )
    return files | {"results.json": render(report, "json"), "results.csv": render(report, "csv", slices=True)}


def _about_ranks(comparison: Comparison | None) -> Iterator[str]:
    if comparison is None:
        yield (
            "Systems stand in the order of their value and have no rank: a paired test needs their predictions or "
            "tables of counts, not reports alone."
        )
        return
    yield (
        "rank: the places that a system may have, from paired tests over the same stories (approximate randomization, "
        "Holm's correction over all pairs); systems that the test does not part share them."
    )


def _known_metrics(task: str) -> dict[str, Metric | CorpusMetric]:
    families = (load_family(name) for name in family_table() if name.partition(".")[0] == task)
    return {metric.name: metric for family in families for metric in (*family.metrics, *family.corpus_metrics)}


def _boards(report: Report, task: str, rankings: dict[str, Ranking]) -> Iterator[dict[str, Any]]:
    for name, metric in _known_metrics(task).items():
        if not metric.headline:
            continue
        found = {
            system.name: system.tasks[task].metrics[name]
            for system in report.systems
            if task in system.tasks and name in system.tasks[task].metrics
        }
        if any(math.isfinite(estimate.value) for estimate in found.values()):
            ranking = rankings.get(f"{task}.{name}")
            yield _board(f"{task}.{name}", metric, found, ranking.ranks if ranking else {})


def _board(
    figure: str, metric: Metric | CorpusMetric, found: dict[str, Estimate], ranks: dict[str, tuple[int, int]]
) -> dict[str, Any]:
    sign = -1 if metric.better == "higher" else 1

    def place(name: str) -> tuple[float, str]:
        value = found[name].value
        return (sign * value if math.isfinite(value) else math.inf), name

    low, high = _span(found.values())
    best = best_of([estimate.value for estimate in found.values()], metric.better)
    rows = []
    for name in sorted(found, key=place):
        estimate = found[name]
        rank = ranks.get(name)
        rows.append(
            {
                "system": name,
                "rank": "–" if rank is None else str(rank[0]) if rank[0] == rank[1] else f"{rank[0]}–{rank[1]}",
                "best": estimate.value == best,
                **_printed(estimate),
                "x": _x(estimate.value, low, high),
                "low_x": _x(estimate.low, low, high),
                "high_x": _x(estimate.high, low, high),
                "human_x": _x(estimate.ceiling, low, high),
            }
        )
    return {"figure": figure, "formula": metric.formula, "rows": rows, "low": f"{low:g}", "high": f"{high:g}"}


def _span(estimates: Any) -> tuple[float, float]:
    """Return the range that the pictures of a figure share: from 0 (or -1) to 1, or to the largest value."""
    numbers = [
        number
        for estimate in estimates
        for number in (estimate.value, estimate.low, estimate.high, estimate.ceiling)
        if math.isfinite(number)
    ]
    return (-1.0 if min(numbers) < 0 else 0.0), max(1.0, math.ceil(max(numbers)))


def _x(value: float, low: float, high: float) -> float | None:
    return round((value - low) / (high - low) * _WIDTH, 1) if math.isfinite(value) else None


def _printed(estimate: Estimate | None) -> dict[str, str]:
    if estimate is None or not math.isfinite(estimate.value):
        return {"value": "–", "interval": ""}
    interval = f"[{estimate.low:.3f}, {estimate.high:.3f}]" if math.isfinite(estimate.low) else ""
    return {"value": f"{estimate.value:.3f}", "interval": interval}


def _sections(report: Report, task: str) -> Iterator[dict[str, Any]]:
    """Give the tables of a task's page: its figures, then one for each dimension of its slices."""
    of_task = Report(report.signature, report.data, report.settings, [_only(system, task) for system in report.systems])
    better = {name: metric.better for name, metric in _known_metrics(task).items()}
    rows = [_row(row.figure, row.estimates, better.get(row.figure)) for row in rows_of(of_task, slices=False)]
    yield {"title": f"Figures of {task}", "head": "figure", "rows": rows}
    slices = [system.tasks[task].slices for system in of_task.systems if task in system.tasks]
    for dimension in dict.fromkeys(name for one in slices for name in one):
        places = dict.fromkeys(
            (key, name) for one in slices for key, row in one.get(dimension, {}).items() for name in row
        )
        rows = [
            _row(f"{key}: {name}", [one.get(dimension, {}).get(key, {}).get(name) for one in slices], None)
            for key, name in places
        ]
        yield {"title": f"By {dimension}", "head": dimension, "rows": rows}


def _only(system: SystemReport, task: str) -> SystemReport:
    tasks = {task: system.tasks[task]} if task in system.tasks else {}
    return SystemReport(system.name, system.pages, system.missing, system.failed, system.skipped, tasks)


def _row(name: str, estimates: Sequence[Estimate | None], better: str | None) -> dict[str, Any]:
    values = [math.nan if estimate is None else estimate.value for estimate in estimates]
    best = best_of(values, better)
    cells = [
        {"best": best is not None and value == best, **_printed(estimate)}
        for estimate, value in zip(estimates, values, strict=True)
    ]
    human = next((estimate.ceiling for estimate in estimates if estimate is not None), math.nan)
    return {"name": name, "cells": cells, "human": f"{human:.3f}" if math.isfinite(human) else "–"}
