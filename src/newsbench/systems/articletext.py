"""Which lines of a page's visible text are the article? A guess from the text alone, without training."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_STOP_WORDS = """
    a about after all also an and any are as at be because been before but by can could did do for from had has have he
    her his how i if in into is it its just more most no not now of off on one only or other our out over said say says
    she so some than that the their them then there these they this to too under up was we were what when where which
    while who will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_LINE = re.compile(r"[^\n]*[^\s\n][^\n]*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CLOSED = re.compile(r"[.!?…:][\"'”’»›“)\]]*$")
_SENTENCE_BREAK = re.compile(r"[.!?…][\"'”’»)]*\s+[\"'“‘„«(–—-]?\s?[A-Z]")
# Where the article ends whatever follows: readers have the word, or another article begins.
_END = re.compile(
    r"(?:all |show |read )?(?:readers'? )?(?:comments?|discussion|replies|opinions)\b[^.]{0,25}$"
    r"|\d+ comments?\b"
    r"|(?:join|leave|write|add) (?:the conversation|a comment|a message|your opinion)\b"
    r"|(?:signals?|letters|voices) (?:from|of) readers\b|(?:next|another) (?:article|story)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:(?:read|see|listen|watch) (?:also|more|again|on|next)|also read|more on (?:this|the)"
    r"|on (?:this|the same) topic|related|advertis\w+"
    r"|sponsored|partner content|photo|image|picture|video|source|share|subscribe|sign up|follow us"
    r"|newsletter|copyright|©|\d+ min)\b[^.?!]{0,60}(?::|$)|(?:read also|see also|photo|image|sign up|subscribe)\b|©",
    re.IGNORECASE,
)
# What sites put under an article: rarely above its first or between its paragraphs.
_FOOT = re.compile(
    r"\W*(?:share|copy (?:the )?(?:link|address)|send (?:by mail|to a friend)|messenger|print|tags|subjects|e-?mail"
    r"|(?:did (?:you|we)|found|report|see|notice) .{0,60}\b(?:mistake|error|typo|wrong|inaccuracy)|inaccuracy"
    r"|from the same|most read|related (?:articles|stories)|more (?:stories|articles|from)|topics?:|keywords?:)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d\b")
# A paragraph counts with its words beyond the first few, so that teasers between short lines do not add up.
_PARAGRAPH_COST = 12
_GAP_COST = 5
_FOOT_COST = 40
_LONGEST_GAP = 9
_REACH = 15
_STANDFIRST = 8


class ArticleLine(NamedTuple):
    """A line of the article, ``[start, end)`` in the page's text; `kind` is headline, paragraph or short."""

    start: int
    end: int
    kind: str


def article_lines(text: str) -> list[ArticleLine]:
    """Return the lines of the article, in order.

    The article is the run of lines with the most words in sentences, where every other line costs some; lines that look
    like links, labels and captions within it are left out. The headline is the line shortly before the run that shares
    most words with it.
    """
    lines = []
    for match in _LINE.finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        end = match.end() - len(match[0]) + len(match[0].rstrip())
        lines.append((start, end, text[start:end].replace("\u00ad", "").replace("\u00a0", " ")))
    values = [_value(line) for _, _, line in lines]
    first, last = _best_run(values, [bool(_END.match(line)) for _, _, line in lines])
    if first == last:
        return []
    found = []
    headline = _headline(lines, first, last)
    if headline is not None:
        # The standfirst stands between the headline and the run, or is what the run begins with.
        first = next((at for at in range(headline + 1, first) if values[at] >= _STANDFIRST), first)
    if headline is not None:
        found.append(ArticleLine(*lines[headline][:2], "headline"))
    for start, end, line in lines[first:last]:
        if _ASIDE.match(line):
            continue
        value = _value(line)
        if value > 0:
            found.append(ArticleLine(start, end, "paragraph"))
        elif _CLOSED.search(line) and not _CLOCK.match(line):
            found.append(ArticleLine(start, end, "short"))
    return found


def article_text(text: str) -> str:
    """Return the article's lines of a page's text; all of the text where none looks like an article."""
    return "\n".join(text[line.start : line.end] for line in article_lines(text)) or text


def _value(line: str) -> int:
    """Words of a line that reads like running text, else what it costs to run over it (negative)."""
    if _FOOT.match(line) and len(line) < 90:
        return -_FOOT_COST
    if _ASIDE.match(line) or "\t" in line:
        return -1
    words = _WORD.findall(line)
    count = len(words)
    stops = sum(word.lower() in STOP_WORDS for word in words)
    closed = bool(_CLOSED.search(line))
    if count >= 8 and stops >= 0.18 * count and (closed or count >= 25 or _SENTENCE_BREAK.search(line)):
        return count
    if 3 <= count < 8 and closed and line[-1] != ":":
        return 1
    return -_GAP_COST


def _best_run(values: Sequence[int], ends: Sequence[bool]) -> tuple[int, int]:
    """Return the run [first, last) of lines with the greatest sum, extended over paragraphs that touch it.

    No run passes a line where the article must end, nor a long stretch without a sentence.
    """
    best, run = 0, (0, 0)
    total = start = gap = 0
    for at, value in enumerate(values):
        gap = 0 if value > 0 else gap + 1
        if total <= 0 or gap > _LONGEST_GAP or (ends[at] and value <= 1):
            total, start = 0, at
        total += value - _PARAGRAPH_COST if value > 1 else value
        if total > best:
            best, run = total, (start, at + 1)
    first, last = run
    while 0 < first < last and values[first - 1] > 1:
        first -= 1
    while first < last < len(values) and values[last] > 0 and not ends[last]:
        last += 1
    return first, last


def _headline(lines: Sequence[tuple[int, int, str]], first: int, last: int) -> int | None:
    body = {word.lower() for _, _, line in lines[first:last] for word in _WORD.findall(line)} - STOP_WORDS
    scores = {}
    for at in range(max(0, first - _REACH), first):
        words = _WORD.findall(lines[at][2])
        content = {word.lower() for word in words} - STOP_WORDS
        if 3 <= len(words) <= 30 and not lines[at][2].endswith(".") and not _ASIDE.match(lines[at][2]):
            # One word of its own weighs against a menu that happens to name the subject.
            scores[at] = len(content & body) / (len(content) + 2)
    if not scores or max(scores.values()) < 0.25:
        return None
    return max(scores, key=lambda at: (scores[at], -at))
