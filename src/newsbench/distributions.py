"""The normal distribution and Student's t, as far as intervals and tests need them."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache


@cache
def t_quantile(probability: float, freedom: int) -> float:
    """Return the quantile of Student's t for probabilities above one half; the normal one beyond 2,000 degrees."""
    if freedom > 2000:
        return normal_quantile(probability)
    return _inverse(lambda t: t_cdf(t, freedom), probability)


def normal_quantile(probability: float) -> float:
    """Return the quantile of the standard normal distribution."""
    if probability < 0.5:
        return -normal_quantile(1 - probability)
    return _inverse(normal_cdf, probability)


def _inverse(distribution: Callable[[float], float], probability: float) -> float:
    """Return where a distribution function symmetric about 0 reaches a probability of one half or more."""
    low, high = 0.0, 1.0
    while distribution(high) < probability:
        high *= 2
    # Until no number lies between.
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if distribution(middle) < probability else (low, middle)
    return middle


def t_cdf(t: float, freedom: int) -> float:
    """Student's distribution function for whole degrees of freedom (Abramowitz & Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan2(t, math.sqrt(freedom))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    if freedom % 2:
        term, total = math.cos(angle), 0.0
        for step in range(1, freedom - 1, 2):
            total += term
            term *= square * (step + 1) / (step + 2)
        return 0.5 + (angle + sine * total) / math.pi
    term, total = 1.0, 0.0
    for step in range(0, freedom - 1, 2):
        total += term
        term *= square * (step + 1) / (step + 2)
    return 0.5 + sine * total / 2


def normal_cdf(z: float) -> float:
    """Return the distribution function of the standard normal distribution."""
    return math.erfc(-z / math.sqrt(2)) / 2
