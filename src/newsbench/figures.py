"""Figures of one family's rows: values, intervals, and what leaving out a story does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from newsbench.metrics.base import MACRO, CorpusMetric, Counts, Family, Metric, ratio
from newsbench.report import Estimate
from newsbench.scoring import CountTable, FamilyCounts
from newsbench.stats import Interval, Resampling, group_codes, group_sums, interval_of, jackknife, resampled_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: With more stories than this, corpus metrics have no interval: each story left out costs a pass over all pages.
MOST_LEFT_OUT = 500
#: Properties of pages that a report breaks headline figures down by.
GROUP_SLICES = ("outlet", "genre", "language", "template")


def stories_of(table: CountTable, rows: FamilyCounts) -> list[str]:
    """Return the story of each row; a page without one is a story of its own."""
    return [table.groups["story"][at] or table.pages[at] for at in rows.positions]


def labels_of(table: CountTable, rows: FamilyCounts) -> dict[str, NDArray[Any]]:
    """Return for each of `GROUP_SLICES` the label of each row, empty where the page has none."""
    import numpy as np

    return {name: np.array([table.groups[name][at] or "" for at in rows.positions]) for name in GROUP_SLICES}


def metric_estimates(
    metrics: Sequence[Metric],
    family: Family,
    rows: FamilyCounts,
    stories: Sequence[str],
    ceiling: FamilyCounts | None,
    policy: str,
    resampling: Resampling,
) -> dict[str, Estimate]:
    """Return figures with intervals over stories, and with the ceilings that another set of rows gives."""
    import numpy as np

    sums = group_sums(rows.values, stories)
    names, totals = _totals_of(family, sums, policy)
    means = [metric for metric in metrics if metric.average == MACRO]
    page_sums = group_sums(page_scores(means, family, rows, policy), stories)
    # One set of draws for all figures of the family.
    draw = len(sums) > 1 and resampling.resamples
    drawn = resampled_sums(np.hstack([totals, page_sums]), resampling) if draw else None
    width = totals.shape[1]
    found = {}
    for metric in metrics:
        if metric.average == MACRO:
            at = 2 * means.index(metric)
            of_metric = slice(at, at + 2)
            drawn_means = None if drawn is None else drawn[:, width:][:, of_metric]
            interval = interval_or_value(page_mean, page_sums[:, of_metric], drawn_means, resampling)
        else:
            score = of_columns(metric.score, names, policy)
            interval = interval_or_value(score, totals, None if drawn is None else drawn[:, :width], resampling)
        top = figure(metric, family, ceiling, policy)
        found[metric.name] = Estimate(interval.value, interval.low, interval.high, top, len(rows.positions))
    return found


def _totals_of(family: Family, values: NDArray[Any], policy: str) -> tuple[Mapping[str, int], NDArray[Any]]:
    """Return the columns, by name, that the family's metrics look at, and what rows (n, k) have in them."""
    import numpy as np

    if family.totals is None:
        return family.index, values
    made = family.totals(Counts(family.index, values, policy))
    return {name: at for at, name in enumerate(made)}, np.column_stack(list(made.values()))


def figure(
    metric: Metric | CorpusMetric,
    family: Family,
    rows: FamilyCounts | None,
    policy: str,
    groups: Mapping[str, NDArray[Any]] | None = None,
) -> float:
    """Return a metric's bare value over some rows, whose labels are in `groups`; nan where there are none."""
    import numpy as np

    if rows is None or not len(rows.positions):
        return math.nan
    if isinstance(metric, CorpusMetric):
        return float(metric.score(Counts(family.index, rows.values, policy, groups)))
    if metric.average == MACRO:
        scores = np.asarray(metric.score(Counts(family.index, rows.values, policy)), float)
        return float(np.nanmean(scores)) if np.isfinite(scores).any() else math.nan
    return float(metric.score(Counts(family.index, rows.values.sum(axis=0), policy)))


def of_columns(score: Any, names: Mapping[str, int], policy: str) -> Any:
    """Return a score of named columns as a function of arrays."""

    def of_array(values: NDArray[Any]) -> NDArray[Any]:
        return score(Counts(names, values, policy))

    return of_array


def interval_or_value(score: Any, sums: NDArray[Any], drawn: NDArray[Any] | None, resampling: Resampling) -> Interval:
    """Return the interval of a score over sums by story; its bare value where nothing was drawn."""
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
    names, values = _totals_of(family, rows.values, policy)

    def without(group: int | None) -> float:
        kept = slice(None) if group is None else codes != group
        left = {name: labels[kept] for name, labels in groups.items()}
        return float(metric.score(Counts(names, values[kept], policy, left)))

    many = int(codes.max()) + 1
    low = -1.0 if metric.range.startswith("-1") else 0.0
    left_out = many if metric.interval and many <= MOST_LEFT_OUT else 0
    return jackknife(without, left_out, level=resampling.level, bounds=(low, 1.0))
