"""PARC 3 as columns: a word a line, the attributions it belongs to in the column `attribution`.

The column holds ``0`` in a text without attributions, else one mark an attribution, parted by blanks: ``_``, or
``B-CONTENT-3``, ``I-SOURCE-NE-4`` (part, NE for a nested one, number). Columns are named by a header line (`word` or
`token`, `attribution`, `sentence_number`) or recognised: the attributions by their form, the word as the first column
that is neither constant nor made of numbers. Sentences end at blank lines or where the sentence number changes. `text`
is the words between blanks, a sentence a line: the spacing of the original is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.formats.standoff import element_of
from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import decode, read_bytes, refuse
from newsbench.importers.relations import attribution_page, find_parent
from newsbench.spans import union
from newsbench.types import Span

_MARKS = re.compile(
    r"(?:0|O|_|[BIE]-[A-Za-z]+(?:-[A-Za-z]+)*-?\d*)(?: (?:_|0|O|[BIE]-[A-Za-z]+(?:-[A-Za-z]+)*-?\d*))*$"
)
_MARK = re.compile(r"([BIE])-([A-Za-z]+)(-NE)?-?(\d*)$", re.IGNORECASE)
_NUMERIC = re.compile(r"[\d.,:;|_-]*$")
_ENDINGS = ("*.conll", "*.tsv", "*.txt", "*.features")
_WORD_NAMES = ("word", "token", "form", "text")


def _find(source: Path, columns: Columns, report: Report) -> Iterator[Path]:
    files = [source] if source.is_file() else []
    if source.is_dir():
        files = sorted({file for ending in _ENDINGS for file in source.rglob(ending)})
    if not files:
        raise refuse(source, "*.conll (or *.tsv, *.txt) with a word a line and a column of attributions")
    yield from files


def _read(file: Path, report: Report) -> Row | None:
    lines = decode(read_bytes(file), report, file.name).replace("\r", "").split("\n")
    table = [(number, line.split("\t")) for number, line in enumerate(lines, 1) if not line.startswith("# ")]
    cells = [row for _, row in table if len(row) > 1]
    places = _columns(cells)
    if places is None:
        report(Notice("unreadable", file.name, None, "no column of words and of attributions (B-CONTENT-1 ...)"))
        return None
    word, marks, sentence, header = places
    pieces: list[str] = []
    parts: dict[str, dict[str, list[Span]]] = {}
    nested: set[str] = set()
    position, before, ended = 0, None, True
    for number, row in table:
        if header and row is cells[0]:
            continue
        if len(row) <= max(word, marks):
            ended = True
            if any(cell.strip() for cell in row):
                report(Notice("broken line", file.name, number, f"{len(row)} columns; expected {len(cells[-1])}"))
            continue
        ended = ended or (sentence is not None and row[sentence] != before)
        before = row[sentence] if sentence is not None else None
        if pieces:
            pieces.append("\n" if ended else " ")
            position += 1
        start, position = position, position + len(row[word])
        pieces.append(row[word])
        ended = False
        for place, mark in enumerate(row[marks].split(" ")):
            found = _MARK.match(mark)
            element = element_of(found[2]) if found else None
            if found is None or element is None:
                if mark not in ("_", "0", "O", ""):
                    report(Notice("broken line", file.name, number, f"no mark of an attribution: {mark!r}"))
                continue
            name = found[4] or str(place + 1)
            if found[3]:
                nested.add(name)
            _extend(parts.setdefault(name, {}).setdefault(element, []), Span(start, position), found[1].upper() == "B")
    return _page(file, "".join(pieces), parts, nested, report)


def _extend(spans: list[Span], word: Span, begins: bool) -> None:
    if spans and not begins and word.start - spans[-1].end <= 1:
        spans[-1] = Span(spans[-1].start, word.end)
    else:
        spans.append(word)


def _page(
    file: Path, text: str, parts: dict[str, dict[str, list[Span]]], nested: set[str], report: Report
) -> Row | None:
    name = file.name.partition(".")[0]
    attributions: list[dict[str, Any]] = []
    for number, elements in parts.items():
        if elements.get("content"):
            attributions.append({"id": f"a{number}", **{element: union(spans) for element, spans in elements.items()}})
        else:
            report(Notice("no content", file.name, None, f"attribution {number} has no content; left out", name))
    for attribution in attributions:
        if attribution["id"][1:] in nested:
            attribution["parent"] = find_parent(attributions, attribution)
    return attribution_page(name, text, attributions, language="en")


def _columns(cells: list[list[str]]) -> tuple[int, int, int | None, bool] | None:
    """Return the columns of words, attributions and sentence numbers, and whether the first line names them."""
    if not cells:
        return None
    names = [cell.strip().lower() for cell in cells[0]]
    word = next((names.index(name) for name in _WORD_NAMES if name in names), None)
    if word is not None and "attribution" in names:
        sentence = names.index("sentence_number") if "sentence_number" in names else None
        return word, names.index("attribution"), sentence, True
    width = min(map(len, cells))
    columns = [[row[at] for row in cells] for at in range(width)]
    marks = next((at for at in reversed(range(width)) if all(_MARKS.match(cell) for cell in columns[at])), None)
    if marks is None:
        return None
    words = [at for at in range(width) if at != marks and not all(_NUMERIC.match(cell) for cell in columns[at])]
    words = [at for at in words if len(cells) == 1 or len(set(columns[at])) > 1]
    return (words[0], marks, None, False) if words else None


FORMAT = Format(_find, _read)
