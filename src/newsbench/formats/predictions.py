"""Read what systems put out: JSON Lines, Parquet, or Python objects; everything that is wrong with it in one go."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsbench.formats.conversion import prediction_of
from newsbench.formats.records import StoredOutput
from newsbench.problems import InputError, Problem
from newsbench.report import begins_report
from newsbench.schema import faults, quick_check
from newsbench.text import OFFSET_UNITS
from newsbench.types import ELEMENTS, Page, Prediction

#: More problems of one input than this are counted, not listed.
MOST_PROBLEMS = 200
# A record of nothing but these, all of them strings, is sound: most are, and need no schema to see it.
_STRINGS = frozenset(("id", "system", "main_text", "story_title", "error"))
# Among more pages than this nobody looks for the nearest id.
_MOST_NAMES = 5000


@dataclass(slots=True)
class PredictionSet:
    """One system's predictions by page id; `problems` are what was wrong, `skipped` the records left out for it."""

    system: str
    predictions: dict[str, Prediction] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0


def read_predictions(
    source: Any,
    pages: Mapping[str, Page] | None = None,
    *,
    others: Container[str] = frozenset(),
    system: str | None = None,
    skip_invalid: bool = False,
) -> PredictionSet:
    """Read the predictions of one system.

    `source` is a path (JSON Lines or Parquet), a list of dicts, a pandas DataFrame, an Arrow table or a
    `datasets.Dataset`. `pages` are the gold pages against which ids and offsets are checked; ids in `others` (pages of
    other splits) are left out without complaint. Errors: InputError that names every problem, unless `skip_invalid`.
    """
    name, label, records = _records(source)
    found = PredictionSet(system or name)
    lines: dict[str, int] = {}
    more = 0
    for number, record, fault in records:
        identifier = record["id"] if fault is None and _has_id(record) else None
        page = pages.get(identifier) if pages is not None and identifier is not None else None
        if identifier in lines:
            problems = [twice(label, number, identifier, lines[identifier])]
        else:
            problems = [fault] if fault else record_problems(label, number, record, page)
            if not problems and pages is not None and identifier not in pages and identifier not in others:
                problems = [unknown_page(label, number, identifier, pages)]
        if identifier is not None:
            # The first record of a page decides, sound or not.
            if not lines and system is None and isinstance(record.get("system"), str):
                found.system = record["system"]
            lines.setdefault(identifier, number)
        if problems:
            found.skipped += 1
            room = MOST_PROBLEMS - len(found.problems)
            found.problems.extend(problems[:room])
            more += max(0, len(problems) - room)
            continue
        if pages is not None and identifier not in pages:
            continue
        found.predictions[identifier] = prediction_of(record, pages[identifier].text if pages is not None else None)
    if more:
        found.problems.append(Problem(label, None, "", f"and {more} more", more=more))
    if found.problems and not skip_invalid:
        raise InputError(found.problems)
    return found


def _records(source: Any) -> tuple[str, str, Iterator[tuple[int, Any, Problem | None]]]:
    """Return the system's name, the source's name for messages, and (line or row, record, fault) one by one."""
    if isinstance(source, StoredOutput):
        return source.system, source.label, source.rows
    if isinstance(source, str | Path):
        path = Path(source)
        if not path.is_file():
            raise FileNotFoundError(f"no predictions at {path}: expected JSON Lines or Parquet")
        name = path.name.removesuffix(".jsonl").removesuffix(".parquet")
        return name, path.name, read_rows(path)
    if hasattr(source, "to_dict") and hasattr(source, "iterrows"):
        # pandas knows no absent value: nan in a column of its own stands for it.
        rows = [
            {key: value for key, value in row.items() if not (isinstance(value, float) and math.isnan(value))}
            for row in source.to_dict(orient="records")
        ]
    elif hasattr(source, "to_pylist"):
        rows = source.to_pylist()
    else:
        rows = source
    return "predictions", "predictions", _rows(rows)


def read_rows(path: Path) -> Iterator[tuple[int, Any, Problem | None]]:
    """Yield (line or row number, record, fault) of JSON Lines or Parquet, whatever the records are."""
    return _parquet_rows(path) if path.suffix == ".parquet" else _json_lines(path)


def _json_lines(path: Path) -> Iterator[tuple[int, Any, Problem | None]]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
                if (kind := wrong_kind(line + lines.peek())) is not None:
                    yield number, None, Problem(path.name, None, "", kind)
                    return
            if line.isspace() or not line:
                continue
            yield number, *parse_line(path.name, number, line)


