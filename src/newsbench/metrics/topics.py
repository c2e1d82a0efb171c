"""Under which topics did a system file a page? (task `topics`)"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from newsbench.metrics.base import MACRO, Counts, Family, Metric, Slice, f_score, ratio
from newsbench.metrics.bounds import Fault, Term, Total, at_most, equal, fault_on, needs
from newsbench.vocabulary import lineage, top_level, top_of

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction, Topic

_SUMS = (
    "pages", "answered_pages", "primary", "primary_right", "primary_exact", "sets_equal",
    "tree_matched", "tree_predicted", "tree_gold",
    "scored", "ranked_pages", "lrap", "ndcg",
)  # fmt: skip
_SIDES = ("matched", "predicted", "gold")
_COLUMNS = (*(f"{side}.{code}" for side in _SIDES for code in top_level()), "matched.other", "predicted.other",
            "gold.other", *_SUMS)  # fmt: skip


def primary_of(topics: Sequence[Topic]) -> str | None:
    """Return a prediction's primary code: the one marked so, else the best score (ties by code), else the first."""
    if not topics:
        return None
    for topic in topics:
        if topic.primary:
            return topic.code
    if any(math.isfinite(topic.score) for topic in topics):
        return min(topics, key=lambda topic: (-_score(topic), topic.code)).code
    return topics[0].code


def _score(topic: Topic) -> float:
    return topic.score if math.isfinite(topic.score) else -math.inf


def count(page: Page, prediction: Prediction | None) -> list[float]:
    """Count agreement on top-level topics, on the whole tree, on the primary topic, and of the ranking."""
    gold = page.topics or ()
    predicted = (prediction.topics if prediction is not None else None) or ()
    gold_tops = {top_of(topic.code) for topic in gold}
    predicted_tops = {top_of(topic.code) for topic in predicted}
    sides = (gold_tops & predicted_tops, predicted_tops, gold_tops)
    tops = top_level()
    row: list[float] = [float(code in side) for side in sides for code in tops]
    row += [len(side.difference(tops)) for side in sides]

    gold_tree = {code for topic in gold for code in lineage(topic.code)}
    predicted_tree = {code for topic in predicted for code in lineage(topic.code)}
    want, got = primary_of(gold), primary_of(predicted)
    right = want is not None and got is not None and top_of(want) == top_of(got)
    scored = any(math.isfinite(topic.score) for topic in predicted)
    lrap, ndcg = _ranking(gold_tops, predicted) if gold_tops and scored else (0.0, 0.0)
    return [
        *row,
        1,
        prediction is not None and prediction.topics is not None,
        want is not None,
        right,
        want is not None and want == got,
        gold_tops == predicted_tops,
        len(gold_tree & predicted_tree),
        len(predicted_tree),
        len(gold_tree),
        scored,
        bool(gold_tops),
        lrap,
        ndcg,
    ]


def _ranking(gold: set[str], predicted: Sequence[Topic]) -> tuple[float, float]:
    """LRAP and nDCG of top-level topics, each with the best score below it; topics not listed are not ranked."""
    best: dict[str, float] = {}
    for topic in predicted:
        top = top_of(topic.code)
        best[top] = max(best.get(top, -math.inf), _score(topic))
    order = sorted(best, key=lambda code: (-best[code], code))
    hits = 0
    precision = gain = 0.0
    for rank, code in enumerate(order, 1):
        if code in gold:
            hits += 1
            precision += hits / rank
            gain += 1 / math.log2(rank + 1)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, len(gold) + 1))
    return precision / len(gold), gain / ideal


def _of_side(side: str) -> tuple[str, ...]:
    return *(f"{side}.{code}" for code in top_level()), f"{side}.other"


def _side(counts: Counts, side: str) -> Any:
    return counts.total(_of_side(side))


def _micro_f1(counts: Counts) -> Any:
    return f_score(_side(counts, "matched"), _side(counts, "predicted"), _side(counts, "gold"))


