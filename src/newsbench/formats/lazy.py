"""Predictions that stay on disk: a page's record is read, checked and converted when the page is scored.

Memory holds an index (page -> place in the file), not texts; what is wrong is collected on the way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container
from pathlib import Path
from typing import BinaryIO

from newsbench.formats.predictions import MOST_PROBLEMS, parse_line, prediction_of, record_problems, unknown_page
from newsbench.problems import Problem
from newsbench.scoring import ANSWERS
from newsbench.types import Page, Prediction

# The usual form of a line: the id comes first. Anything else is parsed.
_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*"([^"\\]*)"')
_SYSTEM = b'"system"'


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
        self._file: BinaryIO | None = None

    def read_index(self, pages: Collection[str], others: Container[str], *, find_tasks: bool) -> None:
        """Find every record's page; note lines without one, pages that stand twice, pages that nobody knows.

        With `find_tasks` every line is parsed to see what the system answers.
        """
        open_fields = {name: task for task, names in ANSWERS.items() for name in names} if find_tasks else {}
        found: set[str] = set()
        first = True
        offset = 0
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                start, offset = offset, offset + len(line)
                if number == 1 and line.startswith(b"\xef\xbb\xbf"):
                    line, start = line[3:], start + 3
                if line.isspace() or not line:
                    continue
                quick = None if open_fields or (first and _SYSTEM in line) else _ID.match(line)
                if quick is not None:
                    try:
                        identifier = quick[1].decode()
                    except UnicodeDecodeError:
                        quick = None
                if quick is None:
                    record, fault = parse_line(self.path.name, number, line)
                    if fault is None and isinstance(record, dict) and isinstance(record.get("id"), str):
                        identifier = record["id"]
                    else:
                        self._refuse([fault] if fault else record_problems(self.path.name, number, record, None))
                        continue
                    if first and isinstance(record.get("system"), str):
                        self.system = record["system"]
                    for name in [name for name in open_fields if record.get(name) is not None]:
                        found.add(open_fields.pop(name))
                        open_fields = {key: task for key, task in open_fields.items() if task not in found}
                first = False
                self._add(identifier, start, len(line), number, pages, others)
        self.tasks = [task for task in ANSWERS if task in found]

    def _add(
        self, identifier: str, start: int, length: int, number: int, pages: Collection[str], others: Container[str]
    ) -> None:
        if identifier in self.index:
            before = self.index[identifier][2]
            self._refuse([Problem(self.path.name, number, "id", f"stands twice, first in line {before}", identifier)])
        elif identifier in pages:
            self.index[identifier] = (start, length, number)
        elif identifier not in others:
            self._refuse([unknown_page(self.path.name, number, identifier, pages)])

    def _refuse(self, problems: list[Problem]) -> None:
        self.skipped += 1
        room = max(0, MOST_PROBLEMS - len(self.problems))
        self.problems.extend(problems[:room])
        self.unlisted += len(problems) - min(room, len(problems))

    def get(self, page: Page) -> Prediction | None:
        """Return what the system says of a page; None, and a problem noted, where the record is not sound."""
        place = self.index.get(page.id)
        if place is None:
            return None
        start, length, number = place
        if self._file is None:
            self._file = self.path.open("rb")
        # Records mostly stand in the order of the pages: then the buffer is already there.
        if self._file.tell() != start:
            self._file.seek(start)
        record, fault = parse_line(self.path.name, number, self._file.read(length))
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

    def all_problems(self) -> list[Problem]:
        """Return the problems by line, and how many more there were."""
        listed = sorted(self.problems, key=lambda problem: problem.line or 0)
        more = [Problem(self.path.name, None, "", f"and {self.unlisted} more")] if self.unlisted else []
        return [*listed, *more]
