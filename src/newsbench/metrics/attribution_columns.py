"""The counts of attributions: what they are called, in which order they stand, and what they can hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from newsbench.metrics.base import Counts
from newsbench.metrics.bounds import Fault, Term, Total, at_most, needs
from newsbench.resources import table
from newsbench.types import ELEMENTS

FEATURES = ("form", "channel", "polarity", "modality", "evidential")
#: Yes-or-no properties of an attribution that slices are made of, in the order of `Kind.properties`.
PROPERTIES = ("hedged", "nested", "pronoun_source", "headline", "cross_paragraph", "discontinuous")
#: Elements that are compared in every way; the others only with the marks at their edges aside.
MAIN_ELEMENTS = ("content", "source", "cue")
MATCHES = ("exact", "normalized", "dice")
SIDES = ("gold", "gold_found", "predicted", "predicted_found")
JOINT = ("joint_strict", "joint_source_content", "joint_relaxed")


SOURCE_COLUMNS = (
    "known_sources",
    "resolved",
    "right_spans",
    "right_spans_resolved",
    "found_known",
    "bcubed_precision",
    "bcubed_recall",
)


@lru_cache(maxsize=1)
def feature_values() -> dict[str, tuple[str, ...]]:
    """Return the values of each feature, as `schema/prediction.schema.json` allows them."""
    fields = table("prediction.schema")["$defs"]["attribution"]["properties"]
    return {name: tuple(value for value in fields[name]["enum"] if value) for name in FEATURES}


@lru_cache(maxsize=1)
def source_values() -> dict[str, tuple[str, ...]]:
    """Return the values of a source's `kind` and `naming`, as `schema/page.schema.json` allows them."""
    fields = table("page.schema")["$defs"]["source"]["properties"]
    return {name: tuple(value for value in fields[name]["enum"] if value) for name in ("kind", "naming")}


@lru_cache(maxsize=1)
def class_keys() -> tuple[str, ...]:
    """Return the labels and properties that attributions of each side are counted by, in order."""
    labels = [f"{feature}.{value}" for feature, own in feature_values().items() for value in own]
    return (*labels, *(f"property.{name}" for name in PROPERTIES))


@lru_cache(maxsize=1)
def cited_keys() -> tuple[str, ...]:
    """Return the kinds and namings of sources that gold attributions are counted by, in order."""
    return tuple(f"{name}.{value}" for name, own in source_values().items() for value in own)


@lru_cache(maxsize=1)
def columns() -> tuple[str, ...]:
    """Return the names of the counts, in order."""
    values = feature_values()
    return (
        "gold",
        "predicted",
        "aligned",
        *JOINT,
        *(f"{side}.{element}" for element in ELEMENTS for side in ("gold", "predicted")),
        *(f"{how}.{element}" for element in MAIN_ELEMENTS for how in MATCHES),
        *(f"{side}.{element}" for element in MAIN_ELEMENTS for side in ("words", "gold_words", "predicted_words")),
        *(f"normalized.{element}" for element in ELEMENTS if element not in MAIN_ELEMENTS),
        *SOURCE_COLUMNS,
        *(f"confusion.{f}.{gold}.{own}" for f in FEATURES for gold in values[f] for own in values[f]),
        *(f"{side}.{key}" for side in SIDES for key in class_keys()),
        *(f"{side}.{key}" for side in SIDES[:2] for key in cited_keys()),
        "strings",
        "strings_missing",
    )


@lru_cache(maxsize=1)
def gold_columns() -> tuple[str, ...]:
    """Return the counts that do not depend on a prediction."""
    return tuple(name for name in columns() if name.partition(".")[0] in ("gold", "gold_words", "known_sources"))


AT = {column: position for position, column in enumerate(columns())}


def check(counts: Counts) -> list[Fault]:
    """Name what no page and prediction can give: more found than there is, or more found strictly than loosely."""
    values = feature_values()
    chains: list[tuple[Term, ...]] = [
        ("joint_strict", "joint_source_content", "joint_relaxed", "aligned", "gold"),
        ("joint_source_content", "normalized.content"),
        ("joint_relaxed", "dice.content"),
        ("aligned", "predicted"),
        ("right_spans_resolved", "resolved", "found_known", "known_sources", "gold"),
        ("right_spans_resolved", "right_spans", "found_known", "aligned"),
        ("bcubed_precision", "found_known"),
        ("bcubed_recall", "found_known"),
        ("strings_missing", "strings"),
    ]
    for element in ELEMENTS:
        chain = [f"{how}.{element}" for how in MATCHES] if element in MAIN_ELEMENTS else [f"normalized.{element}"]
        chains += [(*chain, f"{side}.{element}", side) for side in ("gold", "predicted")]
        chains.append((chain[-1], "aligned"))
    for element in MAIN_ELEMENTS:
        chains += [(f"words.{element}", f"{side}_words.{element}") for side in ("gold", "predicted")]
    for column in counts.index:
        side, _, key = column.partition(".")
        if side.endswith("_found"):
            chains.append((column, f"{side.removesuffix('_found')}.{key}"))
    limits = {"gold": "gold", "predicted": "predicted", "gold_found": "joint_relaxed",
              "predicted_found": "joint_relaxed"}  # fmt: skip
    for side, limit in limits.items():
        # An attribution has one value of each feature at most.
        chains += [(_sum_over(f"{side}.{feature}", values[feature]), limit) for feature in FEATURES]
        chains += [(f"{side}.property.{name}", limit) for name in PROPERTIES]
    for side in SIDES[:2]:
        chains += [(f"{side}.{name}.{value}", limits[side]) for name, own in source_values().items() for value in own]
    for feature, own in values.items():
        cells = tuple(f"confusion.{feature}.{a}.{b}" for a in own for b in own)
        chains.append((Total(f"confusion.{feature}.*", cells), "aligned"))
        for value in own:
            of_gold = _sum_over(f"confusion.{feature}.{value}", own)
            of_predicted = Total(
                f"confusion.{feature}.*.{value}", tuple(f"confusion.{feature}.{a}.{value}" for a in own)
            )
            chains += [(of_gold, f"gold.{feature}.{value}"), (of_predicted, f"predicted.{feature}.{value}")]
    mentions = [("found_known", name) for name in ("bcubed_precision", "bcubed_recall")]
    return [*at_most(counts, *chains), *needs(counts, *mentions)]


def _sum_over(name: str, values: Sequence[str]) -> Total:
    return Total(f"{name}.*", tuple(f"{name}.{value}" for value in values))
