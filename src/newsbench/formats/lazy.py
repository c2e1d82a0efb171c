"""Predictions that stay on disk: a page's record is read, checked and converted when the page is scored.

Memory holds an index (page -> place in the file), not texts; what is wrong is collected on the way.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from newsbench.formats.conversion import prediction_of
from newsbench.formats.elsewhere import Elsewhere
from newsbench.formats.firstproblems import FirstProblems
from newsbench.formats.predictions import parse_line, wrong_kind
from newsbench.formats.recordproblems import OneSystem, has_id, record_problems, twice, unknown_page
from newsbench.problems import Problem
from newsbench.scoring import ANSWERS
from newsbench.types import Page, Prediction

# The usual form of a line: the id comes first, and the system after it, if any. Anything else is parsed.
_HEAD = re.compile(rb'\s*\{\s*"id"\s*:\s*"([^"\\]*)"(?:\s*,\s*"system"\s*:\s*"([^"\\]*)")?')
_SYSTEM = b'"system"'
# Bytes read at a time.
_BUFFER = 1 << 17
# Names of fields as they stand in a line, unless letters of ASCII are written as \u0074. Inside of a string a quotation
# mark has a backslash before it: bytes like these are a name, or all of a string.
_OTHERS = [b'"%s"' % name.encode() for task, names in ANSWERS.items() if task != "boilerplate" for name in names]
_ESCAPED_LETTER = re.compile(rb"\\u00[2-7]")
_BOILERPLATE = re.compile(rb'"(?:main_text"\s*:\s*"|boilerplate"\s*:\s*\[)')


def only_boilerplate(path: Path) -> bool:
    """Say whether it is plain to see, without parsing, that JSON Lines answer boilerplate and no other task."""
    answered = False
    with path.open("rb", buffering=_BUFFER) as lines:
        for line in lines:
            if any(name in line for name in _OTHERS) or (b"\\u00" in line and _ESCAPED_LETTER.search(line)):
                return False
            answered = answered or _BOILERPLATE.search(line) is not None
    return answered


def _plain_id(line: bytes, system: str | None, *, looked_for: bool) -> str | None:
    """Return the page of a line in the usual form that names no system but this one; None where it must be parsed.

    Where no system is named at the usual place, one is `looked_for` in the rest.
    """
    head = _HEAD.match(line)
    if head is None or (looked_for and head[2] is None and _SYSTEM in line):
        return None
    try:
        return head[1].decode() if head[2] is None or head[2].decode() == system else None
    except UnicodeDecodeError:
        return None


class Findings(NamedTuple):
    """What was found out about the records of some pages: problems, and if some are not what they were taken for."""

    problems: FirstProblems
    unforeseen: bool


class PredictionFile:
    """One system's predictions in a JSON Lines file, looked up page by page.

    `index` maps a page's id to the (offset, length, line number) of its first record. `problems` are those that
    indexing finds, and those that `get` found where these were added.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.system = self.path.name.removesuffix(".jsonl")
        self.index: dict[str, tuple[int, int, int]] = {}
        self.tasks: list[str] = []
        self.problems = FirstProblems(self.path.name)
        self.elsewhere = Elsewhere()
        #: Some record is not what it was taken for, or counts its offsets in a unit for which texts are needed: then
        #: the file has to be read whole.
        self.unforeseen = False
        self._one_system = OneSystem(self.path.name)
        # Further records of pages, and the first lines of pages that are not scored.
        self._again: dict[str, list[tuple[int, int, int]]] = {}
        self._others: dict[str, int] = {}
        self._file: BinaryIO | None = None
        self._position = 0
        self._found = FirstProblems(self.path.name)

    def read_index(self, pages: Container[str], others: Mapping[str, str], *, find_tasks: bool) -> None:
        """Find every record's page; note lines without one, and what is wrong with records of pages not scored here.

        With `find_tasks` every line is parsed to see what the system answers.
        """
        open_tasks = dict(ANSWERS) if find_tasks else {}
        first = looked_for = True
        one_system = self._one_system
        offset = 0
        with self.path.open("rb", buffering=_BUFFER) as lines:
            for number, line in enumerate(lines, 1):
                start, offset = offset, offset + len(line)
                if number == 1 and line.startswith(b"\xef\xbb\xbf"):
                    line, start = line[3:], start + 3
                if number == 1 and (kind := wrong_kind(line + lines.peek())) is not None:
                    self.problems.add([Problem(self.path.name, None, "", kind)])
                    return
                place = (start, len(line), number)
                if not first and not open_tasks:
                    identifier = _plain_id(line, one_system.named, looked_for=looked_for)
                    if identifier is not None and identifier in pages and identifier not in self.index:
                        # What `get` finds says if this is wrong.
                        self.index[identifier] = place
                        continue
                if line.isspace() or not line:
                    continue
                record, fault = parse_line(self.path.name, number, line)
                if not has_id(record):
                    self.problems.add(record_problems(self.path.name, number, record, None, fault))
                    continue
                foreign = one_system.foreign(number, record)
                if foreign is not None:
                    self.problems.add(foreign)
                    continue
                answered = [
                    task for task, names in open_tasks.items() if any(record.get(name) is not None for name in names)
                ]
                self.tasks += answered
                open_tasks = {task: names for task, names in open_tasks.items() if task not in answered}
                if first:
                    # A system is named by each record or by none.
                    first, looked_for = False, _SYSTEM in line
                    if one_system.named is not None:
                        self.system = one_system.named
                if record["id"] not in pages:
                    self._add_elsewhere(number, record, fault, pages, others)
                elif record["id"] in self.index:
                    self._again.setdefault(record["id"], []).append(place)
                else:
                    self.index[record["id"]] = place

    def _add_elsewhere(
        self,
        number: int,
        record: dict[str, Any],
        fault: Problem | None,
        pages: Container[str],
        others: Mapping[str, str],
    ) -> None:
        """Check and count a record that is not scored here: of a page of another split, or of none."""
        identifier = record["id"]
        problems = record_problems(self.path.name, number, record, None, fault)
        before = self._others.setdefault(identifier, number)
        if before != number:
            problems.append(twice(self.path.name, number, identifier, before))
        elif identifier and identifier not in others:
            problems.append(unknown_page(self.path.name, number, identifier, pages))
        if problems:
            self.problems.add(problems)
        else:
            self.elsewhere.add(identifier, others[identifier])

    def get(self, page: Page) -> Prediction | None:
        """Return what the system says of a page; None, and a problem noted, where the record is not sound."""
        found, before = None, 0
        places = (self.index[page.id], *self._again.get(page.id, ())) if page.id in self.index else ()
        for start, length, number in places:
            record, fault = parse_line(self.path.name, number, self._read(start, length))
            if not has_id(record):
                # That there is any record of a scored page decides if a file of `elsewhere` is refused.
                self.unforeseen |= bool(self.elsewhere)
                self._found.add(record_problems(self.path.name, number, record, None, fault))
                continue
            if self._is_unforeseen(page.id, number, record):
                self.unforeseen = True
                return None
            problems = record_problems(self.path.name, number, record, page, fault)
            if before:
                problems.append(twice(self.path.name, number, page.id, before))
            if problems:
                self._found.add(problems)
            else:
                found = prediction_of(record, page.text)
            # The first record of a page decides, sound or not.
            before = before or number
        return found

    def _read(self, start: int, length: int) -> bytes:
        if self._file is None:
            self._file, self._position = self.path.open("rb", buffering=_BUFFER), 0
        # Records mostly stand in the order of the pages: then the buffer is already there.
        if self._position != start:
            self._file.seek(start)
        self._position = start + length
        return self._file.read(length)

    def _is_unforeseen(self, identifier: str, number: int, record: dict[str, Any]) -> bool:
        system, known = record.get("system"), self._one_system
        return (
            record["id"] != identifier
            or record.get("offsets") not in (None, "code-points")
            or (isinstance(system, str) and (system != known.named or number < known.line))
        )

    def hand_over(self) -> Findings:
        """Return what `get` found since the last time, and close the file; it is opened again when it is needed."""
        if self._file is not None:
            self._file.close()
            self._file = None
        found = Findings(self._found, self.unforeseen)
        self._found = FirstProblems(self.path.name)
        return found

    def add(self, found: Findings) -> None:
        """Add what was handed over, maybe by another process."""
        self.problems.update(found.problems)
        self.unforeseen |= found.unforeseen

    def refusals(self) -> list[Problem]:
        """Return the problem of a file whose predictions are all for pages of other splits, if it is one."""
        return [self.elsewhere.refusal(self.path.name)] if self.elsewhere and not self.index else []
