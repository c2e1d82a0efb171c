"""What a report is: numbers with intervals, slices, ceilings, and a signature."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.problems import safe

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBERS = ("value", "low", "high", "ceiling")
_COVERAGE = ("pages", "missing", "failed", "skipped")
_FIELDS = (b"signature", b"data", b"settings", b"systems")
_FIRST_FIELD = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"(\w+)"\s*:')


class Estimate(NamedTuple):
    """A figure with its interval, its ceiling, and the number of pages behind it."""

    value: float
    low: float = math.nan
    high: float = math.nan
    ceiling: float = math.nan
    n: int = 0

    def as_json(self) -> dict[str, float | int | None]:
        """Return the figure as JSON has it: null where it is undefined."""
        found: dict[str, float | int | None] = {}
        for name in _NUMBERS:
            number = getattr(self, name)
            found[name] = number if math.isfinite(number) else None
        found["n"] = self.n
        return found

    @classmethod
    def of_json(cls, row: Mapping[str, Any]) -> Estimate:
        """Return the figure that `as_json` wrote."""
        numbers = {name: math.nan if row.get(name) is None else float(row[name]) for name in _NUMBERS}
        return cls(**numbers, n=int(row.get("n") or 0))


@dataclass(slots=True)
class TaskReport:
    """Figures of one task by name; `slices` by dimension, key and name.

    `missing` are the pages with gold for the task that the system did not answer, `empty` those that it answered with
    nothing (an empty text, an empty list), None where counts do not tell.
    """

    metrics: dict[str, Estimate] = field(default_factory=dict)
    slices: dict[str, dict[str, dict[str, Estimate]]] = field(default_factory=dict)
    missing: int = 0
    empty: int | None = None

    def __getitem__(self, metric: str) -> Estimate:
        if metric not in self.metrics:
            raise KeyError(f"no figure {metric!r}; there are: {', '.join(self.metrics)}")
        return self.metrics[metric]

    def left_open(self) -> dict[str, int]:
        """Return how many pages are missing and, where counts tell, how many have an empty answer."""
        return {"missing": self.missing} | ({} if self.empty is None else {"empty": self.empty})

    def as_json(self) -> dict[str, Any]:
        """Return the task as JSON has it."""
        return {
            **self.left_open(),
            "metrics": {key: figure.as_json() for key, figure in self.metrics.items()},
            "slices": {
                dimension: {
                    key: {metric: figure.as_json() for metric, figure in row.items()} for key, row in rows.items()
                }
                for dimension, rows in self.slices.items()
            },
        }


@dataclass(slots=True)
class SystemReport:
    """What one system comes to.

    `elsewhere` counts the predictions for pages that are not scored, by the split that these are of.
    """

    name: str
    pages: int
    missing: int
    failed: int
    skipped: int
    tasks: dict[str, TaskReport] = field(default_factory=dict)
    elsewhere: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, task: str) -> TaskReport:
        if task not in self.tasks:
            raise KeyError(f"no task {task!r} in this report; there are: {', '.join(self.tasks)}")
        return self.tasks[task]

    def coverage(self) -> dict[str, Any]:
        """Return how many pages there are and what the system left open of them, as JSON has it."""
        counts = {name: getattr(self, name) for name in _COVERAGE}
        return {"name": self.name, **counts, "elsewhere": self.elsewhere}


@dataclass(slots=True)
class Report:
    """Figures of one or more systems over the same pages, and what they were measured with."""

    signature: str
    data: dict[str, Any]
    settings: dict[str, Any]
    systems: list[SystemReport]

    def __getitem__(self, key: str) -> Any:
        """Return a system's report by name, or, where there is one system, a task's report."""
        for system in self.systems:
            if system.name == key:
                return system
        if len(self.systems) == 1:
            return self.systems[0][key]
        raise KeyError(f"no system {key!r}; there are: {', '.join(system.name for system in self.systems)}")

    def as_json(self) -> dict[str, Any]:
        """Return the stable form of `schema/report.schema.json`."""
        return {
            "signature": self.signature,
            "data": self.data,
            "settings": self.settings,
            "systems": [
                {**system.coverage(), "tasks": {name: task.as_json() for name, task in system.tasks.items()}}
                for system in self.systems
            ],
        }


def begins_report(head: bytes) -> bool:
    """Say whether a file that begins like this is a report in JSON: the first bytes name its fields, no others first.

    A record of predictions has none of these fields.
    """
    first = _FIRST_FIELD.match(head)
    return first is not None and first[1] in _FIELDS and (b'"signature"' in head or b'"systems"' in head)


def report_of_json(document: Mapping[str, Any]) -> Report:
    """Return the report that `Report.as_json` wrote; the document must fit `schema/report.schema.json`."""
    systems = []
    for row in document["systems"]:
        counts = (int(row.get(name) or 0) for name in _COVERAGE)
        # Names as our own reports have them: on one line, nothing in them that drives a terminal.
        elsewhere = dict(row.get("elsewhere") or {})
        system = SystemReport(" ".join(safe(row["name"]).split()), *counts, elsewhere=elsewhere)
        for name, task in row["tasks"].items():
            figures = {key: Estimate.of_json(figure) for key, figure in task["metrics"].items()}
            slices = {
                dimension: {
                    key: {metric: Estimate.of_json(figure) for metric, figure in found.items()}
                    for key, found in rows.items()
                }
                for dimension, rows in (task.get("slices") or {}).items()
            }
            empty = task.get("empty")
            left_open = int(task.get("missing") or 0), None if empty is None else int(empty)
            system.tasks[name] = TaskReport(figures, slices, *left_open)
        systems.append(system)
    settings = document.get("settings") or {}
    return Report(document["signature"], dict(document["data"]), dict(settings), systems)
