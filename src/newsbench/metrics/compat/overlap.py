"""Precision, recall and F1 of an overlap as the peers give them: 0 where a side is empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from newsbench.metrics.base import MACRO, Counts, Metric
from newsbench.metrics.bounds import Fault, at_most

if TYPE_CHECKING:
    from collections.abc import Hashable


def zero_ratio(numerator: Any, denominator: Any) -> Any:
    """Return numerator / denominator, 0 where the denominator is 0; shapes broadcast."""
    import numpy as np

    numerator, denominator = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator != 0, numerator / denominator, 0.0)


def ngrams(tokens: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    """Count the runs of `n` tokens."""
    return Counter(zip(*(tokens[k:] for k in range(n)), strict=False))


def shared(first: Counter[Hashable], second: Counter[Hashable]) -> int:
    """Return the size of the intersection of two bags."""
    if len(second) < len(first):
        first, second = second, first
    # Most members stand in a bag once: count all common ones so, then what the others have beyond.
    beyond = sum(min(many, second[key]) - 1 for key, many in first.items() if many > 1 and key in second)
    return len(first.keys() & second.keys()) + beyond


def overlap_metrics(
    name: str,
    *,
    what: str,
    formula: str,
    empty: str,
    source: str,
    prefix: str = "",
    agreed: str | None = None,
    average: str = MACRO,
) -> tuple[Metric, ...]:
    """Return `name`_f1, _precision and _recall over the columns `prefix` + shared, output, gold.

    `what` is being counted; `formula` says how its parts are found. All three are 1 where the column `agreed` is not 0.
    """
    overlap, output, gold = (prefix + column for column in ("shared", "output", "gold"))

    def agreeing(of: Callable[[Counts], Any]) -> Callable[[Counts], Any]:
        def score(counts: Counts) -> Any:
            import numpy as np

            value = of(counts)
            return value if agreed is None else np.where(counts[agreed] > 0, 1.0, value)

        return score

    parts = {
        "f1": (lambda c: zero_ratio(2 * c[overlap], c[output] + c[gold]), "2·shared / (output + gold)"),
        "precision": (lambda c: zero_ratio(c[overlap], c[output]), "shared / output"),
        "recall": (lambda c: zero_ratio(c[overlap], c[gold]), "shared / gold"),
    }
    start = "mean over pages of " if average == MACRO else "over all pages: "
    return tuple(
        Metric(
            name=f"{name}_{part}",
            score=agreeing(of),
            formula=f"{start}{ratio}, in {what}; {formula}",
            empty=empty,
            source=source,
            average=average,
        )
        for part, (of, ratio) in parts.items()
    )


def check_overlap(*prefixes: str) -> Callable[[Counts], list[Fault]]:
    """Return a check that no page shares more than either side has."""

    def check(counts: Counts) -> list[Fault]:
        sides = [(prefix, side) for prefix in prefixes for side in ("output", "gold")]
        return at_most(counts, *((f"{prefix}shared", f"{prefix}{side}") for prefix, side in sides))

    return check
