"""Brat standoff: ``<page>.txt`` and ``<page>.ann`` a page, and one ``annotation.conf``.

A segment is a text-bound of its type. An attribution is an event ``Attribution`` whose trigger stands on the cue (on
another element where there is no cue), with the elements as arguments, the parent as an argument that is an event, and
the labels as attributes. A note on the event holds, as JSON, its id, statement and sources. Offsets are code points.

Brat allows no fragment over a line break or a tab: such spans are cut there, and a note on the text-bound gives the
whole ones. The reader trusts a note only as long as it fits its text-bound, so that edits made in brat win.

Not carried: topics; story, outlet, language and printed metadata; an attribution without any span; a source that no
attribution cites; spans of white space that brat cannot show; the difference between a layer that nobody labelled and
one without labels.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from newsbench.exporters.base import ANCHORS, LABELS, LAYERS, attribution_from, count_facts, facts_of, prepare
from newsbench.gold import page_of
from newsbench.pagetable import SPAN_FIELDS
from newsbench.problems import InputError, Problem
from newsbench.resources import table
from newsbench.types import Attribution, Page, Segment

CARRIED = ("segments", "attributions")
#: Element -> type of its text-bounds and role in the event.
ROLES = {
    "source": "Source",
    "cue": "Cue",
    "cue_head": "CueHead",
    "content": "Content",
    "addressee": "Addressee",
    "medium": "Medium",
    "hedge": "Hedge",
    "quoted_fragments": "QuotedFragment",
}
EVENT, PARENT, NO_COMMENT = "Attribution", "Parent", "NoComment"
_ELEMENTS = {role: name for name, role in ROLES.items()}
#: What ends a line for anyone who reads a file by lines, and the tab, which ends a field.
_BREAKS = re.compile("[\t\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029]+")

Ranges = list[tuple[int, int]]


def write(pages: Iterable[Page], folder: Path, *, layers: Sequence[str] = LAYERS) -> Counter[str]:
    """Write pages as brat standoff and return what was left behind."""
    losses: Counter[str] = Counter()
    types: dict[str, None] = {}
    values: dict[str, set[str]] = {name: set() for name in LABELS}
    for page in prepare(pages, layers, carried=CARRIED, losses=losses):
        document = _Document(page, losses)
        (folder / f"{page.id}.txt").write_text(page.text, encoding="utf-8", newline="")
        (folder / f"{page.id}.ann").write_text("".join(document.lines), encoding="utf-8", newline="")
        types.update(dict.fromkeys(segment.type for segment in page.segments or ()))
        for attribution in page.attributions or ():
            for name in LABELS:
                values[name].add(getattr(attribution, name) or "")
    (folder / "annotation.conf").write_text(_configuration(types, values), encoding="utf-8", newline="")
    return losses


class _Document:
    """The lines of one page's .ann file as they come into being."""

    def __init__(self, page: Page, losses: Counter[str]) -> None:
        self.text = page.text
        self.losses = losses
        self.lines: list[str] = []
        self.numbers: Counter[str] = Counter()
        count_facts(page, losses)
        reserved = {EVENT, *_ELEMENTS}
        clashes = sorted({segment.type for segment in page.segments or ()} & reserved)
        if clashes:
            raise InputError(
                [Problem("gold", None, "segments", f"type {name!r} is reserved", page.id) for name in clashes]
            )
        for segment in page.segments or ():
            self.text_bound(segment.type, [segment[:2]], whole=True)
        sources = {row["id"]: row for row in facts_of(page).get("sources") or ()}
        shown = [attribution for attribution in page.attributions or () if self.is_shown(attribution)]
        events = {attribution.id: f"E{number}" for number, attribution in enumerate(shown, 1)}
        for attribution in shown:
            self.event(attribution, events, sources)
        cited = {source for attribution in shown for source in attribution.source_ids}
        losses["sources that no attribution cites"] += len(set(sources) - cited)

    def new(self, kind: str) -> str:
        self.numbers[kind] += 1
        return f"{kind}{self.numbers[kind]}"

    def is_shown(self, attribution: Attribution) -> bool:
        if any(_pieces(self.text, getattr(attribution, name)) for name in SPAN_FIELDS):
            return True
        self.losses["attributions without a span"] += 1
        return False

    def text_bound(self, kind: str, spans: Sequence[Sequence[int]], *, whole: bool = False) -> str | None:
        """Write a text-bound and return its id; None where only line breaks and tabs stand there."""
        pieces = _pieces(self.text, spans)
        if not pieces:
            self.losses["spans of nothing but line breaks and tabs"] += 1
            return None
        name = self.new("T")
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(self.text[start:end] for start, end in pieces)
        self.lines.append(f"{name}\t{kind} {places}\t{words}\n")
        exact = [tuple(span) for span in spans]
        if _whole(pieces, whole) != exact:
            self.note(name, {"spans": exact})
        return name

    def note(self, target: str, values: Mapping[str, Any]) -> None:
        self.lines.append(f"{self.new('#')}\tAnnotatorNotes {target}\t{json.dumps(values)}\n")

    def event(self, attribution: Attribution, events: Mapping[str, str], sources: Mapping[str, Any]) -> None:
        arguments = []
        trigger: Ranges = []
        for name in ANCHORS:
            spans = getattr(attribution, name)
            if spans and (bound := self.text_bound(ROLES[name], spans)) is not None:
                arguments.append(f"{ROLES[name]}:{bound}")
                trigger = trigger or _pieces(self.text, spans)
        if attribution.parent in events:
            arguments.append(f"{PARENT}:{events[attribution.parent]}")
        elif attribution.parent is not None:
            self.losses["parents without a span"] += 1
        start = self.text_bound(EVENT, trigger)
        event = events[attribution.id]
        self.lines.append(f"{event}\t{' '.join([f'{EVENT}:{start}', *arguments])}\n")
        for name in LABELS:
            if (value := getattr(attribution, name)) is not None:
                self.lines.append(f"{self.new('A')}\t{name.capitalize()} {event} {value}\n")
        if attribution.no_comment:
            self.lines.append(f"{self.new('A')}\t{NO_COMMENT} {event}\n")
        rows = [sources.get(source, {"id": source, "unknown": True}) for source in attribution.source_ids]
        kept = {"id": attribution.id, "statement": attribution.statement, "sources": rows}
        self.note(event, {name: value for name, value in kept.items() if value})


