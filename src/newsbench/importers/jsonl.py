"""JSON Lines with columns of any names: `--map column=field` says which of them are what.

Fields: `id`, `html`, `text`, `gold` (what a system should keep), `title`, `author`, `date`, `url`, `language`, `with`,
`without`, `genre`, `story`, `outlet`. A column that is named like a field needs no mapping; `meta.lang` reaches into an
object. A page without `html` is its `text`; without `gold` its lines stay unlabelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import json_lines, refuse
from newsbench.importers.goldpage import Gold, gold_page
from newsbench.importers.text import line_segments

FIELDS = (
    "id", "html", "text", "gold", "title", "author", "date", "url", "language", "with", "without", "genre", "story",
    "outlet",
)  # fmt: skip
_LISTS = ("with", "without")
_EXPECTED = "a JSON Lines file, or a folder of *.jsonl"
_Task = tuple[Path, int, dict[str, Any], Columns]


def _find(source: Path, columns: Columns, report: Report) -> Iterator[_Task]:
    unknown = sorted(set(columns.values()) - set(FIELDS))
    if unknown:
        raise ValueError(f"--map: no field {', '.join(map(repr, unknown))}; allowed: {', '.join(FIELDS)}")
    files = [source] if source.is_file() else sorted(source.glob("*.jsonl*")) if source.is_dir() else []
    if not files:
        raise refuse(source, _EXPECTED)
    for file in files:
        for number, record in json_lines(file, report):
            yield file, number, record, dict(columns)


def _value(record: Any, path: str) -> Any:
    if isinstance(record, dict) and path in record:
        return record[path]
    for part in path.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def _fields(record: dict[str, Any], columns: Columns) -> tuple[dict[str, Any], list[str]]:
    """Return the fields of a record, and what is wrong with them."""
    found: dict[str, Any] = {}
    wrong = []
    for field in FIELDS:
        column = next((column for column, one in columns.items() if one == field), field)
        value = _value(record, column)
        if value is None:
            continue
        if field in _LISTS:
            fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
        else:
            value = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
            fits = isinstance(value, str)
        if fits:
            found[field] = value
        else:
            allowed = "a list of strings" if field in _LISTS else "a string"
            wrong.append(f"{column} is {type(value).__name__}; allowed: {allowed}")
    return found, wrong


def _read(task: _Task, report: Report) -> Row | None:
    file, number, record, columns = task
    found, wrong = _fields(record, columns)
    name = found.get("id") or f"{file.name.partition('.')[0]}-{number}"
    if "html" not in found and "text" not in found:
        wrong.append(f"has neither html nor text; its columns: {', '.join(record)}")
    if wrong:
        report(Notice("broken line", file.name, number, "; ".join(wrong), found.get("id")))
        return None
    gold = Gold(
        found.get("gold"), title=found.get("title"), author=found.get("author"), date=found.get("date"),
        required=found.get("with"), forbidden=found.get("without"),
    )  # fmt: skip
    html = found.get("html")
    row = gold_page(
        name, gold, report, file=f"{file.name}:{number}", html=html, text=None if html is not None else found["text"],
        url=found.get("url"), language=_language(found.get("language")),
    )  # fmt: skip
    if gold.text is None:
        row["segments"] = line_segments(row["text"])
    if story := found.get("story"):
        row["story"] = {"id": story}
    if outlet := found.get("outlet"):
        row["outlet"] = {"id": outlet}
    return {**row, "genre": found.get("genre")}


def _language(name: str | None) -> str | None:
    code = (name or "").replace("_", "-").partition("-")[0].lower()
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else None


FORMAT = Format(_find, _read, mapped=True)
