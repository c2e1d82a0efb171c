"""Where the lines of one text stand in another, however that one breaks its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# A shorter line is taken only where it follows the last one: far away it is likely to be another.
_LONG = 32
# Characters that are looked through for lines further on, as multiples of the text; after that only the next place is
# looked at.
_SEARCHES = 8
_NO_BLANK = re.compile(r"\S")


class Passage(NamedTuple):
    """Lines of one text that follow each other in another: which (`first` to `end`), and where (`start` to `stop`)."""

    first: int
    end: int
    start: int
    stop: int


def common_passages(lines: Sequence[str], text: str, least: int) -> list[Passage]:
    """Return runs of lines that stand in a text between blanks, in their order; what is between them may differ.

    `lines` are stripped and not empty. The runs have `least` characters; they are some that both texts have, found
    quickly: not all, nor the longest.
    """
    found: list[Passage] = []
    stands, size = text.startswith, len(text)
    at, left = _behind_blanks(text, 0), _SEARCHES * size
    # The passage that may still grow.
    first = end = 0
    start = stop = at
    for number, line in enumerate(lines):
        # What comes next, at `at`, has a blank before it or nothing.
        here = at
        if not stands(line, at):
            if left <= 0 or len(line) < _LONG:
                continue
            here = text.find(line, at)
            left -= (here if here >= 0 else size) - at
            if here < 0 or not text[here - 1].isspace():
                continue
        behind = here + len(line)
        if behind < size and not text[behind].isspace():
            continue
        if number != end or here != at:
            if stop - start >= least:
                found.append(Passage(first, end, start, stop))
            first, start = number, here
        end, stop = number + 1, behind
        at = behind + 1
        if text[at : at + 1].isspace():
            at = _behind_blanks(text, at)
    if stop - start >= least:
        found.append(Passage(first, end, start, stop))
    return found


def _behind_blanks(text: str, at: int) -> int:
    found = _NO_BLANK.search(text, at)
    return found.start() if found else len(text)
