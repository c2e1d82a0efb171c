"""What is wrong with one table, collected: each fault once, with the first of the rows that have it."""

from __future__ import annotations

from collections.abc import Sequence

from newsbench.formats.firstproblems import MOST_PROBLEMS
from newsbench.problems import InputError, Problem


class Refusals:
    """Faults of a file of which each row is a page; `pages` are their ids, once they are known."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.pages: Sequence[str | None] = ()
        self.problems: list[Problem] = []

    def add(self, field: str, message: str, rows: Sequence[int] = ()) -> None:
        """Note a fault of the file or, with `rows` (from 0), of pages: the first is named, the others are counted."""
        if not len(rows):
            self.problems.append(Problem(self.file, None, field, message))
            return
        first = int(rows[0])
        others = f"; and so on {len(rows) - 1} more page{'s' if len(rows) > 2 else ''}" if len(rows) > 1 else ""
        page = self.pages[first] if first < len(self.pages) else None
        self.problems.append(Problem(self.file, first + 1, field, message + others, page))

    def raise_any(self) -> None:
        """Raise an InputError if there is any fault; of very many, the first are listed and the rest counted."""
        more = len(self.problems) - MOST_PROBLEMS
        if more > 0:
            self.problems[MOST_PROBLEMS:] = [Problem(self.file, None, "", f"and {more} more", more=more)]
        if self.problems:
            raise InputError(self.problems)
