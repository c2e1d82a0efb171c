"""German news quotation attribution corpus (uhh-lt, 2024): a JSON file an article, offsets into `originalText`.

`quote` becomes content, `speaker` source, `cue` cue, `addressee` addressee; `frame` is lost. Types: Direct, Indirect,
Reported, FreeIndirect as ours; IndirectFreeIndirect (indirect by mood alone) has no counterpart and gets no form.
Media: Speech, Writing and Thought as our channels; their mixtures (SW, ST, WT, SWT) are `unknown`. A nested quote's
parent is the smallest quote around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import read_json, refuse
from newsbench.importers.relations import attribution_page, find_parent, find_quoted
from newsbench.offsetunits import code_point_offsets
from newsbench.spans import union
from newsbench.types import Span

_ROLES = {"quote": "content", "speaker": "source", "cue": "cue", "addressee": "addressee"}
_FORMS = {"Direct": "direct", "Indirect": "indirect", "Reported": "reported", "FreeIndirect": "free_indirect"}
_CHANNELS = {"Speech": "speech", "Writing": "writing", "Thought": "thought"}
_DATE = re.compile(r"\((\d{4}-\d{2}-\d{2})\)")


def _find(source: Path, columns: Columns, report: Report) -> Iterator[Path]:
    files = [source] if source.is_file() else sorted(source.rglob("*.json")) if source.is_dir() else []
    if not files:
        raise refuse(source, "*.json with `originalText` and `annotations`, in the folder or below it")
    yield from files


def _read(file: Path, report: Report) -> Row | None:
    name = file.name.removesuffix(".json").removesuffix(".pretty")
    entry = read_json(file)
    text = entry.get("originalText") if isinstance(entry, dict) else None
    if not isinstance(text, str) or not text.strip():
        report(Notice("no text", file.name, None, "lacks `originalText`", name))
        return None
    annotations = [one for one in entry.get("annotations") or () if isinstance(one, dict)]
    table = _table(text, annotations)
    if table is not None:
        report(Notice("offsets", file.name, None, "counted in utf-16, converted to code points", name))
    attributions: list[dict[str, Any]] = []
    for number, one in enumerate(annotations):
        attribution = _attribution(
            one, number, text, table, lambda kind, what: report(Notice(kind, file.name, None, what, name))
        )
        if attribution is not None:
            attributions.append(attribution)
    nested = {f"a{number}" for number, one in enumerate(annotations) if one.get("isNested")}
    for attribution in attributions:
        if attribution["id"] in nested:
            attribution["parent"] = find_parent(attributions, attribution)
    dated = _DATE.search(name)
    row = attribution_page(name, text, attributions, language="de", more={"title": entry.get("documentName")})
    if dated:
        import datetime

        row["published"] = datetime.date.fromisoformat(dated[1])
    return row


def _places(one: dict[str, Any], role: str) -> list[Span]:
    return [Span(span["charBegin"], span["charEnd"]) for span in (one.get(role) or {}).get("spans") or ()]


def _fit(text: str, annotations: list[dict[str, Any]], table: list[int] | None) -> int:
    """Count the elements whose offsets give the very text that the file has for them."""
    found = 0
    for one in annotations:
        for role in _ROLES:
            places = _converted(_places(one, role), table)
            given = (one.get(role) or {}).get("text") or ""
            found += bool(places) and " ".join(text[start:end] for start, end in places) == given
    return found


def _table(text: str, annotations: list[dict[str, Any]]) -> list[int] | None:
    """Return how to convert offsets that count UTF-16; None where they count code points."""
    if all(ord(character) < 0x10000 for character in text):
        return None
    table = code_point_offsets(text, "utf-16")
    return table if _fit(text, annotations, table) > _fit(text, annotations, None) else None


def _converted(places: list[Span], table: list[int] | None) -> list[Span]:
    if table is None:
        return places
    last = len(table) - 1
    return [Span(table[min(start, last)], table[min(end, last)]) for start, end in places]


def _attribution(
    one: dict[str, Any], number: int, text: str, table: list[int] | None, tell: Any
) -> dict[str, Any] | None:
    found: dict[str, Any] = {"id": f"a{number}"}
    for role, element in _ROLES.items():
        places = _converted(_places(one, role), table)
        given = (one.get(role) or {}).get("text") or ""
        if not places:
            continue
        there = " ".join(text[start:end] for start, end in places)
        if there != given:
            moved = find_quoted(text, given, places[0].start)
            told = f"{role} of annotation {one.get('id')} should be {given[:60]!r} and is {there[:60]!r}"
            tell("wrong offsets", f"{told}; {'left out' if moved is None else f'moved to {moved.start}'}")
            places = [] if moved is None else [moved]
        found[element] = union(place for place in places if place.start < place.end)
    if not found.get("content"):
        tell("no content", f"annotation {one.get('id')} has no quote that can be read; left out")
        return None
    return {**found, "form": _FORMS.get(one.get("type")), "channel": _CHANNELS.get(one.get("medium"), "unknown")}


FORMAT = Format(_find, _read)
