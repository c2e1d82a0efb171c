"""Reports read back: recognised by how they begin, held against the schema and the rules that no schema can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from newsbench.formats.predictions import parse_line
from newsbench.problems import InputError, Problem
from newsbench.report import Report, begins_report, report_of_json
from newsbench.schema import faults

_HEAD = 8192  # bytes that decide what a file is


def is_report(source: str | Path) -> bool:
    """Say whether a file is a report, by its first bytes: its name says nothing."""
    path = Path(source)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return begins_report(file.read(_HEAD))


def read_reports(sources: Iterable[str]) -> dict[str, Report]:
    """Read reports that `newsbench score --format json` wrote, by the name of their file.

    Errors: InputError that names every place of every file that does not fit `schema/report.schema.json`, and every
    interval whose low end lies above its high one.
    """
    documents, problems = {}, []
    for source in sources:
        documents[source], fault = parse_line(source, 1, Path(source).read_bytes().removeprefix(b"\xef\xbb\xbf"))
        if fault is not None:
            # A report is one object over many lines: the message itself says where.
            problems.append(fault._replace(line=None))
            continue
        wrong = faults("report", documents[source]) or _crossed_intervals(documents[source])
        problems += [Problem(source, None, field, message) for field, message in wrong]
    if problems:
        raise InputError(problems)
    return {source: report_of_json(document) for source, document in documents.items()}


def _crossed_intervals(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for place, figure in _figures(document):
        low, high = figure.get("low"), figure.get("high")
        if low is not None and high is not None and low > high:
            yield place, f"low {low:g} is above high {high:g}"


def _figures(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every figure of a report with the path to it."""
    for at, system in enumerate(document["systems"]):
        for task, found in system["tasks"].items():
            place = f"systems[{at}].tasks.{task}"
            rows = {f"{place}.metrics": found["metrics"]}
            for dimension, keys in found.get("slices", {}).items():
                rows |= {f"{place}.slices.{dimension}.{key}": row for key, row in keys.items()}
            for where, figures in rows.items():
                yield from ((f"{where}.{name}", figure) for name, figure in figures.items())
