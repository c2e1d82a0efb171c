"""Read what systems put out: JSON Lines, Parquet, or Python objects; everything that is wrong with it in one go."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsbench.files import check_regular
from newsbench.formats.conversion import prediction_of
from newsbench.formats.elsewhere import Elsewhere
from newsbench.formats.firstproblems import FirstProblems
from newsbench.formats.recordproblems import OneSystem, finite_problem, has_id, record_problems, twice, unknown_page
from newsbench.formats.records import StoredOutput
from newsbench.problems import InputError, Problem, UsageError
from newsbench.report import begins_report
from newsbench.schema import jsonable
from newsbench.types import Page, Prediction

#: By this entry of its metadata a file of Parquet is known as a table of counts.
COUNTS_KEY = b"newsbench.counts"


@dataclass(slots=True)
class PredictionSet:
    """One system's predictions by page id.

    `problems` are what was wrong, `skipped` the records left out for it; `lines` says for each page where its first
    record stands, sound or not; `elsewhere` counts the predictions for pages of other splits, by split.
    """

    system: str
    predictions: dict[str, Prediction] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    elsewhere: dict[str, int] = field(default_factory=dict)


def read_predictions(
    source: Any,
    pages: Mapping[str, Page] | None = None,
    *,
    others: Mapping[str, str] | None = None,
    system: str | None = None,
    skip_invalid: bool = False,
) -> PredictionSet:
    """Read the predictions of one system.

    `source` is a path (JSON Lines or Parquet), a list of dicts, a pandas DataFrame, an Arrow table or a
    `datasets.Dataset`. `pages` are the gold pages against which ids and offsets are checked; ids in `others` (pages of
    other splits, by id) are left out and counted. Errors: InputError that names every problem, unless `skip_invalid`,
    and, in any case, where all predictions are for `others`; UsageError for a source of another kind;
    FileNotFoundError.
    """
    others = others or {}
    name, label, records = _records(source)
    found = PredictionSet(system or name)
    lines = found.lines
    one_system = OneSystem(label)
    problems = FirstProblems(label)
    elsewhere = Elsewhere()
    for number, record, fault in records:
        identifier = record["id"] if has_id(record) else None
        page = pages.get(identifier) if pages is not None and identifier is not None else None
        foreign = one_system.foreign(number, record) if identifier is not None else None
        if foreign is not None:
            problems.add(foreign)
            continue
        wrong = record_problems(label, number, record, page, fault)
        if identifier in lines:
            wrong.append(twice(label, number, identifier, lines[identifier]))
        elif identifier and pages is not None and page is None and identifier not in others:
            wrong.append(unknown_page(label, number, identifier, pages))
        if identifier is not None:
            # The first record of a page decides, sound or not.
            if not lines and system is None and isinstance(record.get("system"), str):
                found.system = record["system"]
            lines.setdefault(identifier, number)
        if wrong:
            problems.add(wrong)
        elif pages is None or page is not None:
            found.predictions[identifier] = prediction_of(record, page.text if page is not None else None)
        else:
            elsewhere.add(identifier, others[identifier])
    found.problems, found.skipped = problems.listed(), problems.records
    vain = elsewhere and lines.keys().isdisjoint(pages or ())
    refused = [*(() if skip_invalid else found.problems), *([elsewhere.refusal(label)] if vain else ())]
    if refused:
        raise InputError(refused)
    found.elsewhere = elsewhere.counts()
    return found


def _records(source: Any) -> tuple[str, str, Iterator[tuple[int, Any, Problem | None]]]:
    """Return the system's name, the source's name for messages, and (line or row, record, fault) one by one."""
    if isinstance(source, StoredOutput):
        return source.system, source.label, source.rows
    if isinstance(source, str | Path):
        path = Path(source)
        check_regular(path)
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
    elif isinstance(source, Iterable) and not isinstance(source, Mapping | bytes):
        rows = source
    else:
        hint = "; put a single record into a list" if isinstance(source, Mapping) else ""
        raise UsageError(
            f"predictions are of type {type(source).__name__}; allowed: a path, a list of dicts, a pandas DataFrame, "
            f"an Arrow table, a datasets.Dataset{hint}"
        )
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
    if first.startswith((b"\xff\xfe", b"\xfe\xff", b"{\0", b"\0{")):
        return "is UTF-16: save it as UTF-8"
    if first.lstrip().startswith(b"["):
        return "is a JSON array: write one object a line (JSON Lines)"
    return None


def parse_line(name: str, number: int, line: bytes) -> tuple[Any, Problem | None]:
    """Return the record of a line of JSON Lines and what is wrong with the line, if anything.

    With a fault there is a record only where the fault is a number that is none.
    """
    import orjson

    try:
        return orjson.loads(line), None
    except orjson.JSONDecodeError as error:
        return _no_json(name, number, line, error)


def _no_json(name: str, number: int, line: bytes, error: Exception) -> tuple[Any, Problem]:
    """Say why a line is no JSON; Python's own dialect (NaN) gets a message of its own, and is read."""
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as wrong:
        message = f"not UTF-8: byte {wrong.start}"
    except ValueError as wrong:
        message = f"no JSON: {wrong}"
    except RecursionError:
        message = "no JSON: nested too deeply"
    else:
        if (fault := finite_problem(name, number, record)) is not None:
            return record, fault
        message = f"no JSON: {error}"
    return None, Problem(name, number, "", message)


def _parquet_rows(path: Path) -> Iterator[tuple[int, Any, Problem | None]]:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        file = ParquetFile(path)
    except pa.ArrowInvalid as error:
        yield 0, None, Problem(path.name, None, "", f"no Parquet: {error}")
        return
    with file:
        if COUNTS_KEY in (file.schema_arrow.metadata or {}):
            message = "is a table of counts, no predictions: `newsbench score`, `compare` and `leaderboard` read it"
            yield 0, None, Problem(path.name, None, "", message)
            return
        number = 0
        for batch in file.iter_batches(batch_size=512):
            for row in batch.to_pylist():
                number += 1
                row.pop("__index_level_0__", None)  # The index that pandas writes along.
                yield number, jsonable(row), finite_problem(path.name, number, row)


def _rows(source: Iterable[Any]) -> Iterator[tuple[int, Any, Problem | None]]:
    for number, row in enumerate(source, 1):
        row = _plain(row)
        yield number, row, finite_problem("predictions", number, row)


def _plain(value: Any) -> Any:
    """Turn what pandas and numpy put into rows into plain objects; a missing value is an absent one."""
    if isinstance(value, Mapping):
        return {key: plain for key, inner in value.items() if (plain := _plain(inner)) is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if hasattr(value, "isoformat"):
        # What pandas has for no date is not equal to itself.
        return value.isoformat() if value == value else None
    return value
