"""Kinds of attributions, and what one of a kind adds to a page's counts: packed rows, which add up quickly.

A packed row is one whole number with 16 bits a column: adding two takes a small part of the time of adding to the
columns of a list one by one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from typing import Any

from newsbench.metrics.attribution_columns import (
    AT,
    FEATURES,
    JOINT,
    MAIN_ELEMENTS,
    MATCHES,
    PROPERTIES,
    source_values,
)
from newsbench.metrics.attribution_text import ACROSS, IN_PIECES, ON_TOP, PRESENT, PRONOUN

#: The elements in the order in which claims hold them.
IN_CLAIMS = ("content", "source", "cue", "addressee", "medium", "hedge")

_BITS = 16
_ROW = struct.Struct(f"<{len(AT)}H")
# As many rows are added up in one go as no field can run over from: none holds more than a one.
_TOGETHER = (1 << _BITS) - 1

Labels = tuple[str | None, ...]


def ones(names: Iterable[str]) -> int:
    """Return the packed row with a one in each of some columns; names that are no column are passed over."""
    return sum(1 << _BITS * position for position in {AT[name] for name in names if name in AT})


def add_up(rows: Sequence[int]) -> list[float]:
    """Return the sum of packed rows of ones as a list in the order of `columns`."""
    found = _unpacked(sum(rows[:_TOGETHER]))
    for first in range(_TOGETHER, len(rows), _TOGETHER):
        found = list(map(add, found, _unpacked(sum(rows[first : first + _TOGETHER]))))
    return found


def _unpacked(row: int) -> list[float]:
    return list(_ROW.unpack(row.to_bytes(_ROW.size, "little")))


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What attributions have in common that add the same to the counts.

    `labels` in the order of `FEATURES`, `properties` in that of `PROPERTIES`; `traits` of the elements in the order of
    `IN_CLAIMS`. The rest are packed rows of one such attribution: as a `gold` or `predicted` one, the
    slices of those that are found, all elements of a pair being the `same`, and a predicted one for which all is right.
    """

    labels: Labels
    nested: bool
    traits: tuple[int, ...]
    properties: tuple[bool, ...]
    gold: int
    gold_found: int
    predicted: int
    predicted_found: int
    same: int
    all_right: int


def properties_held(content: Any, source: Any, hedge: Any, nested: Any) -> dict[str, Any]:
    """Say which of `PROPERTIES` hold, given the traits of the elements: of one attribution, or of many as arrays."""
    return {
        "hedged": hedge & PRESENT,
        "nested": nested,
        "pronoun_source": source & PRONOUN,
        "headline": content & ON_TOP,
        "cross_paragraph": content & ACROSS,
        "discontinuous": content & IN_PIECES,
    }


@lru_cache(maxsize=4096)
def kind_of(labels: Labels, nested: bool, traits: tuple[int, ...]) -> Kind:
    """Return the kind of an attribution; equal ones are mostly the same object."""
    content, source, *_, hedge = traits
    held = properties_held(content, source, hedge, nested)
    properties = tuple(bool(held[name]) for name in PROPERTIES)
    slices = [f"{feature}.{label}" for feature, label in zip(FEATURES, labels, strict=True)]
    slices += [f"property.{name}" for name, own in zip(PROPERTIES, properties, strict=True) if own]
    elements = [name for name, own in zip(IN_CLAIMS, traits, strict=True) if own & PRESENT]
    gold, predicted = (
        ones([side, *(f"{side}.{name}" for name in (*elements, *slices))]) for side in ("gold", "predicted")
    )
    gold_found, predicted_found = (ones(f"{side}_found.{key}" for key in slices) for side in ("gold", "predicted"))
    matches = [f"{how}.{name}" for name in elements for how in (MATCHES if name in MAIN_ELEMENTS else ("normalized",))]
    same = ones([*JOINT, *matches])
    return Kind(
        labels, nested, traits, properties, gold, gold_found, predicted, predicted_found, same,
        predicted + same + predicted_found + ones(_confused(labels, labels)),
    )  # fmt: skip


def keys_of_cited(cited: tuple[tuple[str, ...], ...]) -> list[str]:
    """Name the kinds and namings of an attribution's sources as `cited_keys` does."""
    return [f"{name}.{value}" for name, values in zip(source_values(), cited, strict=True) for value in values]


@lru_cache(maxsize=4096)
def ones_of_cited(cited: tuple[tuple[str, ...], ...]) -> tuple[int, int]:
    """Return what the kinds and namings of a gold attribution's sources add, and if it is found, to those."""
    keys = keys_of_cited(cited)
    return ones(f"gold.{key}" for key in keys), ones(f"gold_found.{key}" for key in keys)


@lru_cache(maxsize=4096)
def ones_of_labels(gold: Labels, predicted: Labels) -> int:
    """Return what the labels of one pair add to the tables of confusion."""
    return ones(_confused(gold, predicted))


def _confused(gold: Labels, predicted: Labels) -> list[str]:
    return [f"confusion.{feature}.{a}.{b}" for feature, a, b in zip(FEATURES, gold, predicted, strict=True)]
