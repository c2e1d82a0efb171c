"""From tables of counts to a report."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newsbench.metrics import load_family
from newsbench.metrics.base import MACRO, CorpusMetric, Counts, Family, Metric, Slice, ratio
from newsbench.metrics.pagewords import roles
from newsbench.problems import safe
from newsbench.report import Estimate, Report, SystemReport, TaskReport
from newsbench.scoring import CountTable, FamilyCounts
from newsbench.stats import Interval, Resampling, group_codes, group_sums, interval_of, jackknife, resampled_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: With more stories than this, corpus metrics have no interval: each story left out costs a pass over all pages.
MOST_LEFT_OUT = 500
#: Properties of pages that a report breaks headline figures down by.
GROUP_SLICES = ("outlet", "genre", "language", "template")


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


def _digest(table: Mapping[str, str]) -> str:
    """Return eight hexadecimal digits for a table: which types count is part of what a number means."""
    text = "\n".join(f"{key} {value}" for key, value in sorted(table.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _system_report(
    table: CountTable, ceiling: CountTable | None, *, policy: str, resampling: Resampling, slices: bool
) -> SystemReport:
    report = SystemReport(
        name=" ".join(safe(table.system).split()),
        pages=len(table.pages),
        missing=table.status_count("missing"),
        failed=table.status_count("failed"),
        skipped=table.skipped,
    )
    for full_name, rows in table.families.items():
        family = load_family(full_name)
        task = report.tasks.setdefault(family.task, TaskReport())
        task.missing = max(task.missing, int((~rows.answered).sum()))
        human = ceiling.families.get(full_name) if ceiling is not None else None
        _add_family(task, family, rows, table, human, policy=policy, resampling=resampling, slices=slices)
    return report


def _add_family(
    task: TaskReport,
    family: Family,
    rows: FamilyCounts,
    table: CountTable,
    human: FamilyCounts | None,
    *,
    policy: str,
    resampling: Resampling,
    slices: bool,
) -> None:
    import numpy as np

    if not len(rows.positions):
        return
    stories = [table.groups["story"][at] or table.pages[at] for at in rows.positions]
    sums = group_sums(rows.values, stories)
    names, totals = family.index, sums
    if family.totals is not None:
        made = family.totals(Counts(family.index, sums, policy))
        names, totals = {name: at for at, name in enumerate(made)}, np.column_stack(list(made.values()))
    means = [metric for metric in family.metrics if metric.average == MACRO]
    page_sums = group_sums(page_scores(means, family, rows, policy), stories)
    draw = len(sums) > 1 and resampling.resamples
    # One set of draws for all figures of the family.
    drawn = resampled_sums(np.hstack([totals, page_sums]), resampling) if draw else None
    width = totals.shape[1]
    for metric in family.metrics:
        if metric.average == MACRO:
            at = 2 * means.index(metric)
            of_metric = slice(at, at + 2)
            drawn_means = None if drawn is None else drawn[:, width:][:, of_metric]
            interval = _interval(page_mean, page_sums[:, of_metric], drawn_means, resampling)
        else:
            score = _of_columns(metric.score, names, policy)
            interval = _interval(score, totals, None if drawn is None else drawn[:, :width], resampling)
        top = figure(metric, family, human, policy)
        task.metrics[metric.name] = Estimate(interval.value, interval.low, interval.high, top, len(rows.positions))
    groups = {name: np.array([table.groups[name][at] or "" for at in rows.positions]) for name in GROUP_SLICES}
    for metric in family.corpus_metrics:
        interval = leave_one_out(metric, family, rows, stories, groups, policy, resampling)
        task.metrics[metric.name] = Estimate(
            interval.value, interval.low, interval.high, figure(metric, family, human, policy), len(rows.positions)
        )
    if slices:
        drawn = resampled_sums(sums, resampling) if draw and family.slices else None
        for part in family.slices:
            _add_slice(task, part, family, sums, drawn, human, policy, resampling, rows)
        _add_groups(task, family, rows, table, policy)


def figure(metric: Metric | CorpusMetric, family: Family, rows: FamilyCounts | None, policy: str) -> float:
    """Return a metric's bare value over some rows; nan where there are none."""
    import numpy as np

    if rows is None or not len(rows.positions):
        return math.nan
    if isinstance(metric, CorpusMetric):
        return float(metric.score(Counts(family.index, rows.values, policy)))
    if metric.average == MACRO:
        scores = np.asarray(metric.score(Counts(family.index, rows.values, policy)), float)
        return float(np.nanmean(scores)) if np.isfinite(scores).any() else math.nan
    return float(metric.score(Counts(family.index, rows.values.sum(axis=0), policy)))


