"""May tables of counts stand side by side? Only over the same pages of the same gold, counted alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

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
    _refuse((table, _differences(table, tables[0])) for table in tables[1:])


def check_same_gold(tables: Sequence[CountTable], known: CountTable) -> None:
    """Raise an InputError where tables contradict the gold at hand, on which `known` was counted in the same way.

    All are over the same pages; what `known` has no counts of is not looked at.
    """
    at_hand = replace(known, system="the gold at hand", file=None)
    _refuse((table, _other_gold(table, at_hand)) for table in tables)


def _refuse(found: Iterable[tuple[CountTable, Iterable[tuple[str, str, str | None]]]]) -> None:
    problems = [
        Problem(table.file or table.system, None, field, message, page)
        for table, differences in found
        for field, message, page in differences
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
    for name in table.families:
        if name not in first.families:
            continue
        mine, theirs = (one.families[name].positions.tolist() for one in (table, first))
        if only := sorted(set(mine) ^ set(theirs)):
            yield name, f"has counts for other pages than {label}{_more(only)}", table.pages[only[0]]
    yield from _other_gold(table, first)


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


def _other_gold(table: CountTable, known: CountTable) -> Iterator[tuple[str, str, str | None]]:
    """Yield where two tables over the same pages say different things of the gold: properties of pages, counts."""
    label = _label(known)
    for group, labels in table.groups.items():
        others = known.groups[group]
        rows = [at for at, own in enumerate(labels) if own != others[at]] if labels != others else []
        if rows:
            at = rows[0]
            yield group, f"is {labels[at]!r}, but {others[at]!r} in {label}{_more(rows)}", table.pages[at]
    for name, counts in table.families.items():
        if name not in known.families:
            continue
        for column, own, other, rows in _other_counts(name, counts, known.families[name]):
            message = f"is {own:.15g}, but {other:.15g} in {label}{_more(rows)}; it depends on the gold alone"
            yield f"{name}/{column}", f"{message}: score again", table.pages[rows[0]]


def _other_counts(
    name: str, mine: FamilyCounts, other: FamilyCounts
) -> Iterator[tuple[str, float, float, Sequence[int]]]:
    """Yield (column, own value, other value, pages) for columns that depend on the gold alone and differ somewhere."""
    import numpy as np

    both, *rows = np.intersect1d(mine.positions, other.positions, return_indices=True)
    parts = [replace(one, values=one.values[at]).counts() for one, at in zip((mine, other), rows, strict=True)]
    for term in load_family(name).gold:
        own, theirs = (np.asarray(value_of(part, term), float) for part in parts)
        differing = np.nonzero(own != theirs)[0]
        if len(differing):
            yield name_of(term), own[differing[0]], theirs[differing[0]], both[differing].tolist()


def _more(rows: Sequence[int]) -> str:
    return f" (and so on {len(rows) - 1} more page{'s' if len(rows) > 2 else ''})" if len(rows) > 1 else ""
