"""The Python front door: score and compare what systems put out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from newsbench.ceiling import load_ceiling, load_furniture
from newsbench.dataset import SPLITS
from newsbench.formats.escaping import one_line
from newsbench.formats.predictions import read_predictions
from newsbench.gold import OtherIds, columns_for, load_gold
from newsbench.metrics import PEER_FAMILIES, TASKS, check_tasks, families, load_family
from newsbench.metrics.pagewords import roles
from newsbench.problems import InputError, Problem, UsageError
from newsbench.samedata import COUNTED_ALIKE, check_same_gold, check_same_pages
from newsbench.scoring import (
    CountTable,
    PredictionTable,
    answered_tasks,
    answers_family,
    bind_families,
    count_pages,
    merge_tables,
)
from newsbench.stats import Resampling
from newsbench.streaming import (
    answer_only_boilerplate,
    count_indexed,
    describe_gold,
    find_indexed,
    is_json_lines,
)
from newsbench.workers import in_processes, share_of, useful_jobs

if TYPE_CHECKING:
    from newsbench.metrics.base import Family
    from newsbench.report import Report
    from newsbench.types import Page, Prediction

Result = TypeVar("Result")


def score(
    *predictions: Any,
    gold: str | Path | None = None,
    split: str | None = "test",
    tasks: Iterable[str] | None = None,
    policy: str = "strict",
    peers: bool = False,
    skip_invalid: bool = False,
    resampling: Resampling | None = None,
    slices: bool = True,
    jobs: int = 1,
    stored_as: str | None = None,
) -> Report:
    """Score one or more systems over the same pages.

    Each of `predictions` is a path (predictions as JSON Lines or Parquet, or a count table), a list of dicts, a pandas
    DataFrame or an Arrow table; with `stored_as` a path to an output in that format (`newsbench.formats.stored`).
    `tasks` default to those that a system answers. Errors: InputError that names every problem of the predictions;
    ValueError for unknown tasks, policies, splits; FileNotFoundError.
    """
    from newsbench.reporting import build_report

    tables, ceiling = count_systems(
        predictions,
        gold=gold,
        split=split,
        tasks=tasks,
        policy=policy,
        peers=peers,
        skip_invalid=skip_invalid,
        jobs=jobs,
        stored_as=stored_as,
    )
    return build_report(tables, ceiling=ceiling, policy=policy, resampling=resampling, slices=slices)


def count_systems(
    predictions: Sequence[Any],
    *,
    gold: str | Path | None = None,
    split: str | None = "test",
    tasks: Iterable[str] | None = None,
    policy: str = "strict",
    peers: bool = False,
    skip_invalid: bool = False,
    jobs: int = 1,
    stored_as: str | None = None,
) -> tuple[list[CountTable], CountTable | None]:
    """Return a count table for each system, and that of the second annotator where the gold has one.

    Tables of counts bring their split along: another `split` than "test" must be theirs. Up to `jobs` processes share
    the pages, one a processor at most. Where words alone are asked for, and the gold has an index of them, predictions
    are read page by page and memory does not hold texts.
    """
    roles(policy)
    if jobs < 1:
        raise UsageError(f"jobs is {jobs}; allowed: 1 or more")
    chosen = check_tasks(tasks) if tasks is not None else None
    if not predictions:
        raise UsageError("nothing to score: name at least one file of predictions")
    stored, raw = _stored(predictions, chosen)
    _check_asked(stored.values(), split=split, gold=gold, peers=peers)
    if not raw:
        tables = _in_order(stored, [], predictions)
        return tables, _stored_ceiling(tables, gold, split)
    on_disk = not peers and stored_as is None and all(map(is_json_lines, raw))
    if chosen is None and on_disk and answer_only_boilerplate(raw):
        chosen = ["boilerplate"]
    if chosen == ["boilerplate"] and on_disk:
        indexed = find_indexed(gold, split=split)
        if indexed is not None:
            counted = count_indexed(
                raw, indexed, skip_invalid=skip_invalid, jobs=jobs, others=OtherIds(gold),
                layer=load_furniture(gold, split=split),
            )  # fmt: skip
            if counted is not None:
                ceiling = _with_stored(counted[1], list(stored.values()), gold, split)
                return _in_order(stored, counted[0], predictions), ceiling
    # Offsets are into the text, also those of tasks that are not scored; stored outputs go by names of their corpus.
    more = ["text"] if stored_as is None else ["text", "reference"]
    columns = list(dict.fromkeys([*columns_for(chosen or TASKS), *more]))
    wanted = load_gold(gold, split=split, columns=columns)
    pages = {page.id: page for page in wanted.pages}
    others = OtherIds(gold)
    if stored_as is not None:
        from newsbench.formats.stored import open_stored

        raw = [open_stored(stored_as, source, pages) for source in raw]
    sets = _each(raw, lambda source: read_predictions(source, pages, others=others, skip_invalid=skip_invalid))
    if chosen is None:
        found = {task for one in sets for task in answered_tasks(one.predictions.values())}
        chosen = [task for task in TASKS if task in found] or list(TASKS)
    measured = bind_families(families(chosen, peers=peers), wanted.pages)
    systems = {str(at): PredictionTable(one.predictions) for at, one in enumerate(sets)}
    meta = describe_gold(wanted.meta)
    jobs = useful_jobs(jobs, len(wanted.pages))

    def share(worker: int) -> list[CountTable]:
        return count_pages(share_of(wanted.pages, worker, jobs), systems, measured, meta=meta)

    tables = [merge_tables(parts) for parts in zip(*in_processes(share, jobs), strict=True)]
    tables = [
        replace(table, system=one.system, skipped=one.skipped, elsewhere=one.elsewhere)
        for table, one in zip(tables, sets, strict=True)
    ]
    tables = [_answered_families(table, asked=tasks is not None) for table in tables]
    ceiling = count_ceiling(wanted.pages, load_ceiling(gold, split=split), measured)
    return _in_order(stored, tables, predictions), _with_stored(ceiling, list(stored.values()), gold, split)


def _answered_families(table: CountTable, *, asked: bool) -> CountTable:
    """Leave out what a system answers on no page: whole tasks unless they were asked for, parts of a task anyway."""
    answered = {name.partition(".")[0] for name, rows in table.families.items() if rows.answered.any()}
    kept = {
        name: rows
        for name, rows in table.families.items()
        if rows.answered.any() or (asked and not (load_family(name).answered_by and name.partition(".")[0] in answered))
    }
    return replace(table, families=kept or table.families)


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


def _with_stored(
    ceiling: CountTable | None, stored: Sequence[CountTable], gold: str | Path | None, split: str | None
) -> CountTable | None:
    """Add to a ceiling the families that only stored tables have."""
    known = {} if ceiling is None else ceiling.families
    others = [
        replace(table, families={name: rows for name, rows in table.families.items() if name not in known})
        for table in stored
    ]
    found = _stored_ceiling([table for table in others if table.families], gold, split)
    return ceiling if found is None else replace(found, families={**known, **found.families})


def _each(sources: Sequence[Any], read: Callable[[Any], Result]) -> list[Result]:
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


def _stored(predictions: Sequence[Any], tasks: Sequence[str] | None) -> tuple[dict[int, CountTable], list[Any]]:
    """Part count tables, by their place among the inputs, from predictions; leave out tasks not asked for."""
    from newsbench.formats.counts import is_count_table, read_counts

    given = {
        at: source
        for at, source in enumerate(predictions)
        if isinstance(source, CountTable) or (isinstance(source, str | Path) and is_count_table(source))
    }
    read = _each(
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


def _check_asked(stored: Iterable[CountTable], *, split: str | None, gold: str | Path | None, peers: bool) -> None:
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


def _in_order(
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


def _stored_ceiling(tables: Sequence[CountTable], gold: str | Path | None, split: str | None) -> CountTable | None:
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


def compare(
    predictions: Sequence[Any],
    *,
    gold: str | Path | None = None,
    split: str | None = "test",
    tasks: Iterable[str] | None = None,
    metrics: Iterable[str] | None = None,
    policy: str = "strict",
    skip_invalid: bool = False,
    peers: bool = False,
    jobs: int = 1,
    resampling: Resampling | None = None,
    stored_as: str | None = None,
) -> Any:
    """Test systems pair by pair over the same pages; see `newsbench.comparison.compare_tables`."""
    from newsbench.comparison import check_lists, compare_tables, refuse_empty

    check_lists(predictions=predictions, tasks=tasks, metrics=metrics)
    tables, _ = count_systems(
        predictions,
        gold=gold,
        split=split,
        tasks=tasks,
        policy=policy,
        peers=peers,
        skip_invalid=skip_invalid,
        jobs=jobs,
        stored_as=stored_as,
    )
    return refuse_empty(compare_tables(tables, metrics=metrics, policy=policy, resampling=resampling))
