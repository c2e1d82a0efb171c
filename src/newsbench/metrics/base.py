"""What a metric is: a family counts one page at a time; a metric turns summed counts into a number.

A family's count row is a fixed list of named columns, so that rows add up: over pages, over stories, over machines,
and over the resamples of a bootstrap. A score function is vectorised over all axes but the last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.metrics.bounds import Fault, Total
    from newsbench.types import Page, Prediction

#: The two ways to sum up: score the summed counts, or average the pages' scores (undefined pages left out).
MICRO, MACRO = "micro", "macro"


class Counts:
    """Named columns over the last axis of an array of counts, under a policy.

    ``counts["kept.paragraph"]`` has the shape of the array without its last axis. Where rows are pages, `groups` may
    hold a label for each row by property (``outlet``).
    """

    __slots__ = ("groups", "index", "policy", "values")

    def __init__(
        self,
        index: Mapping[str, int],
        values: NDArray[Any],
        policy: str = "strict",
        groups: Mapping[str, NDArray[Any]] | None = None,
    ) -> None:
        self.index = index
        self.values = values
        self.policy = policy
        self.groups = groups or {}

    def __getitem__(self, column: str) -> NDArray[Any]:
        return self.values[..., self.index[column]]

    def total(self, columns: Iterable[str]) -> NDArray[Any]:
        """Return the sum of several columns; 0 where there are none."""
        positions = [self.index[column] for column in columns]
        return self.values[..., positions].sum(axis=-1)


def ratio(numerator: Any, denominator: Any) -> Any:
    """Return numerator / denominator, nan where the denominator is 0; shapes broadcast."""
    import numpy as np

    numerator, denominator = np.asarray(numerator, float), np.asarray(denominator, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator != 0, numerator / denominator, np.nan)


def f_score(matched: Any, predicted: Any, gold: Any) -> Any:
    """Return F1 = 2·matched / (predicted + gold): 1 where both sides are empty, else 0 where one is."""
    import numpy as np

    both = np.asarray(predicted, float) + np.asarray(gold, float)
    return np.where(both > 0, ratio(2 * np.asarray(matched, float), both), 1.0)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A number over summed counts.

    `score` maps `Counts` of shape (..., k) to an array of shape (...). `version` changes with the definition. Metrics
    that are `headline`, or `by_group`, are also given by outlet, genre, language and template.
    """

    name: str
    score: Callable[[Counts], NDArray[Any]]
    formula: str
    empty: str
    source: str
    average: str = MICRO
    range: str = "0 to 1"
    better: str = "higher"
    version: int = 1
    headline: bool = False
    by_group: bool = False


@dataclass(frozen=True, kw_only=True)
class CorpusMetric:
    """A number that needs all pages at once, such as the agreement of two clusterings.

    `score` maps `Counts` of shape (n, k), one row a page, to a float; intervals come from leaving out one story at a
    time, which does not do for a minimum (`interval`). Use `Metric` wherever a measure can be made additive.
    """

    name: str
    score: Callable[[Counts], float]
    formula: str
    empty: str
    source: str
    range: str = "0 to 1"
    better: str = "higher"
    version: int = 1
    headline: bool = False
    interval: bool = True


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Metrics for each value of a label that stands in the columns themselves (segment type, form of attribution).

    ``metrics[name](counts, key)`` gives the number for one key, `formulas[name]` says how; `keys` may depend on the
    policy. A page's own properties (outlet, genre, language) need no slice: they group rows.
    """

    dimension: str
    keys: tuple[str, ...] | Callable[[str], tuple[str, ...]]
    metrics: Mapping[str, Callable[[Counts, str], NDArray[Any]]]
    formulas: Mapping[str, str]
    better: Mapping[str, str] = field(default_factory=dict)
    version: int = 1

    def keys_under(self, policy: str = "strict") -> tuple[str, ...]:
        """Return the values of the label that are measured under a policy."""
        return self.keys(policy) if callable(self.keys) else self.keys


@dataclass(frozen=True, kw_only=True)
class Family:
    """Counts of one kind, and the metrics and slices that are made of them.

    `prepare` derives once a page what does not depend on a prediction; `count` turns that and a prediction (None where
    there is none) into one row in the order of `columns`. `count_many` does the same for many pages and systems at
    once: it takes pages and, for each system, a prediction a page, and gives the rows (pages, columns) of each system.
    `bind` lets a family look at all pages first (the titles of
    all stories, say) and returns the family to count with. `applies` says whether the page's gold has the labels at
    all. `terms` say what the words mean that formulas are made of. `totals` may give sums of columns under names of
    their own that are all the metrics look at, so that resampling need not carry every column. `answered_by` are the
    fields of a prediction that answer it, where those are not all of its task's; `filled` columns that are all 0 for an
    answer that says nothing (an empty text, an empty list).

    The rest says which rows a count table on disk may hold (`newsbench.metrics.bounds`). Counts are whole numbers from
    0; `fractions` names columns that need not be whole, `flags` those that are 0 or 1 on a page, `gold` those (or sums
    of them) that depend on the gold alone, `answer` those that are 0 where it was not answered. `check` returns
    what is impossible beyond that, given the rows of pages.
    """

    name: str
    task: str
    columns: tuple[str, ...]
    count: Callable[[Any, Prediction | None], Sequence[float]]
    applies: Callable[[Page], bool]
    prepare: Callable[[Page], Any] = lambda page: page
    count_many: Callable[[Sequence[Page], Sequence[Sequence[Prediction | None]]], Sequence[NDArray[Any]]] | None = None
    bind: Callable[[Family, Sequence[Page]], Family] | None = None
    metrics: tuple[Metric, ...] = ()
    corpus_metrics: tuple[CorpusMetric, ...] = ()
    slices: tuple[Slice, ...] = ()
    terms: Mapping[str, str] = field(default_factory=dict)
    totals: Callable[[Counts], Mapping[str, NDArray[Any]]] | None = None
    fractions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    gold: tuple[str | Total, ...] = ()
    answer: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    check: Callable[[Counts], list[Fault]] = lambda counts: []
    peer: bool = False
    version: int = 1
    answered_by: tuple[str, ...] = ()

    @property
    def index(self) -> dict[str, int]:
        """Position of each column."""
        return {column: at for at, column in enumerate(self.columns)}

    def terms_in(self, text: str) -> dict[str, str]:
        """Return those of `terms` that a text uses, and those that their own explanations use."""
        found: set[str] = set()
        texts = [text]
        while texts:
            read = texts.pop()
            fresh = [
                term for term in self.terms.keys() - found if re.search(rf"\b{re.escape(term)}\b", read, re.IGNORECASE)
            ]
            found.update(fresh)
            texts += [self.terms[term] for term in fresh]
        return {term: what for term, what in self.terms.items() if term in found}
