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
from newsbench.formats.predictions import MOST_PROBLEMS, parse_line, wrong_kind
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
    """What was wrong with some records: problems, how many records were left out, how many problems are not listed."""

    problems: list[Problem]
    skipped: int
    unlisted: int


class PredictionFile:
    """One system's predictions in a JSON Lines file, looked up page by page.

    `index` maps a page's id to (offset, length, line number). `problems` are filled by indexing and by `get`; records
    with a problem count as skipped.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.system = self.path.name.removesuffix(".jsonl")
        self.index: dict[str, tuple[int, int, int]] = {}
        self.tasks: list[str] = []
        self.problems: list[Problem] = []
        self.unlisted = 0
        self.skipped = 0
        self.elsewhere = Elsewhere()
        #: Some record is not what it was taken for, or counts its offsets in a unit for which texts are needed: then
        #: the file has to be read whole.
        self.unforeseen = False
        self._one_system = OneSystem(self.path.name)
        self._file: BinaryIO | None = None
        self._position = 0

    def read_index(self, pages: Container[str], others: Mapping[str, str], *, find_tasks: bool) -> None:
        """Find every record's page; note lines without one, pages that stand twice, pages that nobody knows.

        With `find_tasks` every line is parsed to see what the system answers.
        """
        open_tasks = dict(ANSWERS) if find_tasks else {}
        first = looked_for = True
        one_system = self._one_system
        seen: dict[str, int] = {}
        offset = 0
        with self.path.open("rb", buffering=_BUFFER) as lines:
            for number, line in enumerate(lines, 1):
                start, offset = offset, offset + len(line)
                if number == 1 and line.startswith(b"\xef\xbb\xbf"):
                    line, start = line[3:], start + 3
                if number == 1 and (kind := wrong_kind(line + lines.peek())) is not None:
                    self._refuse([Problem(self.path.name, None, "", kind)])
                    return
                if line.isspace() or not line:
                    continue
                if first:
                    # A system is named by each record or by none; what `get` finds says if that is wrong.
                    looked_for = _SYSTEM in line
                identifier = None if open_tasks else _plain_id(line, one_system.named, looked_for=looked_for)
                if identifier is None:
                    record, fault = parse_line(self.path.name, number, line)
                    if fault is not None or not has_id(record):
                        self._refuse([fault] if fault else record_problems(self.path.name, number, record, None))
                        continue
                    identifier = record["id"]
                    foreign = one_system.foreign(number, record)
                    if foreign is not None:
                        self._refuse(foreign)
                        continue
                    if first and isinstance(record.get("system"), str):
                        self.system = record["system"]
                    answered = [
                        task
                        for task, names in open_tasks.items()
                        if any(record.get(name) is not None for name in names)
                    ]
                    self.tasks += answered
                    open_tasks = {task: names for task, names in open_tasks.items() if task not in answered}
                first = False
                if identifier in seen:
                    self.unforeseen |= self._is_unforeseen(identifier, parse_line(self.path.name, number, line)[0])
                    self._refuse([twice(self.path.name, number, identifier, seen[identifier])])
                    continue
                seen[identifier] = number
                if identifier in pages:
                    self.index[identifier] = (start, len(line), number)
                    continue
                record, fault = parse_line(self.path.name, number, line)
                self.unforeseen |= self._is_unforeseen(identifier, record)
                problems = [fault] if fault else record_problems(self.path.name, number, record, None)
                if fault is None and identifier not in others:
                    problems.append(unknown_page(self.path.name, number, identifier, pages))
                if problems:
                    self._refuse(problems)
                else:
                    self.elsewhere.add(identifier, others[identifier])

    def _is_unforeseen(self, identifier: str, record: Any) -> bool:
        return has_id(record) and (
            record["id"] != identifier
            or record.get("offsets") not in (None, "code-points")
            or (isinstance(record.get("system"), str) and record["system"] != self._one_system.named)
        )

    def _refuse(self, problems: list[Problem]) -> None:
        self.add(Findings(problems, 1, 0))

    def add(self, found: Findings) -> None:
        """Add what was wrong with some records; of very many problems the first are kept and the rest counted."""
        room = max(0, MOST_PROBLEMS - len(self.problems))
        self.problems += found.problems[:room]
        self.unlisted += found.unlisted + max(0, len(found.problems) - room)
        self.skipped += found.skipped

    def mark(self) -> tuple[int, int, int]:
        """Return how much was found up to now, for `since` and `back_to`."""
        return len(self.problems), self.skipped, self.unlisted

    def since(self, mark: tuple[int, int, int]) -> Findings:
        """Return what was found since then."""
        return Findings(self.problems[mark[0] :], self.skipped - mark[1], self.unlisted - mark[2])

    def back_to(self, mark: tuple[int, int, int]) -> None:
        """Forget what was found since then."""
        del self.problems[mark[0] :]
        _, self.skipped, self.unlisted = mark

    def get(self, page: Page) -> Prediction | None:
        """Return what the system says of a page; None, and a problem noted, where the record is not sound."""
        place = self.index.get(page.id)
        if place is None:
            return None
        start, length, number = place
        if self._file is None:
            self._file, self._position = self.path.open("rb", buffering=_BUFFER), 0
        # Records mostly stand in the order of the pages: then the buffer is already there.
        if self._position != start:
            self._file.seek(start)
        self._position = start + length
        record, fault = parse_line(self.path.name, number, self._file.read(length))
        if self._is_unforeseen(page.id, record):
            self.unforeseen = True
            return None
        problems = [fault] if fault else record_problems(self.path.name, number, record, page)
        if problems:
            self._refuse(problems)
            return None
        return prediction_of(record, page.text)

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def refusals(self) -> list[Problem]:
        """Return the problem of a file whose predictions are all for pages of other splits, if it is one."""
        return [self.elsewhere.refusal(self.path.name)] if self.elsewhere and not self.index else []

    def all_problems(self) -> list[Problem]:
        """Return the problems by line, and how many more there were."""
        listed = sorted(self.problems, key=lambda problem: problem.line or 0)
        more = (
            [Problem(self.path.name, None, "", f"and {self.unlisted} more", more=self.unlisted)]
            if self.unlisted
            else []
        )
        return [*listed, *more]
