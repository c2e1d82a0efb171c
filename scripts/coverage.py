"""Simulate how often bootstrap intervals cover the truth, and how often a clustering is wrongly found better.

A story has 3 to 7 pages of 400 to 900 words; a system's rate varies by story around the truth (beta, concentration 20).
Prints the share of samples whose 95 % interval holds the true rate, and the share in which two clusterings made the
same way (stories split, joined to the one before, pages set apart, by chance) differ with p < .05, by stories.
"""

from __future__ import annotations

import argparse
import math

import numpy as np

from newsbench.metrics.clustering import adjusted_rand, contingency
from newsbench.power import smallest_p
from newsbench.stats import Resampling, bootstrap, paired_jackknife

STORIES = (4, 8, 20, 40, 112)


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=10_000, help="samples a cell (default: 10000)")
    parser.add_argument("--rate", type=float, default=0.9, help="the true rate (default: 0.9)")
    options = parser.parse_args()
    error = 3 * math.sqrt(0.95 * 0.05 / options.trials)
    print(f"95 % intervals, {options.trials} samples a cell, true rate {options.rate}; ±{error:.3f} is chance.\n")
    print("| stories | percentile | BCa |\n| --- | --- | --- |")
    for stories in STORIES:
        cells = [f"{coverage(stories, method, options):.3f}" for method in ("percentile", "bca")]
        print(f"| {stories} | {cells[0]} | {cells[1]} |", flush=True)
    trials = max(1, options.trials // 5)
    error = 3 * math.sqrt(0.95 * 0.05 / trials)
    print(f"\nJackknife tests of no difference in ARI, {trials} samples a cell; ±{error:.3f} is chance.\n")
    print("| stories | p < .05 |\n| --- | --- |")
    for stories in STORIES[:-1]:
        print(f"| {stories} | {false_alarms(stories, trials):.3f} |", flush=True)


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


def false_alarms(stories: int, trials: int) -> float:
    """Return the share of samples in which two clusterings made the same way differ with p < .05."""
    rng = np.random.default_rng([stories, trials, 1])
    found = 0
    for _ in range(trials):
        gold = np.repeat(np.arange(stories), rng.integers(3, 8, stories))
        one, other = clustering(gold, rng), clustering(gold, rng)

        def difference(kept: np.ndarray, gold=gold, one=one, other=other) -> float:
            first, second = (adjusted_rand(contingency(gold[kept], labels[kept])) for labels in (one, other))
            return first - second

        p, _ = paired_jackknife(difference(gold >= 0), [difference(gold != story) for story in range(stories)])
        found += max(p, smallest_p(stories)) < 0.05
    return found / trials


def clustering(gold: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return gold clusters of which four in ten are split, two in ten joined; one page in twenty stands alone."""
    stories = int(gold.max()) + 1
    joined = np.arange(stories) - (rng.random(stories) < 0.2)
    split = rng.random(stories) < 0.4
    labels = 2 * joined[gold] + (split[gold] & (rng.random(len(gold)) < 0.5))
    return np.where(rng.random(len(gold)) < 0.05, 10 * len(gold) + np.arange(len(gold)), labels)


def share(sums: np.ndarray) -> np.ndarray:
    """Return the first column over the second."""
    return sums[..., 0] / sums[..., 1]


if __name__ == "__main__":
    main()
