"""Reading what corpora keep: packed or not, in any encoding, and saying what a wrong folder lacks."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.importers.base import Notice, Report

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SHOWN = 6


def refuse(source: Path, expected: str) -> Exception:
    """Return the error for a source that is not what a format needs: what was expected, what is there."""
    if not source.exists():
        return FileNotFoundError(f"nothing at {source}: expected {expected}")
    if source.is_file():
        return ValueError(f"{source} is a file: expected {expected}")
    names = sorted(place.name + ("/" if place.is_dir() else "") for place in source.iterdir())
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ValueError(f"{source}: expected {expected}; found {', '.join(names[:_SHOWN]) or 'nothing'}{more}")


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, unpacked where it is gzip, whatever its name says."""
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def decode(data: bytes, report: Report, file: str, page: str | None = None) -> str:
    """Decode a text: by its byte order mark, else UTF-8, else the charset that its HTML names, else windows-1252.

    Bytes that the encoding does not have become U+FFFD, with a notice.
    """
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return _decode_as(data, encoding, report, file, page)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        wrong = error.start
    named = _CHARSET.search(data[:4096])
    encoding = named[1].decode() if named else "windows-1252"
    try:
        b"".decode(encoding)
    except LookupError:
        encoding = "windows-1252"
    if not named:
        report(Notice("encoding", file, None, f"not UTF-8 at byte {wrong}, read as windows-1252", page))
    return _decode_as(data, encoding, report, file, page)


def _decode_as(data: bytes, encoding: str, report: Report, file: str, page: str | None) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        report(Notice("encoding", file, None, f"byte {error.start} is no {encoding}, replaced by U+FFFD", page))
        return data.decode(encoding, "replace")


def read_text(path: Path, report: Report, page: str | None = None) -> str:
    """Return a file's text, unpacked and decoded."""
    return decode(read_bytes(path), report, path.name, page)


def read_json(path: Path) -> Any:
    """Return a JSON file's value. Errors: ValueError that names file, line and what is wrong there."""
    try:
        return json.loads(read_bytes(path).decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}:{error.lineno}: no JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 at byte {error.start}") from error


def json_lines(path: Path, report: Report) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) of a JSON Lines file, packed or not; lines that are no object give a notice."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            try:
                record = json.loads(line.decode("utf-8"))
            except (ValueError, RecursionError) as error:
                report(Notice("broken line", path.name, number, f"no JSON: {error}"))
                continue
            if isinstance(record, dict):
                yield number, record
            else:
                report(Notice("broken line", path.name, number, f"{type(record).__name__}, not an object"))


def find_html(folder: Path, name: str) -> Path | None:
    """Return the HTML file of a page in a folder, packed or not."""
    endings = (".html", ".html.gz", ".htm", ".htm.gz", ".txt", "")
    return next((path for ending in endings if (path := folder / f"{name}{ending}").is_file()), None)
