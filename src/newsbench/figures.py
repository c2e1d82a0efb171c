"""Figures of one family's rows: values, intervals, and what leaving out a story does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

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


def stories_of(table: CountTable, rows: FamilyCounts) -> NDArray[Any]:
    """Return the number of each row's story (n); a page without one is a story of its own."""
    stories, pages = table.groups["story"], table.pages
    return group_codes([stories[at] or pages[at] for at in rows.positions.tolist()])


def labels_of(table: CountTable, rows: FamilyCounts) -> dict[str, NDArray[Any]]:
    """Return for each of `GROUP_SLICES` the label of each row, empty where the page has none."""
    import numpy as np

    positions = rows.positions.tolist()
    return {
        name: np.array([labels[at] or "" for at in positions])
        for name, labels in ((name, table.groups[name]) for name in GROUP_SLICES)
    }


class Totals(NamedTuple):
    """What the metrics of a family look at: columns by name, and their values (n, k)."""

    names: Mapping[str, int]
    values: NDArray[Any]


def totals_of(family: Family, values: NDArray[Any], policy: str) -> Totals:
    """Return of the family's columns (n, k) those, or their sums, that its metrics look at."""
    import numpy as np

    if family.totals is None:
        return Totals(family.index, values)
    made = family.totals(Counts(family.index, values, policy))
    return Totals({name: at for at, name in enumerate(made)}, np.column_stack(list(made.values())))


def metric_estimates(
    metrics: Sequence[Metric],
    family: Family,
    totals: Totals,
    stories: NDArray[Any],
    ceiling: FamilyCounts | None,
    policy: str,
    resampling: Resampling,
) -> dict[str, Estimate]:
    """Return figures with intervals over stories, and with the ceilings that another set of rows gives.

    `totals` are those of the rows (n), `stories` (n) the numbers of their stories.
    """
    import numpy as np

    means = [metric for metric in metrics if metric.average == MACRO]
    scores = page_scores(means, totals.names, totals.values, policy)
    sums = group_sums(np.hstack([totals.values, scores]), stories)
    width = totals.values.shape[1]
    # One set of draws for all figures of the family.
    drawn = resampled_sums(sums, resampling) if len(sums) > 1 and resampling.resamples else None
    found = {}
    for metric in metrics:
        if metric.average == MACRO:
            at = width + 2 * means.index(metric)
            score, columns = page_mean, slice(at, at + 2)
        else:
            score, columns = of_columns(metric.score, totals.names, policy), slice(0, width)
        interval = interval_or_value(score, sums[:, columns], None if drawn is None else drawn[:, columns], resampling)
        top = figure(metric, family, ceiling, policy)
        found[metric.name] = Estimate(interval.value, interval.low, interval.high, top, len(totals.values))
    return found


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


def page_scores(metrics: Sequence[Metric], names: Mapping[str, int], values: NDArray[Any], policy: str) -> NDArray[Any]:
    """Return two columns a metric for the pages (n): the page's score, or 0 where it is undefined, and 1 or 0.

    `values` (n, k) have columns of some `names`.
    """
    import numpy as np

    columns = []
    for metric in metrics:
        scores = np.asarray(metric.score(Counts(names, values, policy)), float)
        defined = np.isfinite(scores)
        columns += [np.where(defined, scores, 0.0), defined.astype(float)]
    return np.column_stack(columns) if columns else np.zeros((len(values), 0))


def page_mean(values: NDArray[Any]) -> NDArray[Any]:
    """Return the mean score of pages from sums of scores and of defined pages (..., 2)."""
    return ratio(values[..., 0], values[..., 1])


def leave_one_out(
    metric: CorpusMetric,
    totals: Totals,
    stories: NDArray[Any],
    groups: Mapping[str, NDArray[Any]],
    policy: str,
    resampling: Resampling,
) -> Interval:
    """Return a corpus metric with its jackknife interval over stories; without one for very many stories."""

    def without(group: int | None) -> float:
        kept = slice(None) if group is None else stories != group
        left = {name: labels[kept] for name, labels in groups.items()}
        return float(metric.score(Counts(totals.names, totals.values[kept], policy, left)))

    many = int(stories.max()) + 1
    low = -1.0 if metric.range.startswith("-1") else 0.0
    left_out = many if metric.interval and many <= MOST_LEFT_OUT else 0
    return jackknife(without, left_out, level=resampling.level, bounds=(low, 1.0))
