"""seqeval: entities of tagged tokens, right when type, first and last token are the same."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.metrics.base import Counts, Family, Metric, Slice
from newsbench.metrics.bounds import at_most
from newsbench.metrics.compat.entities import AS_ENTITIES, LABELS, Entity, Reader, applies, gold_entities
from newsbench.metrics.compat.overlap import zero_ratio

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

_TOKEN = re.compile(r"\w+|[^\w\s]")

#: First and last token of an entity.
_Chunk = tuple[int, int]


class Tokens(NamedTuple):
    """A page's tokens by their offsets, its gold chunks by label, and what reads its predictions."""

    starts: list[int]
    ends: list[int]
    gold: dict[str, set[_Chunk]]
    reader: Reader


def prepare(page: Page) -> Tokens:
    """Split a page into tokens and find its gold chunks."""
    found = [match.span() for match in _TOKEN.finditer(page.text)]
    starts, ends = [start for start, _ in found], [end for _, end in found]
    return Tokens(starts, ends, chunks(starts, ends, gold_entities(page)), Reader(page))


def chunks(starts: Sequence[int], ends: Sequence[int], entities: Sequence[Entity]) -> dict[str, set[_Chunk]]:
    """Return, for each label, the chunks of tokens that one layer of tags can hold.

    A token belongs to an entity that it shares a character with; of several of one label to the one that begins first,
    of those to the longest. A run of tokens of one entity is a chunk.
    """
    found: dict[str, set[_Chunk]] = {}
    for label in LABELS:
        layer: set[_Chunk] = set()
        reached = 0
        for start, end, _ in sorted((one for one in entities if one.label == label), key=lambda one: (one[0], -one[1])):
            first = max(bisect_right(ends, start), reached)
            last = bisect_left(starts, end) - 1
            if first <= last:
                layer.add((first, last))
                reached = last + 1
        found[label] = layer
    return found


def count(prepared: Tokens, prediction: Prediction | None) -> list[float]:
    """Count chunks on both sides and those that are the same."""
    starts, ends, gold, reader = prepared
    entities, missing = reader.entities(prediction)
    output = chunks(starts, ends, entities)
    row: list[float] = []
    for label in LABELS:
        row += [len(gold[label] & output[label]), len(output[label]) + missing.count(label), len(gold[label])]
    return row


def _columns(column: str) -> list[str]:
    return [f"{column}.{label}" for label in LABELS]


def _ratio(counts: Counts, *, sides: tuple[str, ...]) -> Any:
    return zero_ratio(
        len(sides) * counts.total(_columns("shared")), sum(counts.total(_columns(side)) for side in sides)
    )


def _label_ratio(counts: Counts, label: str, *, sides: tuple[str, ...]) -> Any:
    return zero_ratio(len(sides) * counts[f"shared.{label}"], sum(counts[f"{side}.{label}"] for side in sides))


def _macro(counts: Counts, *, sides: tuple[str, ...]) -> Any:
    """Mean over the labels that either side has; 0 without any."""
    there = [counts[f"output.{label}"] + counts[f"gold.{label}"] > 0 for label in LABELS]
    values = [_label_ratio(counts, label, sides=sides) for label in LABELS]
    return zero_ratio(
        sum(value * has for value, has in zip(values, there, strict=True)), sum(has.astype(float) for has in there)
    )


_PARTS = {
    "f1": (("output", "gold"), "2·shared / (output + gold)"),
    "precision": (("output",), "shared / output"),
    "recall": (("gold",), "shared / gold"),
}
_FORMULA = (
    r"shared: chunks of the same label, first and last token; tokens are \w+ words and single other signs; "
    "each label is a layer of IOB tags of its own, in which of overlapping entities the one that begins first keeps "
    f"its tokens; {AS_ENTITIES}"
)
_EMPTY = (
    "0 where a side is empty, both included, as with the peer; strings that the page does not hold count as chunks of "
    "the output, which the peer cannot be told"
)
_SOURCE = "seqeval 1.2.2, default mode"

FAMILY = Family(
    name="seqeval",
    task="attributions",
    version=2,
    columns=tuple(f"{column}.{label}" for label in LABELS for column in ("shared", "output", "gold")),
    prepare=prepare,
    count=count,
    applies=applies,
    metrics=tuple(
        Metric(
            name=f"seqeval{kind}_{part}",
            score=partial(score, sides=sides),
            formula=f"{'over all labels and pages: ' if not kind else 'mean over labels of '}{formula}; {_FORMULA}",
            empty=_EMPTY,
            source=f"{_SOURCE}, average={'micro' if not kind else 'macro'!r}",
        )
        for kind, score in (("", _ratio), ("_macro", _macro))
        for part, (sides, formula) in _PARTS.items()
    ),
    slices=(
        Slice(
            dimension="element",
            keys=LABELS,
            metrics={f"seqeval_{part}": partial(_label_ratio, sides=sides) for part, (sides, _) in _PARTS.items()},
            formulas={
                f"seqeval_{part}": f"the same over the chunks of one element: {what}"
                for part, (_, what) in _PARTS.items()
            },
        ),
    ),
    gold=tuple(_columns("gold")),
    answer=(*_columns("shared"), *_columns("output")),
    check=lambda counts: at_most(
        counts, *((f"shared.{label}", f"{side}.{label}") for label in LABELS for side in ("output", "gold"))
    ),
    peer=True,
)
