"""Did a system put the pages of one story together, and those of one angle inside it? (task `stories`)"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from newsbench.metrics.base import CorpusMetric, Counts, Family
from newsbench.metrics.bounds import Fault, fault_on
from newsbench.metrics.clustering import (
    Contingency,
    adjusted_mutual_information,
    adjusted_rand,
    bcubed,
    contingency,
    pairwise,
    pairwise_f1,
    v_measure,
)

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction


def code(*parts: str) -> int:
    """Return a number below 2^52 for a label: exact in a float, the same on every machine."""
    digest = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 12


def count_story(page: Page, prediction: Prediction | None) -> list[float]:
    """Give the page's gold and predicted cluster as numbers; without an answer a page is a cluster of its own."""
    predicted = prediction.story if prediction is not None else None
    alone = code("page", page.id) if predicted is None else code("cluster", predicted)
    return [code("story", page.story or ""), alone]


def count_aspect(page: Page, prediction: Prediction | None) -> list[float]:
    """Give the page's gold story, gold aspect and predicted aspect, both inside the gold story, as numbers."""
    story = page.story or ""
    predicted = prediction.aspect if prediction is not None else None
    alone = code("page", page.id) if predicted is None else code("cluster", story, predicted)
    return [code("story", story), code("aspect", story, page.aspect or ""), alone, predicted is not None]


def _table(counts: Counts) -> Contingency:
    return contingency(counts["gold"], counts["predicted"])


def _of_table(counts: Counts, *, measure: Callable[[Contingency], float]) -> float:
    return measure(_table(counts)) if len(counts["gold"]) else math.nan


def _of_aspects(counts: Counts, *, measure: Callable[[Counts], float]) -> float:
    """Undefined for a system that names no aspect at all."""
    return measure(counts) if len(counts["gold"]) and counts["answered"].any() else math.nan


def _singletons(counts: Counts) -> float:
    import numpy as np

    return bcubed(contingency(counts["gold"], np.arange(len(counts["gold"]))))[2] if len(counts["gold"]) else math.nan


def _pair_precision(table: Contingency) -> float:
    both, predicted, _ = pairwise(table)
    return both / predicted if predicted else math.nan


def _pair_recall(table: Contingency) -> float:
    both, _, gold = pairwise(table)
    return both / gold if gold else math.nan


def _mean_ari_inside(counts: Counts) -> float:
    """Mean over gold stories, weighted by pages, of the ARI inside the story."""
    import numpy as np

    stories = counts["story"]
    total = weight = 0.0
    for story in np.unique(stories):
        chosen = stories == story
        if chosen.sum() > 1:
            inside = contingency(counts["gold"][chosen], counts["predicted"][chosen])
            total += adjusted_rand(inside) * chosen.sum()
            weight += chosen.sum()
    return total / weight if weight else math.nan


def _metric(name: str, measure: Callable[[Contingency], float], formula: str, source: str, **more: Any) -> CorpusMetric:
    more.setdefault("empty", "nan without pages")
    return CorpusMetric(name=name, score=partial(_of_table, measure=measure), formula=formula, source=source, **more)


