"""The Python front door: score and compare what systems put out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbench.align import ALIGNMENT
from newsbench.gold import Gold, columns_for, load_ceiling, load_gold, page_ids
from newsbench.formats.predictions import PredictionSet, read_predictions
from newsbench.metrics import TASKS, families
from newsbench.metrics.pagewords import roles
from newsbench.scoring import CountTable, answered_tasks, count_pages
from newsbench.stats import Resampling
from newsbench.text import TOKENIZER

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
) -> Report:
    """Score one or more systems over the same pages.

    Each of `predictions` is a path (predictions as JSON Lines or Parquet, or a count table), a list of dicts, a pandas
    DataFrame or an Arrow table. `tasks` default to those that a system answers. Errors: InputError that names every
    problem of the predictions; ValueError for unknown tasks, policies, splits; FileNotFoundError.
    """
    from newsbench.reporting import build_report

    tables, ceiling = count_systems(
        predictions, gold=gold, split=split, tasks=tasks, policy=policy, peers=peers, skip_invalid=skip_invalid
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
) -> tuple[list[CountTable], CountTable | None]:
    """Return a count table for each system, and that of the second annotator where the gold has one."""
    roles(policy)
    chosen = list(tasks) if tasks is not None else None
    families(chosen or ())
    stored, raw = _stored(predictions)
    if not raw:
        return stored, None
    wanted = load_gold(gold, split=split, columns=columns_for(chosen or TASKS))
    pages = {page.id: page for page in wanted.pages}
    others = page_ids(gold) - pages.keys()
    sets = [read_predictions(source, pages, others=others, skip_invalid=skip_invalid) for source in raw]
    _name_apart(sets, stored)
    if chosen is None:
        found = {task for one in sets for task in answered_tasks(one.predictions.values())}
        chosen = [task for task in TASKS if task in found] or list(TASKS)
    measured = families(chosen, peers=peers)
    systems = {one.system: one.predictions for one in sets}
    tables = count_pages(
        wanted.pages,
        systems,
        measured,
        skipped={one.system: one.skipped for one in sets},
        meta=_meta(wanted),
    )
    ceiling = load_ceiling(gold, split=split)
    human = count_pages(wanted.pages, {"second annotator": ceiling}, measured)[0] if ceiling else None
    return [*stored, *tables], human


def _stored(predictions: Sequence[Any]) -> tuple[list[CountTable], list[Any]]:
    """Part count tables from predictions."""
    from newsbench.formats.counts import is_count_table, read_counts

    stored, raw = [], []
    for source in predictions:
        if isinstance(source, CountTable):
            stored.append(source)
        elif isinstance(source, str | Path) and is_count_table(source):
            stored.append(read_counts(source))
        else:
            raw.append(source)
    return stored, raw


def _name_apart(sets: Sequence[PredictionSet], stored: Sequence[CountTable]) -> None:
    """Give systems of the same name a number, so that none is lost."""
    seen: dict[str, int] = {table.system: 1 for table in stored}
    for one in sets:
        seen[one.system] = seen.get(one.system, 0) + 1
        if seen[one.system] > 1:
            one.system = f"{one.system} ({seen[one.system]})"


def _meta(gold: Gold) -> Mapping[str, Any]:
    from newsbench import __version__

    return {**gold.meta, "tokenizer": TOKENIZER, "alignment": ALIGNMENT, "package": __version__}


def compare(
    predictions: Sequence[Any],
    *,
    gold: str | Path | None = None,
    split: str | None = "test",
    tasks: Iterable[str] | None = None,
    metrics: Iterable[str] | None = None,
    policy: str = "strict",
    skip_invalid: bool = False,
    resampling: Resampling | None = None,
) -> Any:
    """Test systems pair by pair over the same pages; see `newsbench.comparison.compare_tables`."""
    from newsbench.comparison import compare_tables

    tables, _ = count_systems(
        predictions, gold=gold, split=split, tasks=tasks, policy=policy, skip_invalid=skip_invalid
    )
    return compare_tables(tables, metrics=metrics, policy=policy, resampling=resampling)
