"""Attributions by class: how many of a form, a channel, a kind of source are found, and how many said are right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from newsbench.metrics.attribution_columns import PROPERTIES, feature_values, source_values
from newsbench.metrics.base import Counts, Slice, ratio


def _slice_recall(counts: Counts, key: str, *, of: str) -> Any:
    return ratio(counts[f"gold_found.{of}.{key}"], counts[f"gold.{of}.{key}"])


def _slice_precision(counts: Counts, key: str, *, of: str) -> Any:
    return ratio(counts[f"predicted_found.{of}.{key}"], counts[f"predicted.{of}.{key}"])


def _slice_f1(counts: Counts, key: str, *, of: str) -> Any:
    """Harmonic mean of precision and recall; 0 where both are 0, or where the gold has what is never predicted."""
    import numpy as np

    precision, recall = _slice_precision(counts, key, of=of), _slice_recall(counts, key, of=of)
    precision = np.where(counts[f"predicted.{of}.{key}"] == 0, 0.0, precision)
    both = precision + recall
    return np.where(both == 0, 0.0, ratio(2 * precision * recall, both))


_SLICE_FORMULAS = {
    "recall": "gold attributions of the class that are found (joint, relaxed) / gold attributions of the class",
    "precision": "predicted attributions of the class that are right (joint, relaxed) / predicted ones of the class",
    "f1": "harmonic mean of the class's precision and recall; 0 where both are 0, or where what the gold has is never "
    "predicted",
}


def _slice(dimension: str, keys: tuple[str, ...], *, two_sided: bool = True) -> Slice:
    scores: dict[str, Callable[[Counts, str], Any]] = {"recall": partial(_slice_recall, of=dimension)}
    if two_sided:
        scores["precision"] = partial(_slice_precision, of=dimension)
        scores["f1"] = partial(_slice_f1, of=dimension)
    formulas = {name: formula for name, formula in _SLICE_FORMULAS.items() if name in scores}
    return Slice(dimension=dimension, keys=keys, metrics=scores, formulas=formulas)


SLICES = (
    *(_slice(feature, values) for feature, values in feature_values().items()),
    *(_slice(name, values, two_sided=False) for name, values in source_values().items()),
    _slice("property", PROPERTIES),
)
