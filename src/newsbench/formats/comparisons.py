"""A comparison as a table, JSON, Markdown, LaTeX or CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from collections.abc import Callable, Iterator
from typing import Any

from newsbench.comparison import Comparison, PairTest, Ranking
from newsbench.formats.escaping import csv_cell, json_text, latex_cell, markdown_cell, markdown_list, one_line
from newsbench.formats.notes import about_pages, about_resamples, about_systems, counted
from newsbench.formats.reports import shown_number
from newsbench.pairtests import JACKKNIFE, RANDOMIZATION
from newsbench.report import SystemReport

_HEAD = ("figure", "first", "second", "difference", "interval", "test", "p", "p (Holm)", "detectable")
_TEXTS = ("figure", "first", "second", "test")


def render(comparison: Comparison, form: str) -> str:
    """Return a comparison in one of `FORMATS`, with a final newline.

    Errors: ValueError that names the formats there are.
    """
    if form not in _RENDERERS:
        raise ValueError(f"no format {form!r}; allowed: {', '.join(FORMATS)}")
    return _RENDERERS[form](comparison)


def _number(value: float, form: str) -> str:
    return format(value, form) if math.isfinite(value) else "–"


def _p(value: float) -> str:
    return "< .0001" if value < 0.0001 else _number(value, ".4f")


def _cells(pair: PairTest) -> list[str]:
    return [
        pair.figure,
        pair.first,
        pair.second,
        _number(pair.difference, "+.4f"),
        f"[{pair.low:+.4f}, {pair.high:+.4f}]" if math.isfinite(pair.low) else "–",
        pair.test or "–",
        _p(pair.p),
        _p(pair.p_holm),
        _number(pair.detectable, ".4f"),
    ]


def explain(comparison: Comparison) -> Iterator[str]:
    """Say in words what the columns are, what could not be tested, who ranks where, and what it was made with."""
    settings = comparison.settings
    tests = {pair.test for pair in comparison.pairs}
    level = f"{100 * settings['level']:g}%"
    yield about_pages({**comparison.data, "pages": settings["pages"]}, settings["policy"])
    yield from about_systems(comparison.systems)
    yield "difference: first minus second; p (Holm): p corrected for all pairs of the figure."
    if RANDOMIZATION in tests:
        yield (
            f"randomization: p from swapping the two systems' stories at random, interval ({level}) from a paired "
            f"bootstrap over stories ({settings['interval']}, {counted(settings['resamples'], 'resample')})."
        )
        yield from about_resamples(settings)
    if JACKKNIFE in tests:
        yield (
            f"jackknife: p and interval ({level}) from a t-test that leaves out one story at a time, for figures of "
            "all pages at once."
        )
    if tests - {None}:
        yield (
            "detectable: about the true difference that this test would find in 80 of 100 cases, were stories normally "
            "spread; – without spread, or where none can be told from chance."
        )
    yield from comparison.notes
    for ranking in comparison.rankings:
        yield f"ranks on {ranking.figure}: {', '.join(_places(ranking))}"
    yield f"Signature: {comparison.signature}"


def _places(ranking: Ranking) -> Iterator[str]:
    for name, value in ranking.values.items():
        low, high = ranking.ranks.get(name, (None, None))
        rank = "–" if low is None else f"{low}" if low == high else f"{low}–{high}"
        yield f"{name} {rank} ({shown_number(value)})"


def _table(comparison: Comparison) -> str:
    rows = [list(_HEAD), *([one_line(cell) for cell in _cells(pair)] for pair in comparison.pairs)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join([*lines, "", *map(one_line, explain(comparison)), ""])


def _markdown(comparison: Comparison) -> str:
    lines = ["| " + " | ".join(_HEAD) + " |", "|" + " --- |" * len(_HEAD)]
    lines += ["| " + " | ".join(map(markdown_cell, _cells(pair))) + " |" for pair in comparison.pairs]
    return "\n".join([*lines, "", *markdown_list(explain(comparison)), ""])


def _latex(comparison: Comparison) -> str:
    lines = [r"\begin{tabular}{lllrrlrrr}", r"\toprule", " & ".join(_HEAD) + r" \\", r"\midrule"]
    lines += [" & ".join(map(latex_cell, _cells(pair))) + r" \\" for pair in comparison.pairs]
    explained = (f"% {one_line(said)}" for said in explain(comparison))
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", *explained, ""])


def _finite(row: dict) -> dict:
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()}


def _coverage(system: SystemReport) -> dict[str, Any]:
    return {**system.coverage(), "tasks": {name: task.left_open() for name, task in system.tasks.items()}}


def _json(comparison: Comparison) -> str:
    return json_text(
        {
            "signature": comparison.signature,
            "data": comparison.data,
            "settings": comparison.settings,
            "systems": [_coverage(system) for system in comparison.systems],
            "pairs": [_finite(dataclasses.asdict(pair)) for pair in comparison.pairs],
            "rankings": [
                {"figure": one.figure, "ranks": one.ranks, "values": _finite(one.values)} for one in comparison.rankings
            ],
            "notes": comparison.notes,
        }
    )


def _csv(comparison: Comparison) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    fields = [field.name for field in dataclasses.fields(PairTest)]
    writer.writerow(fields)
    for pair in comparison.pairs:
        row = _finite(dataclasses.asdict(pair))
        row |= {field: csv_cell(row[field]) for field in _TEXTS if row[field] is not None}
        writer.writerow(["" if row[field] is None else row[field] for field in fields])
    return out.getvalue()


_RENDERERS: dict[str, Callable[[Comparison], str]] = {
    "table": _table,
    "json": _json,
    "markdown": _markdown,
    "latex": _latex,
    "csv": _csv,
}
FORMATS = tuple(_RENDERERS)
