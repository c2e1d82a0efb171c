"""Names and notes that others wrote, made harmless for the format that they stand in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from newsbench.problems import safe

#: How a spreadsheet recognises a formula (OWASP, "CSV Injection"); the last four are the first ones in full width.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What begins markup inline: code, emphasis, links, images, table cells, strikethrough, formulas, bare addresses.
_MARKDOWN = re.compile(r"[\\`*_\[\]!|~$@]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LATEX = {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
          "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "<": r"\textless{}",
          ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\char34{}", "–": "--"}  # fmt: skip


def one_line(text: str) -> str:
    """Return text on one line, with control and direction characters and lone surrogates shown as escapes."""
    return " ".join(_shown(text).split())


def _shown(text: str) -> str:
    # Lone surrogates cannot be written as UTF-8.
    return safe(text).encode("utf-8", "backslashreplace").decode("utf-8")


def csv_cell(text: str) -> str:
    """Return text, on one line, that a spreadsheet takes for text: what could begin a formula gets an apostrophe.

    Quotes and separators are left to the `csv` module; numbers do not go through here.
    """
    shown = one_line(text)
    return f"'{shown}" if text.startswith(_FORMULA) or shown.startswith(_FORMULA) else shown


def markdown_cell(text: str) -> str:
    """Return text that Markdown shows as it is, on one line: no image, link, HTML or emphasis comes to life."""
    text = _MARKDOWN.sub(lambda match: "\\" + match[0], one_line(text))
    return "".join(_HTML.get(character, character) for character in text)


def markdown_list(notes: Iterable[str]) -> list[str]:
    """Return notes as items of a list: lines that follow one another would be set as one paragraph."""
    return [f"- {markdown_cell(note)}" for note in notes]


def latex_cell(text: str) -> str:
    """Return text that LaTeX sets as it is, on one line."""
    return "".join(_LATEX.get(character, character) for character in one_line(text))


def json_text(document: Any) -> str:
    r"""Return JSON with a final newline, in which control and direction characters stand as ``\u202e``."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    if _shown(text) != text:
        text = "".join(one if _shown(one) == one else f"\\u{ord(one):04x}" for one in text)
    return text + "\n"