_PAIRWISE = _metric(
    "pairwise_f1",
    pairwise_f1,
    "2·pairs together on both sides / (pairs together in predicted + in gold)",
    "pair counting F-measure",
    empty="1 where neither side has a pair",
    headline=True,
)
_BCUBED = _metric(
    "bcubed_f1",
    lambda table: bcubed(table)[2],
    "harmonic mean of B-cubed precision and recall",
    "Bagga & Baldwin 1998",
    headline=True,
)
_STORY_METRICS = (
    _metric(
        "ari",
        adjusted_rand,
        "(pairs together in both − expected) / (mean of pairs in gold and predicted − expected)",
        "Hubert & Arabie 1985; scikit-learn adjusted_rand_score",
        range="-1 to 1",
        headline=True,
    ),
    _PAIRWISE,
    _metric("pairwise_precision", _pair_precision, "pairs together in both / in predicted", "pair counting"),
    _metric("pairwise_recall", _pair_recall, "pairs together in both / in gold", "pair counting"),
    _BCUBED,
    _metric(
        "bcubed_precision", lambda t: bcubed(t)[0], "mean over pages of same-story share of its cluster", "B-cubed"
    ),
    _metric("bcubed_recall", lambda t: bcubed(t)[1], "mean over pages of same-cluster share of its story", "B-cubed"),
    CorpusMetric(
        name="bcubed_f1_singletons",
        score=_singletons,
        formula="bcubed_f1 of putting every page in a cluster of its own: the floor beside bcubed_f1",
        empty="nan without pages",
        source="NewsBench",
    ),
    _metric(
        "v_measure",
        lambda table: v_measure(table)[2],
        "harmonic mean of homogeneity and completeness",
        "Rosenberg & Hirschberg 2007; scikit-learn v_measure_score",
    ),
    _metric("homogeneity", lambda t: v_measure(t)[0], "mutual information / entropy of gold", "scikit-learn"),
    _metric("completeness", lambda t: v_measure(t)[1], "mutual information / entropy of predicted", "scikit-learn"),
    _metric(
        "ami",
        adjusted_mutual_information,
        "(mutual information − expected) / (mean entropy − expected)",
        "Vinh et al. 2010; scikit-learn adjusted_mutual_info_score",
        range="-1 to 1",
    ),
)


def _renamed(metric: CorpusMetric, name: str) -> CorpusMetric:
    return CorpusMetric(
        name=name,
        score=partial(_of_aspects, measure=metric.score),
        formula=f"{metric.formula}, over aspects inside gold stories",
        empty=f"{metric.empty}; nan for a system that names no aspect",
        source=metric.source,
        range=metric.range,
    )


_ASPECT_METRICS = (
    CorpusMetric(
        name="aspect_ari",
        score=partial(_of_aspects, measure=_mean_ari_inside),
        formula="mean over gold stories, weighted by pages, of the adjusted Rand index of aspects inside the story",
        empty="nan where no story has two pages with an aspect, and for a system that names none",
        source="NewsBench",
        range="-1 to 1",
    ),
    _renamed(_PAIRWISE, "aspect_pairwise_f1"),
    _renamed(_BCUBED, "aspect_bcubed_f1"),
)


def _check_story(counts: Counts, column: str = "gold") -> list[Fault]:
    """Name gold clusters that are not the pages' stories, where these are known."""
    import numpy as np

    if "story" not in counts.groups:
        return []
    stories, of_page = np.unique(counts.groups["story"], return_inverse=True)
    codes = np.array([code("story", story) for story in stories.tolist()])
    return fault_on(counts[column] != codes[of_page], column, "is not the number of the page's story")


def _check_aspects(counts: Counts) -> list[Fault]:
    """Name clusters of aspects that are not inside one story."""
    import numpy as np

    found = _check_story(counts, "story")
    for column in ("gold", "predicted"):
        _, firsts, of_page = np.unique(counts[column], return_index=True, return_inverse=True)
        elsewhere = counts["story"] != counts["story"][firsts][of_page]
        found += fault_on(elsewhere, column, "is a cluster of two stories; allowed: clusters inside a story")
    return found


STORIES = Family(
    name="clusters",
    task="stories",
    columns=("gold", "predicted"),
    count=count_story,
    applies=lambda page: page.story is not None,
    answered_by=("story",),
    corpus_metrics=_STORY_METRICS,
    gold=("gold",),
    check=_check_story,
)

ASPECTS = Family(
    name="aspects",
    task="stories",
    columns=("story", "gold", "predicted", "answered"),
    count=count_aspect,
    applies=lambda page: page.aspect is not None,
    answered_by=("aspect",),
    corpus_metrics=_ASPECT_METRICS,
    flags=("answered",),
    gold=("story", "gold"),
    answer=("answered",),
    check=_check_aspects,
)
