"""From tables of counts to a report."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newsbench.figures import (
    Totals,
    figure,
    interval_or_value,
    labels_of,
    leave_one_out,
    metric_estimates,
    of_columns,
    stories_of,
    totals_of,
)
from newsbench.metrics import TASKS, load_family
from newsbench.metrics.base import Counts, Family, Slice
from newsbench.metrics.pagewords import roles
from newsbench.problems import safe
from newsbench.report import Estimate, Report, SystemReport, TaskReport
from newsbench.scoring import CountTable, FamilyCounts
from newsbench.stats import FEW_STORIES, Resampling, group_codes, group_sums, resampled_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray


def build_report(
    tables: Sequence[CountTable],
    *,
    ceiling: CountTable | None = None,
    policy: str = "strict",
    resampling: Resampling | None = None,
    slices: bool = True,
) -> Report:
    """Turn count tables over the same pages into a report.

    `ceiling` holds the counts of a second annotator, scored as if it were a system.
    """
    resampling = resampling or Resampling()
    meta = tables[0].meta if tables else {}
    families = {name: counts.version for table in tables for name, counts in table.families.items()}
    return Report(
        signature=signature(meta, families, policy=policy, resampling=resampling),
        data={key: meta[key] for key in ("name", "version", "sha256", "split", "pages") if key in meta},
        settings={
            "policy": policy,
            "resamples": resampling.resamples,
            "interval": resampling.method,
            "level": resampling.level,
            "seed": resampling.seed,
            "tokenizer": meta.get("tokenizer"),
            "alignment": meta.get("alignment"),
            "package": meta.get("package"),
            "stories": _story_count(tables),
            "ceiling_pages": _ceiling_pages(ceiling),
        },
        systems=[
            _system_report(table, ceiling, policy=policy, resampling=resampling, slices=slices) for table in tables
        ],
    )


def signature(meta: Mapping[str, Any], families: Mapping[str, int], *, policy: str, resampling: Resampling) -> str:
    """Return what two people compare before they compare numbers: data, split, metrics, policy, words, statistics."""
    data = f"{meta.get('name', 'gold')}-{meta.get('version', '?')}-{str(meta.get('sha256', ''))[:12] or 'unhashed'}"
    metrics = ",".join(f"{name}.v{version}" for name, version in sorted(families.items()))
    parts = {
        "data": data,
        "split": meta.get("split", "all"),
        "metrics": metrics,
        "policy": f"{policy}-{_digest(roles(policy))}",
        "words": meta.get("tokenizer", "?"),
        "align": meta.get("alignment", "?"),
        "boot": f"{resampling.method}-{resampling.resamples}-by-story-seed{resampling.seed}-{resampling.level:g}",
        "newsbench": meta.get("package", "?"),
    }
    return "|".join(f"{key}:{value}" for key, value in parts.items())


def _story_count(tables: Sequence[CountTable]) -> int:
    """Return how many stories the pages come from; a page without a story is one of its own."""
    if not tables:
        return 0
    return len({story or page for story, page in zip(tables[0].groups["story"], tables[0].pages, strict=True)})


def _ceiling_pages(ceiling: CountTable | None) -> dict[str, int]:
    """Return for each task on how many pages the second annotator has an opinion."""
    found: dict[str, int] = {}
    for name, rows in ceiling.families.items() if ceiling is not None else ():
        task = name.partition(".")[0]
        found[task] = max(found.get(task, 0), len(rows.positions))
    return found


def _digest(table: Mapping[str, str]) -> str:
    """Return eight hexadecimal digits for a table: which types count is part of what a number means."""
    text = "\n".join(f"{key} {value}" for key, value in sorted(table.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _system_report(
    table: CountTable, ceiling: CountTable | None, *, policy: str, resampling: Resampling, slices: bool
) -> SystemReport:
    report = coverage_of(table)
    for full_name, rows in table.families.items():
        family = load_family(full_name)
        task = report.tasks[family.task]
        _add_family(task, family, rows, table, ceiling, policy=policy, resampling=resampling, slices=slices)
    return report


def coverage_of(table: CountTable, tasks: Container[str] = TASKS) -> SystemReport:
    """Return what a system left open or empty, in all and in each of some tasks, without figures."""
    report = SystemReport(
        name=" ".join(safe(table.system).split()),
        pages=len(table.pages),
        missing=table.status_count("missing"),
        failed=table.status_count("failed"),
        skipped=table.skipped,
        elsewhere=dict(table.elsewhere),
    )
    for full_name, rows in table.families.items():
        family = load_family(full_name)
        if family.task not in tasks:
            continue
        task = report.tasks.setdefault(family.task, TaskReport())
        task.missing = max(task.missing, int((~rows.answered).sum()))
        if family.filled:
            empty = rows.answered & (rows.counts().total(family.filled) == 0)
            task.empty = max(task.empty or 0, int(empty.sum()))
    return report


def _add_family(
    task: TaskReport,
    family: Family,
    rows: FamilyCounts,
    table: CountTable,
    ceiling: CountTable | None,
    *,
    policy: str,
    resampling: Resampling,
    slices: bool,
) -> None:
    if not len(rows.positions):
        return
    stories = stories_of(table, rows)
    groups = labels_of(table, rows) if slices or family.corpus_metrics else {}
    top = ceiling.families.get(f"{family.task}.{family.name}") if ceiling is not None else None
    top_groups = labels_of(ceiling, top) if ceiling is not None and top is not None else {}
    totals = totals_of(family, rows.values, policy)
    task.metrics.update(metric_estimates(family.metrics, family, totals, stories, top, policy, resampling))
    for metric in family.corpus_metrics:
        interval = leave_one_out(metric, totals, stories, groups, policy, resampling)
        task.metrics[metric.name] = Estimate(
            interval.value, interval.low, interval.high, figure(metric, family, top, policy, top_groups),
            len(rows.positions),
        )  # fmt: skip
    if not slices:
        return
    sums = group_sums(rows.values, stories)
    draw = len(sums) > 1 and resampling.resamples and family.slices
    drawn = resampled_sums(sums, resampling) if draw else None
    for part in family.slices:
        _add_slice(task, part, family, sums, drawn, top, policy, resampling, rows)
    by_group = [metric for metric in family.metrics if metric.headline or metric.by_group]
    for group, labels in groups.items():
        for key in sorted(set(labels.tolist()) - {""}):
            chosen = labels == key
            of_key = group_codes(stories[chosen].tolist())
            few = of_key.max() + 1 < FEW_STORIES
            found = metric_estimates(
                by_group, family, Totals(totals.names, totals.values[chosen]), of_key,
                None if top is None else _only(top, top_groups[group] == key),
                policy, replace(resampling, resamples=0) if few else resampling,
            )  # fmt: skip
            defined = {name: estimate for name, estimate in found.items() if math.isfinite(estimate.value)}
            if defined:
                task.slices.setdefault(group, {}).setdefault(key, {}).update(defined)


def _only(rows: FamilyCounts, chosen: NDArray[Any]) -> FamilyCounts:
    return replace(
        rows, positions=rows.positions[chosen], values=rows.values[chosen], answered=rows.answered[chosen]
    )  # fmt: skip


def _add_slice(
    task: TaskReport,
    part: Slice,
    family: Family,
    sums: NDArray[Any],
    drawn: NDArray[Any] | None,
    ceiling: FamilyCounts | None,
    policy: str,
    resampling: Resampling,
    rows: FamilyCounts,
) -> None:
    import numpy as np

    target = task.slices.setdefault(part.dimension, {})
    for key in part.keys_under(policy):
        for name, score in part.metrics.items():

            def of_key(counts: Counts, score: Any = score, key: str = key) -> Any:
                return score(counts, key)

            interval = interval_or_value(of_columns(of_key, family.index, policy), sums, drawn, resampling)
            if not math.isfinite(interval.value):
                continue
            top = math.nan
            if ceiling is not None and len(ceiling.positions):
                top = float(of_key(Counts(family.index, ceiling.values.sum(axis=0), policy)))
            # Pages on which there is something to measure: of this type, of this class.
            pages = int(np.isfinite(np.asarray(of_key(Counts(family.index, rows.values, policy)), float)).sum())
            target.setdefault(key, {})[name] = Estimate(interval.value, interval.low, interval.high, top, pages)
