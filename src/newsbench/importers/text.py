"""Plain text, as a browser's "select all, copy" gives it: a page whose lines nobody has labelled yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.metrics.pagewords import UNLABELLED

_LINE = re.compile(r"[^\n]+")
_NOT_ID = re.compile(r"[^a-z0-9]+")


def read_pages(source: Path) -> Iterator[dict[str, Any]]:
    """Yield a page for a text file, or for each ``*.txt`` in a folder.

    `text` is the file's, with a byte order mark dropped and every kind of line end turned into ``\\n``. Errors:
    FileNotFoundError, ValueError for a file that is not UTF-8 or has no text.
    """
    if source.is_dir():
        files = sorted(source.glob("*.txt"))
        if not files:
            raise FileNotFoundError(f"no *.txt in {source}")
    elif source.is_file():
        files = [source]
    else:
        raise FileNotFoundError(f"nothing at {source}: expected a text file or a folder of *.txt")
    for file in files:
        yield _page(file)


def _page(file: Path) -> dict[str, Any]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{file}: not UTF-8 at byte {error.start}; convert it first") from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise ValueError(f"{file}: holds no text")
    return {"id": id_of(file.stem), "text": text, "segments": line_segments(text)}


def id_of(name: str) -> str:
    """Turn any name into a page id: lower-case ASCII letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_ID.sub("-", plain).strip("-") or "page"


def line_segments(text: str) -> list[dict[str, Any]]:
    """Cut a text into one segment a non-blank line, without the white space around it."""
    segments = []
    for line in _LINE.finditer(text):
        content = line[0].strip()
        if content:
            start = line.start() + len(line[0]) - len(line[0].lstrip())
            segments.append({"start": start, "end": start + len(content), "type": UNLABELLED})
    return segments
