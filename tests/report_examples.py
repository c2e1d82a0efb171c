"""Small pages for the report on a dataset."""

from __future__ import annotations

from newsbench.corpusreport.tables import Table
from newsbench.types import Page, Segment, Span

SENTENCE = "We never sell what you read here."  # seven words


def make_page(name: str, *parts: tuple[str, str], **columns) -> Page:
    """A page of segments (type, text), one a line."""
    text, segments = "", []
    for kind, words in parts:
        segments.append(Segment(len(text), len(text) + len(words), kind))
        text += f"{words}\n"
    columns = {"outlet": name, "template": "plain", "story": f"story-{name}", "html": "", **columns}
    return Page(id=name, text=text, segments=tuple(segments), **columns)


def span(page_text: str, words: str) -> Span:
    at = page_text.index(words)
    return Span(at, at + len(words))


def values(table: Table) -> dict:
    return {row[0]: row[1] for row in table.rows}
