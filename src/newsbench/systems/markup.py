"""The text of a piece of HTML, a line for each block."""

from __future__ import annotations

import re
from typing import Any

_BLOCK_NAMES = """
    address article aside blockquote body br caption center dd details dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td
    tfoot th thead tr ul
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SILENT = frozenset({"script", "style", "noscript", "template", "head"})
_SPACE = re.compile(r"\s+")


def parse_html(html: str) -> Any:
    """Parse HTML with lxml; None for a document without any element."""
    from lxml import etree
    from lxml.html import HTMLParser, fromstring

    try:
        # As bytes: lxml refuses text that declares an encoding.
        return fromstring(html.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def text_of(html: str) -> str:
    """Return the text of a piece of HTML, one line a block, without scripts and styles.

    What CSS hides is not left out: the piece is meant to be what an extractor has kept.
    """
    from lxml import etree

    root = parse_html(html)
    if root is None:
        return ""
    pieces: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            pieces.append("" if silent else element.tail or "")
            continue
        tag = element.tag
        if tag in _SILENT:
            silent += 1 if event == "start" else -1
        if tag in _BLOCKS:
            pieces.append("\n")
        if not silent:
            pieces.append((element.text if event == "start" else element.tail) or "")
    lines = "".join(piece if piece == "\n" else _SPACE.sub(" ", piece) for piece in pieces).split("\n")
    return "\n".join(line for line in (_SPACE.sub(" ", line).strip() for line in lines) if line)
