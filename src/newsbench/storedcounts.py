"""Tables of counts among the inputs: parted from predictions, held against what was asked for, put back in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from newsbench.ceiling import load_ceiling
from newsbench.dataset import SPLITS
from newsbench.formats.escaping import one_line
from newsbench.gold import columns_for, load_gold
from newsbench.metrics import PEER_FAMILIES, load_family
from newsbench.problems import InputError, Problem, UsageError
from newsbench.samedata import COUNTED_ALIKE, check_same_gold, check_same_pages
from newsbench.scoring import CountTable, PredictionTable, answers_family, bind_families, count_pages
from newsbench.streaming import describe_gold

if TYPE_CHECKING:
    from newsbench.metrics.base import Family
    from newsbench.types import Page, Prediction

Result = TypeVar("Result")


def read_each(sources: Sequence[Any], read: Callable[[Any], Result]) -> list[Result]:
    """Read all sources; what is wrong with any of them is told in one go."""
    found, problems = [], []
    for source in sources:
        try:
            found.append(read(source))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(dict.fromkeys(problems))
    return found


def part_stored(predictions: Sequence[Any], tasks: Sequence[str] | None) -> tuple[dict[int, CountTable], list[Any]]:
    """Part count tables, by their place among the inputs, from predictions; leave out tasks not asked for."""
    from newsbench.formats.counts import is_count_table, read_counts

    given = {
        at: source
        for at, source in enumerate(predictions)
        if isinstance(source, CountTable) or (isinstance(source, str | Path) and is_count_table(source))
    }
    read = read_each(
        list(given.values()),
        lambda source: _of_tasks(source if isinstance(source, CountTable) else read_counts(source), source, tasks),
    )
    return dict(zip(given, read, strict=True)), [one for at, one in enumerate(predictions) if at not in given]


def _of_tasks(table: CountTable, source: Any, tasks: Sequence[str] | None) -> CountTable:
    """Leave out what was not asked for. Errors: InputError where a table has no counts of what was."""
    if tasks is None:
        return table
    kept = {name: rows for name, rows in table.families.items() if name.partition(".")[0] in tasks}
    known = list(dict.fromkeys(name.partition(".")[0] for name in table.families))
    if missing := [task for task in tasks if task not in known]:
        label = table.system if isinstance(source, CountTable) else Path(source).name
        message = f"holds no counts of {', '.join(missing)}; it has {', '.join(known)}"
        raise InputError([Problem(label, None, "", message)])
    return replace(table, families=kept)


def check_asked(stored: Iterable[CountTable], *, split: str | None, gold: str | Path | None, peers: bool) -> None:
    """Refuse count tables that do not hold what was asked for: another split than the usual one, the peers' figures."""
    with_peers = {name.partition(".")[0] for name in PEER_FAMILIES}
    without = []
    for table in stored:
        if split != "test":
            check_split_of(table.meta, split, gold)
        tasks = {name.partition(".")[0] for name in table.families}
        if peers and tasks & with_peers and not any(load_family(name).peer for name in table.families):
            label = Path(table.file).name if table.file else table.system
            without.append(Problem(label, None, "", "holds no counts of the peers' metrics: score its predictions"))
    if without:
        raise InputError(without)


def check_split_of(meta: Mapping[str, Any], split: str | None, gold: str | Path | None) -> None:
    """Raise a UsageError where counts are of another split than the one asked for (None for all of them)."""
    asked, counted = split or "all", meta.get("split")
    # Gold that is one file has no splits.
    if asked != counted and (gold is None or counted in SPLITS):
        raise UsageError(f"the split asked for is {asked} (--split), but the table of counts is of {counted}")


def in_order(
    stored: Mapping[int, CountTable], tables: Sequence[CountTable], predictions: Sequence[Any]
) -> list[CountTable]:
    """Put stored and fresh tables into the order of the inputs, and number systems of the same name.

    Errors: InputError where they do not cover the same pages of the same data.
    """
    fresh = iter(tables)
    ordered = [
        stored[at]
        if at in stored
        else replace(next(fresh), file=str(source) if isinstance(source, str | Path) else None)
        for at, source in enumerate(predictions)
    ]
    check_same_pages(ordered)
    names: set[str] = set()
    named = []
    for table in ordered:
        # What a name could do to a terminal or a file is taken out here, once.
        plain = one_line(table.system) or "unnamed"
        name, number = plain, 2
        while name in names:
            name, number = f"{plain} ({number})", number + 1
        names.add(name)
        named.append(replace(table, system=name))
    return named


def count_ceiling(
    pages: Sequence[Page], layers: Mapping[str, Prediction], measured: Sequence[Family]
) -> CountTable | None:
    """Count the second annotator's layers as if they were a system's, on the pages and tasks that they cover."""
    import numpy as np

    name, counted = "second annotator", {}
    for family in measured:
        covered = [at for at, page in enumerate(pages) if page.id in layers and answers_family(layers[page.id], family)]
        if covered:
            found = count_pages([pages[at] for at in covered], {name: PredictionTable(layers)}, [family])[0].families
            counted |= {key: replace(rows, positions=np.array(covered)[rows.positions]) for key, rows in found.items()}
    table = count_pages(pages, {name: PredictionTable(layers)}, [])[0]
    return replace(table, families=counted) if counted else None


def with_stored(
    ceiling: CountTable | None, stored: Sequence[CountTable], gold: str | Path | None, split: str | None
) -> CountTable | None:
    """Add to a ceiling the families that only stored tables have."""
    known = {} if ceiling is None else ceiling.families
    others = [
        replace(table, families={name: rows for name, rows in table.families.items() if name not in known})
        for table in stored
    ]
    found = stored_ceiling([table for table in others if table.families], gold, split)
    return ceiling if found is None else replace(found, families={**known, **found.families})


def stored_ceiling(tables: Sequence[CountTable], gold: str | Path | None, split: str | None) -> CountTable | None:
    """Count the second annotator for stored tables, if the gold at hand is what they were counted on, and alike."""
    if not tables:
        return None
    if gold is None and tables[0].meta.get("split") in (*SPLITS, "all"):
        split = None if tables[0].meta["split"] == "all" else tables[0].meta["split"]
    names = list(dict.fromkeys(name for table in tables for name in table.families))
    columns = columns_for(dict.fromkeys(name.partition(".")[0] for name in names))
    found = load_gold(gold, split=split, columns=columns)
    ours = describe_gold(found.meta)
    if any(table.meta.get(key) != ours[key] for table in tables for key in COUNTED_ALIKE):
        return None
    if [page.id for page in found.pages] != tables[0].pages:
        return None
    measured = bind_families([load_family(name) for name in names], found.pages)
    ceiling = count_ceiling(found.pages, load_ceiling(gold, split=split), measured)
    if ceiling is not None:
        check_same_gold(tables, ceiling)
    return ceiling
