"""Intervals and tests against slow loops, known numbers, and a simulation of their coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stats_examples import sample, share

from newsbench.stats import (
    Interval,
    Resampling,
    bootstrap,
    group_codes,
    group_sums,
    interval_of,
    jackknife,
    quantiles,
    resampled_sums,
    t_quantile,
    widened,
)

rows = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30)


@given(rows, st.lists(st.sampled_from("abcd"), min_size=30, max_size=30))
def test_group_sums_are_sums_of_groups(values, labels):
    labels = labels[: len(values)]
    expected = {}
    for row, label in zip(values, labels, strict=True):
        expected[label] = np.add(expected.get(label, (0, 0)), row)
    assert np.array_equal(group_sums(np.array(values, float), group_codes(labels)), np.array(list(expected.values())))


@given(rows)
def test_sums_of_groups_add_up_to_the_sum_of_all(values):
    values = np.array(values, float)
    whole = group_sums(values, group_codes(["x"] * len(values)))[0]
    assert np.array_equal(whole, group_sums(values, np.arange(len(values))).sum(axis=0))


def test_resamples_draw_whole_stories_with_replacement():
    sums = np.eye(5)
    drawn = resampled_sums(sums, Resampling(resamples=2000))
    assert np.all(drawn.sum(axis=1) == 5)
    assert np.all(drawn == drawn.round())
    # A story is drawn once on average, and not at all with probability (4/5)^5.
    assert drawn.mean() == pytest.approx(1, abs=1e-12)
    assert (drawn == 0).mean() == pytest.approx(0.8**5, abs=0.02)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    sums = sample(12, 1)
    first = resampled_sums(sums, Resampling(resamples=50))
    assert np.array_equal(first, resampled_sums(sums, Resampling(resamples=50)))
    assert not np.array_equal(first, resampled_sums(sums, Resampling(resamples=50, seed=1)))


def test_systems_over_the_same_stories_share_their_draws():
    first, second = sample(9, 1), sample(9, 2)
    both = resampled_sums(np.hstack([first, second]), Resampling(resamples=100))
    assert np.array_equal(both[:, :2], resampled_sums(first, Resampling(resamples=100)))
    assert np.array_equal(both[:, 2:], resampled_sums(second, Resampling(resamples=100)))


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 10, 39, 111, 999, 2001, 10**6])
def test_quantiles_of_t_are_scipy_s(freedom):
    from scipy import stats

    for probability in (0.6, 0.9, 0.975, 0.995):
        assert t_quantile(probability, freedom) == pytest.approx(stats.t.ppf(probability, freedom), rel=1e-3)
        if freedom <= 2000:
            assert t_quantile(probability, freedom) == pytest.approx(stats.t.ppf(probability, freedom), rel=1e-9)


def nominal(stories: int) -> float:
    """The level at which scipy's plain interval has the quantiles of our widened one."""
    from scipy import stats

    return 2 * stats.norm.cdf(widened(0.95, stories)) - 1


@settings(max_examples=300)
@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50),
    st.lists(st.floats(0, 1), min_size=1, max_size=3),
)
def test_quantiles_are_numpy_s_to_the_last_bit(values, probabilities):
    assert quantiles(np.array(values), probabilities) == np.quantile(values, probabilities).tolist()


def test_percentile_interval_agrees_with_scipy():
    from scipy import stats

    sums = sample(30, 3)
    found = bootstrap(sums, share, Resampling(resamples=10_000))
    peer = stats.bootstrap(
        (sums[:, 0], sums[:, 1]),
        lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
        paired=True,
        method="percentile",
        n_resamples=10_000,
        confidence_level=nominal(len(sums)),
        rng=np.random.default_rng(5),
    ).confidence_interval
    assert found.value == sums[:, 0].sum() / sums[:, 1].sum()
    assert found.low == pytest.approx(peer.low, abs=0.004)
    assert found.high == pytest.approx(peer.high, abs=0.004)


