"""Text as it flows onto a page: white space collapsed, lines broken, each stretch with the label it stands under."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACE_IN_LINE = re.compile(r"[ \t\r\f]+")
_MARKS = re.compile("([\U000f0000-\U000ffffd])")


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """One labelled element; two elements of the same type are two labels."""

    type: str


class Run(NamedTuple):
    """A stretch `[start, end)` of text under one label; `label` is None where no element has one."""

    start: int
    end: int
    label: Label | None


class Field(NamedTuple):
    """The stretch of text that an element with `data-meta` shows; empty where it shows none."""

    name: str
    start: int
    end: int


class TextFlow:
    """Text so far and the white space that is due before the next character."""

    __slots__ = ("breaks", "empty", "lines", "marks", "pieces", "runs", "size", "space", "tabs")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.runs: list[Run] = []
        self.marks: dict[str, int] = {}
        self.size = 0
        self.breaks = 0  # line breaks that block edges require
        self.lines = 0  # line breaks written as such
        self.tabs = 0  # cell boundaries
        self.space = False  # a collapsed space
        self.empty = True  # nothing on this line (or in this inline block) yet: leading space is dropped

    def put(self, text: str, label: Label | None) -> None:
        """Append characters after the white space that is due."""
        if self.breaks or self.lines or self.tabs or self.space:
            if self.size:
                breaks = max(self.breaks, self.lines)
                due = "\n" * breaks if breaks else "\t" * self.tabs if self.tabs else " "
                self.pieces.append(due)
                self.size += len(due)
            self.breaks = self.lines = self.tabs = 0
        self.space = self.empty = False
        start, end = self.size, self.size + len(text)
        self.pieces.append(text)
        self.size = end
        if self.runs and self.runs[-1].label is label:
            self.runs[-1] = Run(self.runs[-1].start, end, label)
        else:
            self.runs.append(Run(start, end, label))

    def collapse(self, text: str, label: Label | None, space: re.Pattern[str] = _SPACE) -> None:
        """Append text with its white space collapsed."""
        text = space.sub(" ", text)
        if text[:1] == " ":
            self.space = self.space or not self.empty
            text = text[1:]
        if not text:
            return
        trailing = text[-1] == " "
        self.put(text[:-1] if trailing else text, label)
        self.space = trailing

    def write(self, text: str, label: Label | None, keep: str) -> None:
        """Append a text node, its white space kept (`pre`), kept at line ends (`lines`) or collapsed."""
        if keep == "":
            self.collapse(text, label)
        elif keep == "pre":
            if text:
                self.put(text, label)
                self.empty = text[-1] == "\n"
        else:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.newline()
                self.collapse(line, label, _SPACE_IN_LINE)

    def write_marked(self, text: str, label: Label | None, keep: str) -> None:
        """Append a text node that may hold marks: these take no place and are remembered."""
        for piece in _MARKS.split(text):
            if len(piece) == 1 and _MARKS.match(piece):
                self.marks[piece] = self.size
            elif piece:
                self.write(piece, label, keep)

    def newline(self) -> None:
        """End the line, as `br` does."""
        self.lines += 1
        self.space, self.empty = False, True

    def block(self, breaks: int) -> None:
        """Require line breaks before the next character."""
        self.breaks = max(self.breaks, breaks)
        self.space, self.empty = False, True
