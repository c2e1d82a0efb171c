"""Metadata as the page declares it: JSON-LD, Open Graph, then title and heading."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from newsbench.systems.base import Fields, System
from newsbench.systems.markup import parse_html
from newsbench.text import words

if TYPE_CHECKING:
    from newsbench.types import Page

_ARTICLE = re.compile(r"(?:News|Analysis|Opinion|Report|Background|Review|LiveBlog)?\w*(?:Article|Posting)$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class OpenGraph(System):
    """Headline, byline, outlet and date from what a page says to machines; a value that no reader sees is left out.

    In order: JSON-LD of an article, Open Graph and other `<meta>`, for the headline also `<h1>` and `<title>`.
    Headline, byline and outlet count as printed where their words stand in the page's text in a row; a date cannot be
    checked so and is given as declared.
    """

    name = "opengraph"
    tasks = ("metadata",)
    requires = "lxml"
    description = "headline, byline, outlet and date from JSON-LD, Open Graph, title and heading"

    def run(self, page: Page) -> Fields:
        """Return `metadata`; an error where the page has no HTML."""
        if not page.html:
            return {"error": "page has no html"}
        root = parse_html(page.html)
        if root is None:
            return {"error": "no element in the html"}
        article = next(_articles(root), {})
        text = " " + " ".join(words(page.text)) + " "

        def printed(*values: str | None, but: frozenset[str] = frozenset()) -> str | None:
            for value in values:
                found = " ".join(words(value or ""))
                if found and found not in but and f" {found} " in text:
                    return " ".join(str(value).split())
            return None

        site = (_name(article.get("publisher")), _meta(root, "og:site_name", "application-name"))
        title = root.findtext(".//title")
        date = _text(article.get("datePublished")) or _meta(root, "article:published_time", "date", "pubdate")
        day = _DAY.search(date or "")
        return {
            "metadata": {
                "headline": printed(
                    _text(article.get("headline")), _meta(root, "og:title", "twitter:title"),
                    *(heading.text_content() for heading in root.iterfind(".//h1")), title,
                    # Titles mostly carry the site's name behind a bar or dash.
                    re.split(r"\s+[|–—-]\s+", title or "")[0],
                ),
                # Many sites declare themselves as the author.
                "byline": printed(
                    _name(article.get("author")), _meta(root, "author", "article:author", "byl"),
                    but=frozenset(" ".join(words(name or "")) for name in site),
                ),
                "outlet": printed(*site),
                "country": None,
                "published": day[0] if day else None,
            }
        }  # fmt: skip


def _articles(root: Any) -> Iterator[dict[str, Any]]:
    for script in root.iterfind('.//script[@type="application/ld+json"]'):
        try:
            found = json.loads(script.text or "", strict=False)
        except ValueError:
            continue
        yield from _walk(found)


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for inner in value:
            yield from _walk(inner)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if any(_ARTICLE.match(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield value
        for key in ("@graph", "mainEntity", "itemListElement"):
            yield from _walk(value.get(key))


def _meta(root: Any, *names: str) -> str | None:
    for name in names:
        for attribute in ("property", "name"):
            for element in root.iterfind(f'.//meta[@{attribute}="{name}"]'):
                if (element.get("content") or "").strip():
                    return element.get("content")
    return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _name(value: Any) -> str | None:
    """The name of a person or body, or of the several in a list, joined as bylines do."""
    if isinstance(value, list):
        names = [name for name in map(_name, value) if name]
        return " and ".join(names) or None
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)
