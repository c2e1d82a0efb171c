"""Read what systems put out: JSON Lines, Parquet, or Python objects; everything that is wrong with it in one go."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsbench.formats.records import StoredOutput
from newsbench.problems import InputError, Problem
from newsbench.schema import faults, quick_check
from newsbench.text import OFFSET_UNITS, code_point_offsets
from newsbench.types import ELEMENTS, Page, Prediction, QuotedAttribution, Segment, Span, Topic

_LABELS = ("form", "channel", "polarity", "modality", "evidential", "no_comment", "parent")
#: More problems of one input than this are counted, not listed.
MOST_PROBLEMS = 200
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
        page = pages.get(record["id"]) if pages is not None and _has_id(record) else None
        problems = [fault] if fault else record_problems(label, number, record, page)
        if not problems:
            problems = _id_problems(label, number, record["id"], pages, others, lines)
        if problems:
            found.skipped += 1
            room = MOST_PROBLEMS - len(found.problems)
            found.problems.extend(problems[:room])
            more += max(0, len(problems) - room)
            continue
        identifier = record["id"]
        lines[identifier] = number
        if pages is not None and identifier not in pages:
            continue
        if system is None and record.get("system"):
            found.system = record["system"]
        found.predictions[identifier] = prediction_of(record, pages[identifier].text if pages is not None else None)
    if more:
        found.problems.append(Problem(label, None, "", f"and {more} more"))
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
            if line.isspace() or not line:
                continue
            yield number, *parse_line(path.name, number, line)


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
    if not quick_check("prediction")(record):
        identifier = record["id"] if _has_id(record) else None
        return [Problem(name, number, place, message, identifier) for place, message in faults("prediction", record)]
    return _span_problems(name, number, record, page)


def _has_id(record: Any) -> bool:
    return isinstance(record, dict) and isinstance(record.get("id"), str)


def _id_problems(
    name: str,
    number: int,
    identifier: str,
    pages: Mapping[str, Page] | None,
    others: Container[str],
    lines: Mapping[str, int],
) -> list[Problem]:
    if identifier in lines:
        return [Problem(name, number, "id", f"stands twice, first in line {lines[identifier]}", identifier)]
    if pages is None or identifier in pages or identifier in others:
        return []
    return [unknown_page(name, number, identifier, pages)]


def unknown_page(name: str, number: int, identifier: str, pages: Collection[str]) -> Problem:
    """Return the problem of a prediction for a page that the gold does not have, with the nearest id."""
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
        yield f"boilerplate[{at}]", span["start"], span["end"]
    for at, attribution in enumerate(record.get("attributions") or ()):
        for element in ELEMENTS:
            value = attribution.get(element)
            if isinstance(value, dict):
                yield f"attributions[{at}].{element}", value["start"], value["end"]
            elif isinstance(value, list):
                for part, span in enumerate(value):
                    if isinstance(span, dict):
                        yield f"attributions[{at}].{element}[{part}]", span["start"], span["end"]


def prediction_of(record: Mapping[str, Any], text: str | None = None) -> Prediction:
    """Turn a valid record into a `Prediction`; `text` is needed where its offsets are not code points."""
    unit = record.get("offsets") or "code-points"
    table = code_point_offsets(text, unit) if text is not None and unit != "code-points" else None

    def span(value: Mapping[str, int]) -> Span:
        if table is None:
            return Span(value["start"], value["end"])
        return Span(table[value["start"]], table[value["end"]])

    boilerplate = record.get("boilerplate")
    attributions = record.get("attributions")
    topics = record.get("topics")
    story, aspect = record.get("story"), record.get("aspect")
    return Prediction(
        id=record["id"],
        main_text=record.get("main_text"),
        boilerplate=None
        if boilerplate is None
        else tuple(sorted(Segment(*span(part), part.get("type") or "boilerplate") for part in boilerplate)),
        attributions=None if attributions is None else tuple(_attribution(row, span) for row in attributions),
        topics=None if topics is None else tuple(map(_topic, topics)),
        story=None if story is None else str(story),
        aspect=None if aspect is None else str(aspect),
        story_title=record.get("story_title"),
        metadata=record.get("metadata"),
        error=record.get("error"),
    )


def _attribution(row: Mapping[str, Any], span: Any) -> QuotedAttribution:
    elements = {}
    for name in ELEMENTS:
        value = row.get(name)
        parts = [] if value is None else value if isinstance(value, list) else [value]
        elements[name] = tuple(part if isinstance(part, str) else span(part) for part in parts if part != "")
    entity = row.get("entity")
    return QuotedAttribution(
        id=row.get("id"),
        entity=() if entity is None else (entity,) if isinstance(entity, str) else tuple(entity),
        **elements,
        **{name: row.get(name) for name in _LABELS},
    )


def _topic(value: Any) -> Topic:
    if isinstance(value, str):
        return Topic(value)
    score = value.get("score")
    return Topic(value["code"], bool(value.get("primary")), math.nan if score is None else float(score))
