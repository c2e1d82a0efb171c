"""The row of a page whose corpus has HTML (or a text) and a gold text; see `goldtext` for how these meet.

A page with an empty gold text, or of whose gold text less than `LEAST_QUALITY` is found, gets no segments: it stays,
with the reason in `left_out` of its `reference`, for the peers' metrics, which compare texts alone.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from newsbench.importers.base import Notice, Report, Row
from newsbench.importers.goldtext import Paragraph, align_gold
from newsbench.metrics.pagewords import roles

#: Pages of which less of the gold text was found are left out of scoring.
LEAST_QUALITY = 0.9

_LANGUAGE = re.compile(r"<html\b[^>]*?\blang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)
_SHOWN = 60


class Gold(NamedTuple):
    """What a corpus says of a page; `paragraphs` default to the lines of `text`."""

    text: str | None
    paragraphs: Sequence[Paragraph] | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    required: Sequence[str] | None = None
    forbidden: Sequence[str] | None = None
    more: dict[str, Any] | None = None


def render_html(html: str, *, attribute: str = "data-segment") -> Any:
    """Render HTML; see `newsbench.render.render`. Errors: ImportError that names what to install."""
    from newsbench.render import render

    try:
        return render(html, attribute=attribute)
    except ModuleNotFoundError as error:
        raise ImportError(f"rendering HTML needs {error.name}: pip install 'newsbench[import]'") from error


def gold_page(
    name: str,
    gold: Gold,
    report: Report,
    *,
    file: str,
    html: str | None = None,
    text: str | None = None,
    url: str | None = None,
    language: str | None = None,
) -> Row:
    """Return the row of a page: its text (rendered from `html` where it is None), segments, and `reference`."""
    if text is None:
        text = render_html(html or "").text

    def tell(kind: str, what: str) -> None:
        report(Notice(kind, file, None, what, name))

    row = bare_row(name, gold, html=html, text=text, url=url, language=language)
    if gold.text is None:
        return {**row, "segments": None}
    paragraphs = gold.paragraphs
    if paragraphs is None:
        paragraphs = [Paragraph(line) for line in gold.text.split("\n") if line.strip()]
    found = align_gold(text, paragraphs, title=gold.title)
    many = len(paragraphs)
    if found.twice:
        tell("paragraph twice", f"{_of(found.twice, many)} stand more than once on the page: {_shown(found.twice)}")
    if found.absent:
        tell("paragraph not verbatim", f"{_of(found.absent, many)} are not on the page as such: {_shown(found.absent)}")
    if found.blank:
        tell("empty paragraph", f"{found.blank} of {many} gold paragraphs have no words")
    reason = None
    if found.quality is None:
        reason = "the gold text is empty"
        tell("empty gold", "no gold text; left out of scoring")
    elif found.quality < LEAST_QUALITY:
        reason = f"{found.quality:.3f} of the gold words are on the page, less than {LEAST_QUALITY}"
        tell("left out", f"{reason}; left out of scoring")
    row["reference"]["quality"] = None if found.quality is None else round(found.quality, 4)
    if reason:
        row["reference"]["left_out"] = reason
        return {**row, "segments": None}
    return {**row, **segment_columns(found.segments)}


def _of(some: Sequence[str], many: int) -> str:
    return f"{len(some)} of {many} gold paragraphs"


def _shown(paragraphs: Sequence[str]) -> str:
    text = " ".join(paragraphs[0].split())
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def bare_row(
    name: str, gold: Gold, *, html: str | None, text: str, url: str | None = None, language: str | None = None
) -> Row:
    """Return a page's row without segments: what the corpus says stands in `reference`."""
    reference = {
        "id": name,
        "text": gold.text,
        "title": gold.title,
        "author": gold.author,
        "date": gold.date,
        "with": list(gold.required) if gold.required is not None else None,
        "without": list(gold.forbidden) if gold.forbidden is not None else None,
        **(gold.more or {}),
    }
    host = (_host(url) or "").removeprefix("www.") if url else ""
    return {
        "id": name,
        "url": url,
        "outlet": {"id": host} if host else None,
        "language": language or (_language_of(html) if html else None),
        "published": _date_of(gold.date),
        "html": html,
        "text": text,
        "reference": {key: value for key, value in reference.items() if value is not None},
    }


def segment_columns(segments: list[dict[str, Any]]) -> Row:
    """Return the columns `segments` and `boilerplate`."""
    role = roles()
    return {"segments": segments, "boilerplate": [part for part in segments if role[part["type"]] == "boilerplate"]}


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _language_of(html: str) -> str | None:
    found = _LANGUAGE.search(html[:20_000])
    return found[1].lower() if found else None


def _date_of(date: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat((date or "")[:10])
    except ValueError:
        return None
