"""Headline, byline, outlet, country and date as printed on the page: found or not? (task `metadata`)"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from newsbench.metrics.base import Counts, Family, Metric, ratio
from newsbench.metrics.bounds import Fault, at_most, equal
from newsbench.metrics.dates import MONTH_FIRST, read_day
from newsbench.text import words

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

FIELDS = ("headline", "byline", "outlet", "country", "published")
_BY = frozenset({"by"})


def normalized(field: str, value: str | None) -> tuple[str, ...] | None:
    """Return a value as it is compared: words without case and punctuation, no leading "by"; None where it is blank."""
    if value is None or not value.strip():
        return None
    found = tuple(words(value))
    if field == "byline" and found and found[0] in _BY:
        found = found[1:]
    return found or (value.strip(),)


def matches(field: str, gold: str | None, predicted: str | None, country: str | None = None) -> bool:
    """Say whether two values are the same once both are normalised; dates are, where both name the same day.

    `country` is the outlet's: it says which of 3/4 is the month.
    """
    if field == "published" and gold and predicted:
        days = read_day(gold, country), read_day(predicted, country)
        if days[0] is not None and days[1] is not None:
            return days[0].agrees(days[1])
    return normalized(field, gold) == normalized(field, predicted)


def count(page: Page, prediction: Prediction | None) -> list[float]:
    """Count, for each field, that it is printed, was predicted, matches exactly, matches when normalised."""
    gold = page.metadata or {}
    predicted = (prediction.metadata if prediction is not None else None) or {}
    answered = prediction is not None and prediction.metadata is not None
    row: list[float] = [1]
    for field in FIELDS:
        want, got = gold.get(field), predicted.get(field)
        same = matches(field, want, got, page.country)
        # A page that the system did not answer has no field right, not even an absent one.
        row += [want is not None, got is not None, answered and (want or None) == (got or None), answered and same]
    return row


def _share(counts: Counts, *, column: str) -> Any:
    return ratio(counts[column], counts["pages"])


_COLUMNS = ("pages", *(f"{side}.{field}" for field in FIELDS for side in ("gold", "predicted", "exact", "match")))
_SAME_DAY = (
    "the same calendar day as the gold, both read as ISO 8601, as figures or with an English month, with or without "
    "time, zone and further words (12 words at most); a day that can be read in two ways is none: of two figures up to "
    f"12 the first is the month on pages from {', '.join(sorted(MONTH_FIRST))}, the day on others, neither on pages "
    "from CA or from no country; years have four figures, and one that is not given is not compared"
)


def _sameness(field: str, kind: str) -> str:
    if kind == "exact":
        return "the gold value, letter for letter"
    return _SAME_DAY if field == "published" else "the gold value once both are normalised"


_TERMS = {
    "absent": "null or left out in the `metadata` of a prediction; empty is absent too, and blank where values are "
    "normalised. A page that was not answered, its prediction being missing, failed or without `metadata`, counts "
    "among the pages and has no field right, not even one that the page does not print: silence must not pay. An "
    "empty `metadata` is an answer",
    "normalised": "words without case and punctuation (NFKC, case folded, runs of letters and digits) in order; of a "
    'byline a first word "by" is dropped; a value without words is compared as it is, without white space at its ends',
}


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
            formula=f"pages whose {field} is {_sameness(field, kind)} / pages; absent is right where the page prints "
            "none, if the page was answered",
            empty="nan without pages",
            source="NewsBench",
            headline=field == "headline" and kind == "match",
            version=2 if (field, kind) == ("published", "match") else 1,
        )
        for field in FIELDS
        for kind in ("match", "exact")
    ),
    terms=_TERMS,
    flags=_COLUMNS,
    gold=("pages", *(f"gold.{field}" for field in FIELDS)),
    answer=tuple(f"{side}.{field}" for field in FIELDS for side in ("predicted", "exact", "match")),
    filled=tuple(f"predicted.{field}" for field in FIELDS),
    check=_check,
    version=2,
)
