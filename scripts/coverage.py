"""Simulate how often bootstrap intervals cover the truth, by number of stories.

A story has 3 to 7 pages of 400 to 900 words; a system's rate varies by story around the truth (beta, concentration 20).
Prints the share of samples whose 95 % interval holds the true rate.
"""

from __future__ import annotations

import argparse
import math

import numpy as np

from newsbench.stats import Resampling, bootstrap


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=10_000, help="samples a cell (default: 10000)")
    parser.add_argument("--rate", type=float, default=0.9, help="the true rate (default: 0.9)")
    options = parser.parse_args()
    error = 3 * math.sqrt(0.95 * 0.05 / options.trials)
    print(f"95 % intervals, {options.trials} samples a cell, true rate {options.rate}; ±{error:.3f} is chance.\n")
    print("| stories | percentile | BCa |\n| --- | --- | --- |")
    for stories in (4, 8, 20, 40, 112):
        cells = [f"{coverage(stories, method, options):.3f}" for method in ("percentile", "bca")]
        print(f"| {stories} | {cells[0]} | {cells[1]} |", flush=True)


def coverage(stories: int, method: str, options: argparse.Namespace) -> float:
    """Return the share of samples whose interval covers the true rate."""
    rng = np.random.default_rng([stories, options.trials])
    hits = 0
    for trial in range(options.trials):
        words = rng.integers(3, 8, stories) * rng.integers(400, 900, stories)
        rates = rng.beta(20 * options.rate, 20 * (1 - options.rate), stories)
        sums = np.column_stack([rng.binomial(words, rates), words]).astype(float)
        found = bootstrap(sums, share, Resampling(resamples=1000, method=method, seed=trial))
        hits += found.low <= options.rate <= found.high
    return hits / options.trials


def share(sums: np.ndarray) -> np.ndarray:
    """Return the first column over the second."""
    return sums[..., 0] / sums[..., 1]


if __name__ == "__main__":
    main()
