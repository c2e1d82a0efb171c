"""May tables of counts stand side by side? Only over the same pages of the same gold, counted alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsbench.metrics import load_family
from newsbench.metrics.bounds import name_of, value_of
from newsbench.problems import InputError, Problem
from newsbench.scoring import CountTable, FamilyCounts

#: What `CountTable.meta` has to say alike: the data, how texts are split into words, how outputs are aligned.
COUNTED_ALIKE = ("sha256", "tokenizer", "alignment")
# Ids that a message lists.
_LISTED = 3


def check_same_pages(tables: Sequence[CountTable]) -> None:
    """Raise an InputError unless all tables cover the same pages of the same data, counted in the same way.

    The same data are the same gold: what counts say of the gold alone must agree too.
    """
    problems = [
        Problem(table.file or table.system, None, field, message, page)
        for table in tables[1:]
        for field, message, page in _differences(table, tables[0])
    ]
    if problems:
        raise InputError(problems)


def _label(table: CountTable) -> str:
    system = " ".join(table.system.split())
    return f"{system} ({table.file})" if table.file else system


def _differences(table: CountTable, first: CountTable) -> Iterator[tuple[str, str, str | None]]:
    """Yield (field, message, page) for all that keeps a table from standing beside the first."""
    label = _label(first)
    alike = True
    for key in COUNTED_ALIKE:
        if table.meta.get(key) != first.meta.get(key):
            alike = False
            yield key, f"{table.meta.get(key)!r}, but {label} has {first.meta.get(key)!r}", None
    if table.pages != first.pages:
        alike = False
        yield "pages", _other_pages(table, first), None
    if not alike:
        return
    for group, labels in table.groups.items():
        others = first.groups[group]
        differing = [at for at, own in enumerate(labels) if own != others[at]] if labels != others else []
        if differing:
            at = differing[0]
            yield group, f"{labels[at]!r}, but {label} has {others[at]!r}{_more(differing)}", table.pages[at]
    for name in table.families:
        if name in first.families:
            yield from _gold_differences(name, table, first)


def _other_pages(table: CountTable, first: CountTable) -> str:
    mine, theirs = set(table.pages), set(first.pages)
    if mine == theirs:
        return f"are those of {_label(first)} in another order"
    parts = [
        f"{len(ids)} only {where} ({', '.join(ids[:_LISTED])}{', …' if len(ids) > _LISTED else ''})"
        for ids, where in ((sorted(mine - theirs), "here"), (sorted(theirs - mine), "there"))
        if ids
    ]
    return f"covers other pages than {_label(first)}: {', '.join(parts)}"


def _gold_differences(name: str, table: CountTable, first: CountTable) -> Iterator[tuple[str, str, str | None]]:
    """Yield what two tables say differently of the gold of a family."""
    mine, other = table.families[name], first.families[name]
    label = _label(first)
    if mine.positions.tolist() != other.positions.tolist():
        only = sorted(set(mine.positions.tolist()) ^ set(other.positions.tolist()))
        yield name, f"has counts for other pages than {label}{_more(only)}", table.pages[only[0]]
        return
    for column, own, theirs, rows in _differing_columns(name, mine, other):
        message = f"the gold has {own:.15g} here, but {theirs:.15g} in {label}{_more(rows)}: score both again"
        yield f"{name}/{column}", message, table.pages[mine.positions[rows[0]]]


def _differing_columns(
    name: str, mine: FamilyCounts, other: FamilyCounts
) -> Iterator[tuple[str, float, float, Sequence[int]]]:
    """Yield (column, own value, other value, rows) for the columns that depend on the gold alone and differ."""
    import numpy as np

    for term in load_family(name).gold:
        own, theirs = (np.asarray(value_of(rows.counts(), term), float) for rows in (mine, other))
        rows = np.nonzero(own != theirs)[0]
        if len(rows):
            yield name_of(term), own[rows[0]], theirs[rows[0]], rows.tolist()


def _more(rows: Sequence[int]) -> str:
    return f" (and so on {len(rows) - 1} more page{'s' if len(rows) > 2 else ''})" if len(rows) > 1 else ""
