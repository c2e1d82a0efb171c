"""What a line of visible text looks like: the features of the line classifier."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise
from typing import NamedTuple

from newsbench.systems.articletext import STOP_WORDS, article_lines

#: Buckets for words and pairs of words; few on purpose: shape shall count more than the names of one day.
BUCKETS = 512
_LINE = re.compile(r"[^\n]*[^\s\n][^\n]*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CLOSED = re.compile(r"[.!?…][\"'”’»›“)\]]*$")
_BREAK = re.compile(r"[.!?…][\"'”’»)]*\s+[\"'“‘„«(–—-]?\s?[A-Z]")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SEPARATED = re.compile(r"\s[|›»•·/]\s|\t")
_DIGIT = re.compile(r"\d")
_QUOTE = re.compile(r"[\"“”„«»‹›]")
_ADDRESS = re.compile(r"©|@|https?:|www\.|\.(?:example|com|org)\b", re.IGNORECASE)
_INVITATION = re.compile(
    r"(?:read|watch|listen|see|subscribe|sign|log|share|follow|join|send|copy|download)\b", re.IGNORECASE
)
_LENGTHS = (2, 4, 8, 15, 25, 45)
# How far around a line its neighbours are looked at.
_WINDOW = 4


class TextLine(NamedTuple):
    """A line that is not blank, ``[start, end)`` in the page's text without the space around it."""

    start: int
    end: int


def split_lines(text: str) -> list[TextLine]:
    """Return the lines of a text that hold more than white space."""
    found = []
    for match in _LINE.finditer(text):
        line = match[0]
        start = match.start() + len(line) - len(line.lstrip())
        found.append(TextLine(start, start + len(line.strip())))
    return found


def shape(line: str) -> list[float]:
    """Return the features of one line by itself, each between 0 and about 1."""
    words = _WORD.findall(line)
    count = len(words)
    per_word = 1 / max(1, count)
    size = max(1, len(line))
    return [
        min(count, 80) / 80,
        *(float(count > length) for length in _LENGTHS),
        sum(word.lower() in STOP_WORDS for word in words) * per_word,
        sum(word[0].isupper() for word in words) * per_word,
        float(bool(words) and all(word.isupper() for word in words)),
        len(_DIGIT.findall(line)) / size,
        sum(not (c.isalnum() or c.isspace()) for c in line) / size,
        float(bool(_CLOSED.search(line))),
        float(line.endswith(":")),
        float(line.endswith("?")),
        min(len(_BREAK.findall(line)), 4) / 4,
        min(line.count(","), 5) / 5,
        float(bool(_CLOCK.search(line))),
        float(bool(_YEAR.search(line))),
        float(bool(_SEPARATED.search(line))),
        float(bool(_QUOTE.search(line))),
        float(line[:1] in "–—-"),
        float(bool(_ADDRESS.search(line))),
        float(bool(_INVITATION.match(line))),
        float(line[:1].islower()),
        # A label, a menu, a teaser's title: some words, no end.
        float(1 <= count <= 12 and not _CLOSED.search(line)),
    ]


SHAPE_SIZE = len(shape("x"))


def hashes(line: str) -> list[int]:
    """Return the buckets of a line's first words and pairs of words, each once."""
    words = [word.lower() for word in _WORD.findall(line)[:12]]
    grams = [*words, *(f"{a} {b}" for a, b in pairwise(words))]
    return sorted({zlib.crc32(gram.encode("utf-8", "surrogatepass")) % BUCKETS for gram in grams})


def page_features(text: str, lines: list[TextLine]) -> tuple[list[list[float]], list[list[int]]]:
    """Return, for each line, its dense features and its hash buckets.

    Dense are: its own shape; that of the line before and after; words, closed lines and link-like lines within four
    lines on either side; the place on the page and relative to the longest line; whether it stood there before; whether
    the guess of `article_lines` takes it, and where it stands from that guess.
    """
    contents = [text[line.start : line.end].replace("\u00ad", "").replace("\u00a0", " ") for line in lines]
    shapes = [shape(content) for content in contents]
    blank = [0.0] * SHAPE_SIZE
    count = len(lines)
    heavy = [min(max(len(_WORD.findall(content)) - 8, 0), 60) / 60 for content in contents]
    longest = max(range(count), key=lambda at: heavy[at], default=0)
    body = sum(heavy) or 1.0
    guessed = {line.start: line.kind for line in article_lines(text)}
    first, last = min(guessed, default=0), max(guessed, default=0)
    seen: dict[str, int] = {}
    passed = 0.0
    dense = []
    for at, content in enumerate(contents):
        before, after = range(max(0, at - _WINDOW), at), range(at + 1, min(count, at + _WINDOW + 1))
        around = [sum(heavy[i] for i in side) / _WINDOW for side in (before, after)]
        links = [sum(shapes[i][-1] for i in side) / _WINDOW for side in (before, after)]
        dense.append([
            *shapes[at],
            *(shapes[at - 1] if at else blank),
            *(shapes[at + 1] if at + 1 < count else blank),
            *around, *links, around[0] * around[1], links[0] * links[1],
            at / count, float(at < 3), float(at >= count - 5),
            # How much of the page's running text lies behind: the article begins and ends with it.
            passed / body, float(passed == 0), float(passed >= 0.98 * body),
            min(abs(at - longest), 40) / 40, float(at > longest),
            float(content in seen),
            *(float(guessed.get(lines[at].start) == kind) for kind in ("headline", "paragraph", "short")),
            float(lines[at].start < first), float(lines[at].start > last),
        ])  # fmt: skip
        seen[content] = at
        passed += heavy[at]
    return dense, [hashes(content) for content in contents]
