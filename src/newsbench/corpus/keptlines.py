"""What an annotator would keep of a page, line by line of its visible text: a second opinion on boilerplate.

A file `layers/<page>.<annotator>.kept` holds the first characters of each line that its annotator keeps, in the order
of the page; all other lines are boilerplate to them. Named by their words, lines survive a change of teasers.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from newsbench.corpus.problems import Report

LENGTH = 60
# Of the kept lines so many may be missing: an annotator may have kept a teaser that the site no longer shows.
_MOST_MISSING = 0.1
_LINE = re.compile(r"[^\n]*\S[^\n]*")


def page_lines(text: str) -> list[tuple[int, int]]:
    """Give the lines of a page's text that show anything, as offsets, without white space at their ends."""
    found = []
    for match in _LINE.finditer(text):
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        found.append((start, start + len(line.strip())))
    return found


def kept_path(take_path: Path, annotator: str) -> Path:
    """Give where an annotator's opinion on a take's page lies."""
    return take_path.parent / "layers" / f"{take_path.stem}.{annotator}.kept"


def write_kept(text: str, numbers: Collection[int]) -> str:
    """Write the file of an annotator who keeps these lines, counted from 1 as `page_lines` gives them."""
    lines = [text[start:end] for number, (start, end) in enumerate(page_lines(text), 1) if number in numbers]
    return "".join(f"{line[:LENGTH].strip()}\n" for line in lines)


def read_kept(path: Path, text: str, report: Report) -> list[tuple[int, int]]:
    """Give the stretches of `text` that an annotator takes for boilerplate; a file that does not fit is a problem."""
    wanted = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    lines = page_lines(text)
    kept: set[int] = set()
    missing, position = [], 0
    for prefix in wanted:
        at = next((n for n in range(position, len(lines)) if _begins(text, lines[n], prefix)), None)
        if at is None:
            missing.append(prefix)
        else:
            kept.add(at)
            position = at + 1
    if len(missing) > _MOST_MISSING * len(wanted):
        report.add(
            0, f"{len(missing)} of {len(wanted)} lines are not on the page, the first {missing[0]!r}: judge it again"
        )
    return [line for number, line in enumerate(lines) if number not in kept]


def _begins(text: str, line: tuple[int, int], prefix: str) -> bool:
    start, end = line
    return text[start : min(end, start + LENGTH)].strip() == prefix


def read_numbers(words: str, most: int) -> set[int]:
    """Read line numbers as ``3-7 9 12-14``.

    Errors: ValueError that names what cannot be read, or a number that the page does not have.
    """
    numbers: set[int] = set()
    for word in words.replace(",", " ").split():
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", word)
        if match is None:
            raise ValueError(f"{word!r} is no line number and no range of them, such as 12-30")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= most:
            raise ValueError(f"{word}: the page has lines 1 to {most}")
        numbers |= set(range(first, last + 1))
    return numbers
