"""Counts for pages x predictions: the table that every report, test and comparison is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from newsbench.metrics.base import Counts, Family

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page, Prediction

#: Properties of a page by which rows can be grouped.
GROUPS = ("story", "outlet", "country", "language", "genre", "template")

#: Pages that a family which counts many at once is given together.
BATCH = 64

#: Which fields of a prediction answer a task.
ANSWERS = {
    "boilerplate": ("main_text", "boilerplate"),
    "attributions": ("attributions",),
    "topics": ("topics",),
    "stories": ("story", "aspect"),
    "titles": ("story_title",),
    "metadata": ("metadata",),
}


@dataclass(frozen=True, slots=True)
class FamilyCounts:
    """One family's rows: `positions` (n) into the table's pages, `values` (n, k) in the order of `columns`.

    `answered` (n) says whether the system answered on the page, at all, what the family measures.
    """

    columns: tuple[str, ...]
    positions: NDArray[Any]
    values: NDArray[Any]
    answered: NDArray[Any]
    version: int = 1

    def counts(self, policy: str = "strict") -> Counts:
        """Return the rows as named columns."""
        return Counts({column: at for at, column in enumerate(self.columns)}, self.values, policy)


@dataclass(frozen=True, slots=True)
class CountTable:
    """What one system's run comes to: for each page its groups, whether it was answered, and counts by family.

    `families` is keyed by full name (``boilerplate.words``). `status` holds for each page ``answered``, ``missing``
    (no prediction) or ``failed`` (the system's own error). `elsewhere` counts the predictions for pages of other
    splits, by split. `meta` says what was scored (data, versions), `file` where the table, or what it counts, was read
    from.
    """

    system: str
    pages: list[str]
    groups: dict[str, list[str | None]]
    status: list[str]
    families: dict[str, FamilyCounts]
    skipped: int = 0
    meta: dict[str, Any] = field(default_factory=dict)
    file: str | None = None
    elsewhere: dict[str, int] = field(default_factory=dict)

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


class Lookup(Protocol):
    """Where a system's predictions are looked up, page by page."""

    def get(self, page: Page) -> Prediction | None:
        """Return what the system says of a page, None where it says nothing."""


class PredictionTable:
    """Predictions in memory."""

    def __init__(self, predictions: Mapping[str, Prediction]) -> None:
        self.predictions = predictions

    def get(self, page: Page) -> Prediction | None:
        """Return what the system says of a page, None where it says nothing."""
        return self.predictions.get(page.id)


def count_pages(
    pages: Iterable[Page],
    systems: Mapping[str, Lookup],
    families: Sequence[Family],
    *,
    meta: Mapping[str, Any] | None = None,
) -> list[CountTable]:
    """Count every family for every page and every system.

    A page without a prediction counts as an empty prediction. Families have to be bound already (`bind_families`).
    Returns one table a system, over the same pages in the same order.
    """
    names = list(systems)
    ids: list[str] = []
    groups: dict[str, list[str | None]] = {group: [] for group in GROUPS}
    status: dict[str, list[str]] = {name: [] for name in names}
    by_name = {_full_name(family): family for family in families}
    positions: dict[str, list[int]] = {full_name: [] for full_name in by_name}
    rows = {(name, full_name): _Rows(len(family.columns)) for name in names for full_name, family in by_name.items()}
    answered: dict[tuple[str, str], list[bool]] = {key: [] for key in rows}
    waiting: dict[str, list[tuple[Page, list[Prediction | None]]]] = {}
    for at, page in enumerate(pages):
        ids.append(page.id)
        for group in GROUPS:
            groups[group].append(getattr(page, group))
        predictions = [systems[name].get(page) for name in names]
        for name, prediction in zip(names, predictions, strict=True):
            status[name].append(status_of(prediction))
        for full_name, family in by_name.items():
            if not family.applies(page):
                continue
            positions[full_name].append(at)
            for name, prediction in zip(names, predictions, strict=True):
                answered[name, full_name].append(answers_family(prediction, family))
            if family.count_many is not None:
                batch = waiting.setdefault(full_name, [])
                batch.append((page, predictions))
                if len(batch) == BATCH:
                    _count_batch(family, batch, names, rows)
                continue
            prepared = family.prepare(page)
            for name, prediction in zip(names, predictions, strict=True):
                rows[name, full_name].add(family.count(prepared, prediction))
    for full_name, family in by_name.items():
        _count_batch(family, waiting.get(full_name, []), names, rows)
    return [
        CountTable(
            system=name,
            pages=ids,
            groups=groups,
            status=status[name],
            families={
                full_name: FamilyCounts(
                    family.columns,
                    _positions(positions[full_name]),
                    rows[name, full_name].values(),
                    _flags(answered[name, full_name]),
                    family.version,
                )
                for full_name, family in by_name.items()
            },
            meta=dict(meta or {}),
        )
        for name in names
    ]


def _count_batch(
    family: Family,
    batch: list[tuple[Page, list[Prediction | None]]],
    names: Sequence[str],
    rows: Mapping[tuple[str, str], _Rows],
) -> None:
    """Count the pages of a batch for all systems, and empty it."""
    if not batch or family.count_many is None:
        return
    by_system = list(zip(*(predictions for _, predictions in batch), strict=True))
    for name, counted in zip(names, family.count_many([page for page, _ in batch], by_system), strict=True):
        rows[name, _full_name(family)].extend(counted)
    batch.clear()


def bind_families(families: Sequence[Family], pages: Sequence[Page]) -> list[Family]:
    """Let those families that need it look at all pages first."""
    return [family.bind(family, pages) if family.bind else family for family in families]


def merge_tables(parts: Sequence[CountTable]) -> CountTable:
    """Put tables of one system over consecutive pages one behind the other."""
    import numpy as np

    # A table without pages says nothing of how its numbers are stored.
    parts = [part for part in parts if part.pages] or parts[:1]
    first = parts[0]
    if len(parts) == 1:
        return first
    offsets = np.cumsum([0, *(len(part.pages) for part in parts)])[:-1]
    return replace(
        first,
        pages=[page for part in parts for page in part.pages],
        groups={group: [label for part in parts for label in part.groups[group]] for group in first.groups},
        status=[status for part in parts for status in part.status],
        families={
            name: FamilyCounts(
                rows.columns,
                np.concatenate(
                    [part.families[name].positions + offset for part, offset in zip(parts, offsets, strict=True)]
                ),
                np.concatenate([part.families[name].values for part in parts]),
                np.concatenate([part.families[name].answered for part in parts]),
                rows.version,
            )
            for name, rows in first.families.items()
        },
    )


class _Rows:
    """Rows of counts, packed a batch at a time: as 32-bit integers where that loses nothing."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.open: list[Sequence[float]] = []
        self.packed: list[NDArray[Any]] = []

    def add(self, row: Sequence[float]) -> None:
        self.open.append(row)
        if len(self.open) == 256:
            self._pack()

    def extend(self, rows: NDArray[Any]) -> None:
        """Add rows (n, k) of one array."""
        import numpy as np

        if self.open:
            self._pack()
        self._keep(np.asarray(rows, dtype=np.float64))

    def _pack(self) -> None:
        import numpy as np

        self._keep(np.array(self.open, dtype=np.float64))
        self.open.clear()

    def _keep(self, values: NDArray[Any]) -> None:
        import numpy as np

        with np.errstate(invalid="ignore"):
            whole = values.astype(np.int32)
        self.packed.append(whole if (whole == values).all() else values)

    def values(self) -> NDArray[Any]:
        import numpy as np

        if self.open:
            self._pack()
        return np.concatenate(self.packed) if self.packed else np.zeros((0, self.width))


def _positions(found: list[int]) -> NDArray[Any]:
    import numpy as np

    return np.array(found, dtype=np.int64)


def _flags(found: list[bool]) -> NDArray[Any]:
    import numpy as np

    return np.array(found, dtype=bool)


def answers(prediction: Prediction | None, task: str) -> bool:
    """Say whether a prediction answers a task."""
    return _gives(prediction, ANSWERS[task])


def answers_family(prediction: Prediction | None, family: Family) -> bool:
    """Say whether a prediction answers what a family measures: its task, or the part that it looks at."""
    return _gives(prediction, family.answered_by or ANSWERS[family.task])


def _gives(prediction: Prediction | None, fields: Sequence[str]) -> bool:
    return prediction is not None and any(getattr(prediction, name) is not None for name in fields)


def _full_name(family: Family) -> str:
    return f"{family.task}.{family.name}"


def status_of(prediction: Prediction | None) -> str:
    """Say whether a page was answered, is missing, or failed."""
    if prediction is None:
        return "missing"
    return "failed" if prediction.error is not None else "answered"
