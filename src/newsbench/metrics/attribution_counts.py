"""The row of counts of one page: how its predicted attributions compare with the gold ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from newsbench.metrics.attribution_alignment import Pair, align
from newsbench.metrics.attribution_claims import (
    FEATURES,
    PROPERTIES,
    Claim,
    PageClaims,
    feature_values,
    prepare_claims,
    read_claims,
    source_values,
)
from newsbench.metrics.attribution_joining import join_split_sources
from newsbench.metrics.attribution_sources import SOURCE_COLUMNS, count_sources
from newsbench.metrics.base import Counts
from newsbench.metrics.bounds import Fault, Term, Total, at_most, needs
from newsbench.types import ELEMENTS

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

#: Elements that are compared in every way; the others only with the marks at their edges aside.
MAIN_ELEMENTS = ("content", "source", "cue")
MATCHES = ("exact", "normalized", "dice")
SIDES = ("gold", "gold_found", "predicted", "predicted_found")
JOINT = ("joint_strict", "joint_source_content", "joint_relaxed")


@lru_cache(maxsize=1)
def columns() -> tuple[str, ...]:
    """Return the names of the counts, in order."""
    values = feature_values()
    sliced = [
        *(f"{feature}.{value}" for feature in FEATURES for value in values[feature]),
        *(f"property.{name}" for name in PROPERTIES),
    ]
    cited = [f"{name}.{value}" for name, own in source_values().items() for value in own]
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
        *(f"{side}.{key}" for side in SIDES for key in sliced),
        *(f"{side}.{key}" for side in SIDES[:2] for key in cited),
        "strings",
        "strings_missing",
    )


@lru_cache(maxsize=1)
def gold_columns() -> tuple[str, ...]:
    """Return the counts that do not depend on a prediction."""
    return tuple(name for name in columns() if name.partition(".")[0] in ("gold", "gold_words", "known_sources"))


AT = {column: position for position, column in enumerate(columns())}
_RELAXED = AT["joint_relaxed"]
_MAIN = [
    (
        name,
        *(AT[f"{how}.{name}"] for how in MATCHES),
        AT[f"words.{name}"],
    )
    for name in MAIN_ELEMENTS
]
_OTHERS = [(name, AT[f"normalized.{name}"]) for name in ELEMENTS if name not in MAIN_ELEMENTS]


def prepare(page: Page) -> PageClaims:
    """Measure a page's gold attributions and count what does not depend on a prediction."""
    prepared = prepare_claims(page)
    row = [0.0] * len(AT)
    row[AT["gold"]] = len(prepared.golds)
    _count_elements(row, prepared.golds, "gold")
    for number, gold in enumerate(prepared.golds):
        for position in _gold_positions(prepared, number, gold, "gold"):
            row[position] += 1
        prepared.found_positions.append(_gold_positions(prepared, number, gold, "gold_found"))
        if prepared.known_sources[number]:
            row[AT["known_sources"]] += 1
    prepared.base = row
    return prepared


def count(page: PageClaims, prediction: Prediction | None) -> list[float]:
    """Count agreement on elements, attributions, sources and labels over the page's alignment."""
    row = page.base.copy()
    claims, row[AT["strings"]], row[AT["strings_missing"]] = read_claims(page, prediction)
    if not claims:
        return row
    claims = join_split_sources(page, claims)
    pairs, wrong = align(page, claims)
    row[AT["predicted"]] = len(pairs) + len(wrong)
    row[AT["aligned"]] = len(pairs)
    counted = [claims[pair[1]] for pair in pairs] + [claims[at] for at in wrong]
    _count_elements(row, counted, "predicted")
    for claim in counted:
        for position in _positions(claim.labels, claim.properties, "predicted"):
            row[position] += 1
    near, source_right = _count_pairs(row, page, claims, pairs)
    count_sources(row, AT, page, claims, near, source_right)
    return row


def _count_elements(row: list[float], claims: Sequence[Claim], side: str) -> None:
    for name in MAIN_ELEMENTS:
        elements = [getattr(claim, name) for claim in claims]
        row[AT[f"{side}.{name}"]] = sum([element.weight > 0 for element in elements])
        row[AT[f"{side}_words.{name}"]] = sum([element.words for element in elements])
    for name, _ in _OTHERS:
        row[AT[f"{side}.{name}"]] = sum([getattr(claim, name).weight > 0 for claim in claims])


def _count_pairs(
    row: list[float], page: PageClaims, claims: list[Claim], pairs: list[Pair]
) -> tuple[list[Pair], list[bool]]:
    """Count equal elements of aligned pairs, and labels of those whose contents are alike.

    Return the pairs whose contents are alike, and for each whether the source is right.
    """
    overlap = page.text.overlap
    alike = []
    source_right = []
    for pair in pairs:
        gold_at, claim_at, characters, words = pair
        gold, claim = page.golds[gold_at], claims[claim_at]
        equal, near = [], []
        for name, exact, normalized, dice, shared_words in _MAIN:
            first, second = getattr(gold, name), getattr(claim, name)
            if not (first.weight and second.weight):
                # Absent on both sides: agreement, but nothing that was found.
                same = close = first.weight == second.weight
            else:
                same = close = first.core == second.core and not second.extra
                if same:
                    row[exact] += first.spans == second.spans
                    row[normalized] += 1
                    row[dice] += 1
                    row[shared_words] += first.words
                else:
                    if name != "content":
                        characters, words = overlap(first.core, second.core)
                    close = 4 * characters >= first.weight + second.weight
                    row[dice] += close
                    row[shared_words] += words
            equal.append(same)
            near.append(close)
        for name, normalized in _OTHERS:
            first = getattr(gold, name)
            if first.weight:
                second = getattr(claim, name)
                row[normalized] += first.core == second.core and not second.extra
        if equal[0] and equal[1]:
            row[AT["joint_source_content"]] += 1
            row[AT["joint_strict"]] += equal[2]
        if near[0] and near[1]:
            row[_RELAXED] += 1
            for position in page.found_positions[gold_at]:
                row[position] += 1
            for position in _positions(claim.labels, claim.properties, "predicted_found"):
                row[position] += 1
        if near[0]:
            alike.append(pair)
            source_right.append(equal[1])
            for position in _confusion(gold.labels, claim.labels):
                row[position] += 1
    return alike, source_right


def _gold_positions(page: PageClaims, number: int, gold: Claim, side: str) -> tuple[int, ...]:
    return _positions(gold.labels, gold.properties, side) + _cited_positions(page.cited[number], side)


@lru_cache(maxsize=65536)
def _cited_positions(cited: tuple[tuple[str, ...], ...], side: str) -> tuple[int, ...]:
    keys = [f"{side}.{name}.{value}" for name, values in zip(source_values(), cited, strict=True) for value in values]
    return tuple(AT[key] for key in keys if key in AT)


@lru_cache(maxsize=65536)
def _positions(labels: tuple[str | None, ...], properties: tuple[bool, ...], side: str) -> tuple[int, ...]:
    keys = [f"{side}.{feature}.{label}" for feature, label in zip(FEATURES, labels, strict=True)]
    keys += [f"{side}.property.{name}" for name, own in zip(PROPERTIES, properties, strict=True) if own]
    return tuple(AT[key] for key in keys if key in AT)


@lru_cache(maxsize=65536)
def _confusion(gold: tuple[str | None, ...], claim: tuple[str | None, ...]) -> tuple[int, ...]:
    keys = [f"confusion.{f}.{a}.{b}" for f, a, b in zip(FEATURES, gold, claim, strict=True)]
    return tuple(AT[key] for key in keys if key in AT)


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
