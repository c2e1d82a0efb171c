"""One-to-one matching against scipy and against trying everything."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from newsbench.matching import best_assignment, components, match

tables = st.integers(1, 8).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.just(0), st.integers(0, 5), st.integers(0, 10**6)), min_size=width, max_size=width),
        min_size=1,
        max_size=8,
    )
)


def total(table, pairs):
    return sum(table[i][j] for i, j in pairs)


def is_one_to_one(pairs):
    return len({i for i, _ in pairs}) == len(pairs) == len({j for _, j in pairs})


@settings(max_examples=300, deadline=None)
@given(tables)
def test_assignment_has_the_weight_that_scipy_finds(table):
    pairs = best_assignment(table)
    rows, columns = linear_sum_assignment(np.array(table), maximize=True)
    assert total(table, pairs) == int(np.array(table)[rows, columns].sum())
    assert is_one_to_one(pairs)
    assert all(table[i][j] > 0 for i, j in pairs)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=1, max_size=4))
def test_assignment_is_the_best_of_all(table):
    best = max(total(table, enumerate(order)) for order in permutations(range(4), len(table)))
    assert total(table, best_assignment(table)) == best


@settings(max_examples=100, deadline=None)
@given(tables)
def test_weights_beyond_machine_numbers(table):
    large = [[weight << 200 for weight in row] for row in table]
    assert total(large, best_assignment(large)) == total(table, best_assignment(table)) << 200


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 9)), st.integers(1, 50), max_size=25),
    st.randoms(use_true_random=False),
)
def test_sparse_matching_equals_scipy_and_knows_no_order(weights, rng):
    pairs = match(weights, lambda i, j: weights[i, j])
    table = np.zeros((10, 10))
    for (i, j), weight in weights.items():
        table[i, j] = weight
    rows, columns = linear_sum_assignment(table, maximize=True)
    assert sum(weights[pair] for pair in pairs) == table[rows, columns].sum()
    assert is_one_to_one(pairs)
    shuffled = list(weights)
    rng.shuffle(shuffled)
    assert sorted(match(shuffled, lambda i, j: weights[i, j])) == sorted(pairs)


def test_weight_is_asked_only_where_pairs_compete():
    def never(i, j):
        raise AssertionError((i, j))

    assert match([(0, 3), (2, 1)], never) == [(0, 3), (2, 1)]


def test_components():
    found = list(components([(0, 0), (1, 0), (1, 2), (5, 7)]))
    assert found == [([0, 1], [0, 2], {(0, 0), (1, 0), (1, 2)}), ([5], [7], {(5, 7)})]


def test_nothing_to_match():
    assert best_assignment([]) == []
    assert best_assignment([[], []]) == []
    assert best_assignment([[0, 0], [0, 0]]) == []
    assert match([], lambda i, j: 1) == []
