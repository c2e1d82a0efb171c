"""The Python front door: score and compare what systems put out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbench.ceiling import load_ceiling, load_furniture
from newsbench.formats.predictions import read_predictions
from newsbench.gold import OtherIds, columns_for, load_gold
from newsbench.metrics import TASKS, check_tasks, families, load_family
from newsbench.metrics.pagewords import roles
from newsbench.problems import UsageError
from newsbench.scoring import (
    CountTable,
    PredictionTable,
    answered_tasks,
    bind_families,
    count_pages,
    merge_tables,
)
from newsbench.stats import Resampling
from newsbench.storedcounts import (
    check_asked,
    count_ceiling,
    in_order,
    part_stored,
    read_each,
    stored_ceiling,
    with_stored,
)
from newsbench.streaming import (
    answer_only_boilerplate,
    count_indexed,
    describe_gold,
    find_indexed,
    is_json_lines,
    is_only_words,
)
from newsbench.workers import in_processes, share_of, useful_jobs

if TYPE_CHECKING:
    from newsbench.report import Report


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
        resampling=resampling or Resampling(),
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
    resampling: Resampling | None = None,
) -> tuple[list[CountTable], CountTable | None]:
    """Return a count table for each system, and that of the second annotator where the gold has one.

    Tables of counts bring their split along: another `split` than "test" must be theirs. Up to `jobs` processes share
    the pages, one a processor at most. Where words alone are asked for, and the gold has an index of them, predictions
    are read page by page and memory does not hold texts. With the `resampling` of the figures that are to come, what
    these need may be drawn by processes that have nothing left to count.
    """
    roles(policy)
    if jobs < 1:
        raise UsageError(f"jobs is {jobs}; allowed: 1 or more")
    chosen = check_tasks(tasks) if tasks is not None else None
    if not predictions:
        raise UsageError("nothing to score: name at least one file of predictions")
    stored, raw = part_stored(predictions, chosen)
    check_asked(stored.values(), split=split, gold=gold, peers=peers)
    if not raw:
        tables = in_order(stored, [], predictions)
        return tables, stored_ceiling(tables, gold, split)
    on_disk = not peers and stored_as is None and all(map(is_json_lines, raw))
    if chosen is None and on_disk and answer_only_boilerplate(raw):
        chosen = ["boilerplate"]
    if on_disk and is_only_words(chosen):
        indexed = find_indexed(gold, split=split)
        if indexed is not None:
            counted = count_indexed(
                raw, indexed, skip_invalid=skip_invalid, jobs=jobs, others=OtherIds(gold),
                layer=load_furniture(gold, split=split), resampling=resampling,
            )  # fmt: skip
            if counted is not None:
                ceiling = with_stored(counted[1], list(stored.values()), gold, split)
                return in_order(stored, counted[0], predictions), ceiling
    # Offsets are into the text, also those of tasks that are not scored; stored outputs go by names of their corpus.
    more = ["text"] if stored_as is None else ["text", "reference"]
    columns = list(dict.fromkeys([*columns_for(chosen or TASKS), *more]))
    wanted = load_gold(gold, split=split, columns=columns)
    pages = {page.id: page for page in wanted.pages}
    others = OtherIds(gold)
    if stored_as is not None:
        from newsbench.formats.stored import open_stored

        raw = [open_stored(stored_as, source, pages) for source in raw]
    sets = read_each(raw, lambda source: read_predictions(source, pages, others=others, skip_invalid=skip_invalid))
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
    return in_order(stored, tables, predictions), with_stored(ceiling, list(stored.values()), gold, split)


def _answered_families(table: CountTable, *, asked: bool) -> CountTable:
    """Leave out what a system answers on no page: whole tasks unless they were asked for, parts of a task anyway."""
    answered = {name.partition(".")[0] for name, rows in table.families.items() if rows.answered.any()}
    kept = {
        name: rows
        for name, rows in table.families.items()
        if rows.answered.any() or (asked and not (load_family(name).answered_by and name.partition(".")[0] in answered))
    }
    return replace(table, families=kept or table.families)


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
        resampling=resampling or Resampling(),
    )
    return refuse_empty(compare_tables(tables, metrics=metrics, policy=policy, resampling=resampling))