def wrong_kind(first: bytes) -> str | None:
    """Say what a file is that begins like this and is no JSON Lines; None where it may be."""
    if begins_report(first):
        return "is a report, not predictions: `newsbench leaderboard` reads reports"
    if first.startswith(b"\x1f\x8b"):
        return "is compressed with gzip: unpack it first"
    if first.startswith(b"PAR1"):
        return "is Parquet: give it the ending .parquet"
    if first.lstrip().startswith(b"["):
        return "is a JSON array: write one object a line (JSON Lines)"
    return None


def parse_line(name: str, number: int, line: bytes) -> tuple[Any, Problem | None]:
    """Return the record of a line of JSON Lines, or what is wrong with the line."""
    import orjson

    try:
        return orjson.loads(line), None
    except orjson.JSONDecodeError as error:
        return None, _no_json(name, number, line, error)


def _no_json(name: str, number: int, line: bytes, error: Exception) -> Problem:
    """Say why a line is no JSON; Python's own dialect (NaN) gets a message of its own."""
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as wrong:
        return Problem(name, number, "", f"not UTF-8: byte {wrong.start}")
    except ValueError as wrong:
        return Problem(name, number, "", f"no JSON: {wrong}")
    except RecursionError:
        return Problem(name, number, "", "no JSON: nested too deeply")
    place = next(_not_finite(record), None)
    if place is not None:
        page = record.get("id") if isinstance(record, dict) else None
        return Problem(name, number, place, "is not a finite number; allowed: finite numbers or null", page)
    return Problem(name, number, "", f"no JSON: {error}")


def _not_finite(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _not_finite(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _not_finite(inner, f"{path}[{at}]")


def _parquet_rows(path: Path) -> Iterator[tuple[int, Any, Problem | None]]:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        file = ParquetFile(path)
    except pa.ArrowInvalid as error:
        yield 0, None, Problem(path.name, None, "", f"no Parquet: {error}")
        return
    with file:
        number = 0
        for batch in file.iter_batches(batch_size=512):
            for row in batch.to_pylist():
                number += 1
                row.pop("__index_level_0__", None)  # The index that pandas writes along.
                yield number, _without_nulls(row), _finite_problem(path.name, number, row)


def _rows(source: Iterable[Any]) -> Iterator[tuple[int, Any, Problem | None]]:
    for number, row in enumerate(source, 1):
        row = _plain(row)
        yield number, row, _finite_problem("predictions", number, row)


def _plain(value: Any) -> Any:
    """Turn what pandas and numpy put into rows into plain objects; a missing value is an absent one."""
    if isinstance(value, Mapping):
        return {key: plain for key, inner in value.items() if (plain := _plain(inner)) is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    return value


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    return value


def _finite_problem(name: str, number: int, row: Any) -> Problem | None:
    place = next(_not_finite(row), None)
    if place is None:
        return None
    page = row.get("id") if isinstance(row, dict) else None
    return Problem(name, number, place, "is not a finite number; allowed: finite numbers or null", page)


def record_problems(name: str, number: int, record: Any, page: Page | None) -> list[Problem]:
    """Return what is wrong with a record in itself: its form, and spans outside the page's text where it is known."""
    if _is_plain(record):
        return []
    try:
        fits = quick_check("prediction")(record)
    except ValueError as error:
        # Bytes, dates and the like, as Parquet may hold them.
        return [
            Problem(name, number, "", f"holds what JSON cannot: {error}", record["id"] if _has_id(record) else None)
        ]
    if not fits:
        identifier = record["id"] if _has_id(record) else None
        return [Problem(name, number, place, message, identifier) for place, message in faults("prediction", record)]
    return _span_problems(name, number, record, page)


def _is_plain(record: Any) -> bool:
    return (
        type(record) is dict
        and bool(record.get("id"))
        and record.keys() <= _STRINGS
        and all(type(value) is str for value in record.values())
    )


def _has_id(record: Any) -> bool:
    return isinstance(record, dict) and isinstance(record.get("id"), str)


def twice(name: str, number: int, identifier: str, before: int) -> Problem:
    """Return the problem of a second record for a page."""
    return Problem(name, number, "id", f"stands twice, first in line {before}", identifier)


def unknown_page(name: str, number: int, identifier: str, pages: Collection[str]) -> Problem:
    """Return the problem of a prediction for a page that the gold does not have, with the nearest id."""
    import difflib

    near = difflib.get_close_matches(identifier, pages, 1) if len(pages) <= _MOST_NAMES else []
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return Problem(name, number, "id", f"no page {identifier!r} in the gold{hint}", identifier)


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
