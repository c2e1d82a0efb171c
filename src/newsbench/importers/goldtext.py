"""Which words of a page does a gold text keep?

The page is HTML rendered by `newsbench.render`, or a text. The gold text's words are aligned to the page's by shared
passages (`newsbench.align`), as a system's output would be. Of the alignment count

* the passages of a gold paragraph of which at least half is found, and passages of `LONG_PASSAGE` words or more;
* gold paragraphs too short for a passage that fill a line of their own after the paragraph before them;
* words that differ (a typing error, another spelling), at most `MOST_OTHER_WORDS` between two passages of one line, or
  between a passage and the end of both its paragraph and its line.

These words are content, cut at line breaks, of the type of their gold paragraph; a content line with the very words of
the title is the headline; a line with the words of the title that the gold text does not have is left unlabelled (it
counts neither way); all other text is `other_boilerplate`. The quality is the share of the gold text's words that were
found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from newsbench.align import align_words
from newsbench.importers.tiling import line_words, mark_title, tile
from newsbench.passages import MIN_PASSAGE
from newsbench.text import Words, output_words, word_spans

#: A passage of this length is no chance, whatever the rest of its paragraph does.
LONG_PASSAGE = 8
MOST_OTHER_WORDS = 5

_ORDINAL = re.compile(r"^\s*(?:\d{1,3}|[a-zA-Z])[.)]\s+")


class Paragraph(NamedTuple):
    """A paragraph of a gold text and the type of segment that it is."""

    text: str
    type: str = "paragraph"


class Aligned(NamedTuple):
    """Segments of a page, the share of gold words found (None without any), and paragraphs that are not plain."""

    segments: list[dict[str, Any]]
    quality: float | None
    twice: list[str]
    absent: list[str]
    blank: int


def align_gold(text: str, paragraphs: Sequence[Paragraph], *, title: str | None = None) -> Aligned:
    """Align gold paragraphs to a page's text; see the module."""
    page = word_spans(text)
    known = f" {' '.join(page.words)} "
    short = Counter(
        tuple(page.words[first:last]) for first, last in line_words(page, text) if last - first < MIN_PASSAGE
    )
    gold, owners = [], []
    twice, absent, blank = [], [], 0
    for number, paragraph in enumerate(paragraphs):
        found = output_words(paragraph.text)
        if not found:
            blank += 1
            continue
        many = known.count(f" {' '.join(found)} ")
        if len(found) < MIN_PASSAGE and many > 1:
            # One or two words say something on a line of their own only.
            many = max(1, short[tuple(found)])
        if not many and _ORDINAL.match(paragraph.text):
            # The number of a list item is drawn by the browser, it is not in the text.
            bare = output_words(_ORDINAL.sub("", paragraph.text))
            if bare and f" {' '.join(bare)} " in known:
                found, many = bare, 1
        if many > 1:
            twice.append(paragraph.text)
        elif not many:
            absent.append(paragraph.text)
        gold += found
        owners += [number] * len(found)
    kinds: list[str | None] = [None] * len(page.words)
    quality = None
    if gold:
        quality = _mark(page, text, gold, owners, paragraphs, kinds) / len(gold)
    mark_title(page, text, kinds, title)
    return Aligned(tile(text, page, kinds), quality, twice, absent, blank)


def _mark(
    page: Words,
    text: str,
    gold: list[str],
    owners: list[int],
    paragraphs: Sequence[Paragraph],
    kinds: list[str | None],
) -> int:
    """Write the type of each content word into `kinds`; return the number of gold words found."""
    found = align_words(page.words, gold)
    partner = [-1] * len(gold)
    for at, output, length in (*found.in_order, *found.moved):
        partner[output : output + length] = range(at, at + length)
    sizes = [0] * len(paragraphs)
    hits = [0] * len(paragraphs)
    for owner, at in zip(owners, partner, strict=True):
        sizes[owner] += 1
        hits[owner] += at >= 0
    runs = _runs(partner, owners)
    kept = [run for run in runs if run[2] >= LONG_PASSAGE or 2 * hits[owners[run[0]]] >= sizes[owners[run[0]]]]
    for output, at, length in kept:
        kinds[at : at + length] = [paragraphs[owners[output]].type] * length
    matched = sum(length for _, _, length in kept)
    matched += _mark_short_lines(page, text, gold, owners, paragraphs, kinds, kept)
    _mark_other_words(page, text, owners, kinds, kept)
    return matched


def _mark_other_words(
    page: Words, text: str, owners: list[int], kinds: list[str | None], kept: list[tuple[int, int, int]]
) -> None:
    """Take in a few words where gold text and page differ: between two passages, and at either end of a line."""

    def take(first: int, last: int, instead: int, kind: str | None) -> None:
        if 0 < last - first <= MOST_OTHER_WORDS and 0 < instead <= MOST_OTHER_WORDS:
            for word in range(first, last):
                kinds[word] = kinds[word] or kind

    line_of = {word: line for line in line_words(page, text) for word in range(*line)}
    for before, (output, at, length), after in zip([None, *kept], kept, [*kept[1:], None], strict=False):
        start, end = output, output + length
        first, last = line_of[at][0], line_of[at + length - 1][1]
        if before is None or owners[before[0]] != owners[output]:
            while start and owners[start - 1] == owners[output]:
                start -= 1
            take(first, at, output - start, kinds[at])
        if after is None or owners[after[0]] != owners[output]:
            while end < len(owners) and owners[end] == owners[output]:
                end += 1
            take(at + length, last, end - output - length, kinds[at])
        elif after[1] < last:
            take(at + length, after[1], after[0] - output - length, kinds[at])


def _runs(partner: list[int], owners: list[int]) -> list[tuple[int, int, int]]:
    """Join partners that follow one another, within a paragraph: (gold word, page word, length)."""
    runs: list[tuple[int, int, int]] = []
    for output, at in enumerate(partner):
        if at < 0:
            continue
        if runs:
            first, place, length = runs[-1]
            if first + length == output and place + length == at and owners[first] == owners[output]:
                runs[-1] = (first, place, length + 1)
                continue
        runs.append((output, at, 1))
    return runs


def _mark_short_lines(
    page: Words,
    text: str,
    gold: list[str],
    owners: list[int],
    paragraphs: Sequence[Paragraph],
    kinds: list[str | None],
    kept: list[tuple[int, int, int]],
) -> int:
    """Find paragraphs of one or two words on lines of their own, after what is found before them."""
    ends = {owners[output]: at + length for output, at, length in kept}
    lines: dict[tuple[str, ...], list[int]] = {}
    for first, last in line_words(page, text):
        if last - first < MIN_PASSAGE:
            lines.setdefault(tuple(page.words[first:last]), []).append(first)
    matched, position, output = 0, 0, 0
    while output < len(gold):
        owner = owners[output]
        size = _size_from(owners, output)
        if owner in ends:
            position = ends[owner]
        elif size < MIN_PASSAGE:
            for at in lines.get(tuple(gold[output : output + size]), ()):
                if at >= position and kinds[at] is None:
                    kinds[at : at + size] = [paragraphs[owner].type] * size
                    matched, position = matched + size, at + size
                    break
        output += size
    return matched


def _size_from(owners: list[int], start: int) -> int:
    end = start
    while end < len(owners) and owners[end] == owners[start]:
        end += 1
    return end - start
