"""What is wrong with a source file, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a source file: what is wrong and what is allowed; `line` is 0 where none is known."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class SourceError(Exception):
    """Source files that cannot be compiled; `problems` holds every fault that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Report:
    """Collects the problems of one file."""

    def __init__(self, path: Path | str) -> None:
        self.path = str(path)
        self.problems: list[Problem] = []

    def add(self, line: int | None, message: str) -> None:
        """Note a problem at a line; the same one is noted once."""
        problem = Problem(self.path, line or 0, message)
        if problem not in self.problems:
            self.problems.append(problem)
