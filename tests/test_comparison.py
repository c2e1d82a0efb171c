"""Comparisons of systems: which figures are tested and how, what is undefined, what is refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from comparison_examples import FEW, clusters, kept

import newsbench
from newsbench.comparison import compare_tables
from newsbench.formats.comparisons import render
from newsbench.gold import load_gold
from newsbench.metrics import load_family
from newsbench.reporting import build_report
from newsbench.stats import Resampling, bootstrap, interval_of


def noisy(gold, rng, share: float):
    """A clustering in which a share of pages stands alone."""
    strays = rng.random(len(gold)) < share
    return np.where(strays, 1000 + np.arange(len(gold)), gold)


@pytest.fixture(scope="module")
def clusterings():
    rng = np.random.default_rng(1)
    gold = np.repeat(np.arange(20), 5)
    return [clusters(f"stray-{share}", gold, noisy(gold, rng, share)) for share in (0.05, 0.1, 0.6)]


def test_clusterings_are_tested_ranked_and_say_by_which_test(clusterings):
    found = compare_tables(clusterings, resampling=FEW)
    assert {pair.figure for pair in found.pairs} == {"stories.ari", "stories.pairwise_f1", "stories.bcubed_f1"}
    assert all(pair.test == "jackknife" for pair in found.pairs)
    for pair in found.pairs:
        assert pair.low <= pair.difference <= pair.high
        assert pair.p_jackknife <= pair.p_holm
        assert math.isnan(pair.p_randomization)
    assert found.rankings[0].ranks == {"stray-0.05": (1, 2), "stray-0.1": (1, 2), "stray-0.6": (3, 3)}
    rows = json.loads(render(found, "json"))["pairs"]
    assert {row["test"] for row in rows} == {"jackknife"}
    assert all("jackknife" in line for line in render(found, "table").splitlines() if line.startswith("stories."))


def test_two_clusterings_from_predictions_are_compared():
    pages = load_gold(split="validation").pages
    right = [{"id": page.id, "story": page.story} for page in pages]
    alone = [{"id": page.id, "story": page.id if at % 3 else page.story} for at, page in enumerate(pages)]
    found = newsbench.compare([right, alone], split="validation", resampling=FEW)
    ari = next(pair for pair in found.pairs if pair.figure == "stories.ari")
    report = newsbench.score(right, alone, split="validation", resampling=FEW)
    values = [system["stories"]["ari"].value for system in report.systems]
    assert ari.difference == values[0] - values[1]
    assert ari.test == "jackknife"
    # Four stories: no test can be surer than two of sixteen swaps.
    assert ari.p_holm == 0.125
    assert found.signature == report.signature
    assert found.data == report.data


def test_the_jackknife_does_not_find_differences_too_often():
    """Two systems made the same way differ with p < .05 in no more than about one of twenty samples."""
    rng, trials, found = np.random.default_rng(5), 200, []
    for _ in range(trials):
        gold = np.repeat(np.arange(10), rng.integers(2, 7, 10))
        pair = [clusters(name, gold, noisy(gold, rng, 0.2)) for name in "ab"]
        found.append(compare_tables(pair, metrics=["stories.ari"]).pairs[0].p_jackknife)
    assert np.mean(np.array(found) < 0.05) <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / trials)
    assert 0.35 < np.mean(found) < 0.65


def test_the_jackknife_of_clusterings_is_a_t_test_over_stories_left_out(clusterings):
    from scipy import stats
    from sklearn.metrics import adjusted_rand_score

    pair = compare_tables(clusterings[1:], metrics=["stories.ari"]).pairs[0]
    gold, *predicted = np.hstack([table.families["stories.clusters"].values for table in clusterings[1:]])[:, [0, 1, 3]].T

    def difference(kept) -> float:
        one, other = (adjusted_rand_score(gold[kept], labels[kept]) for labels in predicted)
        return one - other

    left_out = np.array([difference(gold != story) for story in range(20)])
    error = math.sqrt(19 * left_out.var())
    assert pair.difference == pytest.approx(difference(gold >= 0))
    assert pair.p_jackknife == pytest.approx(max(2 * stats.t.sf(pair.difference / error, 19), 2 / 2**20))
    half = stats.t.ppf(0.975, 19) * error
    assert (pair.low, pair.high) == pytest.approx((pair.difference - half, pair.difference + half))


def test_intervals_of_differences_end_where_differences_do():
    gold = [0, 0, 0, 1, 1, 1]
    # One story is put together, the other is not: two stories say next to nothing.
    tables = [clusters("right", gold, gold), clusters("half", gold, [0, 0, 0, 1, 2, 3])]
    f1, ari = compare_tables(tables, metrics=["stories.pairwise_f1", "stories.ari"]).pairs
    assert (f1.low, f1.high) == (-1, 1)
    assert (ari.low, ari.high) == (-2, 2)


def test_no_spread_at_all_is_no_certainty():
    gold = np.repeat(np.arange(6), 3)
    found = compare_tables([clusters("right", gold, gold), clusters("one", gold, gold * 0)], metrics=["stories.ari"])
    assert found.pairs[0].difference == 1
    assert found.pairs[0].p_jackknife == 2 / 2**6
    same = compare_tables([clusters("right", gold, gold), clusters("too", gold, gold + 7)], metrics=["stories.ari"])
    assert same.pairs[0].p_jackknife == 1
    assert math.isnan(same.pairs[0].detectable)


def test_with_too_many_stories_a_clustering_is_said_to_be_untested():
    gold = np.repeat(np.arange(501), 2)
    found = compare_tables([clusters("right", gold, gold), clusters("one", gold, gold * 0)])
    assert {pair.test for pair in found.pairs} == {None}
    assert found.pairs[0].difference == 1
    assert math.isnan(found.pairs[0].p)
    assert found.rankings[0].ranks == {}
    assert any("stories.ari: not tested: there are 501 stories" in note for note in found.notes)
    assert "not tested: there are 501 stories" in render(found, "table")


def test_a_minimum_is_compared_but_not_tested():
    tables = [kept("a", np.linspace(0.5, 1, 10)), kept("b", np.linspace(0.3, 0.9, 10))]
    found = compare_tables(
        tables, metrics=["boilerplate.token_f1_outlet_worst", "boilerplate.token_f1_outlet_mean"], resampling=FEW
    )
    worst, mean = found.pairs
    assert worst.difference > 0
    assert worst.test is None
    assert mean.test == "jackknife"
    assert any("outlet_worst: not tested" in note for note in found.notes)


def test_the_interval_is_of_the_kind_asked_for():
    rng = np.random.default_rng(3)
    tables = [kept("a", rng.beta(9, 1, 12)), kept("b", rng.beta(8, 2, 12))]
    name = ["boilerplate.token_recall"]
    plain, bca = (
        compare_tables(tables, metrics=name, resampling=Resampling(resamples=1000, method=method))
        for method in ("percentile", "bca")
    )
    assert (plain.pairs[0].low, plain.pairs[0].high) != (bca.pairs[0].low, bca.pairs[0].high)
    assert plain.pairs[0].p_randomization == bca.pairs[0].p_randomization
    columns = load_family("boilerplate.words").index
    sums = np.column_stack([table.families["boilerplate.words"].values[:, columns["kept.paragraph"]] for table in tables])
    expected = bootstrap(
        sums, lambda values: (values[..., 0] - values[..., 1]) / 1200, Resampling(resamples=1000, method="bca")
    )
    assert (bca.pairs[0].low, bca.pairs[0].high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    settings = json.loads(render(bca, "json"))["settings"]
    assert [settings[key] for key in ("interval", "level", "resamples", "seed")] == ["bca", 0.95, 1000, 20260314]
    assert "(bca, 1,000 resamples)" in render(bca, "table")


def test_the_percentile_interval_is_that_of_paired_draws():
    rng = np.random.default_rng(4)
    tables = [kept("a", rng.beta(9, 1, 12)), kept("b", rng.beta(8, 2, 12))]
    pair = compare_tables(tables, metrics=["boilerplate.token_recall"], resampling=FEW).pairs[0]
    stories = np.random.default_rng([FEW.seed, 12]).integers(0, 12, size=(400, 12))
    columns = load_family("boilerplate.words").index
    one, other = (table.families["boilerplate.words"].values[:, columns["kept.paragraph"]] for table in tables)
    drawn = (one - other)[stories].sum(axis=1) / 1200
    beyond = min((drawn <= 0).sum(), (drawn >= 0).sum())
    assert beyond > 1
    assert pair.p_bootstrap == pytest.approx(2 * (beyond + 1) / 401)
    by_hand = interval_of(
        np.column_stack([one, other]), drawn, lambda values: (values[..., 0] - values[..., 1]) / 1200, FEW
    )
    assert (pair.low, pair.high) == pytest.approx((by_hand.low, by_hand.high), abs=1e-12)


def test_an_undefined_figure_has_no_test_and_no_rank_and_widens_nobody_s():
    steps = np.linspace(0, 0.2, 20)
    tables = [kept("nothing", steps * 0), kept("high", 0.8 + steps), kept("low", 0.3 + steps)]
    name = ["boilerplate.token_precision", "boilerplate.token_recall"]
    # Without a word kept there is no precision; furniture kept parts the other two.
    columns = load_family("boilerplate.words").index
    tables[2].families["boilerplate.words"].values[:, columns["kept.navigation"]] = 50
    found = compare_tables(tables, metrics=name, resampling=Resampling(resamples=2000))
    precision = [pair for pair in found.pairs if pair.figure == name[0]]
    assert [pair.test for pair in precision] == [None, None, "randomization"]
    assert precision[2].p_holm == precision[2].p_randomization
    ranking = found.rankings[0]
    assert ranking.ranks == {"high": (1, 1), "low": (2, 2)}
    assert list(ranking.values) == ["high", "low", "nothing"]
    table = render(found, "table")
    assert "nan" not in table
    assert "nothing – (–)" in table
    assert "boilerplate.token_precision: undefined for nothing" in table
    alone = compare_tables(tables[1:], metrics=name[:1], resampling=Resampling(resamples=2000)).pairs[0]
    assert precision[2].detectable == alone.detectable
    rows = json.loads(render(found, "json"))
    assert rows["pairs"][0]["difference"] is None
    assert rows["rankings"][0]["values"]["nothing"] is None


def test_where_draws_are_too_few_for_the_pairs_nothing_is_detectable_and_it_says_why():
    rng = np.random.default_rng(6)
    tables = [kept(f"s{at}", rng.beta(9, 1 + at, 20)) for at in range(8)]
    name = ["boilerplate.token_recall"]
    found = compare_tables(tables, metrics=name, resampling=Resampling(resamples=500))
    assert all(math.isnan(pair.detectable) for pair in found.pairs)
    assert min(pair.p_holm for pair in found.pairs) > 0.05
    (note,) = found.notes
    assert "20 stories and 500 resamples p is at least 0.002, and for 28 pairs" in note
    assert note.endswith("below 0.0018")
    assert note in render(found, "table")
    enough = compare_tables(tables, metrics=name, resampling=Resampling(resamples=2000))
    assert all(pair.detectable > 0 for pair in enough.pairs)
    assert enough.notes == []


def test_equal_systems_have_no_detectable_difference():
    rates = np.linspace(0.5, 1, 20)
    found = compare_tables([kept("a", rates), kept("b", rates)], metrics=["boilerplate.token_f1"], resampling=FEW)
    assert found.pairs[0].p_holm == 1
    assert math.isnan(found.pairs[0].detectable)


def test_without_resamples_differences_stand_untested():
    rates = np.linspace(0.5, 0.9, 20)
    tables = [kept("a", rates), kept("b", rates + 0.1)]
    found = compare_tables(tables, metrics=["boilerplate.token_f1"], resampling=Resampling(resamples=0))
    assert found.pairs[0].difference < 0
    assert found.pairs[0].test is None
    assert found.notes == ["boilerplate.token_f1: not tested: there are no resamples"]


def test_a_page_without_a_story_is_a_story_of_its_own():
    tables = [kept("a", [0.5, 0.6, 0.7, 0.8, 0.9]), kept("b", [0.8, 0.9, 0.8, 0.9, 0.8])]
    for table in tables:
        table.groups["story"] = ["s", "s", "s", None, None]
    assert compare_tables(tables, resampling=FEW).settings["stories"] == 3
    assert build_report(tables, resampling=FEW).settings["stories"] == 3


def test_two_stories_are_enough_for_a_test():
    gold = [0, 0, 0, 1, 1, 1]
    right, apart = clusters("right", gold, gold), clusters("apart", gold, [0, 1, 2, 3, 4, 5])
    for tables in ([kept("a", [0.5, 0.6]), kept("b", [0.8, 0.9])], [right, apart]):
        found = compare_tables(tables, resampling=FEW)
        # Two of the four swaps are as large.
        assert {pair.p for pair in found.pairs} == {0.5}


def test_of_one_story_there_are_differences_and_no_test():
    one = clusters("one", [0, 0, 0, 0], [1, 1, 2, 2])
    other = clusters("other", [0, 0, 0, 0], [1, 1, 1, 2])
    for tables in ([kept("a", [0.5]), kept("b", [0.9])], [one, other]):
        found = newsbench.compare(tables, resampling=FEW)
        assert any(pair.difference < 0 for pair in found.pairs)
        assert {pair.test for pair in found.pairs} == {None}
        assert not any(ranking.ranks for ranking in found.rankings)
        assert len([note for note in found.notes if "not tested: one story" in note]) == len(found.rankings)
        assert "detectable:" not in render(found, "table")


def test_a_comparison_carries_what_it_was_made_with(clusterings):
    found = compare_tables(clusterings, resampling=FEW)
    made = json.loads(render(found, "json"))
    assert made["signature"].startswith("data:made-1.0.0-abababababab|")
    assert made["data"] == {"name": "made", "version": "1.0.0", "sha256": "ab" * 32, "pages": 100}
    assert made["settings"]["tokenizer"] == "words-2"
    for form in ("table", "latex", "markdown"):
        assert made["signature"] in render(found, form).replace("\\|", "|")
