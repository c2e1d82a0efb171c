"""What stored counts can be: the kinds of number that a family declares, and comparisons between its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.metrics.base import Counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.metrics.base import Family

#: Sums of fractions are compared with this much room.
_ROOM = 1e-9
#: From here on a float no longer tells neighbouring whole numbers apart.
_MOST = 2**53


class Fault(NamedTuple):
    """What no page and prediction can give: a column, what is wrong with it on the first of `rows`, and all rows."""

    column: str
    message: str
    rows: NDArray[Any]

    def __str__(self) -> str:
        return f"{self.column} {self.message}"


class Total(NamedTuple):
    """A sum of columns under a name of its own."""

    name: str
    columns: tuple[str, ...]


#: What columns are compared with: a column, a sum of columns, a number.
Term = str | Total | float


def total(*columns: str) -> Total:
    """Return the sum of a few columns, named by them."""
    return Total(" + ".join(columns), columns)


def at_most(counts: Counts, *chains: Iterable[Term]) -> list[Fault]:
    """Return where a term of a chain is larger than the next one."""
    return [
        fault
        for few, many in dict.fromkeys(pair for chain in chains for pair in pairwise(chain))
        for fault in _where(counts, few, many, lambda a, b: a > b + _ROOM, "at most {value}")
    ]


def equal(counts: Counts, *pairs: tuple[Term, Term]) -> list[Fault]:
    """Return where two terms differ."""
    return [
        fault
        for first, second in pairs
        for fault in _where(counts, first, second, lambda a, b: abs(a - b) > _ROOM, "{value}")
    ]


def needs(counts: Counts, *pairs: tuple[Term, Term]) -> list[Fault]:
    """Return where the first term is more than 0 and the second is 0."""
    return [
        fault
        for first, second in pairs
        for fault in _where(counts, first, second, lambda a, b: (a > 0) & (b == 0), "0 where {name} is 0")
    ]


def fault_on(rows: Any, column: str, message: str) -> list[Fault]:
    """Return a fault on those rows that are true, nothing where there is none."""
    import numpy as np

    found = np.nonzero(np.atleast_1d(rows))[0]
    return [Fault(column, message, found)] if len(found) else []


def impossible(family: Family, counts: Counts, answered: NDArray[Any]) -> list[Fault]:
    """Return what no page and prediction can give in the counts of pages (n, k).

    `answered` (n) says whether the task was answered. Each row is held first against the kinds of number that the
    family declares; if these are right, against what its columns are to each other; if that is right too, against the
    range of its figures.
    """
    import numpy as np

    sound = np.ones(len(counts.values), dtype=bool)
    found: list[Fault] = []
    for stage in (_wrong_kinds, _wrong_relations, _wrong_figures):
        rows = np.nonzero(sound)[0]
        if not len(rows):
            break
        groups = {name: labels[rows] for name, labels in counts.groups.items()}
        part = Counts(counts.index, counts.values[rows], counts.policy, groups)
        for fault in stage(family, part, answered[rows]):
            found.append(fault._replace(rows=rows[fault.rows]))
            sound[found[-1].rows] = False
    return found


def _wrong_kinds(family: Family, counts: Counts, answered: NDArray[Any]) -> Iterator[Fault]:
    import numpy as np

    values = counts.values
    fraction = np.array([column in family.fractions for column in family.columns])
    flag = np.array([column in family.flags for column in family.columns])
    # Comparisons with nan are false: what is not known to be right is wrong.
    right = (values >= 0) & (values <= np.where(flag, 1, np.where(fraction, np.finfo(float).max, _MOST)))
    right &= fraction | (np.floor(values) == values)
    for at in np.nonzero(~right.all(axis=0))[0]:
        rows = np.nonzero(~right[:, at])[0]
        allowed = "0 or 1" if flag[at] else "numbers from 0" if fraction[at] else f"whole numbers from 0 to {_MOST}"
        yield Fault(family.columns[at], f"is {_number(values[rows[0], at])}; allowed: {allowed}", rows)


def _wrong_relations(family: Family, counts: Counts, answered: NDArray[Any]) -> Iterator[Fault]:
    import numpy as np

    silent = np.nonzero(~answered)[0]
    for column in family.answer if len(silent) else ():
        values = counts[column][silent]
        if values.any():
            first = _number(values[values.nonzero()[0][0]])
            message = f"is {first}, but the task was not answered; allowed: 0"
            yield Fault(column, message, silent[values.nonzero()[0]])
    yield from family.check(counts)


def _wrong_figures(family: Family, counts: Counts, answered: NDArray[Any]) -> Iterator[Fault]:
    import numpy as np

    for metric in family.metrics:
        if metric.range == "0 to 1":
            scores = np.asarray(metric.score(counts), float)
            rows = np.nonzero(np.isfinite(scores) & ((scores < -_ROOM) | (scores > 1 + _ROOM)))[0]
            if len(rows):
                yield Fault(metric.name, f"would be {scores[rows[0]]:g}; allowed: {metric.range}", rows)


def _where(counts: Counts, first: Term, second: Term, wrong: Any, allowed: str) -> list[Fault]:
    import numpy as np

    mine, other = (np.atleast_1d(value_of(counts, term)) for term in (first, second))
    rows = np.nonzero(wrong(mine, other))[0]
    if not len(rows):
        return []
    own, limit = _number(mine[rows[0]]), _number(np.broadcast_to(other, mine.shape)[rows[0]])
    value = limit if isinstance(second, int | float) else f"{name_of(second)} = {limit}"
    return [Fault(name_of(first), f"is {own}; allowed: {allowed.format(name=name_of(second), value=value)}", rows)]


def value_of(counts: Counts, term: Term) -> Any:
    """Return what a term is on each row."""
    if isinstance(term, str):
        return counts[term]
    return counts.total(term.columns) if isinstance(term, Total) else term


def name_of(term: Term) -> str:
    """Return what a term is called in messages."""
    return term if isinstance(term, str) else term.name if isinstance(term, Total) else f"{term:g}"


def _number(value: Any) -> str:
    return f"{float(value):.15g}"
