"""What is wrong with an input, and where: collected and told all in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# C0 and C1 controls, DEL, and the characters that turn the direction of text: they could drive or deceive a terminal.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]")


def safe(text: str) -> str:
    """Return text with control and direction characters shown as ``\\x1b`` instead of sent to the terminal."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


class Problem(NamedTuple):
    """One fault: `file`, `line` (1-based line of JSON Lines, or row of Parquet), `field`, and what is allowed."""

    file: str
    line: int | None
    field: str
    message: str
    page: str | None = None
    #: Set on the last entry of a list that was cut: how many more there were.
    more: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        page = f" [{self.page}]" if self.page else ""
        field = f" {self.field}:" if self.field else ""
        return safe(f"{place}:{page}{field} {self.message}")


class UsageError(ValueError):
    """A command or a call that was wrong in itself: an unknown name, a setting out of range (exit status 2)."""


class InputError(ValueError):
    """An input that was refused; `problems` names every fault."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        listed = [problem for problem in self.problems if problem.more is None]
        many = len(listed) + sum(problem.more or 0 for problem in self.problems)
        super().__init__("\n".join([*map(str, self.problems), f"{many} problem{'s' if many != 1 else ''}"]))
