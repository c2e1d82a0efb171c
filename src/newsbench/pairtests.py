"""One figure of several systems, pair by pair: random swaps of stories, or leaving out one story at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.figures import MOST_LEFT_OUT, labels_of, page_mean, page_scores, stories_of
from newsbench.metrics.base import MACRO, CorpusMetric, Counts, Family, Metric
from newsbench.power import smallest_p
from newsbench.scoring import CountTable
from newsbench.stats import (
    Interval,
    Resampling,
    Score,
    group_sums,
    interval_of,
    jackknife,
    paired_jackknife,
    paired_randomization,
    resampled_sums,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

RANDOMIZATION, JACKKNIFE = "randomization", "jackknife"


class Figure(NamedTuple):
    """A metric with the family whose counts it is made of, and that family's full name."""

    family_name: str
    family: Family
    metric: Metric | CorpusMetric

    @property
    def name(self) -> str:
        """The figure's full name, such as ``boilerplate.token_f1``."""
        return f"{self.family.task}.{self.metric.name}"


class Paired(NamedTuple):
    """Two systems, by number, on one figure: first minus second, its p-values before correction, its spread."""

    first: int
    second: int
    difference: Interval
    p: float = math.nan
    p_bootstrap: float = math.nan
    standard_error: float = math.nan


@dataclass(slots=True)
class Tested:
    """A figure's `values` by system, and each pair whose values are defined.

    `groups` are the stories that were left out, or swapped so many times at random (`swaps`); where neither was done,
    `test` is None and `reason` says why.
    """

    test: str | None
    groups: int
    values: list[float]
    pairs: list[Paired] = field(default_factory=list)
    swaps: int | None = None
    reason: str = ""

    @property
    def tests(self) -> int:
        """How many pairs have a p-value."""
        return sum(math.isfinite(pair.p) for pair in self.pairs)


def pair_tests(figure: Figure, tables: Sequence[CountTable], policy: str, resampling: Resampling) -> Tested:
    """Test every pair of systems whose figure is defined, each pair as if it were the only one."""
    if isinstance(figure.metric, CorpusMetric):
        return _by_jackknife(figure, figure.metric, tables, policy, resampling)
    return _by_randomization(figure, figure.metric, tables, policy, resampling)


def _by_randomization(
    figure: Figure, metric: Metric, tables: Sequence[CountTable], policy: str, resampling: Resampling
) -> Tested:
    import numpy as np

    family, name = figure.family, figure.family_name
    index = family.index

    def of_sums(values: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(metric.score(Counts(index, values, policy)), float)

    macro = metric.average == MACRO
    score = page_mean if macro else of_sums
    rows = [table.families[name] for table in tables]
    stories = stories_of(tables[0], rows[0])
    sums = [
        group_sums(page_scores([metric], index, one.values, policy) if macro else one.values, stories) for one in rows
    ]
    values = [float(score(one.sum(axis=0))) for one in sums]
    found = Tested(RANDOMIZATION, len(sums[0]), values, swaps=resampling.resamples)
    pairs = _defined_pairs(found.values)
    if found.groups < 2:
        return _untested(found, _too_few(found.groups), pairs)
    if not resampling.resamples:
        return _untested(found, "there are no resamples", pairs)
    # Equal numbers of groups give equal draws: the same stories are in the same resample for every system.
    drawn = {at: score(resampled_sums(sums[at], resampling)) for at in {at for pair in pairs for at in pair}}
    for first, second in pairs:
        spread = drawn[first] - drawn[second]
        finite = spread[np.isfinite(spread)]
        both = np.hstack([sums[first], sums[second]])
        found.pairs.append(
            Paired(
                first,
                second,
                interval_of(both, spread, _difference(score, sums[first].shape[1]), resampling),
                paired_randomization(sums[first], sums[second], score, resampling),
                _share_beyond_zero(finite),
                # A bootstrap of n stories is too narrow by this much.
                math.sqrt(found.groups / (found.groups - 1)) * float(finite.std()) if finite.size else math.nan,
            )
        )
    return found


def _difference(score: Score, width: int) -> Score:
    """Return the difference of a score of the first `width` columns and of the rest."""

    def of_both(sums: NDArray[Any]) -> NDArray[Any]:
        return score(sums[..., :width]) - score(sums[..., width:])

    return of_both


def _share_beyond_zero(spread: NDArray[Any]) -> float:
    """Twice the smaller of the shares of resamples at or below and at or above zero, with one added to each count."""
    if not spread.size:
        return math.nan
    below, above = int((spread <= 0).sum()), int((spread >= 0).sum())
    return min(1.0, 2 * (min(below, above) + 1) / (spread.size + 1))


def _by_jackknife(
    figure: Figure, metric: CorpusMetric, tables: Sequence[CountTable], policy: str, resampling: Resampling
) -> Tested:
    stories = stories_of(tables[0], tables[0].families[figure.family_name])
    scores = [_score_without(figure, metric, table, stories, policy) for table in tables]
    found = Tested(JACKKNIFE, int(stories.max(initial=-1)) + 1, [score(None) for score in scores])
    pairs = _defined_pairs(found.values)
    if found.groups < 2:
        return _untested(found, _too_few(found.groups), pairs)
    if not metric.interval:
        return _untested(found, "a smallest value has no error that leaving out stories could show", pairs)
    if found.groups > MOST_LEFT_OUT:
        return _untested(
            found, f"there are {found.groups:,} stories to leave out; this is done for up to {MOST_LEFT_OUT:,}", pairs
        )
    left_out = {
        at: [scores[at](group) for group in range(found.groups)] for at in {at for pair in pairs for at in pair}
    }
    span = 2.0 if metric.range.startswith("-1") else 1.0
    for first, second in pairs:
        differences = [one - other for one, other in zip(left_out[first], left_out[second], strict=True)]
        value = found.values[first] - found.values[second]
        interval = jackknife(
            lambda group, value=value, differences=differences: value if group is None else differences[group],
            found.groups,
            level=resampling.level,
            bounds=(-span, span),
        )
        p, error = paired_jackknife(value, differences)
        # t with no spread at all would be certain of anything; swapping stories could not be.
        p = max(p, smallest_p(found.groups)) if math.isfinite(p) else p
        found.pairs.append(Paired(first, second, interval, p, standard_error=error))
    return found


def _score_without(
    figure: Figure, metric: CorpusMetric, table: CountTable, codes: NDArray[Any], policy: str
) -> Callable[[int | None], float]:
    """Return a corpus metric as a function of the story (its number) to leave out; None leaves out none."""
    rows, index = table.families[figure.family_name], figure.family.index
    labels = labels_of(table, rows)

    def without(group: int | None) -> float:
        kept = slice(None) if group is None else codes != group
        left = {name: values[kept] for name, values in labels.items()}
        return float(metric.score(Counts(index, rows.values[kept], policy, left)))

    return without


def _defined_pairs(values: Sequence[float]) -> list[tuple[int, int]]:
    return list(combinations((at for at, value in enumerate(values) if math.isfinite(value)), 2))


def _too_few(stories: int) -> str:
    return f"{'one story' if stories == 1 else 'no stories'}; a paired test needs at least two"


def _untested(found: Tested, reason: str, pairs: Sequence[tuple[int, int]]) -> Tested:
    """Return a figure with the pairs' bare differences and the reason why there is no test."""
    bare = [Paired(one, other, Interval(found.values[one] - found.values[other])) for one, other in pairs]
    return Tested(None, found.groups, found.values, bare, reason=reason)
