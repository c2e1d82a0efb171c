"""Who said what, to whom, how? (task `attributions`)

Counts come from one alignment a page (`attribution_alignment`); what the formulas speak of is said in
`attribution_terms`. Labels and sources are compared where the contents have a Dice of at least one half: they are those
of a content that was found.

Quoted strings are compared at the place of the page that they mean (`grounding`). Attributions that say the same in
everything are copies at one place: sent again, a prediction is wrong, unless the gold repeats itself there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from newsbench.metrics.attribution_columns import (
    FEATURES,
    JOINT,
    MAIN_ELEMENTS,
    MATCHES,
    check,
    columns,
    feature_values,
    gold_columns,
)
from newsbench.metrics.attribution_counts import count, prepare
from newsbench.metrics.attribution_slices import SLICES
from newsbench.metrics.attribution_terms import TERMS
from newsbench.metrics.base import Counts, Family, Metric, f_score, ratio
from newsbench.types import ELEMENTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page, Prediction

_VERSION = 3
_BOTH_EMPTY = "1 where neither side has any, 0 where only one has"
_NAN = "undefined (nan) where the denominator is 0"


def _applies(page: Page) -> bool:
    return page.attributions is not None


def _three(
    name: str, matched: str, predicted: str, gold: str, what: str, *, headline: bool = False, by_group: bool = False
) -> list[Metric]:
    """F1, precision and recall of one count, `by_group` if these are to be had by language and the like too."""

    def f1(counts: Counts) -> Any:
        return f_score(counts[matched], counts[predicted], counts[gold])

    def precision(counts: Counts) -> Any:
        return ratio(counts[matched], counts[predicted])

    def recall(counts: Counts) -> Any:
        return ratio(counts[matched], counts[gold])

    return [
        Metric(
            name=f"{name}_f1",
            score=f1,
            formula=f"2·matched / (predicted + gold); matched: {what}",
            empty=_BOTH_EMPTY,
            source="NewsBench",
            version=_VERSION,
            headline=headline,
        ),
        Metric(
            name=f"{name}_precision",
            score=precision,
            formula=f"matched / predicted; matched: {what}",
            empty=_NAN,
            source="NewsBench",
            version=_VERSION,
            by_group=by_group,
        ),
        Metric(
            name=f"{name}_recall",
            score=recall,
            formula=f"matched / gold; matched: {what}",
            empty=_NAN,
            source="NewsBench",
            version=_VERSION,
            by_group=by_group,
        ),
    ]


_FOUND = "aligned attributions whose content has a Dice of at least one half"
_HOW = {
    "exact": "equal to the character",
    "normalized": "equal but for marks at the edges",
    "dice": "with a Dice of at least one half on visible characters",
}
_JOINT_WHAT = {
    "joint_strict": "aligned attributions whose content, source and cue are equal but for marks at the edges, or "
    "absent on both sides",
    "joint_source_content": "aligned attributions whose content and source are equal but for marks at the edges, or "
    "absent on both sides",
    "joint_relaxed": "aligned attributions whose content has a Dice of at least one half, and whose source has one too "
    "or is absent on both sides",
}


def _element_metrics(element: str) -> list[Metric]:
    found = []
    for how in MATCHES if element in MAIN_ELEMENTS else ("normalized",):
        found += _three(
            f"{element}_{how}",
            f"{how}.{element}",
            f"predicted.{element}",
            f"gold.{element}",
            f"{element} spans of aligned attributions {_HOW[how]}",
            headline=(element, how) == ("content", "normalized"),
        )
    if element in MAIN_ELEMENTS:
        found += _three(
            f"{element}_token",
            f"words.{element}",
            f"predicted_words.{element}",
            f"gold_words.{element}",
            f"words that the {element} spans of aligned attributions share",
        )
    return found


def _bcubed_f1(counts: Counts) -> Any:
    """Harmonic mean of precision and recall; 0 where the gold has sources and none of them is found."""
    import numpy as np

    precision = ratio(counts["bcubed_precision"], counts["found_known"])
    recall = ratio(counts["bcubed_recall"], counts["known_sources"])
    return np.where(recall == 0, 0.0, ratio(2 * precision * recall, precision + recall))


def _ratio_of(counts: Counts, *, over: str, under: str) -> Any:
    return ratio(counts[over], counts[under])


def _rate(name: str, over: str, under: str, formula: str, **more: Any) -> Metric:
    more.setdefault("empty", _NAN)
    more.setdefault("source", "NewsBench")
    return Metric(
        name=name, score=partial(_ratio_of, over=over, under=under), formula=formula, version=_VERSION, **more
    )


def _source_metrics() -> list[Metric]:
    right = "whose predicted source, mapped one to one to gold sources, is the right one"
    bcubed = f"over {_FOUND} and which have a known source, clustered by source on each side"
    return [
        _rate(
            "source_resolution_accuracy",
            "resolved",
            "known_sources",
            f"{_FOUND} and {right} / gold attributions with a known source (any kind but `unspecified`)",
            headline=True,
        ),
        _rate(
            "source_resolution_given_span",
            "right_spans_resolved",
            "right_spans",
            f"those {right} / all {_FOUND}, which have a known source, and whose source span is right but for marks "
            "at the edges or absent on both sides",
        ),
        Metric(
            name="source_bcubed_f1",
            score=_bcubed_f1,
            formula=f"harmonic mean of B-cubed precision and recall {bcubed}; any other has recall 0",
            empty="undefined (nan) where the gold has no known source",
            source="Bagga & Baldwin 1998",
            version=_VERSION,
        ),
        _rate(
            "source_bcubed_precision",
            "bcubed_precision",
            "found_known",
            f"B-cubed precision {bcubed}",
            source="Bagga & Baldwin 1998",
        ),
        _rate(
            "source_bcubed_recall",
            "bcubed_recall",
            "known_sources",
            f"B-cubed recall {bcubed}; any other gold attribution with a known source gives 0",
            source="Bagga & Baldwin 1998",
        ),
    ]


def _right_labels(counts: Counts, feature: str) -> Any:
    return counts.total(f"confusion.{feature}.{value}.{value}" for value in feature_values()[feature])


def _labelled_pairs(counts: Counts, feature: str) -> Any:
    values = feature_values()[feature]
    return counts.total(f"confusion.{feature}.{gold}.{own}" for gold in values for own in values)


def _label_accuracy(counts: Counts, *, feature: str) -> Any:
    gold = counts.total(f"gold.{feature}.{value}" for value in feature_values()[feature])
    return ratio(_right_labels(counts, feature), gold)


def _label_accuracy_aligned(counts: Counts, *, feature: str) -> Any:
    return ratio(_right_labels(counts, feature), _labelled_pairs(counts, feature))


def _kappa(counts: Counts, *, feature: str) -> Any:
    values = feature_values()[feature]
    pairs = _labelled_pairs(counts, feature)
    chance = sum(
        counts.total(f"confusion.{feature}.{value}.{other}" for other in values)
        * counts.total(f"confusion.{feature}.{other}.{value}" for other in values)
        for value in values
    )
    # (po - pe) / (1 - pe), both sides times pairs²: whole numbers until the one division.
    return ratio(_right_labels(counts, feature) * pairs - chance, pairs * pairs - chance)


def _label_metrics(feature: str) -> list[Metric]:
    return [
        Metric(
            name=f"{feature}_accuracy",
            score=partial(_label_accuracy, feature=feature),
            formula=f"{_FOUND}, with the right {feature} / gold attributions with a {feature}",
            empty=_NAN,
            source="NewsBench",
            version=_VERSION,
        ),
        Metric(
            name=f"{feature}_accuracy_aligned",
            score=partial(_label_accuracy_aligned, feature=feature),
            formula=f"{_FOUND}, with the right {feature} / those where both sides give one",
            empty=_NAN,
            source="NewsBench",
            version=_VERSION,
        ),
        Metric(
            name=f"{feature}_kappa",
            score=partial(_kappa, feature=feature),
            formula=f"(observed − chance agreement on {feature}) / (1 − chance), over {_FOUND}, where "
            "both sides give one",
            empty="undefined (nan) without such attributions, or where both sides know one value only",
            source="Cohen 1960",
            range="-1 to 1",
            version=_VERSION,
        ),
    ]


_METRICS = (
    *(
        metric
        for name in reversed(JOINT)
        for metric in _three(
            name, name, "predicted", "gold", _JOINT_WHAT[name],
            headline=name != "joint_source_content", by_group=name == "joint_relaxed",
        )
    ),
    *(metric for element in (*MAIN_ELEMENTS, *(e for e in ELEMENTS if e not in MAIN_ELEMENTS))
      for metric in _element_metrics(element)),
    *_source_metrics(),
    *(metric for feature in FEATURES for metric in _label_metrics(feature)),
    _rate(
        "ungrounded_rate",
        "strings_missing",
        "strings",
        "quoted strings that the page does not hold / quoted strings given; a part of one word (he in the) is not "
        "held; elements given as offsets do not count",
        empty="undefined (nan) where no strings are given",
        better="lower",
    ),
    _rate(
        "predicted_per_gold",
        "predicted",
        "gold",
        "predicted attributions / gold attributions, refusals to comment left out; 1 is the right number",
        range="0 or more",
    ),
)  # fmt: skip


def _count_many(pages: Sequence[Page], predictions: Sequence[Sequence[Prediction | None]]) -> list[NDArray[Any]]:
    # It loads numpy, which listing the metrics needs not.
    from newsbench.metrics.attribution_batch import count_many

    return count_many(pages, predictions)


FAMILY = Family(
    name="elements",
    task="attributions",
    columns=columns(),
    prepare=prepare,
    count=count,
    count_many=_count_many,
    applies=_applies,
    metrics=_METRICS,
    slices=SLICES,
    terms=TERMS,
    fractions=("bcubed_precision", "bcubed_recall"),
    gold=gold_columns(),
    answer=tuple(column for column in columns() if column not in gold_columns()),
    filled=("predicted",),
    check=check,
    version=3,
)
