"""What is wrong with the records of a file: the first problems are kept, the others counted."""

from __future__ import annotations

from collections.abc import Sequence

from newsbench.problems import Problem

#: More problems of one input than this are counted, not listed.
MOST_PROBLEMS = 200


class FirstProblems:
    """The first problems of a file by line, in whatever order they are found, and how many `records` have any."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.records = 0
        self._kept: list[Problem] = []
        self._more = 0

    def add(self, problems: Sequence[Problem]) -> None:
        """Add what is wrong with one record: nothing where it was told with another one."""
        self.records += 1
        self._kept += problems
        if len(self._kept) > 2 * MOST_PROBLEMS:
            self._cut()

    def update(self, other: FirstProblems) -> None:
        """Add what is wrong with other records of the file."""
        self.records += other.records
        self._kept += other._kept
        self._more += other._more

    def listed(self) -> list[Problem]:
        """Return the problems by line and, last, how many more there are."""
        self._cut()
        more = [Problem(self.file, None, "", f"and {self._more} more", more=self._more)] if self._more else []
        return [*self._kept, *more]

    def _cut(self) -> None:
        # Problems of one line stay in the order in which they were found.
        self._kept.sort(key=lambda problem: problem.line or 0)
        self._more += len(self._kept[MOST_PROBLEMS:])
        del self._kept[MOST_PROBLEMS:]
