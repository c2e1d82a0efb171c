"""Headline, byline, outlet, country and date as printed on the page: found or not? (task `metadata`)"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from newsbench.metrics.base import Counts, Family, Metric, ratio
from newsbench.metrics.bounds import Fault, at_most, equal
from newsbench.text import words

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

FIELDS = ("headline", "byline", "outlet", "country", "published")
_ISO_DATE = re.compile(r"\s*(\d{4}-\d{2}-\d{2})")
_BY = frozenset({"by"})


def normalized(field: str, value: str | None) -> tuple[str, ...] | None:
    """Return a value as it is compared: words without case and punctuation, a date's day, no leading "by"."""
    if value is None or not value.strip():
        return None
    if field == "published":
        date = _ISO_DATE.match(value)
        return (date[1],) if date else tuple(words(value))
    found = tuple(words(value))
    if field == "byline" and found and found[0] in _BY:
        found = found[1:]
    return found or (value.strip(),)


def count(page: Page, prediction: Prediction | None) -> list[float]:
    """Count, for each field, that it is printed, was predicted, matches exactly, matches when normalised."""
    gold = page.metadata or {}
    predicted = (prediction.metadata if prediction is not None else None) or {}
    answered = prediction is not None and prediction.metadata is not None
    row: list[float] = [1]
    for field in FIELDS:
        want, got = gold.get(field), predicted.get(field)
        same = normalized(field, want) == normalized(field, got)
        # A page that the system did not answer has no field right, not even an absent one.
        row += [want is not None, got is not None, answered and (want or None) == (got or None), answered and same]
    return row


def _share(counts: Counts, *, column: str) -> Any:
    return ratio(counts[column], counts["pages"])


_COLUMNS = ("pages", *(f"{side}.{field}" for field in FIELDS for side in ("gold", "predicted", "exact", "match")))


def _check(counts: Counts) -> list[Fault]:
    """Name what no page and prediction can give: a field that matches to the letter and not when normalised."""
    return [
        *equal(counts, ("pages", 1)),
        *at_most(counts, *((f"exact.{field}", f"match.{field}") for field in FIELDS)),
    ]


FAMILY = Family(
    name="fields",
    task="metadata",
    columns=_COLUMNS,
    count=count,
    applies=lambda page: page.metadata is not None,
    metrics=tuple(
        Metric(
            name=f"{field}_{kind}",
            score=partial(_share, column=f"{kind}.{field}"),
            formula=f"pages whose {field} is "
            + ("the gold value, letter for letter" if kind == "exact" else "the gold value once both are normalised")
            + " / pages; absent is right where the page prints none",
            empty="nan without pages",
            source="NewsBench",
            headline=field == "headline" and kind == "match",
        )
        for field in FIELDS
        for kind in ("match", "exact")
    ),
    flags=_COLUMNS,
    gold=("pages", *(f"gold.{field}" for field in FIELDS)),
    answer=tuple(f"{side}.{field}" for field in FIELDS for side in ("predicted", "exact", "match")),
    check=_check,
)
