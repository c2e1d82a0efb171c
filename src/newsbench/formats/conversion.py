"""From a valid record to a prediction."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from newsbench.offsetunits import code_point_offsets
from newsbench.types import ELEMENTS, Prediction, QuotedAttribution, Segment, Span, Topic

_ONLY_TEXT = frozenset(("id", "system", "main_text"))
_LABELS = ("form", "channel", "polarity", "modality", "evidential", "no_comment", "parent")


def prediction_of(record: Mapping[str, Any], text: str | None = None) -> Prediction:
    """Turn a valid record into a `Prediction`; `text` is needed where its offsets are not code points."""
    if record.keys() <= _ONLY_TEXT:
        # Most records of extractors are no more than this.
        return Prediction(record["id"], record.get("main_text"))
    if (record.get("error") or "").strip():
        # The system says that it failed: whatever else stands there is no answer. An empty message says nothing.
        return Prediction(id=record["id"], error=record["error"])
    unit = record.get("offsets") or "code-points"
    table = code_point_offsets(text, unit) if text is not None and unit != "code-points" else None

    def span(value: Mapping[str, int]) -> Span:
        # JSON Schema takes 3.0 for an integer, as tables of doubles have them.
        start, end = int(value["start"]), int(value["end"])
        return Span(start, end) if table is None else Span(table[start], table[end])

    boilerplate = record.get("boilerplate")
    attributions = record.get("attributions")
    topics = record.get("topics")
    return Prediction(
        id=record["id"],
        main_text=record.get("main_text"),
        boilerplate=None
        if boilerplate is None
        else tuple(sorted(Segment(*span(part), part.get("type") or "boilerplate") for part in boilerplate)),
        attributions=None if attributions is None else tuple(_attribution(row, span) for row in attributions),
        topics=None if topics is None else tuple(map(_topic, topics)),
        story=_label(record.get("story")),
        aspect=_label(record.get("aspect")),
        story_title=record.get("story_title"),
        metadata=record.get("metadata"),
    )


def _label(value: str | float | None) -> str | None:
    """Return a cluster's label as a string: 17.0, as tables of doubles have it, is 17; a blank one is no answer."""
    if isinstance(value, str):
        return value if value.strip() else None
    return None if value is None else str(int(value))


def _attribution(row: Mapping[str, Any], span: Any) -> QuotedAttribution:
    elements = {}
    for name in ELEMENTS:
        value = row.get(name)
        parts = [] if value is None else value if isinstance(value, list) else [value]
        elements[name] = tuple(part if isinstance(part, str) else span(part) for part in parts if part != "")
    entity = row.get("entity")
    return QuotedAttribution(
        id=row.get("id"),
        entity=() if entity is None else (entity,) if isinstance(entity, str) else tuple(entity),
        **elements,
        **{name: row.get(name) for name in _LABELS},
    )


def _topic(value: Any) -> Topic:
    if isinstance(value, str):
        return Topic(value)
    score = value.get("score")
    return Topic(value["code"], bool(value.get("primary")), math.nan if score is None else float(score))