def test_bca_interval_agrees_with_scipy():
    from scipy import stats

    sums = sample(25, 4, rate=0.95)
    found = bootstrap(sums, share, Resampling(resamples=10_000, method="bca"))
    peer = stats.bootstrap(
        (sums[:, 0], sums[:, 1]),
        lambda a, b, axis: a.sum(axis=axis) / b.sum(axis=axis),
        paired=True,
        method="BCa",
        n_resamples=10_000,
        confidence_level=nominal(len(sums)),
        rng=np.random.default_rng(5),
    ).confidence_interval
    assert found.low == pytest.approx(peer.low, abs=0.004)
    assert found.high == pytest.approx(peer.high, abs=0.004)


def test_ties_of_a_bca_interval_count_half_as_scipy_s_do():
    from scipy import stats

    # Of 12 stories 9 are right: a quarter of all resamples have just that many.
    right = np.array([1.0] * 9 + [0.0] * 3)
    found = bootstrap(np.column_stack([right, np.ones(12)]), share, Resampling(resamples=10_000, method="bca"))
    peer = stats.bootstrap(
        (right,),
        np.mean,
        method="BCa",
        n_resamples=10_000,
        confidence_level=nominal(12),
        rng=np.random.default_rng(5),
    ).confidence_interval
    assert (found.low, found.high) == pytest.approx((peer.low, peer.high), abs=0.004)


def test_no_interval_from_one_story_or_without_resamples():
    one = bootstrap(np.array([[1.0, 2.0]]), share, Resampling())
    none = bootstrap(sample(5, 1), share, Resampling(resamples=0))
    for found in (one, none):
        assert math.isfinite(found.value)
        assert math.isnan(found.low)
        assert math.isnan(found.high)


def test_undefined_resamples_are_left_out():
    sums = np.array([[0.0, 0.0]] * 9 + [[1.0, 2.0]])
    found = bootstrap(sums, share, Resampling(resamples=500))
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("wrong", [{"method": "normal"}, {"level": 1.0}, {"resamples": -1}])
def test_wrong_settings_are_refused(wrong):
    with pytest.raises(ValueError, match=r"allowed|must be"):
        Resampling(**wrong)


@pytest.mark.parametrize("method", ["percentile", "bca"])
def test_intervals_cover_the_truth_as_often_as_they_say(method):
    """1,000 samples of 40 stories: a 95 % interval misses in about 5 % of them, give or take the simulation's error.

    `scripts/coverage.py` does the same for other numbers of stories.
    """
    rate, trials, hits = 0.8, 1000, 0
    for trial in range(trials):
        sums = sample(40, 1000 + trial, rate=rate)
        found = bootstrap(sums, share, Resampling(resamples=600, method=method, seed=trial))
        hits += found.low <= rate <= found.high
    assert hits / trials == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / trials))


def test_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(2).normal(0.5, 0.1, 50)

    def without(group):
        return float(values.mean() if group is None else np.delete(values, group).mean())

    found = jackknife(without, 50, bounds=(0, 1))
    half = 2.0095752 * values.std(ddof=1) / math.sqrt(50)
    assert found.low == pytest.approx(values.mean() - half, rel=1e-6)
    assert found.high == pytest.approx(values.mean() + half, rel=1e-6)


def test_jackknife_stays_inside_the_metric_s_range():
    def without(group):
        return {None: 0.99, 0: 0.9, 1: 1.0, 2: 1.0}[group]

    assert jackknife(without, 3, bounds=(0, 1)).high == 1.0


def test_many_groups_are_summed_into_blocks_and_keep_the_interval():
    sums = sample(9000, 5)
    blocks = group_sums(sums, np.arange(9000))
    assert len(blocks) == 1024
    assert np.array_equal(blocks.sum(axis=0), sums.sum(axis=0))
    found = bootstrap(blocks, share, Resampling(resamples=2000))
    direct = bootstrap(sums, share, Resampling(resamples=2000))
    assert found.high - found.low == pytest.approx(direct.high - direct.low, rel=0.12)


def test_an_undefined_value_has_no_interval():
    found = interval_of(np.zeros((3, 2)), np.array([0.5, 0.5]), share, Resampling())
    assert isinstance(found, Interval)
    assert math.isnan(found.value)
    assert math.isnan(found.low)
