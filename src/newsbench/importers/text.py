"""Plain text, as a browser's "select all, copy" gives it: a page whose lines nobody has labelled yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.formats.ids import id_of
from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import decode, read_bytes, refuse
from newsbench.metrics.pagewords import UNLABELLED

_LINE = re.compile(r"[^\n]+")


def _find(source: Path, columns: Columns, report: Report) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    files = sorted(source.glob("*.txt")) if source.is_dir() else []
    if not files:
        raise refuse(source, "a text file or a folder of *.txt")
    yield from files


def _read(file: Path, report: Report) -> Row | None:
    """`text` is the file's, with a byte order mark dropped and every kind of line end turned into ``\\n``."""
    text = decode(read_bytes(file), report, file.name).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        report(Notice("no text", file.name, None, "holds no text"))
        return None
    return {"id": id_of(file.stem), "text": text, "segments": line_segments(text), "reference": {"id": file.stem}}


def line_segments(text: str, kind: str = UNLABELLED) -> list[dict[str, Any]]:
    """Cut a text into one segment a non-blank line, without the white space around it."""
    segments = []
    for line in _LINE.finditer(text):
        content = line[0].strip()
        if content:
            start = line.start() + len(line[0]) - len(line[0].lstrip())
            segments.append({"start": start, "end": start + len(content), "type": kind})
    return segments


FORMAT = Format(_find, _read)
