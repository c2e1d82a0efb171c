"""brat standoff: `T` text-bound annotations, `E` events and `R` relations over a text, with the faults that files have.

Attributions are read from events whose roles are source, cue, content (and addressee, medium, hedge), in any case and
with a number behind (`Content2`); where a file has no such events, from relations that join text-bound annotations of
these types; else each content stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from newsbench.offsetunits import OFFSET_UNITS, code_point_offsets
from newsbench.spans import union
from newsbench.types import ELEMENTS, Span

_NUMBER = re.compile(r"\d+$")
_SPANS = re.compile(r"\d+ \d+(?:;\d+ \d+)*$")

#: (kind, line or None, what)
Fault = tuple[str, int | None, str]


class Bound(NamedTuple):
    """A text-bound annotation as the file has it: fragments in some unit of offsets, and the text it should have."""

    type: str
    fragments: tuple[Span, ...]
    text: str
    line: int


class Link(NamedTuple):
    """An event or a relation: (role, id) pairs; an event's trigger is among them under its type."""

    id: str
    type: str
    arguments: tuple[tuple[str, str], ...]
    line: int


@dataclass(slots=True)
class Standoff:
    """What a file of annotations holds; `faults` are its broken lines."""

    bounds: dict[str, Bound] = field(default_factory=dict)
    events: list[Link] = field(default_factory=list)
    relations: list[Link] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def element_of(name: str) -> str | None:
    """Return the element of an attribution that a role or type names, None where it names none."""
    plain = _NUMBER.sub("", name).lower()
    return plain if plain in ELEMENTS else None


def parse_standoff(raw: str) -> Standoff:
    """Parse an `.ann` file; a line that cannot be read becomes a fault."""
    found = Standoff()
    for number, line in enumerate(raw.removeprefix("\ufeff").split("\n"), 1):
        line = line.rstrip("\r")
        if not line.strip() or line[0] in "#ANM*":
            # Notes, attributes, normalisations and equivalences say nothing about who said what.
            continue
        problem = _parse_line(found, line, number)
        if problem:
            found.faults.append(("broken line", number, f"{problem}: {line[:80]!r}"))
    for link in (*found.events, *found.relations):
        absent = [name for _, name in link.arguments if name[:1] == "T" and name not in found.bounds]
        if absent:
            found.faults.append(("broken line", link.line, f"{link.id} names {', '.join(absent)}, which is not there"))
    return found


def _parse_line(found: Standoff, line: str, number: int) -> str | None:
    name, _, rest = line.partition("\t")
    if name[:1] == "T":
        head, _, text = rest.partition("\t")
        kind, _, places = head.partition(" ")
        if not kind or not _SPANS.match(places):
            return "no text-bound annotation"
        fragments = tuple(Span(*map(int, part.split())) for part in places.split(";"))
        if any(start >= end for start, end in fragments):
            return "an empty span"
        if name in found.bounds:
            return f"{name} stands twice"
        found.bounds[name] = Bound(kind, fragments, text, number)
        return None
    if name[:1] not in "ER":
        return "neither T, E nor R"
    parts = [part.rpartition(":") for part in rest.split()]
    if name[0] == "R":
        kind, arguments = (parts[0][2], parts[1:]) if parts else ("", [])
    else:
        kind, arguments = (parts[0][0], parts) if parts else ("", [])
    if not kind or len(arguments) < (2 if name[0] == "R" else 1) or not all(role and one for role, _, one in arguments):
        return "no event" if name[0] == "E" else "no relation"
    links = found.events if name[0] == "E" else found.relations
    links.append(Link(name, kind, tuple((role, one) for role, _, one in arguments), number))
    return None


