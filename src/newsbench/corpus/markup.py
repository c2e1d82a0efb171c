"""HTML of a leaf with invisible marks at the boundaries of what is annotated, and their removal from the release.

A mark is one code point of Supplementary Private Use Area-A. Each stands for one boundary: just before the first
character of a stretch, or just after its last one.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from newsbench.corpus.take import Leaf

FIRST_MARK, LAST_MARK = 0xF0000, 0xFFFFD
MARK = f"[{chr(FIRST_MARK)}-{chr(LAST_MARK)}]"

_MARK = re.compile(MARK)
_WITHOUT_MARKS = dict.fromkeys(range(FIRST_MARK, LAST_MARK + 1))
_LABEL = re.compile(r"""\sdata-(?:(?:segment|meta)(?:="[^"]*"|='[^']*')|hidden(?:=""|='')?(?=[\s/>]))""")
_LEFTOVER = re.compile(r"data-(?:segment|meta|hidden)\b")

Boundary = tuple[int, int, bool]  # leaf number, offset in its text, whether it ends a stretch


class MarkSet:
    """Hands out one mark for each boundary of a page."""

    def __init__(self) -> None:
        self.by_boundary: dict[Boundary, str] = {}

    def add(self, leaf: int, start: int, end: int) -> None:
        """Make sure that both boundaries of a stretch have a mark."""
        for boundary in ((leaf, start, False), (leaf, end, True)):
            if boundary not in self.by_boundary:
                code = FIRST_MARK + len(self.by_boundary)
                if code > LAST_MARK:
                    raise ValueError(f"a page has more than {LAST_MARK - FIRST_MARK + 1} annotation boundaries")
                self.by_boundary[boundary] = chr(code)

    def of_leaf(self, leaf: int) -> list[tuple[int, bool, str]]:
        """Give the marks of a leaf as (offset, whether it ends a stretch, mark)."""
        return [(offset, ends, mark) for (number, offset, ends), mark in self.by_boundary.items() if number == leaf]


def write_html(leaf: Leaf, marks: list[tuple[int, bool, str]], *, domain: str) -> Markup:
    """Write a leaf's text as HTML with its inline markup and marks; links point into `domain`."""
    events: list[tuple[tuple, str]] = []
    for order, (start, end, tag) in enumerate(leaf.markup):
        opening = f"<{tag}>" if tag != "a" else f'<a href="https://{domain}/{slug(leaf.text[start:end])}">'
        events.append(((end, 1, -start, -order), f"</{tag}>"))
        events.append(((start, 2, order, 0), opening))
    events.extend(((offset, 0 if ends else 3, 0, 0), mark) for offset, ends, mark in marks)
    pieces, position = [], 0
    for (offset, *_), inserted in sorted(events):
        pieces.append(_escape(leaf.text[position:offset]))
        pieces.append(inserted)
        position = offset
    pieces.append(_escape(leaf.text[position:]))
    return Markup("".join(pieces))


def slug(text: str) -> str:
    """Give the words of a text in lower case ASCII, hyphened, as addresses have them; at most eight words."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:8]) or "item"


def count_marks(html: str) -> dict[str, int]:
    """Count how often each mark occurs."""
    counts: dict[str, int] = {}
    for mark in _MARK.findall(html):
        counts[mark] = counts.get(mark, 0) + 1
    return counts


def has_marks(text: str) -> bool:
    """Tell whether a text holds a code point that is kept for marks."""
    return _MARK.search(text) is not None


def strip_labels(html: str) -> str:
    """Remove marks and the labelling attributes, each with the one white space before it; the rest stays as it is.

    Raises ValueError where a label is written in a way that cannot be removed safely.
    """
    released = _LABEL.sub("", html.translate(_WITHOUT_MARKS))
    leftover = _LEFTOVER.search(released)
    if leftover is not None:
        context = released[max(0, leftover.start() - 30) : leftover.end() + 30]
        raise ValueError(
            f'a label could not be removed near {context!r}: write data-segment="...", data-meta="..." or data-hidden '
            "as an attribute, in quotes, after a single space, and nowhere else"
        )
    return released


def _escape(text: str) -> str:
    return str(escape(text)).replace("\n", "<br>")
