"""Tests of differences: randomization, Holm, power, and the paired jackknife."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stats_examples import sample, share

from newsbench.multiplicity import holm
from newsbench.power import detectable_difference, smallest_p
from newsbench.stats import (
    Resampling,
    paired_jackknife,
    paired_randomization,
)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 7), st.integers(0, 1000))
def test_exact_randomization_agrees_with_all_swaps_by_hand(stories, seed):
    first, second = sample(stories, seed), sample(stories, seed + 1)
    observed = abs(share(first.sum(axis=0)) - share(second.sum(axis=0)))
    as_large = 0
    for swaps in itertools.product([False, True], repeat=stories):
        a = sum(second[k] if swap else first[k] for k, swap in enumerate(swaps))
        b = sum(first[k] if swap else second[k] for k, swap in enumerate(swaps))
        as_large += abs(share(a) - share(b)) >= observed - 1e-12
    assert paired_randomization(first, second, share, Resampling()) == as_large / 2**stories


def test_a_system_against_itself_is_never_different():
    sums = sample(40, 1)
    assert paired_randomization(sums, sums, share, Resampling(resamples=200)) == 1.0


def test_a_clear_difference_is_found():
    first = sample(40, 1, rate=0.9)
    second = np.column_stack([first[:, 0] * 0.6, first[:, 1]])
    assert paired_randomization(first, second, share, Resampling(resamples=2000)) < 0.001


def test_p_values_are_uniform_where_there_is_no_difference():
    found = []
    for trial in range(200):
        first, second = sample(20, trial), sample(20, 5000 + trial)
        found.append(paired_randomization(first, second, share, Resampling(resamples=300)))
    # Under the null hypothesis p < .05 in about one of twenty cases.
    assert sum(p < 0.05 for p in found) <= 21
    assert 0.4 < np.mean(found) < 0.6


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([0.02]) == [0.02]
    found = holm([0.01, math.nan])
    assert found[0] == 0.01
    assert math.isnan(found[1])


def test_the_detectable_difference_is_found_in_four_of_five_cases():
    error = 0.01
    least = detectable_difference(error, 0.95, groups=10**6)
    draws = np.random.default_rng(1).normal(least, error, 20_000)
    assert (np.abs(draws) > 1.959964 * error).mean() == pytest.approx(0.8, abs=0.01)


def test_the_smallest_p_value_is_that_of_all_swaps_or_of_all_draws():
    assert smallest_p(4) == smallest_p(4, 10_000) == 0.125
    assert smallest_p(20, 10_000) == 1 / 10_001
    assert smallest_p(20, 0) == 1
    for stories in (3, 5, 20):
        first = np.column_stack([np.linspace(0.8, 0.9, stories), np.ones(stories)])
        second = np.column_stack([np.linspace(0.1, 0.2, stories), np.ones(stories)])
        found = paired_randomization(first, second, share, Resampling(resamples=200))
        assert found == pytest.approx(smallest_p(stories, 200))


def test_no_difference_is_detectable_where_no_p_value_is_small_enough():
    for resamples in (None, 10_000):
        assert math.isnan(detectable_difference(0.01, 0.95, groups=4, resamples=resamples))
        few, many, pairs = (
            detectable_difference(0.01, 0.95, groups=groups, pairs=pairs, resamples=resamples)
            for groups, pairs in ((8, 1), (100, 1), (100, 10))
        )
        assert few > many
        assert pairs > many
    assert math.isnan(detectable_difference(0.01, 0.95, groups=20, pairs=28, resamples=500))
    assert detectable_difference(0.01, 0.95, groups=20, pairs=28, resamples=600) > 0
    # A fifth of 200 draws and more swap all eight stories or none.
    assert math.isnan(detectable_difference(0.01, 0.95, groups=8, pairs=6, resamples=200))
    assert math.isnan(detectable_difference(0.0, 0.95, groups=20))


def test_the_level_is_half_a_step_below_the_largest_p_value_that_is_small_enough():
    from scipy import stats

    # p is a multiple of 1/59; 2/59 is below 0.05, and 3/59 is not.
    reach = stats.t.ppf(1 - 1.5 / 59 / 2, 99) + stats.t.ppf(0.8, 99)
    assert detectable_difference(0.01, 0.95, groups=100, resamples=58) == pytest.approx(0.01 * reach)
    # Up to 58 draws make these steps smaller; with 70 a third one is small enough.
    for groups in (10, 100):
        few, some, many = (detectable_difference(0.01, 0.95, groups=groups, resamples=draws) for draws in (45, 58, 70))
        assert few < some > many


@pytest.mark.parametrize(
    ("stories", "pairs", "resamples"),
    [(6, 1, 10_000), (8, 3, 10_000), (9, 10, 10_000), (13, 10, 3000), (20, 1, 400), (20, 28, 600)],
)
def test_power_at_the_detectable_difference_is_what_it_says(stories, pairs, resamples):
    rng = np.random.default_rng([stories, pairs])
    spread, trials, found = 0.05, 200, 0
    error = spread / math.sqrt(stories)
    least = detectable_difference(error, 0.95, groups=stories, pairs=pairs, resamples=resamples)
    for trial in range(trials):
        gain = rng.normal(least, spread, stories)
        first = np.column_stack([0.5 + gain, np.ones(stories)])
        second = np.column_stack([np.full(stories, 0.5), np.ones(stories)])
        resampling = Resampling(resamples=resamples, seed=trial)
        found += paired_randomization(first, second, share, resampling) < 0.05 / pairs
    assert found / trials == pytest.approx(0.8, abs=0.09)


def test_the_paired_jackknife_of_a_mean_is_the_paired_t_test():
    from scipy import stats

    rng = np.random.default_rng(8)
    first, second = rng.normal(0.5, 0.1, 15), rng.normal(0.45, 0.1, 15)
    gain = first - second
    p, error = paired_jackknife(gain.mean(), [np.delete(gain, at).mean() for at in range(15)])
    assert error == pytest.approx(gain.std(ddof=1) / math.sqrt(15))
    assert p == pytest.approx(stats.ttest_rel(first, second).pvalue)


def test_the_paired_jackknife_of_nothing():
    assert paired_jackknife(0.0, [0.0, 0.0]) == (1.0, 0.0)
    assert paired_jackknife(0.5, [0.5, 0.5]) == (0.0, 0.0)
    assert all(map(math.isnan, paired_jackknife(0.5, [0.5, math.nan])))
