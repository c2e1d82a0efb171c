"""Made-up sums of counts by story, for the tests of statistics."""

from __future__ import annotations

import numpy as np


def share(values):
    """A micro-averaged ratio of two columns."""
    values = np.asarray(values, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return values[..., 0] / values[..., 1]


def sample(stories: int, seed: int, *, rate: float = 0.7) -> np.ndarray:
    """Sums by story of pages whose rate varies by story."""
    rng = np.random.default_rng(seed)
    size = rng.integers(50, 300, stories)
    rates = rng.beta(20 * rate, 20 * (1 - rate), stories)
    return np.column_stack([rng.binomial(size, rates), size]).astype(float)
