"""How small a p-value can get, and how large a difference has to be for a paired test to find it."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

from newsbench.distributions import t_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

POWER = 0.8
#: With more stories than this the randomization test does about as well as the t-test; with fewer it does worse.
_FEW = 16
# All swaps are tried up to this many stories, if there are no more of them than resamples.
_MOST_ENUMERATED = 12
# What power is simulated with: its error in the difference is about one in a hundred.
_SAMPLES = 600
_BATCH = 100
_SWAPS = 10_000


def smallest_p(groups: int, resamples: int | None = None) -> float:
    """Return the smallest p-value that a paired test over so many stories can give.

    Two of the 2^n swaps of two systems' stories are as large as any difference; of `resamples` random swaps and the
    observed one, at least the observed one.
    """
    return max(2.0 ** (1 - groups), 0.0 if resamples is None else 1 / (resamples + 1))


def enumerable(groups: int, resamples: int) -> bool:
    """Say whether a randomization test tries all swaps instead of drawing some."""
    return groups <= _MOST_ENUMERATED and 2**groups <= resamples


def detectable_difference(
    standard_error: float,
    level: float,
    *,
    groups: int,
    pairs: int = 1,
    resamples: int | None = None,
    power: float = POWER,
) -> float:
    """Return the true difference that a paired test finds with probability `power`, were stories normally spread.

    It is (t of the level + t of the power)·error, t with n − 1 degrees of freedom for n stories and the level divided
    by the number of pairs tested together. A randomization test with `resamples` swaps (None: a t-test) cannot tell p
    finer than in steps, so half a step is taken off the level; with 16 stories or fewer the test itself is simulated.
    nan where no p-value is small enough, and where there is no spread.
    """
    alpha = (1 - level) / pairs
    if groups < 2 or standard_error < 1e-12 or smallest_p(groups, resamples) >= alpha:
        return math.nan
    if resamples is None:
        reach = _t_reach(alpha, groups, power)
    elif groups <= _FEW:
        reach = _simulated_reach(alpha, groups, resamples, power)
    else:
        steps = math.ceil(alpha * (resamples + 1)) - 1
        reach = _t_reach((steps - 0.5) / (resamples + 1), groups, power)
    return reach * standard_error if math.isfinite(reach) else math.nan


def _t_reach(alpha: float, groups: int, power: float) -> float:
    return t_quantile(1 - alpha / 2, groups - 1) + t_quantile(power, groups - 1)


@cache
def _simulated_reach(alpha: float, groups: int, resamples: int, power: float) -> float:
    """Return the difference, in standard errors, that a randomization test finds with probability `power`.

    For stories x + δ with x standard normal, swapping the stories F makes the difference at least as large as observed
    if and only if δ is at most the larger of −mean(x over F) and −mean(x over the others). The test allows so many such
    swaps; hence the smallest δ found in a sample is the next one of these bounds in descending order. inf where chance
    alone decides, since too many draws swap all stories or none.
    """
    import numpy as np

    rng = np.random.default_rng([groups, resamples])
    least = []
    for _ in range(_SAMPLES // _BATCH):
        if enumerable(groups, resamples):
            swaps = (np.arange(2**groups)[:, None] >> np.arange(groups)) & 1
            allowed = math.ceil(alpha * 2**groups) - 1
        else:
            drawn = min(resamples, _SWAPS)
            swaps = rng.integers(0, 2, size=(drawn, groups))
            allowed = math.ceil(alpha * (drawn + 1)) - 2
        least.append(_least_found(rng.normal(size=(_BATCH, groups)), swaps, allowed))
    # An order statistic, not an interpolation: some may be infinite.
    return float(np.sort(np.concatenate(least))[math.ceil(power * _SAMPLES) - 1]) * math.sqrt(groups)


def _least_found(samples: NDArray[Any], swaps: NDArray[Any], allowed: int) -> NDArray[Any]:
    """Return for each sample (s, n) the smallest shift at which at most `allowed` of the swaps (r, n) are as large."""
    import numpy as np

    swapped = swaps.sum(axis=1)
    some = (swapped > 0) & (swapped < samples.shape[1])
    # To swap all or none is always as large.
    allowed -= int(np.count_nonzero(~some))
    if not 0 <= allowed < np.count_nonzero(some):
        return np.full(len(samples), math.inf if allowed < 0 else -math.inf)
    swaps, swapped = swaps[some].astype(float), swapped[some]
    inside = samples @ swaps.T
    outside = inside - samples.sum(axis=1, keepdims=True)
    outside /= samples.shape[1] - swapped
    inside /= -swapped
    bounds = np.maximum(inside, outside, out=inside)
    at = bounds.shape[1] - 1 - allowed
    return np.partition(bounds, at, axis=1)[:, at]
