"""Rows of pages whose gold are attributions over plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newsbench.importers.base import Notice, Report, Row
from newsbench.importers.goldpage import segment_columns
from newsbench.importers.tiling import block_segments
from newsbench.types import Span


def spans_row(fragments: Iterable[tuple[int, int]]) -> list[dict[str, int]]:
    """Return fragments as the page schema has them."""
    return [{"start": start, "end": end} for start, end in fragments]


def attribution_page(
    name: str,
    text: str,
    attributions: Sequence[Mapping[str, Any]],
    *,
    sources: list[dict[str, Any]] | None = None,
    language: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> Row:
    """Return the row of a text with attributions: each block of lines is a paragraph.

    Elements of an attribution are fragments; every other field is taken as it is.
    """
    rows = [
        {
            key: spans_row(value) if isinstance(value, list | tuple) and key != "source_ids" else value
            for key, value in attribution.items()
        }
        for attribution in attributions
    ]
    return {
        "id": name,
        "language": language,
        "text": text,
        **segment_columns(block_segments(text)),
        "sources": sources,
        "attributions": [{"content": [], **row} for row in rows],
        "reference": {"id": name, **(more or {})},
    }


def find_parent(attributions: Sequence[Mapping[str, Any]], child: Mapping[str, Any]) -> str | None:
    """Return the attribution with the smallest content around all of another's content, None where there is none."""
    inner = child["content"]
    around = [
        (sum(end - start for start, end in other["content"]), other["id"])
        for other in attributions
        if other is not child and _covers(other["content"], inner) and tuple(other["content"]) != tuple(inner)
    ]
    return min(around)[1] if around else None


def _covers(outer: Sequence[tuple[int, int]], inner: Sequence[tuple[int, int]]) -> bool:
    return bool(inner) and all(any(a <= start and end <= b for a, b in outer) for start, end in inner)


def find_quoted(text: str, quoted: str, near: int) -> Span | None:
    """Return the place of a string nearest to an offset, None where the text does not have it."""
    places = []
    at = text.find(quoted) if quoted else -1
    while at >= 0:
        places.append(at)
        at = text.find(quoted, at + 1)
    if not places:
        return None
    start = min(places, key=lambda place: abs(place - near))
    return Span(start, start + len(quoted))


def tell(report: Report, file: str, page: str, faults: Iterable[tuple[str, int | None, str]]) -> None:
    """Report faults of a file."""
    for kind, line, what in faults:
        report(Notice(kind, file, line, what, page))
