"""List what is measured: definition, range, empty cases, source and version of every figure."""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from newsbench.problems import UsageError

if TYPE_CHECKING:
    from newsbench.metrics.base import Family, Slice


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    from newsbench.metrics import TASKS

    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="such as boilerplate.token_f1, or a task for all of its (default: all)"
    )
    parser.add_argument("--task", action="append", choices=TASKS, metavar="T", help="only this task; may be repeated")
    parser.add_argument("--format", default="text", choices=["text", "json"], help="how to print (default: text)")


def run(options: argparse.Namespace) -> None:
    """Print definitions."""
    from newsbench.metrics import TASKS, families

    rows = [row for family in families(TASKS, peers=True) for row in _rows(family)]
    if options.names:
        rows = _named(rows, options.names)
    if options.task:
        others = [row["name"] for row in rows if _task(row) not in options.task]
        if options.names and others:
            raise UsageError(f"{', '.join(others)}: of another task than {', '.join(options.task)}")
        rows = [row for row in rows if row["name"] not in others]
    if options.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for task, of_task in groupby(rows, _task):
        _print_task(task, list(of_task))


def _named(rows: list[dict[str, Any]], names: list[str]) -> list[dict[str, Any]]:
    """Return the rows of figures, or of whole tasks.

    Errors: UsageError for a name that is neither, with those near to it.
    """
    known = list(dict.fromkeys([*map(_task, rows), *(row["name"] for row in rows)]))
    if unknown := [name for name in names if name not in known]:
        near = list(dict.fromkeys(name for one in unknown for name in _near(one, known)))
        hint = f"; near: {', '.join(near)}" if near else ""
        raise UsageError(f"no figure {', '.join(unknown)}{hint}")
    return [row for row in rows if row["name"] in names or _task(row) in names]


def _task(row: dict[str, Any]) -> str:
    return row["name"].partition(".")[0]


def _print_task(task: str, rows: list[dict[str, Any]]) -> None:
    """Print what the words mean that the figures' definitions use, then the figures."""
    terms = {term: what for row in rows for term, what in row["terms"].items()}
    if terms:
        print(f"{task}: what the definitions speak of")
        for term, what in terms.items():
            print(textwrap.fill(f"{term}: {what}", 110, initial_indent="  * ", subsequent_indent="    "))
        print()
    for row in rows:
        print(f"{row['name']}  (version {row['version']}{', --peers' if row['peer'] else ''})")
        for label in ("formula", "range", "better", "empty", "source"):
            print(textwrap.fill(row[label], 110, initial_indent=f"    {label:<8} ", subsequent_indent=" " * 13))
        print()


def _rows(family: Family) -> Iterator[dict[str, Any]]:
    """Define the figures of a family."""
    for metric in (*family.metrics, *family.corpus_metrics):
        yield {
            "name": f"{family.task}.{metric.name}",
            "version": metric.version,
            "formula": metric.formula,
            "range": metric.range,
            "better": metric.better,
            "empty": metric.empty,
            "source": metric.source,
            "peer": family.peer,
            "terms": family.terms_in(f"{metric.formula} {metric.empty}"),
        }
    yield from _slice_rows(family)


def _near(name: str, known: Sequence[str]) -> list[str]:
    """Return the figures of that name whatever their task, else those that are spelled most like it."""
    import difflib

    return [one for one in known if one.endswith(f".{name}")] or difflib.get_close_matches(name, known, 3)


def _slice_rows(family: Family) -> Iterator[dict[str, Any]]:
    """Define the figures of slices; one that is the same for several labels stands once."""
    same: dict[tuple[str, str], list[Slice]] = {}
    for part in family.slices:
        for name, formula in part.formulas.items():
            same.setdefault((name, formula), []).append(part)
    for (name, formula), parts in same.items():
        by = f"by {', '.join(part.dimension for part in parts)}: {formula}"
        yield {
            "name": f"{family.task}.{name}",
            "version": parts[0].version,
            "formula": by,
            "range": "0 to 1",
            "better": parts[0].better.get(name, "higher" if family.task != "boilerplate" else "neither"),
            "empty": "left out where the denominator is 0",
            "source": "NewsBench",
            "peer": family.peer,
            "terms": family.terms_in(by),
        }
