"""nervaluate: four ways (SemEval 2013) to judge labelled spans, each with its own matching."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.metrics.base import Counts, Family, Metric
from newsbench.metrics.bounds import Fault, Total, equal, total
from newsbench.metrics.compat.entities import AS_ENTITIES, Entity, Reader, applies, gold_entities
from newsbench.metrics.compat.overlap import zero_ratio

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

SCHEMAS = ("strict", "exact", "partial", "type")
_CLASSES = ("correct", "incorrect", "partial", "missed", "spurious")
#: Least share of a gold span, in per cent, that makes an overlap.
_LEAST_OVERLAP = 1.0

#: The numbers of gold entities that overlap a predicted one enough, in order.
_Overlaps = list[list[int]]


class Entities(NamedTuple):
    """A page's gold entities, in order, and what reads its predictions."""

    gold: list[Entity]
    reader: Reader


def prepare(page: Page) -> Entities:
    """List a page's gold entities."""
    return Entities(gold_entities(page), Reader(page))


def count(prepared: Entities, prediction: Prediction | None) -> list[float]:
    """Count, for each schema, the classes that entities fall into."""
    predicted, missing = prepared.reader.entities(prediction)
    return classify(prepared.gold, predicted, spurious=len(missing))


def classify(gold: Sequence[Entity], predicted: Sequence[Entity], *, spurious: int = 0) -> list[float]:
    """Return the five classes of each schema in turn, predicted entities taken in the order given.

    `spurious`: predicted entities that stand nowhere.
    """
    overlaps = _overlaps(gold, predicted)
    row: list[float] = []
    for schema in SCHEMAS:
        correct, incorrect, partial_ = _MATCHERS[schema](gold, predicted, overlaps)
        taken = correct + incorrect + partial_
        row += [correct, incorrect, partial_, len(gold) - taken, len(predicted) - taken + spurious]
    return row


def _overlaps(gold: Sequence[Entity], predicted: Sequence[Entity]) -> _Overlaps:
    starts = [one.start for one in gold]
    longest = max((one.end - one.start for one in gold), default=0)
    found = []
    for start, end, _ in predicted:
        near = []
        for at in range(bisect_right(starts, start - longest), bisect_left(starts, end)):
            gold_start, gold_end, _ = gold[at]
            both = (end if end < gold_end else gold_end) - (start if start > gold_start else gold_start)
            if both > 0 and both / (gold_end - gold_start) * 100.0 >= _LEAST_OVERLAP:
                near.append(at)
        found.append(near)
    return found


def _by_boundaries(
    gold: Sequence[Entity], predicted: Sequence[Entity], overlaps: _Overlaps, *, labelled: bool
) -> tuple[int, int]:
    """Return (right, near): each prediction takes the first free gold of its boundaries, else the first that overlaps.

    With `labelled`, right asks for the same label too.
    """
    free = bytearray(b"\1") * len(gold)
    right = near = 0
    for one, candidates in zip(predicted, overlaps, strict=True):
        first = -1
        for at in candidates:
            if not free[at]:
                continue
            other = gold[at]
            if one == other if labelled else one[:2] == other[:2]:
                free[at] = 0
                right += 1
                break
            if first < 0:
                first = at
        else:
            if first >= 0:
                free[first] = 0
                near += 1
    return right, near


def _strict(gold: Sequence[Entity], predicted: Sequence[Entity], overlaps: _Overlaps) -> tuple[int, int, int]:
    return (*_by_boundaries(gold, predicted, overlaps, labelled=True), 0)


def _exact(gold: Sequence[Entity], predicted: Sequence[Entity], overlaps: _Overlaps) -> tuple[int, int, int]:
    return (*_by_boundaries(gold, predicted, overlaps, labelled=False), 0)


def _partial(gold: Sequence[Entity], predicted: Sequence[Entity], overlaps: _Overlaps) -> tuple[int, int, int]:
    right, near = _by_boundaries(gold, predicted, overlaps, labelled=False)
    return right, 0, near


