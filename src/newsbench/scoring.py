"""Counts for pages x predictions: the table that every report, test and comparison is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsbench.metrics.base import Counts, Family

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page, Prediction

#: Properties of a page by which rows can be grouped.
GROUPS = ("story", "outlet", "country", "language", "genre", "template")

#: Which field of a prediction answers a task.
ANSWERS = {
    "boilerplate": ("main_text", "boilerplate"),
    "attributions": ("attributions",),
    "topics": ("topics",),
    "stories": ("story",),
    "titles": ("story_title",),
    "metadata": ("metadata",),
}


@dataclass(frozen=True, slots=True)
class FamilyCounts:
    """One family's rows: `positions` (n) into the table's pages, `values` (n, k) in the order of `columns`."""

    columns: tuple[str, ...]
    positions: NDArray[Any]
    values: NDArray[Any]
    version: int = 1

    def counts(self, policy: str = "strict") -> Counts:
        """Return the rows as named columns."""
        return Counts({column: at for at, column in enumerate(self.columns)}, self.values, policy)


@dataclass(frozen=True, slots=True)
class CountTable:
    """What one system's run comes to: for each page its groups, whether it was answered, and counts by family.

    `families` is keyed by full name (``boilerplate.words``). `status` holds for each page ``answered``, ``missing``
    (no prediction) or ``failed`` (the system's own error). `meta` says what was scored (data, versions).
    """

    system: str
    pages: list[str]
    groups: dict[str, list[str | None]]
    status: list[str]
    families: dict[str, FamilyCounts]
    skipped: int = 0
    meta: dict[str, Any] = field(default_factory=dict)

    def status_count(self, status: str) -> int:
        """Return how many pages have this status."""
        return self.status.count(status)


def answered_tasks(predictions: Iterable[Prediction]) -> list[str]:
    """Return the tasks that at least one prediction answers, in the usual order."""
    open_tasks = dict(ANSWERS)
    found = set()
    for prediction in predictions:
        for task, fields in list(open_tasks.items()):
            if any(getattr(prediction, name) is not None for name in fields):
                found.add(task)
                del open_tasks[task]
        if not open_tasks:
            break
    return [task for task in ANSWERS if task in found]


def count_pages(
    pages: Sequence[Page],
    systems: Mapping[str, Mapping[str, Prediction]],
    families: Sequence[Family],
    *,
    skipped: Mapping[str, int] | None = None,
    meta: Mapping[str, Any] | None = None,
) -> list[CountTable]:
    """Count every family for every page and every system.

    `systems` maps a system's name to its predictions by page id; a page without one counts as an empty prediction.
    Returns one table a system, over the same pages in the same order.
    """
    import numpy as np

    families = [family.bind(family, pages) if family.bind else family for family in families]
    names = list(systems)
    ids: list[str] = []
    groups: dict[str, list[str | None]] = {group: [] for group in GROUPS}
    status: dict[str, list[str]] = {name: [] for name in names}
    positions: dict[str, list[int]] = {_full_name(family): [] for family in families}
    rows: dict[tuple[str, str], list[Sequence[float]]] = {
        (name, _full_name(family)): [] for name in names for family in families
    }
    for at, page in enumerate(pages):
        ids.append(page.id)
        for group in GROUPS:
            groups[group].append(getattr(page, group))
        for name in names:
            status[name].append(_status(systems[name].get(page.id)))
        for family in families:
            if not family.applies(page):
                continue
            full_name = _full_name(family)
            positions[full_name].append(at)
            prepared = family.prepare(page)
            for name in names:
                rows[name, full_name].append(family.count(prepared, systems[name].get(page.id)))
    return [
        CountTable(
            system=name,
            pages=ids,
            groups=groups,
            status=status[name],
            families={
                _full_name(family): FamilyCounts(
                    family.columns,
                    np.array(positions[_full_name(family)], dtype=np.int64),
                    np.array(rows[name, _full_name(family)], dtype=np.float64).reshape(-1, len(family.columns)),
                    family.version,
                )
                for family in families
            },
            skipped=(skipped or {}).get(name, 0),
            meta=dict(meta or {}),
        )
        for name in names
    ]


def _full_name(family: Family) -> str:
    return f"{family.task}.{family.name}"


def _status(prediction: Prediction | None) -> str:
    if prediction is None:
        return "missing"
    return "failed" if prediction.error is not None else "answered"
