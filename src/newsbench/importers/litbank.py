"""LitBank quotations: `NAME_brat.txt`, a sentence a line, words between blanks, and `NAME_brat.ann` with its lines

``QUOTE id sentence word sentence word text`` (first and last word) and ``ATTRIB id speaker``.

A quotation becomes an attribution of the form `direct` with the speaker among `sources` (the corpus marks neither a
mention of the speaker nor a cue). A sentence is a line of `text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import decode, read_bytes, refuse
from newsbench.importers.relations import attribution_page, find_quoted
from newsbench.types import Span

_NUMBER = re.compile(r"-\d+$")


def _find(source: Path, columns: Columns, report: Report) -> Iterator[tuple[Path, Path]]:
    pairs = [(text, text.with_suffix(".ann")) for text in sorted(source.rglob("*.txt"))] if source.is_dir() else []
    if not any(marks.is_file() for _, marks in pairs):
        raise refuse(source, "pairs of NAME_brat.txt and NAME_brat.ann (quotations/brat of the corpus)")
    for text, marks in pairs:
        if marks.is_file():
            yield text, marks
        else:
            report(Notice("no annotations", text.name, None, f"no {marks.name}; left out"))


def _read(task: tuple[Path, Path], report: Report) -> Row | None:
    file, marks = task
    name = file.stem.removesuffix("_brat")
    text = decode(read_bytes(file), report, file.name, name)
    lines = _word_places(text)
    quotes: dict[str, dict[str, Any]] = {}
    speakers: dict[str, str] = {}
    for number, line in enumerate(decode(read_bytes(marks), report, marks.name, name).split("\n"), 1):
        if not line.strip():
            continue
        problem = _read_line(line.rstrip("\r").split("\t"), text, lines, quotes, speakers)
        if problem:
            kind, what = problem
            report(Notice(kind, marks.name, number, what, name))
    for identifier in sorted(speakers.keys() - quotes.keys()):
        report(Notice("broken line", marks.name, None, f"a speaker for {identifier!r}, which is no quotation", name))
    for identifier, quote in quotes.items():
        if identifier in speakers:
            quote["source_ids"] = [speakers[identifier]]
    used = dict.fromkeys(speakers[identifier] for identifier in quotes if identifier in speakers)
    sources = [_source(one) for one in used]
    return attribution_page(name, text, list(quotes.values()), sources=sources, language="en")


def _source(identifier: str) -> dict[str, Any]:
    name = _NUMBER.sub("", identifier).replace("_", " ")
    return {"id": identifier, "name": name, "kind": "person", "naming": "named" if name[:1].isupper() else "described"}


def _word_places(text: str) -> list[list[Span]]:
    """Return the places of the words of each line."""
    found, position = [], 0
    for line in text.split("\n"):
        found.append([Span(position + word.start(), position + word.end()) for word in re.finditer(r"[^ \r]+", line)])
        position += len(line) + 1
    return found


def _read_line(
    fields: list[str], text: str, lines: list[list[Span]], quotes: dict[str, dict[str, Any]], speakers: dict[str, str]
) -> tuple[str, str] | None:
    if fields[0] == "ATTRIB" and len(fields) == 3:
        if fields[1] in speakers:
            return "broken line", f"{fields[1]!r} has a speaker twice"
        speakers[fields[1]] = fields[2].strip()
        return None
    if fields[0] != "QUOTE" or len(fields) != 7 or not all(field.isdecimal() for field in fields[2:6]):
        return "broken line", f"neither QUOTE nor ATTRIB: {fields[0][:40]!r} with {len(fields)} fields"
    identifier, given = fields[1], fields[6]
    if identifier in quotes:
        return "broken line", f"{identifier!r} stands twice"
    first, word, last, last_word = map(int, fields[2:6])
    problem = None
    try:
        span = Span(lines[first][word].start, lines[last][last_word].end)
    except IndexError:
        span = Span(0, 0)
    if text[span.start : span.end].split() != given.split():
        moved = find_quoted(text, given, span.start) or find_quoted(text, given.strip(), span.start)
        told = f"{identifier} should be {given[:60]!r} and is {text[span.start : span.end][:60]!r}"
        if moved is None:
            return "wrong offsets", f"{told}; left out"
        span, problem = moved, ("wrong offsets", f"{told}; moved to {moved.start}")
    quotes[identifier] = {"id": identifier, "content": (span,), "form": "direct"}
    return problem


FORMAT = Format(_find, _read)
