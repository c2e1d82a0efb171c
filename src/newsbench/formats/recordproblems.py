"""What is wrong with a record of predictions in itself: its form, its numbers, its spans; and which page it is of."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from typing import Any

from newsbench.offsetunits import OFFSET_UNITS
from newsbench.problems import Problem
from newsbench.schema import faults, quick_check
from newsbench.types import ELEMENTS, Page

# A record of nothing but these, all of them strings, is sound: most are, and need no schema to see it.
_STRINGS = frozenset(("id", "system", "main_text", "story_title", "error"))
# Among more pages than this nobody looks for the nearest id.
_MOST_NAMES = 5000


def record_problems(
    name: str, number: int, record: Any, page: Page | None, fault: Problem | None = None
) -> list[Problem]:
    """Return what is wrong with a record in itself: its form, and spans outside the page's text where it is known.

    `fault` is what was found in reading it; where it could be read all the same, the rest is told too.
    """
    if fault is None:
        return [] if _is_plain(record) else _form_problems(name, number, record, page)
    if record is None:
        return [fault]
    numbers = [fault._replace(field=place) for place in _places(record, _is_not_finite)]
    found = [fault, *numbers[1:]]
    with suppress(RecursionError):
        others = _form_problems(name, number, record, page) if numbers else []
        told = {problem.field for problem in found}
        found += [problem for problem in others if problem.field not in told]
    return found


def _form_problems(name: str, number: int, record: Any, page: Page | None) -> list[Problem]:
    identifier = record["id"] if has_id(record) else None
    try:
        fits = quick_check("prediction")(record)
    except ValueError as error:
        # Bytes, decimals and the like, as Parquet may hold them.
        place = next(_places(record, _is_no_json), "")
        return [Problem(name, number, place, f"holds what JSON cannot: {error}", identifier)]
    wrong = [] if fits else faults("prediction", record)
    if wrong:
        return [Problem(name, number, place, message, identifier) for place, message in wrong]
    # Numbers that are none do not fit, and the schema has no more to say of them.
    return [*_topic_problems(name, number, record), *_span_problems(name, number, record, page)]


def _is_plain(record: Any) -> bool:
    return (
        type(record) is dict
        and bool(record.get("id"))
        and record.keys() <= _STRINGS
        and set(map(type, record.values())) == {str}
    )


def has_id(record: Any) -> bool:
    """Say whether a record says what page it is of."""
    return isinstance(record, dict) and isinstance(record.get("id"), str)


def twice(name: str, number: int, identifier: str, before: int) -> Problem:
    """Return the problem of a second record for a page."""
    return Problem(name, number, "id", f"stands twice, first in line {before}", identifier)


class OneSystem:
    """Holds the records of a file to one system: the first that any of them names."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.named: str | None = None
        self.line = 0
        self.others: set[str] = set()

    def foreign(self, number: int, record: dict[str, Any]) -> list[Problem] | None:
        """Return None for a record that can belong to the system; else what is wrong, told once for each other system.

        Records have to come in the order in which they stand.
        """
        system = record.get("system")
        if not isinstance(system, str) or system == self.named:
            return None
        if self.named is None:
            self.named, self.line = system, number
            return None
        if system in self.others:
            return []
        self.others.add(system)
        message = f"is {system!r}, but {self.named!r} in line {self.line}; allowed: one system a file"
        return [Problem(self.file, number, "system", message, record["id"])]


def unknown_page(name: str, number: int, identifier: str, pages: Collection[str]) -> Problem:
    """Return the problem of a prediction for a page that the gold does not have, with the nearest id."""
    import difflib

    near = difflib.get_close_matches(identifier, pages, 1) if len(pages) <= _MOST_NAMES else []
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return Problem(name, number, "id", f"no page {identifier!r} in the gold{hint}", identifier)


def finite_problem(name: str, number: int, row: Any) -> Problem | None:
    """Return the problem of a number that is none, None where there is no such number."""
    place = next(_places(row, _is_not_finite), None)
    if place is None:
        return None
    page = row.get("id") if isinstance(row, dict) else None
    return Problem(name, number, place, "is not a finite number; allowed: finite numbers or null", page)


def _places(value: Any, wrong: Callable[[Any], bool], path: str = "") -> Iterator[str]:
    """Yield where in a record something wrong stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, wrong, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _places(inner, wrong, f"{path}[{at}]")
    elif wrong(value):
        yield path


def _is_not_finite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _is_no_json(value: Any) -> bool:
    return value is not None and not isinstance(value, str | int | float)


def _topic_problems(name: str, number: int, record: dict[str, Any]) -> list[Problem]:
    topics = [topic for topic in record.get("topics") or () if isinstance(topic, dict)]
    primary = {topic["code"] for topic in topics if topic.get("primary")}
    if len(primary) < 2:
        return []
    # Which of them counts would hang on the order in which they stand.
    return [Problem(name, number, "topics", f"{len(primary)} are primary; allowed: one", record["id"])]


def _span_problems(name: str, number: int, record: dict[str, Any], page: Page | None) -> list[Problem]:
    if not (record.get("boilerplate") or record.get("attributions")):
        return []
    places = list(_spans(record))
    size = math.inf
    if page is not None:
        encoding, bytes_a_unit = OFFSET_UNITS[record.get("offsets") or "code-points"]
        size = page.size if bytes_a_unit == 4 else len(page.text.encode(encoding)) // bytes_a_unit
    problems = []
    for place, start, end in places:
        if start >= end:
            problems.append(Problem(name, number, place, f"start {start} is not before end {end}", record["id"]))
        elif end > size:
            problems.append(
                Problem(name, number, place, f"end {end} is outside the text; allowed: up to {size}", record["id"])
            )
    return problems


def _spans(record: dict[str, Any]) -> Iterator[tuple[str, int, int]]:
    for at, span in enumerate(record.get("boilerplate") or ()):
        yield f"boilerplate[{at}]", int(span["start"]), int(span["end"])
    for at, attribution in enumerate(record.get("attributions") or ()):
        for element in ELEMENTS:
            value = attribution.get(element)
            if isinstance(value, dict):
                yield f"attributions[{at}].{element}", int(value["start"]), int(value["end"])
            elif isinstance(value, list):
                for part, span in enumerate(value):
                    if isinstance(span, dict):
                        yield f"attributions[{at}].{element}[{part}]", int(span["start"]), int(span["end"])