def _type(gold: Sequence[Entity], predicted: Sequence[Entity], overlaps: _Overlaps) -> tuple[int, int, int]:
    """Each prediction takes the free gold of its label whose boundaries are nearest, else the first that overlaps."""
    free = bytearray(b"\1") * len(gold)
    right = wrong = 0
    for one, candidates in zip(predicted, overlaps, strict=True):
        first = best = -1
        least = 0
        for at in candidates:
            if not free[at]:
                continue
            other = gold[at]
            if other.label == one.label:
                away = abs(one.start - other.start) + abs(one.end - other.end)
                if best < 0 or away < least:
                    best, least = at, away
            elif first < 0:
                first = at
        if best >= 0:
            free[best] = 0
            right += 1
        elif first >= 0:
            free[first] = 0
            wrong += 1
    return right, wrong, 0


_MATCHERS: dict[str, Callable[..., tuple[int, int, int]]] = {
    "strict": _strict,
    "exact": _exact,
    "partial": _partial,
    "type": _type,
}


def _right(counts: Counts, schema: str) -> Any:
    return counts[f"{schema}.correct"] + 0.5 * counts[f"{schema}.partial"]


def _entities(schema: str, other: str) -> Total:
    """All gold entities (`other`: missed), or all predicted ones (spurious)."""
    return total(*(f"{schema}.{kind}" for kind in ("correct", "incorrect", "partial", other)))


def _side(counts: Counts, schema: str, other: str) -> Any:
    return counts.total(_entities(schema, other).columns)


def _precision(counts: Counts, *, schema: str) -> Any:
    return zero_ratio(_right(counts, schema), _side(counts, schema, "spurious"))


def _recall(counts: Counts, *, schema: str) -> Any:
    return zero_ratio(_right(counts, schema), _side(counts, schema, "missed"))


def _f1(counts: Counts, *, schema: str) -> Any:
    both = _side(counts, schema, "spurious") + _side(counts, schema, "missed")
    return zero_ratio(2 * _right(counts, schema), both)


_WHAT = {
    "strict": "same boundaries and label",
    "exact": "same boundaries, any label",
    "partial": "same boundaries, any label; an overlap counts one half",
    "type": "an overlap and the same label",
}
_PARTS = {
    "f1": (_f1, "2·right / (predicted + gold)"),
    "precision": (_precision, "right / predicted"),
    "recall": (_recall, "right / gold"),
}


def _check(counts: Counts) -> list[Fault]:
    """Name what no page and prediction can give: other entities under one schema than under another."""
    return equal(
        counts,
        *(
            (_entities(schema, other), _entities(SCHEMAS[0], other))
            for other in ("missed", "spurious")
            for schema in SCHEMAS[1:]
        ),
        # The same matching, named differently.
        ("partial.correct", "exact.correct"),
        ("partial.partial", "exact.incorrect"),
        *((f"{schema}.partial", 0) for schema in SCHEMAS if schema != "partial"),
        ("partial.incorrect", 0),
    )


FAMILY = Family(
    name="nervaluate",
    task="attributions",
    version=2,
    columns=tuple(f"{schema}.{kind}" for schema in SCHEMAS for kind in _CLASSES),
    prepare=prepare,
    count=count,
    applies=applies,
    metrics=tuple(
        Metric(
            name=f"nervaluate_{schema}_{part}",
            score=partial(score, schema=schema),
            formula=f"{formula} over all pages; right: {_WHAT[schema]}; {AS_ENTITIES}; both sides by place and label, "
            "since the peer matches first come, first served; an overlap is 1 % of the gold span or more",
            empty="0 where a side is empty, both included, as with the peer; strings that the page does not hold are "
            "spurious, which the peer cannot be told",
            source="MantisAI/nervaluate 1.2.1; SemEval-2013 task 9.1",
        )
        for schema in SCHEMAS
        for part, (score, formula) in _PARTS.items()
    ),
    gold=(_entities(SCHEMAS[0], "missed"),),
    answer=tuple(f"{schema}.{kind}" for schema in SCHEMAS for kind in _CLASSES if kind != "missed"),
    check=_check,
    peer=True,
)
