"""Intervals and tests against slow loops, known numbers, and a simulation of their coverage."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench import stats
from newsbench.multiplicity import holm
from newsbench.power import detectable_difference, smallest_p
from newsbench.stats import (
    Interval,
    Resampling,
    bootstrap,
    group_codes,
    group_sums,
    interval_of,
    jackknife,
    paired_jackknife,
    paired_randomization,
    quantiles,
    resampled_sums,
    t_quantile,
    widened,
)


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


def test_draws_are_kept_for_several_numbers_of_groups_but_not_without_end(monkeypatch):
    monkeypatch.setattr(stats, "_kept", {})
    monkeypatch.setattr(stats, "_KEPT", 30_000)
    drawn = []
    usual = stats._weights
    monkeypatch.setattr(stats, "_weights", lambda *asked: drawn.append(asked[1]) or usual(*asked))
    first = {}
    for groups in (5, 7, 5, 7, 20, 7, 5, 40):
        found = resampled_sums(np.arange(groups)[:, None], Resampling(resamples=1000))
        assert np.array_equal(first.setdefault(groups, found), found)
    # 5 has to make room for 20, and 20 for 5; 40 is too large to be kept.
    assert drawn == [5, 7, 20, 5, 40]
    assert [groups for _, groups, _ in stats._kept] == [7, 5]


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
    assert holm([0.5, 0.9]) == [1.0, 1.0]
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
