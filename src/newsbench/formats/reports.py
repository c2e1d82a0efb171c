"""A report as a table, JSON, Markdown, LaTeX, CSV or a page in HTML."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from newsbench.formats.escaping import csv_cell, json_text, latex_cell, markdown_cell, markdown_list, one_line
from newsbench.formats.notes import explain
from newsbench.metrics import family_table, load_family
from newsbench.report import Estimate, Report, SystemReport


class Row(NamedTuple):
    """One line of a printed report: a figure of all systems, or of one slice."""

    task: str
    figure: str
    estimates: list[Estimate | None]


def render(report: Report, form: str, *, slices: bool = False) -> str:
    """Return a report in one of `FORMATS`, with a final newline.

    Errors: ValueError that names the formats there are.
    """
    if form not in _RENDERERS:
        raise ValueError(f"no format {form!r}; allowed: {', '.join(FORMATS)}")
    return _RENDERERS[form](report, slices)


def rows_of(report: Report, *, slices: bool) -> Iterator[Row]:
    """Yield the figures of a report line by line, in the order in which they were computed."""
    tasks = dict.fromkeys(task for system in report.systems for task in system.tasks)
    for task in tasks:
        names = dict.fromkeys(
            name for system in report.systems if task in system.tasks for name in system.tasks[task].metrics
        )
        for name in names:
            estimates = [_metric(system, task, name) for system in report.systems]
            # A figure that no system has (no scores given, no aspect named) would be a line of dashes.
            if any(estimate is not None and math.isfinite(estimate.value) for estimate in estimates):
                yield Row(task, name, estimates)
        if slices:
            yield from _slice_rows(report, task)


def _metric(system: SystemReport, task: str, name: str) -> Estimate | None:
    return system.tasks[task].metrics.get(name) if task in system.tasks else None


def _slice_rows(report: Report, task: str) -> Iterator[Row]:
    places = dict.fromkeys(
        (dimension, key, name)
        for system in report.systems
        if task in system.tasks
        for dimension, rows in system.tasks[task].slices.items()
        for key, row in rows.items()
        for name in row
    )
    for dimension, key, name in places:
        estimates = []
        for system in report.systems:
            rows = system.tasks[task].slices.get(dimension, {}) if task in system.tasks else {}
            estimates.append(rows.get(key, {}).get(name))
        yield Row(task, f"{name} [{dimension}={key}]", estimates)


def shown_number(value: float) -> str:
    """Return a figure to three digits, without a minus before zero; a dash where it is undefined."""
    if not math.isfinite(value):
        return "–"
    return f"{value:z.3f}" if abs(value) < 1e6 else f"{value:.3g}"


def _with_interval(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    if not math.isfinite(estimate.low):
        return shown_number(estimate.value)
    return f"{shown_number(estimate.value)} [{shown_number(estimate.low)}, {shown_number(estimate.high)}]"


def _ceiling(row: Row) -> str:
    found = [estimate.ceiling for estimate in row.estimates if estimate is not None]
    return shown_number(found[0]) if found else "–"


def _grid(report: Report, slices: bool) -> tuple[list[str], list[list[str]]]:
    head = ["task", "figure", *(one_line(system.name) for system in report.systems), "ceiling"]
    body = [
        [row.task, one_line(row.figure), *map(_with_interval, row.estimates), _ceiling(row)]
        for row in rows_of(report, slices=slices)
    ]
    return head, body


def _table(report: Report, slices: bool) -> str:
    head, body = _grid(report, slices)
    widths = [max(len(row[at]) for row in [head, *body]) for at in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(head, widths, strict=True)).rstrip()]
    lines.append("  ".join("─" * width for width in widths))
    previous = None
    for row in body:
        task = "" if row[0] == previous else row[0]
        previous = row[0]
        lines.append(
            "  ".join(cell.ljust(width) for cell, width in zip([task, *row[1:]], widths, strict=True)).rstrip()
        )
    return "\n".join([*lines, "", *map(one_line, explain(report)), ""])


def _json(report: Report, slices: bool) -> str:
    return json_text(report.as_json())


def _markdown(report: Report, slices: bool) -> str:
    head, body = _grid(report, slices)
    lines = ["| " + " | ".join(map(markdown_cell, head)) + " |", "|" + " --- |" * len(head)]
    for task, figure, *numbers in body:
        # The name of a slice holds a label of the data; numbers are ours.
        name = figure if figure.isidentifier() else markdown_cell(figure)
        lines.append("| " + " | ".join([task, name, *numbers]) + " |")
    return "\n".join([*lines, "", *markdown_list(explain(report)), ""])


def _latex(report: Report, slices: bool) -> str:
    head, body = _grid(report, slices)
    best = _best_columns(report, slices)
    lines = [r"\begin{tabular}{ll" + "r" * (len(head) - 2) + "}", r"\toprule"]
    lines.append(" & ".join(map(latex_cell, head)) + r" \\")
    lines.append(r"\midrule")
    for row, marked in zip(body, best, strict=True):
        cells = [latex_cell(cell) for cell in row]
        for column in marked:
            cells[2 + column] = rf"\textbf{{{cells[2 + column]}}}"
        lines.append(" & ".join(cells) + r" \\")
    lines += [r"\bottomrule", r"\end{tabular}"]
    if any(best):
        lines.append("% bold: the largest value (smallest where less is better); not a test, see newsbench compare")
    return "\n".join([*lines, *(f"% {one_line(line)}" for line in explain(report)), ""])


def _best_columns(report: Report, slices: bool) -> list[list[int]]:
    """The systems that lead a line, where there are several and the figure says which way is better."""
    better = {
        (family.task, metric.name): metric.better
        for family in map(load_family, _families(report))
        for metric in (*family.metrics, *family.corpus_metrics)
    }
    marked = []
    for row in rows_of(report, slices=slices):
        values = [math.nan if estimate is None else estimate.value for estimate in row.estimates]
        top = best_of(values, better.get((row.task, row.figure)))
        marked.append([at for at, value in enumerate(values) if value == top])
    return marked


def best_of(values: Sequence[float], better: str | None) -> float | None:
    """Return the value that leads, None where fewer than two are defined or no way is better."""
    finite = [value for value in values if math.isfinite(value)]
    if len(finite) < 2 or better is None:
        return None
    return max(finite) if better == "higher" else min(finite)


def _families(report: Report) -> list[str]:
    tasks = {task for system in report.systems for task in system.tasks}
    return [name for name in family_table() if name.partition(".")[0] in tasks]


def _csv(report: Report, slices: bool) -> str:
    """One line a figure and system, unrounded, for programs."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["system", "task", "figure", "value", "low", "high", "ceiling", "pages"])
    for row in rows_of(report, slices=slices):
        for system, estimate in zip(report.systems, row.estimates, strict=True):
            if estimate is None:
                continue
            numbers = [estimate.value, estimate.low, estimate.high, estimate.ceiling]
            cells = [repr(number) if math.isfinite(number) else "" for number in numbers]
            writer.writerow([csv_cell(system.name), row.task, csv_cell(row.figure), *cells, estimate.n])
    return out.getvalue()


def _html(report: Report, slices: bool) -> str:
    from newsbench.formats.sites import render_page

    return render_page(report)


_RENDERERS: dict[str, Callable[[Report, bool], str]] = {
    "table": _table,
    "json": _json,
    "markdown": _markdown,
    "latex": _latex,
    "csv": _csv,
    "html": _html,
}
FORMATS = tuple(_RENDERERS)