def _label_f1(counts: Counts, code: str) -> Any:
    """F1 of one label; nan where the gold never has it."""
    import numpy as np

    gold = counts[f"gold.{code}"]
    return np.where(gold > 0, f_score(counts[f"matched.{code}"], counts[f"predicted.{code}"], gold), np.nan)


def _macro_f1(counts: Counts) -> Any:
    import numpy as np

    scores = np.stack([_label_f1(counts, code) for code in top_level()], axis=-1)
    return ratio(np.nansum(scores, axis=-1), np.isfinite(scores).sum(axis=-1))


def _label_ratio(counts: Counts, code: str, side: str) -> Any:
    return ratio(counts[f"matched.{code}"], counts[f"{side}.{code}"])


def _ranked(counts: Counts, column: str) -> Any:
    import numpy as np

    return np.where(counts["scored"] > 0, ratio(counts[column], counts["ranked_pages"]), np.nan)


_BOTH_EMPTY = "1 where neither side has a topic, 0 where only one has"
_NAN = "undefined (nan) where the denominator is 0"
_UNRANKED = (
    "nan where the system gives scores on no page; if it does on one, any other page with gold topics and without "
    "scores gives 0; pages without gold topics are left out"
)
_TERMS = {
    "top-level": "of the seventeen topics at the top of the vocabulary, the one that a code is or falls under; a code "
    "that the vocabulary does not hold is its own",
    "rank": "among the top-level topics of a page's prediction, by the best score that is given to the topic or below "
    "it, best first, ties by code in alphabetical order; a topic without a score stands behind those with one, and one "
    "that is not predicted has no rank",
}
_METRICS = (
    Metric(
        name="primary_accuracy",
        score=lambda c: ratio(c["primary_right"], c["primary"]),
        formula="pages whose primary topic falls under the gold one's top-level topic / pages with a primary topic; "
        "a prediction's primary is the one marked, else the best score (ties by code), else the first",
        empty=_NAN,
        source="NewsBench",
        headline=True,
    ),
    Metric(
        name="primary_exact_accuracy",
        score=lambda c: ratio(c["primary_exact"], c["primary"]),
        formula="pages whose primary topic is the very concept of the gold / pages with a primary topic",
        empty=_NAN,
        source="NewsBench",
    ),
    Metric(
        name="micro_f1",
        score=_micro_f1,
        formula="2·matched / (predicted + gold) over all pages and the seventeen top-level topics",
        empty=_BOTH_EMPTY,
        source="scikit-learn f1_score(average='micro')",
        headline=True,
    ),
    Metric(
        name="macro_f1",
        score=_macro_f1,
        formula="mean of F1 over the top-level topics that the gold has; a topic without gold support is left out",
        empty=_NAN,
        source="scikit-learn f1_score(average='macro', labels=those with support)",
        headline=True,
    ),
    Metric(
        name="samples_f1",
        score=_micro_f1,
        formula="mean over pages of 2·matched / (predicted + gold) on top-level topics",
        empty=_BOTH_EMPTY,
        source="scikit-learn f1_score(average='samples', zero_division=1)",
        average=MACRO,
    ),
    Metric(
        name="subset_accuracy",
        score=lambda c: ratio(c["sets_equal"], c["pages"]),
        formula="pages whose set of top-level topics is the gold one / pages",
        empty=_NAN,
        source="scikit-learn accuracy_score on indicator matrices",
    ),
    Metric(
        name="hierarchical_f1",
        score=lambda c: f_score(c["tree_matched"], c["tree_predicted"], c["tree_gold"]),
        formula="2·|P∩G| / (|P| + |G|), P and G being predicted and gold concepts with all their ancestors",
        empty=_BOTH_EMPTY,
        source="Kiritchenko et al. 2006, hierarchical F",
        headline=True,
    ),
    Metric(
        name="hierarchical_precision",
        score=lambda c: ratio(c["tree_matched"], c["tree_predicted"]),
        formula="|P∩G| / |P| with ancestors",
        empty=_NAN,
        source="Kiritchenko et al. 2006",
    ),
    Metric(
        name="hierarchical_recall",
        score=lambda c: ratio(c["tree_matched"], c["tree_gold"]),
        formula="|P∩G| / |G| with ancestors",
        empty=_NAN,
        source="Kiritchenko et al. 2006",
    ),
    Metric(
        name="lrap",
        score=lambda c: _ranked(c, "lrap"),
        formula="mean over pages with gold topics of the mean over these top-level topics of gold topics at or above "
        "its rank / its rank; a topic without rank gives 0",
        empty=_UNRANKED,
        source="scikit-learn label_ranking_average_precision_score, without its ties and its 1 for empty gold",
    ),
    Metric(
        name="ndcg",
        score=lambda c: _ranked(c, "ndcg"),
        formula="mean over pages with gold topics of DCG / ideal DCG (all gold topics at the first ranks), gain 1 for "
        "a gold topic that has a rank, discount log2(rank + 1)",
        empty=_UNRANKED,
        source="Järvelin & Kekäläinen 2002",
    ),
)