def _of_columns(score: Any, names: Mapping[str, int], policy: str) -> Any:
    """Return a score of named columns as a function of arrays."""

    def of_array(values: NDArray[Any]) -> NDArray[Any]:
        return score(Counts(names, values, policy))

    return of_array


def _interval(score: Any, sums: NDArray[Any], drawn: NDArray[Any] | None, resampling: Resampling) -> Interval:
    if drawn is None:
        return Interval(float(score(sums.sum(axis=0))))
    return interval_of(sums, score(drawn), score, resampling)


def page_scores(metrics: Sequence[Metric], family: Family, rows: FamilyCounts, policy: str) -> NDArray[Any]:
    """Return two columns a metric for the pages (n): the page's score, or 0 where it is undefined, and 1 or 0."""
    import numpy as np

    columns = []
    for metric in metrics:
        scores = np.asarray(metric.score(Counts(family.index, rows.values, policy)), float)
        defined = np.isfinite(scores)
        columns += [np.where(defined, scores, 0.0), defined.astype(float)]
    return np.column_stack(columns) if columns else np.zeros((len(rows.values), 0))


def page_mean(values: NDArray[Any]) -> NDArray[Any]:
    """Return the mean score of pages from sums of scores and of defined pages (..., 2)."""
    return ratio(values[..., 0], values[..., 1])


def leave_one_out(
    metric: CorpusMetric,
    family: Family,
    rows: FamilyCounts,
    stories: Sequence[str],
    groups: Mapping[str, NDArray[Any]],
    policy: str,
    resampling: Resampling,
) -> Interval:
    """Return a corpus metric with its jackknife interval over stories; without one for very many stories."""
    import numpy as np

    codes = np.array(group_codes(stories))

    def without(group: int | None) -> float:
        kept = slice(None) if group is None else codes != group
        left = {name: labels[kept] for name, labels in groups.items()}
        return float(metric.score(Counts(family.index, rows.values[kept], policy, left)))

    many = int(codes.max()) + 1
    low = -1.0 if metric.range.startswith("-1") else 0.0
    left_out = many if metric.interval and many <= MOST_LEFT_OUT else 0
    return jackknife(without, left_out, level=resampling.level, bounds=(low, 1.0))


def _add_slice(
    task: TaskReport,
    part: Slice,
    family: Family,
    sums: NDArray[Any],
    drawn: NDArray[Any] | None,
    human: FamilyCounts | None,
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

            interval = _interval(_of_columns(of_key, family.index, policy), sums, drawn, resampling)
            if not math.isfinite(interval.value):
                continue
            top = math.nan
            if human is not None and len(human.positions):
                top = float(of_key(Counts(family.index, human.values.sum(axis=0), policy)))
            # Pages on which there is something to measure: of this type, of this class.
            pages = int(np.isfinite(np.asarray(of_key(Counts(family.index, rows.values, policy)), float)).sum())
            target.setdefault(key, {})[name] = Estimate(interval.value, interval.low, interval.high, top, pages)


def _add_groups(task: TaskReport, family: Family, rows: FamilyCounts, table: CountTable, policy: str) -> None:
    """Break the headline figures down by properties of pages."""
    import numpy as np

    headline = [metric for metric in family.metrics if metric.headline]
    for group in GROUP_SLICES:
        labels = np.array([table.groups[group][at] or "" for at in rows.positions])
        for key in sorted(set(labels.tolist()) - {""}):
            chosen = labels == key
            part = replace(
                rows,
                positions=rows.positions[chosen],
                values=rows.values[chosen],
                answered=rows.answered[chosen],
            )
            for metric in headline:
                value = figure(metric, family, part, policy)
                if math.isfinite(value):
                    found = task.slices.setdefault(group, {}).setdefault(key, {})
                    found[metric.name] = Estimate(value, n=int(chosen.sum()))
