"""Interval arithmetic on fragments: sorted tuples of half-open ranges of code points."""

from __future__ import annotations

import re
from collections.abc import Iterable

from newsbench.types import Fragments, Span

#: What does not count at the edge of an element: white space, invisible characters, quote marks, brackets, dashes,
#: stops. Signs that carry meaning at an edge (``%``, ``$``, ``#``, ``@``, ``&``, ``+``) are not among them.
EDGE_MARKS = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
    "\xad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
    "\"'`´‘’‚‛“”„‟‹›«»〈〉《》「」『』〝〞〟＂＇()[]{}（）［］"
    "-‐‑‒–—―⸺⸻−﹣－~,.;:!?…‥·•*/\\|_¡¿،؛؟۔、。，．：；！？"
)

_EDGES = frozenset(EDGE_MARKS)
_JOINING = re.compile(
    r"[\s,;/&]*(?:(?:and|or|nor|as well as|along with|together with)\b)?[\s,]*(?:(?:both|also)\b)?\s*", re.IGNORECASE
)


def union(fragments: Iterable[tuple[int, int]]) -> Fragments:
    """Return the same characters as sorted fragments that neither overlap nor touch; empty ones are dropped."""
    found: list[Span] = []
    for start, end in sorted(fragments):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            if end > found[-1][1]:
                found[-1] = Span(found[-1][0], end)
        else:
            found.append(Span(start, end))
    return tuple(found)


def intersection(first: Fragments, second: Fragments) -> Fragments:
    """Return the characters in both; either side must be sorted and without overlap, as `union` gives it."""
    found = []
    i = j = 0
    while i < len(first) and j < len(second):
        start = max(first[i][0], second[j][0])
        end = min(first[i][1], second[j][1])
        if start < end:
            found.append(Span(start, end))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def length(fragments: Fragments) -> int:
    """Return the number of code points in fragments that do not overlap."""
    return sum(end - start for start, end in fragments)


def hull(fragments: Fragments) -> Span:
    """Return the range from the first to the last character of sorted, non-empty fragments."""
    return Span(fragments[0][0], fragments[-1][1])


def contains(outer: Fragments, inner: Fragments) -> bool:
    """Say whether every character of `inner` stands in `outer`."""
    return intersection(outer, inner) == inner


def distance(first: Fragments, second: Fragments) -> int:
    """Return the number of characters between the nearest fragments of two sides; 0 where they touch or overlap."""
    return min(max(a - d, c - b, 0) for a, b in first for c, d in second)


def trim(text: str, start: int, end: int, *, marks: str = EDGE_MARKS) -> tuple[int, int]:
    """Return the range without `marks` at its edges; ``(end, end)`` where nothing else is in it."""
    piece = text[start:end].lstrip(marks)
    start = end - len(piece)
    return start, start + len(piece.rstrip(marks))


def trim_fragments(text: str, fragments: Fragments, *, leading_word: str = "") -> Fragments:
    """Return fragments trimmed of marks, those joined that only marks divide.

    `leading_word` (lower case) is dropped too where it opens the first fragment and is not all of it. Where nothing
    would be left, the fragments come back as they are.
    """
    found: list[Span] = []
    for fragment in fragments:
        start, end = first, last = fragment
        if text[start] in _EDGES or text[end - 1] in _EDGES:
            first, last = trim(text, start, end)
            if first == last:
                continue
        if leading_word and not found and text[first : first + len(leading_word)].lower() == leading_word:
            after = first + len(leading_word)
            if text[after : after + 1].isspace():
                rest = trim(text, after, last)
                first, last = rest if rest[0] < rest[1] else (first, last)
        if found and _only_marks(text[found[-1][1] : first]):
            found[-1] = Span(found[-1][0], last)
        else:
            found.append(fragment if (first, last) == (start, end) else Span(first, last))
    return tuple(found) or fragments


def _only_marks(text: str) -> bool:
    # Mostly one of the first characters tells: stripping has to set up a search for all marks.
    return all(character in _EDGES for character in text)


def join_coordinated(text: str, fragments: Fragments) -> Fragments:
    """Return fragments joined where only a comma or a joining word (``and``, ``or``, ``as well as``) divides them."""
    found: list[Span] = []
    for start, end in fragments:
        if found and _JOINING.fullmatch(text, found[-1][1], start):
            found[-1] = Span(found[-1][0], end)
        else:
            found.append(Span(start, end))
    return tuple(found)
