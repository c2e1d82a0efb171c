"""Segments from the types of single words: they tile the text, are cut at line breaks, and part at white space."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from newsbench.importers.text import line_segments
from newsbench.metrics.pagewords import UNLABELLED
from newsbench.text import Words, words

#: What an imported page shows and its corpus does not call content.
FURNITURE = "other_boilerplate"

_LINE = re.compile(r"[^\n]+")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


def line_words(page: Words, text: str) -> list[tuple[int, int]]:
    """Return the word range of each line that has words."""
    ranges = []
    at = 0
    for line in _LINE.finditer(text):
        first = at
        while at < len(page.starts) and page.starts[at] < line.end():
            at += 1
        if at > first:
            ranges.append((first, at))
    return ranges


def mark_title(page: Words, text: str, kinds: list[str | None], title: str | None) -> None:
    """Make the first content line with the words of the title the headline.

    Where no content line has them, the last such line before the content (else the first anywhere) is unlabelled.
    """
    wanted = words(title or "")
    if not wanted:
        return
    size = len(wanted)
    places = [first for first, last in line_words(page, text) if page.words[first:last] == wanted]
    content = next((at for at in places if all(kinds[at : at + size])), None)
    if content is not None:
        kinds[content : content + size] = ["headline"] * size
        return
    free = [at for at in places if not any(kinds[at : at + size])]
    if free:
        start = next((at for at, kind in enumerate(kinds) if kind), 0)
        at = max((place for place in free if place < start), default=free[0])
        kinds[at : at + size] = [UNLABELLED] * size


def tile(text: str, page: Words, kinds: Sequence[str | None]) -> list[dict[str, Any]]:
    """Cut a text into segments by the types of its words; None, and lines without words, are furniture."""
    segments: list[dict[str, Any]] = []
    at = 0
    for line in _LINE.finditer(text):
        first = at
        while at < len(page.starts) and page.starts[at] < line.end():
            at += 1
        edges = [line.start()]
        types = [kinds[first] if at > first else None]
        for word in range(first + 1, at):
            # Words that one character folds to share its place.
            if kinds[word] != types[-1] and page.starts[word] > page.starts[word - 1]:
                edges.append(_parting(text, page.ends[word - 1], page.starts[word]))
                types.append(kinds[word])
        edges.append(line.end())
        for start, end, kind in zip(edges, edges[1:], types, strict=False):
            _add(segments, text, start, end, kind or FURNITURE)
    return segments


def _parting(text: str, end: int, start: int) -> int:
    """Return where two words part: after the white space between them, else where the second begins."""
    for at in range(start, end, -1):
        if text[at - 1].isspace():
            return at
    return start


def _add(segments: list[dict[str, Any]], text: str, start: int, end: int, kind: str) -> None:
    piece = text[start:end]
    content = piece.strip()
    if content:
        start += len(piece) - len(piece.lstrip())
        segments.append({"start": start, "end": start + len(content), "type": kind})


def run_segments(text: str, ranges: Sequence[tuple[int, int, str]]) -> list[dict[str, Any]]:
    """Cut a text into segments by labelled ranges in order, cut at line breaks; the rest is furniture."""
    segments: list[dict[str, Any]] = []
    position = 0
    for start, end, kind in (*ranges, (len(text), len(text), FURNITURE)):
        for low, high, one in ((position, start, FURNITURE), (start, end, kind)):
            for line in _LINE.finditer(text, low, high):
                _add(segments, text, line.start(), line.end(), one)
        position = end
    return segments


def block_segments(text: str) -> list[dict[str, Any]]:
    """Cut plain text into paragraphs: at blank lines where there are any, else at every line break."""
    if not _BLANK_LINES.search(text.strip()):
        return line_segments(text, "paragraph")
    segments: list[dict[str, Any]] = []
    position = 0
    for gap in _BLANK_LINES.finditer(text):
        _add(segments, text, position, gap.start(), "paragraph")
        position = gap.end()
    _add(segments, text, position, len(text), "paragraph")
    return segments
