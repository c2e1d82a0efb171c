"""A comparison as a table, JSON, Markdown or CSV."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from collections.abc import Iterator

from newsbench.comparison import Comparison, PairTest, smallest_p
from newsbench.formats.reports import escape_markdown

FORMATS = ("table", "json", "markdown", "csv")
_HEAD = ("figure", "first", "second", "difference", "interval", "p", "p (Holm)", "detectable")


def render(comparison: Comparison, form: str) -> str:
    """Return a comparison in one of `FORMATS`, with a final newline.

    Errors: ValueError that names the formats there are.
    """
    if form not in FORMATS:
        raise ValueError(f"no format {form!r}; allowed: {', '.join(FORMATS)}")
    return {"table": _table, "json": _json, "markdown": _markdown, "csv": _csv}[form](comparison)


def _p(value: float) -> str:
    return "–" if not math.isfinite(value) else "< .0001" if value < 0.0001 else f"{value:.4f}"


def _cells(pair: PairTest) -> list[str]:
    return [
        pair.figure,
        pair.first,
        pair.second,
        f"{pair.difference:+.4f}",
        f"[{pair.low:+.4f}, {pair.high:+.4f}]" if math.isfinite(pair.low) else "–",
        _p(pair.p_randomization),
        _p(pair.p_holm),
        f"{pair.detectable:.4f}" if math.isfinite(pair.detectable) else "–",
    ]


def _explanation(comparison: Comparison) -> Iterator[str]:
    settings = comparison.settings
    yield (
        f"difference: first minus second over {settings['pages']} pages, with the {settings['level']:.0%} interval of "
        f"a paired bootstrap over stories ({settings['resamples']:,} resamples)."
    )
    yield (
        "p: approximate randomization, the two systems' stories swapped at random; p (Holm): corrected for all pairs "
        "of the figure."
    )
    least = smallest_p(settings["stories"])
    yield (
        "detectable: the true difference that this test set would find in 80 of 100 cases; – where it can find none: "
        f"with {settings['stories']} stories p is at least {least:.2g}."
    )
    for ranking in comparison.rankings:
        places = [
            f"{name} {low if low == high else f'{low}–{high}'} ({ranking.values[name]:.3f})"
            for name, (low, high) in ranking.ranks.items()
        ]
        yield f"ranks on {ranking.figure}: {', '.join(places)}"


def _table(comparison: Comparison) -> str:
    rows = [list(_HEAD), *map(_cells, comparison.pairs)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join([*lines, "", *_explanation(comparison), ""])


def _markdown(comparison: Comparison) -> str:
    lines = ["| " + " | ".join(_HEAD) + " |", "|" + " --- |" * len(_HEAD)]
    lines += ["| " + " | ".join(map(escape_markdown, _cells(pair))) + " |" for pair in comparison.pairs]
    return "\n".join([*lines, "", *map(escape_markdown, _explanation(comparison)), ""])


def _finite(row: dict) -> dict:
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in row.items()}


def _json(comparison: Comparison) -> str:
    found = {
        "settings": comparison.settings,
        "pairs": [_finite(dataclasses.asdict(pair)) for pair in comparison.pairs],
        "rankings": [
            {"figure": one.figure, "ranks": one.ranks, "values": _finite(one.values)} for one in comparison.rankings
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _csv(comparison: Comparison) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    fields = [field.name for field in dataclasses.fields(PairTest)]
    writer.writerow(fields)
    for pair in comparison.pairs:
        row = _finite(dataclasses.asdict(pair))
        writer.writerow(["" if row[field] is None else row[field] for field in fields])
    return out.getvalue()
