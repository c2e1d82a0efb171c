"""Dates as people print them: the calendar day that a short text names, if it can be read in one way only."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import NamedTuple

from newsbench.text import words

#: Where 3/4 is the fourth of March (Unicode CLDR, English and Filipino). Canada writes both; all others the day first.
MONTH_FIRST = frozenset({"US", "AS", "GU", "MH", "MP", "PH", "PR", "UM", "VI"})
_BOTH_ORDERS = frozenset({"CA"})
# A text longer than this is no printed date but a passage in which one may stand.
_MOST_WORDS = 12
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_TIME = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?")
_YEAR = r"(?<!\d)(?P<year>\d{4})(?!\d)"
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_NAME = (
    r"(?<![a-z])(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_GAP = r"[\s.,/-]*(?:of\s+)?"
_SEPARATOR, _SAME = r"\s*(?P<separator>[./-])\s*", r"\s*(?P=separator)\s*"
_FIRST, _SECOND = r"(?<!\d)(?P<first>\d{1,2})", r"(?P<second>\d{1,2})(?!\d)"

_WITH_YEAR = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d)(?P<year>\d{{4}}){_SEPARATOR}(?P<month>\d{{1,2}}){_SAME}{_DAY}",
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        rf"{_FIRST}{_SEPARATOR}{_SECOND}{_SAME}{_YEAR}",
        rf"{_DAY}{_GAP}{_NAME}{_GAP}{_YEAR}",
        rf"{_NAME}{_GAP}{_DAY}{_GAP}{_YEAR}",
        rf"{_YEAR}{_GAP}{_NAME}{_GAP}{_DAY}",
        rf"{_YEAR}{_GAP}{_DAY}{_GAP}{_NAME}",
    )
]
_WITHOUT_YEAR = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}{_GAP}{_NAME}",
        # Neither before the year of "Mar 14, 26" nor inside 12/03/26: which number is the year nobody can tell.
        rf"{_NAME}{_GAP}{_DAY}(?![\s,.’']*\d{{2}}(?!\d))",
        rf"(?<!\d[./-]){_FIRST}[./]\s*{_SECOND}(?!\s*[./-]\s*\d)",
    )
]


class Day(NamedTuple):
    """A calendar day; the year is None where none is given."""

    year: int | None
    month: int
    day: int

    def agrees(self, other: Day) -> bool:
        """Say whether two texts may mean the same day: a year that one of them does not give is not compared."""
        return self[1:] == other[1:] and (self.year == other.year or None in (self.year, other.year))


def read_day(text: str, country: str | None = None) -> Day | None:
    """Return the day that a short text names, None where it names none or may mean several.

    Read are ISO 8601, figures between dots, strokes or hyphens, and English names of months in any order, with or
    without weekday, time and further words; a year has four figures. Where day and month are figures up to 12, the
    order is that of `country` (ISO 3166-1 alpha-2); without a country they have no single reading.
    """
    if len(words(text)) > _MOST_WORDS:
        return None
    text = _TIME.sub(" ", text)
    for patterns in (_WITH_YEAR, _WITHOUT_YEAR):
        found = {day for pattern in patterns for match in pattern.finditer(text) for day in _readings(match, country)}
        if found:
            return found.pop() if len(found) == 1 else None
        # What has a year is not read without it: there is no 29 February 2026. A bar joins nothing to a date.
        for pattern in patterns:
            text = pattern.sub("|", text)
    return None


def _readings(match: re.Match[str], country: str | None) -> Iterator[Day]:
    """Yield the days that a match may mean."""
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    if "first" in parts:
        day_first = Day(year, int(parts["second"]), int(parts["first"]))
        month_first = Day(year, int(parts["first"]), int(parts["second"]))
        found = [day for day in (day_first, month_first) if _exists(day)]
        if len(found) == 2 and country is not None and country not in _BOTH_ORDERS:
            found = [month_first if country in MONTH_FIRST else day_first]
    else:
        name = parts.get("name")
        month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"])
        found = [day for day in (Day(year, month, int(parts["day"])),) if _exists(day)]
    yield from found


def _exists(day: Day) -> bool:
    try:
        # A year that is not given may be a leap year.
        datetime.date(2000 if day.year is None else day.year, day.month, day.day)
    except ValueError:
        return False
    return True
