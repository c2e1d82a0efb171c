"""Clusterings against scikit-learn and against plain loops over pairs and pages."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from comparison_examples import clusters
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.ceiling import load_ceiling
from newsbench.gold import columns_for, load_gold
from newsbench.metrics.base import Counts
from newsbench.metrics.clustering import (
    adjusted_mutual_information,
    adjusted_rand,
    bcubed,
    contingency,
    pairwise_f1,
    v_measure,
)
from newsbench.metrics.stories import ASPECTS, STORIES
from newsbench.reporting import build_report
from newsbench.stats import Resampling
from newsbench.types import Page, Prediction

labels = st.integers(1, 25).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, 6), min_size=n, max_size=n)] * 2))


@settings(max_examples=150, deadline=None)
@given(labels)
def test_measures_are_scikit_learn_s(pair):
    from sklearn import metrics

    gold, predicted = pair
    table = contingency(np.array(gold), np.array(predicted))
    assert adjusted_rand(table) == pytest.approx(metrics.adjusted_rand_score(gold, predicted))
    assert adjusted_mutual_information(table) == pytest.approx(
        metrics.adjusted_mutual_info_score(gold, predicted), abs=1e-9
    )
    assert v_measure(table) == pytest.approx(metrics.homogeneity_completeness_v_measure(gold, predicted), abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(labels)
def test_pairs_and_bcubed_by_plain_loops(pair):
    gold, predicted = pair
    table = contingency(np.array(gold), np.array(predicted))
    pairs = list(itertools.combinations(range(len(gold)), 2))
    in_gold = {p for p in pairs if gold[p[0]] == gold[p[1]]}
    in_predicted = {p for p in pairs if predicted[p[0]] == predicted[p[1]]}
    sides = len(in_gold) + len(in_predicted)
    assert pairwise_f1(table) == pytest.approx(2 * len(in_gold & in_predicted) / sides if sides else 1.0)
    precision = recall = 0.0
    for i in range(len(gold)):
        cluster = {j for j in range(len(gold)) if predicted[j] == predicted[i]}
        story = {j for j in range(len(gold)) if gold[j] == gold[i]}
        precision += len(cluster & story) / len(cluster) / len(gold)
        recall += len(cluster & story) / len(story) / len(gold)
    assert bcubed(table)[:2] == pytest.approx((precision, recall))


@settings(max_examples=60, deadline=None)
@given(labels, st.permutations(range(7)))
def test_names_of_clusters_do_not_matter(pair, names):
    gold, predicted = np.array(pair[0]), np.array(pair[1])
    first = contingency(gold, predicted)
    second = contingency(gold, np.array(names)[predicted])
    for measure in (adjusted_rand, pairwise_f1, adjusted_mutual_information, bcubed, v_measure):
        assert measure(first) == pytest.approx(measure(second))


def figures(family, pages, predictions) -> dict[str, float]:
    counted = np.array([family.count(page, prediction) for page, prediction in zip(pages, predictions, strict=True)])
    return {one.name: one.score(Counts(family.index, counted.astype(float))) for one in family.corpus_metrics}


PAGES = [Page(f"p{k}", "", story=f"s{k // 5}", aspect=f"a{k // 5}{k % 2}") for k in range(20)]


def test_gold_is_perfect_whatever_the_labels_are_called():
    found = figures(STORIES, PAGES, [Prediction(p.id, story=f"x-{p.story}") for p in PAGES])
    floor = found.pop("bcubed_f1_singletons")
    assert set(found.values()) == {1.0}
    assert floor == pytest.approx(1 / 3)


def test_all_singletons_are_worth_nothing_where_chance_is_taken_out():
    found = figures(STORIES, PAGES, [Prediction(p.id, story=p.id) for p in PAGES])
    assert (found["ari"], found["pairwise_f1"]) == (0.0, 0.0)
    assert abs(found["ami"]) < 1e-9
    assert found["v_measure"] > 0.6
    assert found["bcubed_f1"] == found["bcubed_f1_singletons"]


def test_pages_without_an_answer_stand_alone():
    missing = figures(STORIES, PAGES, [None] * 20)
    alone = figures(STORIES, PAGES, [Prediction(p.id, story=p.id) for p in PAGES])
    assert missing == alone


def test_aspects_are_compared_inside_gold_stories():
    same_name = [Prediction(p.id, aspect=p.aspect[-1]) for p in PAGES]
    found = figures(ASPECTS, PAGES, same_name)
    assert set(found.values()) == {1.0}
    assert all(math.isnan(number) for number in figures(ASPECTS, PAGES, [Prediction(p.id) for p in PAGES]).values())


def test_a_page_alone_in_its_story_says_nothing_of_aspects():
    gold, given = "aabb", "abab"
    pages = [Page(f"p{at}", "", story="s", aspect=aspect) for at, aspect in enumerate(gold)]
    crossed = [Prediction(f"p{at}", aspect=aspect) for at, aspect in enumerate(given)]
    alone, answer = Page("alone", "", story="t", aspect="x"), Prediction("alone", aspect="y")
    # No pair is together on both sides; of two on each and six in all, 2/3 are expected: (0 - 2/3) / (2 - 2/3).
    assert figures(ASPECTS, pages, crossed)["aspect_ari"] == pytest.approx(-0.5)
    assert figures(ASPECTS, [*pages, alone], [*crossed, answer])["aspect_ari"] == pytest.approx(-0.5)
    assert math.isnan(figures(ASPECTS, [alone], [answer])["aspect_ari"])


def test_intervals_of_clusterings_end_where_the_figures_do():
    gold = [0, 0, 0, 1, 1, 1]
    # One story is put together, the other is not: two stories say next to nothing.
    table = clusters("half", gold, [0, 0, 0, 1, 2, 3])
    found = build_report([table], resampling=Resampling(resamples=0), slices=False)["stories"]
    assert (found["pairwise_f1"].low, found["pairwise_f1"].high) == (0, 1)
    assert (found["ari"].low, found["ari"].high) == (-1, 1)


def test_ami_of_many_stories_is_quick_and_right():
    from sklearn.metrics import adjusted_mutual_info_score

    rng = np.random.default_rng(1)
    gold = rng.integers(0, 300, 1500)
    predicted = np.where(rng.random(1500) < 0.7, gold, rng.integers(0, 300, 1500))
    assert adjusted_mutual_information(contingency(gold, predicted)) == pytest.approx(
        adjusted_mutual_info_score(gold, predicted), abs=1e-9
    )


def score(rows, tasks=None):
    import newsbench

    return newsbench.score(rows, tasks=tasks, resampling=Resampling(resamples=0), slices=False).systems[0].tasks


@pytest.mark.parametrize("tasks", [None, ["stories"]])
def test_each_part_of_the_task_is_answered_by_its_own_label(tasks):
    pages = load_gold(split="test", columns=columns_for(["stories"])).pages
    aspects = [{"id": page.id, "aspect": page.aspect} for page in pages]
    found = score(aspects, tasks)
    assert list(found) == ["stories"]
    assert {name: figure.value for name, figure in found["stories"].metrics.items()} == {
        "aspect_ari": 1.0, "aspect_pairwise_f1": 1.0, "aspect_bcubed_f1": 1.0,
    }  # fmt: skip
    assert found["stories"].missing == 0
    stories = score([{"id": page.id, "story": page.story} for page in pages], tasks)["stories"]
    assert stories.missing == 0
    assert "ari" in stories.metrics
    assert not any(name.startswith("aspect") for name in stories.metrics)
    half = [{"id": page.id, "story": page.story, "aspect": page.aspect if at % 2 else None} for at, page in enumerate(pages)]
    assert score(half, tasks)["stories"].missing == sum(page.aspect is not None for page in pages[::2])


def test_aspects_have_the_second_annotator_beside_them_and_stories_none():
    pages = load_gold(split="test", columns=columns_for(["stories"])).pages
    found = score([{"id": page.id, "story": page.story, "aspect": page.aspect} for page in pages])["stories"]
    layers = load_ceiling(split="test")
    judged = [page for page in pages if page.aspect and layers[page.id].aspect]
    expected = figures(ASPECTS, judged, [layers[page.id] for page in judged])
    assert {name: found[name].ceiling for name in expected} == pytest.approx(expected)
    assert 0.5 < found["aspect_ari"].ceiling < 1
    assert math.isnan(found["ari"].ceiling)
