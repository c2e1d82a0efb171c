"""Agreement of two clusterings, from their contingency table; equal to scikit-learn's where that defines it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Contingency(NamedTuple):
    """Non-empty cells of gold x predicted clusters: sizes of the cells, and of their row and column."""

    cells: NDArray[Any]
    cell_gold: NDArray[Any]
    cell_predicted: NDArray[Any]
    gold: NDArray[Any]
    predicted: NDArray[Any]


def contingency(gold: NDArray[Any], predicted: NDArray[Any]) -> Contingency:
    """Count how the items (n,) of gold clusters fall into predicted clusters."""
    import numpy as np

    _, rows, gold_sizes = np.unique(gold, return_inverse=True, return_counts=True)
    _, columns, predicted_sizes = np.unique(predicted, return_inverse=True, return_counts=True)
    width = max(len(predicted_sizes), 1)
    codes, cells = np.unique(rows.astype(np.int64) * width + columns, return_counts=True)
    return Contingency(cells, gold_sizes[codes // width], predicted_sizes[codes % width], gold_sizes, predicted_sizes)


def _pairs(sizes: NDArray[Any]) -> float:
    return float((sizes * (sizes - 1) // 2).sum())


def pairwise(table: Contingency) -> tuple[float, float, float]:
    """Return (pairs together in both, in predicted, in gold)."""
    return _pairs(table.cells), _pairs(table.predicted), _pairs(table.gold)


def pairwise_f1(table: Contingency) -> float:
    """Return F1 over pairs of items; 1 where neither side has a pair."""
    both, predicted, gold = pairwise(table)
    return 2 * both / (predicted + gold) if predicted + gold else 1.0


def adjusted_rand(table: Contingency) -> float:
    """Return the adjusted Rand index (Hubert & Arabie 1985), 1 where both sides are trivially equal."""
    n = int(table.gold.sum())
    both, predicted, gold = pairwise(table)
    every = n * (n - 1) / 2
    if not every:
        return 1.0 if n else math.nan
    expected = predicted * gold / every
    most = (predicted + gold) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def bcubed(table: Contingency) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1 (Bagga & Baldwin 1998), every item counting the same."""
    n = table.gold.sum()
    if not n:
        return math.nan, math.nan, math.nan
    squares = table.cells.astype(float) ** 2
    precision = float((squares / table.cell_predicted).sum() / n)
    recall = float((squares / table.cell_gold).sum() / n)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _entropy(sizes: NDArray[Any]) -> float:
    import numpy as np

    share = sizes / sizes.sum()
    return float(-(share * np.log(share)).sum())


def _mutual_information(table: Contingency) -> float:
    import numpy as np

    n = table.gold.sum()
    cells = table.cells.astype(float)
    return float(
        (cells / n * (np.log(cells) + math.log(n) - np.log(table.cell_gold) - np.log(table.cell_predicted))).sum()
    )


def _is_same(table: Contingency) -> bool:
    """Say whether the two clusterings are the same but for names: then no rounding may spoil a perfect score."""
    return len(table.cells) == len(table.gold) == len(table.predicted)


def v_measure(table: Contingency) -> tuple[float, float, float]:
    """Return homogeneity, completeness and V-measure (Rosenberg & Hirschberg 2007)."""
    if not table.gold.sum():
        return math.nan, math.nan, math.nan
    if _is_same(table):
        return 1.0, 1.0, 1.0
    information = max(_mutual_information(table), 0.0)
    gold, predicted = _entropy(table.gold), _entropy(table.predicted)
    homogeneity = information / gold if gold else 1.0
    completeness = information / predicted if predicted else 1.0
    both = homogeneity + completeness
    return homogeneity, completeness, 2 * homogeneity * completeness / both if both else 0.0


def adjusted_mutual_information(table: Contingency) -> float:
    """Return AMI with the arithmetic mean of entropies (Vinh et al. 2010)."""
    n = int(table.gold.sum())
    if not n:
        return math.nan
    if _is_same(table):
        return 1.0
    information = _mutual_information(table)
    expected = _expected_information(table, n)
    mean = (_entropy(table.gold) + _entropy(table.predicted)) / 2
    spread = mean - expected
    # As scikit-learn: the sign is kept and division by zero avoided.
    tiny = 2.220446049250313e-16
    spread = min(spread, -tiny) if spread < 0 else max(spread, tiny)
    return float((information - expected) / spread)


def _expected_information(table: Contingency, n: int) -> float:
    """Expected mutual information of random clusterings with these sizes; clusters of equal size are done once."""
    import numpy as np

    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    total = 0.0
    for a, many_a in zip(*np.unique(table.gold, return_counts=True), strict=True):
        for b, many_b in zip(*np.unique(table.predicted, return_counts=True), strict=True):
            cell = np.arange(max(1, a + b - n), min(a, b) + 1)
            log_probability = (
                log_factorial[a] + log_factorial[b] + log_factorial[n - a] + log_factorial[n - b] - log_factorial[n]
                - log_factorial[cell] - log_factorial[a - cell] - log_factorial[b - cell]
                - log_factorial[n - a - b + cell]
            )  # fmt: skip
            term = cell / n * (np.log(n * cell) - math.log(a * b)) * np.exp(log_probability)
            total += float(many_a * many_b * term.sum())
    return total
