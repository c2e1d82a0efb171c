"""Is one system better than another? Paired tests over the same stories, corrected for the number of pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from newsbench.figures import page_mean, page_scores
from newsbench.metrics import TASKS, load_family
from newsbench.metrics.base import MACRO, CorpusMetric, Counts, Family, Metric
from newsbench.problems import UsageError
from newsbench.samedata import check_same_pages
from newsbench.scoring import CountTable
from newsbench.stats import (
    Resampling,
    group_sums,
    normal_cdf,
    paired_randomization,
    quantiles,
    resampled_sums,
    t_quantile,
    widened,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PairTest:
    """Two systems on one figure.

    `difference` is first minus second with its paired bootstrap interval `low`, `high`; `p_bootstrap` is twice the
    smaller share of resamples on the other side of zero; `p_randomization` comes from swapping the two systems'
    stories at random; `p_holm` is the latter after Holm's correction over all pairs of this figure. `detectable` is
    the smallest true difference that a test of this size would find in 80 of 100 cases at the level used.
    """

    figure: str
    first: str
    second: str
    difference: float
    low: float
    high: float
    p_bootstrap: float
    p_randomization: float
    p_holm: float
    detectable: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Systems on one figure, best first; systems that Holm's test does not part share a rank."""

    figure: str
    ranks: dict[str, tuple[int, int]]
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All pairs on all figures, and a ranking a figure."""

    pairs: list[PairTest]
    rankings: list[Ranking]
    settings: dict[str, Any]


def compare_tables(
    tables: Sequence[CountTable],
    *,
    metrics: Iterable[str] | None = None,
    policy: str = "strict",
    resampling: Resampling | None = None,
) -> Comparison:
    """Test every pair of systems on every figure.

    `metrics` are full names such as ``boilerplate.token_f1``; the headline figures where it is None. Clusterings are
    not additive and have no paired test. Errors: ValueError for fewer than two systems or an unknown figure; InputError
    where the tables do not cover the same pages of the same data.
    """
    if len(tables) < 2:
        raise UsageError("a comparison needs at least two systems")
    check_same_pages(tables)
    resampling = resampling or Resampling()
    chosen = _chosen(tables, metrics)
    pairs: list[PairTest] = []
    rankings: list[Ranking] = []
    for name, family, metric in chosen:
        figure = f"{family.task}.{metric.name}"
        stories, sums, score = _by_story(tables, name, family, metric, policy)
        if stories < 2:
            raise ValueError(f"{figure}: a paired test needs at least two stories, there is {stories}")
        found = _test_pairs(figure, [table.system for table in tables], sums, score, resampling)
        pairs.extend(found)
        values = {table.system: float(score(one.sum(axis=0))) for table, one in zip(tables, sums, strict=True)}
        rankings.append(_ranking(figure, values, found, metric.better, 1 - resampling.level))
    settings = {
        "policy": policy,
        "resamples": resampling.resamples,
        "seed": resampling.seed,
        "level": resampling.level,
        "pages": len(tables[0].pages),
        "stories": len({story or page for story, page in zip(tables[0].groups["story"], tables[0].pages, strict=True)}),
    }
    return Comparison(pairs, rankings, settings)


def _chosen(tables: Sequence[CountTable], metrics: Iterable[str] | None) -> list[tuple[str, Family, Metric]]:
    shared = [name for name in tables[0].families if all(name in table.families for table in tables)]
    known: dict[str, tuple[str, Family, Metric | CorpusMetric]] = {}
    for name in shared:
        family = load_family(name)
        for metric in (*family.metrics, *family.corpus_metrics):
            known[f"{family.task}.{metric.name}"] = (name, family, metric)
    if not known:
        raise ValueError("the systems have no task in common: there is nothing to compare")
    if metrics is None:
        return [row for row in known.values() if isinstance(row[2], Metric) and row[2].headline]
    found = []
    for figure in metrics:
        if figure not in known:
            hint = "; the peers' figures need --peers" if figure.partition(".")[0] in TASKS else ""
            raise UsageError(f"no figure {figure!r} that all systems have{hint}; there are: {', '.join(known)}")
        row = known[figure]
        if isinstance(row[2], CorpusMetric):
            raise ValueError(f"{figure} is not additive over pages and has no paired test")
        found.append(row)
    return found


def _by_story(
    tables: Sequence[CountTable], name: str, family: Family, metric: Metric, policy: str
) -> tuple[int, list[NDArray[Any]], Callable[[NDArray[Any]], NDArray[Any]]]:
    """Return the number of stories, each system's sums by story, and the figure as a function of summed sums."""
    import numpy as np

    index = family.index

    def of_sums(values: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(metric.score(Counts(index, values, policy)), float)

    sums = []
    for table in tables:
        rows = table.families[name]
        stories = [table.groups["story"][at] or table.pages[at] for at in rows.positions]
        values = rows.values
        if metric.average == MACRO:
            values = page_scores([metric], family, rows, policy)
        sums.append(group_sums(values, stories))
    return len(sums[0]), sums, page_mean if metric.average == MACRO else of_sums


def _test_pairs(
    figure: str,
    systems: Sequence[str],
    sums: Sequence[NDArray[Any]],
    score: Callable[[NDArray[Any]], NDArray[Any]],
    resampling: Resampling,
) -> list[PairTest]:
    import numpy as np

    # Equal numbers of groups give equal draws: the same stories are in the same resample for every system.
    drawn = [score(resampled_sums(one, resampling)) for one in sums]
    rows = []
    for first, second in combinations(range(len(systems)), 2):
        difference = float(score(sums[first].sum(axis=0)) - score(sums[second].sum(axis=0)))
        spread = drawn[first] - drawn[second]
        spread = spread[np.isfinite(spread)]
        reach = widened(resampling.level, len(sums[first]))
        bounds = (normal_cdf(-reach), normal_cdf(reach))
        low, high = quantiles(spread, bounds) if spread.size else (math.nan, math.nan)
        rows.append(
            (
                first,
                second,
                difference,
                float(low),
                float(high),
                _share_beyond_zero(spread),
                paired_randomization(sums[first], sums[second], score, resampling),
                detectable_difference(
                    float(spread.std()) if spread.size else math.nan,
                    resampling.level,
                    groups=len(sums[first]),
                    pairs=len(systems) * (len(systems) - 1) // 2,
                ),
            )
        )
    corrected = holm([row[6] for row in rows])
    return [
        PairTest(figure, systems[a], systems[b], d, low, high, p_boot, p_rand, p_holm, least)
        for (a, b, d, low, high, p_boot, p_rand, least), p_holm in zip(rows, corrected, strict=True)
    ]


def _share_beyond_zero(spread: NDArray[Any]) -> float:
    """Twice the smaller of the shares of resamples at or below and at or above zero, with one added to each count."""
    if not spread.size:
        return math.nan
    below, above = int((spread <= 0).sum()), int((spread >= 0).sum())
    return min(1.0, 2 * (min(below, above) + 1) / (spread.size + 1))


def detectable_difference(
    standard_error: float, level: float, *, groups: int, pairs: int = 1, power: float = 0.8
) -> float:
    """Return the difference found with probability `power`: √(n/(n − 1))·(t of the level + t of the power)·error.

    n are the stories, t has n − 1 degrees of freedom, and the level is divided by the number of pairs tested together.
    nan where no difference can be found: n stories have 2^n swaps, of which two are as large as any difference.
    """
    alpha = (1 - level) / pairs
    if groups < 2 or smallest_p(groups) > alpha:
        return math.nan
    reach = t_quantile(1 - alpha / 2, groups - 1) + t_quantile(power, groups - 1)
    return math.sqrt(groups / (groups - 1)) * reach * standard_error


def smallest_p(groups: int) -> float:
    """Return the smallest p-value that swapping the stories of two systems can give: 2 of 2^n swaps."""
    return 2.0 ** (1 - groups)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number by Holm's step-down procedure (Holm 1979); nan stays nan."""
    order = sorted((at for at, p in enumerate(p_values) if math.isfinite(p)), key=lambda at: p_values[at])
    corrected = [math.nan] * len(p_values)
    largest = 0.0
    for rank, at in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p_values[at]))
        corrected[at] = largest
    return corrected


def _ranking(figure: str, values: dict[str, float], pairs: Sequence[PairTest], better: str, alpha: float) -> Ranking:
    """Give each system the ranks it may have: 1 + the systems that beat it for certain, to n − those it beats."""
    sign = 1 if better == "higher" else -1
    beaten_by = dict.fromkeys(values, 0)
    beats = dict.fromkeys(values, 0)
    for pair in pairs:
        if not (pair.p_holm < alpha):
            continue
        winner, loser = (pair.first, pair.second) if sign * pair.difference > 0 else (pair.second, pair.first)
        beats[winner] += 1
        beaten_by[loser] += 1
    order = sorted(values, key=lambda name: (-sign * values[name] if math.isfinite(values[name]) else math.inf, name))
    ranks = {name: (1 + beaten_by[name], len(values) - beats[name]) for name in order}
    return Ranking(figure, ranks, {name: values[name] for name in order})