def place_bounds(found: Standoff, text: str) -> tuple[dict[str, tuple[Span, ...]], list[Fault]]:
    """Return the fragments of each text-bound annotation as code points of `text`, and what was wrong with them.

    Offsets are read in the unit under which most annotations have the text that the file gives for them. One that still
    has another text is moved to the nearest place of its text, or dropped where there is none.
    """
    faults: list[Fault] = []
    tables = {unit: None if unit == "code-points" else code_point_offsets(text, unit) for unit in OFFSET_UNITS}
    units = list(OFFSET_UNITS) if not text.isascii() else ["code-points"]
    unit = max(units, key=lambda one: sum(_fits(bound, text, tables[one]) for bound in found.bounds.values()))
    if unit != "code-points":
        faults.append(("offsets", None, f"counted in {unit}, converted to code points"))
    placed: dict[str, tuple[Span, ...]] = {}
    for name, bound in found.bounds.items():
        fragments = _converted(bound, text, tables[unit])
        if fragments is not None and _same(fragments, bound, text):
            placed[name] = fragments
            continue
        moved = _nearest(text, bound)
        there = "" if fragments is None else " ".join(text[start:end] for start, end in fragments)
        told = f"{name} should be {bound.text[:60]!r} and is {there[:60]!r}"
        if moved is None:
            faults.append(("wrong offsets", bound.line, f"{told}; left out"))
        else:
            placed[name] = (moved,)
            faults.append(("wrong offsets", bound.line, f"{told}; moved to {moved.start}"))
    return placed, faults


def _converted(bound: Bound, text: str, table: Sequence[int] | None) -> tuple[Span, ...] | None:
    size = len(text) if table is None else len(table) - 1
    if any(end > size for _, end in bound.fragments):
        return None
    if table is None:
        return bound.fragments
    return tuple(Span(table[start], table[end]) for start, end in bound.fragments)


def _same(fragments: Sequence[Span], bound: Bound, text: str) -> bool:
    there = " ".join(text[start:end] for start, end in fragments)
    return there == bound.text or there.split() == bound.text.split()


def _fits(bound: Bound, text: str, table: Sequence[int] | None) -> bool:
    fragments = _converted(bound, text, table)
    return fragments is not None and _same(fragments, bound, text)


def _nearest(text: str, bound: Bound) -> Span | None:
    wanted = bound.text.strip()
    if not wanted:
        return None
    places = [match.start() for match in re.finditer(re.escape(wanted), text)]
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - bound.fragments[0].start))
    return Span(start, start + len(wanted))


def read_attributions(found: Standoff, placed: dict[str, tuple[Span, ...]]) -> tuple[list[dict[str, Any]], list[Fault]]:
    """Return attributions as {id, element: fragments}, in the file's order, and those that have no content."""
    groups = [(link.id, link.line, list(link.arguments)) for link in found.events]
    groups = [group for group in groups if any(element_of(role) for role, _ in group[2])]
    if not groups:
        groups = _joined(found)
    attributions, faults = [], []
    for name, line, arguments in groups:
        parts: dict[str, list[Span]] = {}
        for role, one in arguments:
            element = element_of(role)
            if element is not None and one in placed:
                parts.setdefault(element, []).extend(placed[one])
        if not parts.get("content"):
            faults.append(("no content", line, f"{name} has no content that can be read; left out"))
            continue
        attributions.append({"id": name, **{element: union(spans) for element, spans in parts.items()}})
    return attributions, faults


def _joined(found: Standoff) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """Group text-bound annotations that relations join; without relations each content is a group."""
    group_of = {name: name for name, bound in found.bounds.items() if element_of(bound.type)}

    def root(name: str) -> str:
        while group_of[name] != name:
            name = group_of[name]
        return name

    for relation in found.relations:
        ends = [name for _, name in relation.arguments if name in group_of]
        for one, other in pairwise(ends):
            group_of[root(other)] = root(one)
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in group_of:
        groups.setdefault(root(name), []).append((found.bounds[name].type, name))
    return [
        (name, found.bounds[name].line, arguments)
        for name, arguments in groups.items()
        if any(element_of(kind) == "content" for kind, _ in arguments) or len(arguments) > 1
    ]
