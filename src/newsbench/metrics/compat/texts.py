"""What the peers compare: the gold text of a page, and the text that a system kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from newsbench.metrics.pagewords import roles
from newsbench.spans import union

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

_WORD = re.compile(r"\w+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
# Bytes of UTF-8 beyond ASCII are kept: what is no word among them is blanked before.
_BLANK = bytes(b if b > 127 or chr(b).isalnum() or b == ord("_") else 32 for b in range(256))
# Frequent punctuation beyond ASCII: looking for each is cheaper than looking at every character.
_FREQUENT = "“”‘’–—…«»•·\u00a0"
_MOST_REPLACED = 64

#: What `empty` says of pages that the peers leave out.
COUNTED_AS_EMPTY = "a missing or failed page, which the peer skips or stops at, is an empty output"


def applies(page: Page) -> bool:
    """Say whether a page has a text to compare with."""
    return page.segments is not None or isinstance(page.reference.get("text"), str)


def reference_text(page: Page) -> str:
    """Return a page's gold text: the one that its corpus carries, else its content segments, one a line.

    Content is what has that role under the policy `strict`, whatever policy a report is made under.
    """
    own = page.reference.get("text")
    if isinstance(own, str):
        return own
    role = roles()
    return "\n".join(page.text[s.start : s.end] for s in page.segments or () if role[s.type] == "content")


def output_text(page: Page, prediction: Prediction | None) -> str:
    """Return the text that a system kept: its own, or the page without its boilerplate spans; empty where it gave none.

    What lies between two spans is stripped and stands on lines of its own.
    """
    if prediction is None:
        return ""
    if prediction.main_text is not None:
        return prediction.main_text
    if prediction.boilerplate is None:
        return ""
    return "\n".join(_pieces(page.text, union((span.start, span.end) for span in prediction.boilerplate)))


def _pieces(text: str, removed: Iterable[tuple[int, int]]) -> Iterable[str]:
    at = 0
    for start, end in (*removed, (len(text), len(text))):
        piece = text[at:start].strip()
        if piece:
            yield piece
        at = end


def word_tokens(text: str) -> list[str]:
    r"""Return the maximal runs of `\w`, as `re.findall` would, by way of blanks: about three times as fast."""
    if not text.isascii():
        for mark in _FREQUENT:
            text = text.replace(mark, " ")
    if not text.isascii():
        marks = {mark for mark in set("".join(_NON_ASCII.findall(text))) if not mark.isalnum()}
        if len(marks) > _MOST_REPLACED:
            return _WORD.findall(text)
        for mark in marks:
            text = text.replace(mark, " ")
    return text.encode("utf-8", "surrogatepass").translate(_BLANK).decode("utf-8", "surrogatepass").split()


def fold_token(character: str) -> str:
    r"""Return a character of `\w` as it is, a blank for any other."""
    return character if character.isalnum() or character == "_" else " "