def _check(counts: Counts) -> list[Fault]:
    """Name what no page and prediction can give: labels matched that are not there, a right primary of a wrong set."""
    matched, predicted, gold = (Total(f"{side}.*", _of_side(side)) for side in _SIDES)
    chains: list[tuple[Term, ...]] = [
        (f"matched.{code}", f"{side}.{code}") for code in (*top_level(), "other") for side in ("predicted", "gold")
    ]
    chains += [
        ("primary_exact", "primary_right", "primary"),
        ("primary_right", matched),
        (matched, "tree_matched", "tree_predicted"),
        ("tree_matched", "tree_gold"),
        (predicted, "tree_predicted"),
        (gold, "tree_gold"),
        *((score, limit) for score in ("lrap", "ndcg") for limit in ("scored", "ranked_pages")),
    ]
    pairs: list[tuple[Term, Term]] = [
        # A gold set that is not empty has a primary topic, and is ranked.
        (gold, "ranked_pages"), ("ranked_pages", gold), ("tree_predicted", predicted), ("tree_gold", gold),
        (predicted, "answered_pages"), ("scored", predicted), ("lrap", matched), ("ndcg", matched),
    ]  # fmt: skip
    sets_equal = sum(counts.total(side.columns) for side in (predicted, gold)) == 2 * counts.total(matched.columns)
    return [
        *equal(counts, ("pages", 1), ("primary", "ranked_pages")),
        *at_most(counts, *chains),
        *needs(counts, *pairs),
        *fault_on(counts["sets_equal"] != sets_equal, "sets_equal", "contradicts matched.*, predicted.* and gold.*"),
    ]


FAMILY = Family(
    name="labels",
    task="topics",
    columns=_COLUMNS,
    count=count,
    applies=lambda page: page.topics is not None,
    metrics=_METRICS,
    terms=_TERMS,
    slices=(
        Slice(
            dimension="topic",
            keys=top_level(),
            metrics={
                "f1": _label_f1,
                "precision": lambda c, code: _label_ratio(c, code, "predicted"),
                "recall": lambda c, code: _label_ratio(c, code, "gold"),
            },
            formulas={
                "f1": "2·pages that have the topic in both / (pages predicted + pages in gold)",
                "precision": "pages that have the topic in both / pages predicted",
                "recall": "pages that have the topic in both / pages in gold",
            },
        ),
    ),
    fractions=("lrap", "ndcg"),
    flags=tuple(
        name for name in _COLUMNS if not name.startswith("tree_") and not name.endswith((".other", "lrap", "ndcg"))
    ),
    gold=(*_of_side("gold"), "pages", "primary", "tree_gold", "ranked_pages"),
    answer=(
        *_of_side("matched"), *_of_side("predicted"), "answered_pages", "primary_right", "primary_exact",
        "tree_matched", "tree_predicted", "scored", "lrap", "ndcg",
    ),
    filled=_of_side("predicted"),
    check=_check,
)  # fmt: skip
