"""Topic figures against scikit-learn where that defines them, and by hand where it does not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics.base import Counts
from newsbench.metrics.topics import FAMILY, primary_of
from newsbench.types import Page, Prediction, Topic
from newsbench.vocabulary import concepts, lineage, name_of, top_level, top_of

ALL = sorted(concepts())
some_codes = st.lists(st.sampled_from(ALL), max_size=4, unique=True)
corpus = st.lists(st.tuples(some_codes, some_codes), min_size=1, max_size=12)


def metric(name: str):
    return next(metric for metric in FAMILY.metrics if metric.name == name)


def rows(pairs) -> np.ndarray:
    counted = []
    for at, (gold, predicted) in enumerate(pairs):
        page = Page(f"p{at}", "", topics=tuple(Topic(code, primary=not k) for k, code in enumerate(gold)))
        answer = (
            None if predicted is None else tuple(code if isinstance(code, Topic) else Topic(code) for code in predicted)
        )
        counted.append(FAMILY.count(page, Prediction(page.id, topics=answer)))
    return np.array(counted, float)


def value(name: str, pairs) -> float:
    counted = rows(pairs)
    found = metric(name)
    if found.average == "macro":
        return float(np.nanmean(found.score(Counts(FAMILY.index, counted))))
    return float(found.score(Counts(FAMILY.index, counted.sum(axis=0))))


def indicators(pairs, side: int) -> np.ndarray:
    tops = top_level()
    made = np.zeros((len(pairs), len(tops)), int)
    for at, pair in enumerate(pairs):
        for code in pair[side]:
            made[at, tops.index(top_of(code))] = 1
    return made


@settings(max_examples=60, deadline=None)
@given(corpus)
def test_f1_is_scikit_learn_s_where_that_is_defined(pairs):
    from sklearn.metrics import accuracy_score, f1_score

    gold, predicted = indicators(pairs, 0), indicators(pairs, 1)
    if gold.sum() + predicted.sum():
        assert value("micro_f1", pairs) == pytest.approx(f1_score(gold, predicted, average="micro", zero_division=0))
    supported = np.nonzero(gold.sum(axis=0))[0]
    if len(supported):
        expected = f1_score(gold, predicted, average="macro", labels=supported, zero_division=0)
        assert value("macro_f1", pairs) == pytest.approx(expected)
    assert value("samples_f1", pairs) == pytest.approx(f1_score(gold, predicted, average="samples", zero_division=1))
    assert value("subset_accuracy", pairs) == pytest.approx(accuracy_score(gold, predicted))


@settings(max_examples=60, deadline=None)
@given(corpus)
def test_hierarchical_f1_adds_ancestors(pairs):
    def closed(codes):
        return {step for code in codes for step in lineage(code)}

    both = sum(len(closed(g) & closed(p)) for g, p in pairs)
    sides = sum(len(closed(g)) + len(closed(p)) for g, p in pairs)
    assert value("hierarchical_f1", pairs) == pytest.approx(2 * both / sides if sides else 1.0)


@settings(max_examples=60, deadline=None)
@given(corpus)
def test_swapping_the_sides_swaps_precision_and_recall(pairs):
    swapped = [(p, g) for g, p in pairs]
    for name in ("micro_f1", "hierarchical_f1", "subset_accuracy"):
        assert value(name, pairs) == pytest.approx(value(name, swapped))
    precision = value("hierarchical_precision", pairs)
    recall = value("hierarchical_recall", swapped)
    assert precision == pytest.approx(recall, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(corpus, st.randoms())
def test_order_and_repetition_change_nothing(pairs, rng):
    plain = rows(pairs)
    mixed = [(g, rng.sample(p, len(p)) + p) for g, p in pairs]
    columns = [at for at, name in enumerate(FAMILY.columns) if not name.startswith("primary")]
    assert np.array_equal(plain[:, columns], rows(mixed)[:, columns])


def scored(scores: dict[str, float]) -> list[Topic]:
    return [Topic(code, score=score) for code, score in scores.items()]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_ranking_is_scikit_learn_s_for_full_rankings_without_ties(data):
    from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

    tops = top_level()
    pages = []
    gold_rows, score_rows = [], []
    for _ in range(data.draw(st.integers(1, 5))):
        gold = data.draw(st.lists(st.sampled_from(tops), min_size=1, max_size=4, unique=True))
        order = data.draw(st.permutations(range(len(tops))))
        pages.append((gold, scored({code: float(score) for code, score in zip(tops, order, strict=True)})))
        gold_rows.append([int(code in gold) for code in tops])
        score_rows.append(order)
    assert value("lrap", pages) == pytest.approx(label_ranking_average_precision_score(gold_rows, score_rows))
    assert value("ndcg", pages) == pytest.approx(ndcg_score(gold_rows, score_rows))


A, B, C = top_level()[:3]


def test_gold_as_prediction_is_perfect():
    pairs = [([A, B], [Topic(A, True, 0.9), Topic(B, score=0.8)]), ([C], [Topic(C, score=1.0)])]
    for one in FAMILY.metrics:
        assert value(one.name, pairs) == pytest.approx(1), one.name


def test_a_right_empty_answer_is_right():
    assert value("samples_f1", [([], [])]) == 1.0
    assert value("subset_accuracy", [([], [])]) == 1.0
    assert value("micro_f1", [([], [])]) == 1.0


def test_a_label_that_the_gold_never_has_stays_out_of_the_macro_average():
    assert value("macro_f1", [([A], [A]), ([B], [B])]) == 1.0
    # A wrong label costs precision elsewhere, not a zero of its own.
    assert value("macro_f1", [([A], [A, C]), ([B], [B])]) == 1.0
    assert value("micro_f1", [([A], [A, C]), ([B], [B])]) == pytest.approx(4 / 5)


def test_no_answer_and_an_empty_answer_are_wrong_where_there_is_gold():
    for nothing in ([], None):
        assert value("micro_f1", [([A], nothing)]) == 0.0
        assert value("primary_accuracy", [([A], nothing)]) == 0.0


def test_pages_without_topics_do_not_enter_rankings():
    assert value("lrap", [([], scored({A: 1.0})), ([A], scored({B: 1.0, A: 0.5}))]) == 0.5


def test_a_page_without_scores_counts_zero_once_the_system_gives_scores():
    assert value("lrap", [([A], scored({A: 1.0})), ([A], [])]) == 0.5
    assert math.isnan(value("lrap", [([A], [A])]))


def test_ties_go_by_code():
    assert value("lrap", [([A], scored({A: 0.5, B: 0.5}))]) == 1.0
    assert value("lrap", [([B], scored({A: 0.5, B: 0.5}))]) == 0.5
    assert primary_of([Topic(B, score=0.5), Topic(A, score=0.5)]) == A


def test_the_primary_topic_is_the_marked_one_else_the_best_else_the_first():
    assert primary_of([Topic(A, score=0.9), Topic(B, True, 0.1)]) == B
    assert primary_of([Topic(A, score=0.1), Topic(B, score=0.2)]) == B
    assert primary_of([Topic(B), Topic(A)]) == B
    assert primary_of([]) is None


def test_a_deeper_concept_counts_for_its_top_level_topic():
    deep = next(code for code in ALL if len(lineage(code)) == 4 and top_of(code) == A)
    assert value("micro_f1", [([deep], [A])]) == 1.0
    assert value("primary_accuracy", [([deep], [A])]) == 1.0
    assert value("primary_exact_accuracy", [([deep], [A])]) == 0.0
    assert value("hierarchical_f1", [([deep], [A])]) == pytest.approx(2 / 5)


def test_an_unknown_code_is_a_wrong_answer_not_a_crash():
    assert value("micro_f1", [([A], [A, "medtop:99999999"])]) == pytest.approx(2 / 3)


def test_the_vocabulary_is_pinned_and_has_seventeen_top_level_topics():
    assert len(top_level()) == 17
    assert len(ALL) == 1387
    assert name_of("medtop:11000000") == "politics and government"


def test_impossible_counts_are_named():
    counted = rows([([A], [A])])
    counted[0, FAMILY.index[f"matched.{A}"]] = 2
    assert FAMILY.check(Counts(FAMILY.index, counted))
    assert not FAMILY.check(Counts(FAMILY.index, rows([([A], [A, B])])))
