"""Intervals and tests over stories: pages of one story are not independent, so stories are what is resampled.

All of it works on sums of counts by story, never on pages one by one: a resample is a vector of weights, and a metric
of 10,000 resamples is one matrix product and one call of its score function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.distributions import normal_cdf, normal_quantile, t_cdf, t_quantile
from newsbench.power import enumerable
from newsbench.problems import UsageError
from newsbench.weights import MOST_GROUPS, weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 20260314
LEVEL = 0.95
#: With fewer stories an interval covers less than it says.
FEW_STORIES = 8
# Swaps done at a time, so that memory does not grow with their number.
_BATCH = 1000
# Differences that rounding alone can make.
_HAIR = 1e-12

Score = Callable[["NDArray[Any]"], "NDArray[Any]"]


class Interval(NamedTuple):
    """A number with the bounds of its confidence interval; nan where they are not defined."""

    value: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class Resampling:
    """How stories are resampled; two reports with equal settings use the same draws.

    `method` is ``percentile`` or ``bca`` (bias-corrected and accelerated, Efron 1987). Both are widened for few
    stories: since a bootstrap of n groups is too narrow by √((n − 1)/n) and knows no t-distribution, the quantiles are
    taken at Φ(±√(n/(n − 1))·t), t with n − 1 degrees of freedom (Hesterberg 2015, "expanded percentile interval").
    """

    resamples: int = RESAMPLES
    seed: int = SEED
    level: float = LEVEL
    method: str = "percentile"

    def __post_init__(self) -> None:
        if self.method not in ("percentile", "bca"):
            raise UsageError(f"no interval {self.method!r}; allowed: percentile, bca")
        wrong = [
            f"{name} is {getattr(self, name)}; allowed: {allowed}"
            for name, sound, allowed in (
                ("resamples", self.resamples >= 0, "0 or more"),
                ("level", 0 < self.level < 1, "between 0 and 1"),
                ("seed", self.seed >= 0, "0 or more"),
            )
            if not sound
        ]
        if wrong:
            raise UsageError(", ".join(wrong))


def group_codes(groups: Sequence[Any]) -> NDArray[Any]:
    """Number groups in order of first appearance: one number a row (n)."""
    import numpy as np

    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return np.fromiter(map(numbers.__getitem__, groups), dtype=np.int64, count=len(groups))


def group_sums(values: NDArray[Any], codes: NDArray[Any]) -> NDArray[Any]:
    """Return the sums of rows by group, (g, k) for values (n, k) and the `group_codes` of the rows (n)."""
    import numpy as np

    total = int(codes.max(initial=-1)) + 1
    if total > MOST_GROUPS:
        # The interval stays the same within its own error.
        codes = codes % MOST_GROUPS
        total = MOST_GROUPS
    if not len(values):
        return np.zeros((0, values.shape[1]))
    order = codes.argsort(kind="stable")
    first = np.searchsorted(codes[order], np.arange(total))
    return np.add.reduceat(values[order].astype(float, copy=False), first, axis=0)


def resampled_sums(sums: NDArray[Any], resampling: Resampling) -> NDArray[Any]:
    """Return (resamples, k) sums of groups drawn with replacement, for sums (g, k)."""
    import numpy as np

    out = np.empty((resampling.resamples, sums.shape[1]))
    start = 0
    for some in weights(resampling.seed, len(sums), resampling.resamples):
        out[start : start + len(some)] = some.astype(float) @ sums
        start += len(some)
    return out


def bootstrap(sums: NDArray[Any], score: Score, resampling: Resampling) -> Interval:
    """Return a metric's value with its bootstrap interval, from sums (g, k) by story.

    `score` maps (..., k) to (...). Resamples where the metric is undefined are left out; with fewer than two stories,
    or no resamples, there is no interval.
    """
    if len(sums) < 2 or not resampling.resamples:
        return Interval(float(score(sums.sum(axis=0))))
    return interval_of(sums, score(resampled_sums(sums, resampling)), score, resampling)


def interval_of(sums: NDArray[Any], drawn: NDArray[Any], score: Score, resampling: Resampling) -> Interval:
    """Return the interval of scores `drawn` (resamples) of a metric whose sums by story are (g, k)."""
    import numpy as np

    value = float(score(sums.sum(axis=0)))
    drawn = drawn[np.isfinite(drawn)]
    if not drawn.size or not math.isfinite(value):
        return Interval(value)
    reach = widened(resampling.level, len(sums))
    bounds = (normal_cdf(-reach), normal_cdf(reach))
    if resampling.method == "bca":
        bounds = _bca_bounds(sums, drawn, value, score, reach)
    return Interval(value, *quantiles(drawn, bounds))


def quantiles(values: NDArray[Any], probabilities: Sequence[float]) -> list[float]:
    """Return quantiles of values (n,), n > 0, by linear interpolation between order statistics.

    Equal to ``numpy.quantile``, which imports masked arrays on the way: 20 ms of a start.
    """
    import numpy as np

    places = [probability * (len(values) - 1) for probability in probabilities]
    neighbours = [(int(place), min(int(place) + 1, len(values) - 1)) for place in places]
    ordered = np.partition(values, sorted({at for pair in neighbours for at in pair}))
    found = []
    for place, (before, after) in zip(places, neighbours, strict=True):
        low, high, share = float(ordered[before]), float(ordered[after]), place - before
        # From the nearer side, as numpy does: then equal neighbours give themselves.
        found.append(low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share))
    return found


@cache
def widened(level: float, groups: int) -> float:
    """Return how many standard deviations an interval over `groups` groups has to reach: √(n/(n − 1))·t."""
    return math.sqrt(groups / (groups - 1)) * t_quantile((1 + level) / 2, groups - 1)


def _bca_bounds(
    sums: NDArray[Any], drawn: NDArray[Any], value: float, score: Score, reach: float
) -> tuple[float, float]:
    """Shift the quantiles by the bias of the draws and the skew of leaving out one story at a time."""
    import numpy as np

    below = (np.count_nonzero(drawn < value) + 0.5 * np.count_nonzero(drawn == value)) / drawn.size
    if not 0 < below < 1:
        return normal_cdf(-reach), normal_cdf(reach)
    bias = normal_quantile(below)
    left_out = np.asarray(score(sums.sum(axis=0) - sums), float)
    left_out = left_out[np.isfinite(left_out)]
    centred = left_out.mean() - left_out
    spread = float((centred**2).sum())
    skew = float((centred**3).sum()) / (6 * spread**1.5) if spread else 0.0

    def shifted(z: float) -> float:
        z += bias
        # A reach this far turns the sign of the denominator: the bound is then the end of the draws.
        denominator = 1 - skew * z
        return normal_cdf(bias + z / denominator) if denominator > 0 else float(z > 0)

    return shifted(-reach), shifted(reach)


def jackknife(
    score_without: Callable[[int | None], float], groups: int, *, level: float = LEVEL, bounds: tuple[float, float]
) -> Interval:
    """Return a value with a t interval from leaving out one group at a time, cut at the metric's own `bounds`.

    ``score_without(None)`` is the value, ``score_without(i)`` the value without group i.
    """
    value = score_without(None)
    left_out = [score_without(group) for group in range(groups)] if groups > 1 else []
    left_out = [number for number in left_out if math.isfinite(number)]
    if len(left_out) < 2 or not math.isfinite(value):
        return Interval(value)
    half = t_quantile((1 + level) / 2, len(left_out) - 1) * jackknife_error(left_out)
    return Interval(value, max(bounds[0], value - half), min(bounds[1], value + half))


def jackknife_error(left_out: Sequence[float]) -> float:
    """Return the standard error of a value from its values without one group each (Tukey 1958)."""
    mean = sum(left_out) / len(left_out)
    return math.sqrt((len(left_out) - 1) / len(left_out) * sum((number - mean) ** 2 for number in left_out))


def paired_jackknife(difference: float, left_out: Sequence[float]) -> tuple[float, float]:
    """Return the p-value of a two-sided t-test of a difference, and the difference's standard error.

    `left_out` are the differences without one group each; those that are undefined are left out. t is the difference
    over its jackknife error, with one degree of freedom less than groups. nan with fewer than two groups.
    """
    left_out = [number for number in left_out if math.isfinite(number)]
    if len(left_out) < 2 or not math.isfinite(difference):
        return math.nan, math.nan
    error = jackknife_error(left_out)
    # A hair of rounding is no difference, and no spread.
    if abs(difference) < _HAIR:
        return 1.0, error
    return (2 * (1 - t_cdf(abs(difference) / error, len(left_out) - 1)) if error > _HAIR else 0.0), error


def paired_randomization(first: NDArray[Any], second: NDArray[Any], score: Score, resampling: Resampling) -> float:
    """Return the p-value of a two-sided approximate randomization test (Noreen 1989; Yeh 2000).

    Under the hypothesis that two systems are the same, each story's counts could as well belong to the other one: swap
    them at random and see how often the difference is at least as large. `first` and `second` are (g, k) sums by story;
    with few stories all 2^g swaps are tried. p = (1 + swaps at least as large) / (1 + swaps), or the exact share.
    """
    import numpy as np

    groups = len(first)
    observed = abs(float(score(first.sum(axis=0)) - score(second.sum(axis=0))))
    if not math.isfinite(observed):
        return math.nan
    change = second - first
    totals = first.sum(axis=0), second.sum(axis=0)
    exact = enumerable(groups, resampling.resamples)
    trials = 2**groups if exact else resampling.resamples
    if not resampling.resamples:
        return math.nan
    rng = np.random.default_rng([resampling.seed, groups, 1])
    as_large = counted = 0
    for start in range(0, trials, _BATCH):
        size = min(_BATCH, trials - start)
        if exact:
            swaps = (np.arange(start, start + size)[:, None] >> np.arange(groups)) & 1
        else:
            swaps = rng.integers(0, 2, size=(size, groups))
        moved = swaps.astype(float) @ change
        difference = np.abs(score(totals[0] + moved) - score(totals[1] - moved))
        difference = difference[np.isfinite(difference)]
        # A hair of rounding must not turn "as large" into "smaller".
        as_large += int((difference >= observed - _HAIR).sum())
        counted += difference.size
    if exact:
        return as_large / counted if counted else math.nan
    return (as_large + 1) / (counted + 1)
