"""Tables of figures and how they are printed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median, quantiles
from typing import NamedTuple

Cell = float | int | str | None


class Table(NamedTuple):
    """A title, the names of the columns, and rows of cells; None is a figure that there is not."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def middle(values: Sequence[float]) -> float:
    """Return the median; nan without values."""
    return float(median(values)) if values else math.nan


def quartiles(values: Sequence[float]) -> str:
    """Return the three quartiles (inclusive method) as text; empty with fewer than two values."""
    if len(values) < 2:
        return ""
    return " / ".join(show(value) for value in quantiles(values, n=4, method="inclusive"))


def share(part: float, whole: float) -> float:
    """Return part / whole; nan where the whole is 0."""
    return part / whole if whole else math.nan


def pair(values: Sequence[float | None]) -> str:
    """Return several figures of reality as one cell."""
    return " / ".join("–" if value is None else show(value) for value in values)


def show(cell: Cell) -> str:
    """Return a cell as text: figures below 10 with three decimals at most, others with one, nan as a dash."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    if isinstance(cell, float):
        text = f"{cell:.3f}" if abs(cell) < 10 else f"{cell:.1f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(cell).replace("|", "\\|").replace("\n", " ")


def markdown(table: Table) -> str:
    """Return a table in Markdown."""
    lines = [f"### {table.title}", "", f"| {' | '.join(table.columns)} |", f"|{' --- |' * len(table.columns)}"]
    lines += [f"| {' | '.join(map(show, row))} |" for row in table.rows]
    return "\n".join(lines) + "\n"