def _pieces(text: str, spans: Iterable[Sequence[int]]) -> Ranges:
    """Cut spans at line breaks and tabs."""
    found: Ranges = []
    for start, end in spans:
        at = start
        for mark in _BREAKS.finditer(text, start, end):
            if at < mark.start():
                found.append((at, mark.start()))
            at = mark.end()
        if at < end:
            found.append((at, end))
    return found


def _whole(pieces: Ranges, whole: bool) -> Ranges:
    """Return what a text-bound says without a note: its fragments, or for a segment all from first to last."""
    return [(pieces[0][0], pieces[-1][1])] if whole else pieces


def _configuration(types: Iterable[str], values: Mapping[str, set[str]]) -> str:
    """Return annotation.conf: the types seen beside those of the schema, with all the values that labels may take."""
    known = table("page.schema")["$defs"]["attribution"]["properties"]
    entities = [*dict.fromkeys([*table("segments")["types"], *types]), *ROLES.values()]
    roles = ", ".join([*(f"{role}?:{role}" for role in ROLES.values()), f"{PARENT}?:{EVENT}"])
    attributes = []
    for name in LABELS:
        allowed = dict.fromkeys([*known[name]["enum"], *sorted(values[name])])
        attributes.append(f"{name.capitalize()}\tArg:{EVENT}, Value:{'|'.join(value for value in allowed if value)}")
    attributes.append(f"{NO_COMMENT}\tArg:{EVENT}")
    parts = {
        "entities": entities,
        "relations": ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"],
        "events": [f"{EVENT}\t{roles}"],
        "attributes": attributes,
    }
    return "\n".join(f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in parts.items())


def read(folder: Path) -> Iterator[Page]:
    """Yield the pages of an exported folder in order of their ids.

    Errors: FileNotFoundError for a folder without .ann files; InputError that names every line that cannot be read.
    """
    files = sorted(folder.glob("*.ann"))
    if not files:
        raise FileNotFoundError(f"no *.ann in {folder}")
    for file in files:
        yield _read_page(file)


def _read_page(file: Path) -> Page:
    text = file.with_suffix(".txt").read_bytes().decode("utf-8")
    bounds: dict[str, tuple[str, Ranges]] = {}
    events: dict[str, dict[str, str]] = {}
    labels: dict[str, dict[str, Any]] = {}
    notes: dict[str, dict[str, Any]] = {}
    problems = []
    for number, line in enumerate(file.read_bytes().decode("utf-8").split("\n"), 1):
        if not line:
            continue
        try:
            name, rest = line.split("\t", 1)
            if name[0] == "T":
                kind, _, places = rest.partition("\t")[0].partition(" ")
                bounds[name] = kind, [(int(a), int(b)) for a, b in (part.split(" ") for part in places.split(";"))]
            elif name[0] == "E":
                events[name] = dict(part.split(":", 1) for part in rest.split(" "))
            elif name[0] == "A":
                kind, event, *value = rest.split(" ")
                label = {NO_COMMENT: "no_comment"}.get(kind, kind.lower())
                labels.setdefault(event, {})[label] = value[0] if value else True
            elif name[0] == "#":
                _, target = rest.split("\t", 1)[0].split(" ")
                notes[target] = json.loads(rest.split("\t", 1)[1])
            else:
                raise ValueError(f"no kind of annotation {name!r}")
        except (ValueError, IndexError) as error:
            problems.append(Problem(file.name, number, "", str(error)))
    if problems:
        raise InputError(problems)

    def spans_of(bound: str) -> Ranges:
        kind, pieces = bounds[bound]
        exact = [(start, end) for start, end in notes.get(bound, {}).get("spans", ())]
        return exact if exact and _pieces(text, exact) == pieces else _whole(pieces, kind not in _ELEMENTS)

    segments = [
        Segment(*spans_of(name)[0], kind)
        for name, (kind, _) in bounds.items()
        if kind not in _ELEMENTS and kind != EVENT
    ]
    sources: dict[str, Mapping[str, Any]] = {}
    ids = {event: notes[event]["id"] for event in events}
    attributions = []
    for event, roles in events.items():
        note = notes[event]
        named = note.get("sources", [])
        sources.update((row["id"], row) for row in named if "unknown" not in row)
        features = {**labels.get(event, {}), "id": note["id"], "statement": note.get("statement")}
        features["source_ids"] = [row["id"] for row in named]
        features["parent"] = ids.get(roles.get(PARENT, ""))
        spans = {_ELEMENTS[role]: spans_of(bound) for role, bound in roles.items() if role in _ELEMENTS}
        attributions.append(attribution_from(features, spans))
    page = page_of({"id": file.stem, "text": text, "sources": list(sources.values())})
    return page._replace(segments=tuple(segments), attributions=tuple(attributions))
