"""The CleanEval scorer: words between blanks, matched by `difflib`, its junk rule included."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from newsbench.metrics.base import MICRO, Family
from newsbench.metrics.compat.overlap import check_overlap, overlap_metrics
from newsbench.metrics.compat.texts import COUNTED_AS_EMPTY, applies, output_text, reference_text

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

_URL_LINE = re.compile(r"^\s*URL.*$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x1f]")
_MARKER = re.compile(r"<[phl]>", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


class Matched(NamedTuple):
    """A page with the words of its gold text, indexed by `difflib` once."""

    page: Page
    words: list[str]
    matcher: SequenceMatcher[str]


def cleaneval_words(text: str) -> list[str]:
    """Split a text as the scorer does: lines that begin with URL dropped, markers of segments words of their own.

    Blanks at either end leave an empty word there, and an empty text is one empty word.
    """
    text = _CONTROL.sub(" ", _URL_LINE.sub("", text))
    return _BLANKS.split(_MARKER.sub(r" \g<0> ", text))


def prepare(page: Page) -> Matched:
    """Split and index a page's gold text."""
    words = cleaneval_words(reference_text(page))
    return Matched(page, words, SequenceMatcher(None, (), words))


def count(prepared: Matched, prediction: Prediction | None) -> list[float]:
    """Count the words in matching blocks."""
    page, words, matcher = prepared
    output = cleaneval_words(output_text(page, prediction))
    if output == words:
        # The first longest match lies on the diagonal and grows over all of it, frequent words included.
        return [len(words)] * 3
    matcher.set_seq1(output)
    return [sum(block.size for block in matcher.get_matching_blocks()), len(output), len(words)]


_WHAT = "words between blanks"
_FORMULA = (
    "shared: words in the matching blocks of difflib.SequenceMatcher(None, output, gold), which leaves out a word that "
    "is more than 1 % of a gold text of 200 words or more; a share, where the peer prints per cent"
)
_EMPTY = (
    "an empty text is one empty word, as with the peer: 1 where both are empty, else 0 (but for that word in a text "
    f"with blanks at its ends); {COUNTED_AS_EMPTY}"
)
_SOURCE = "cleaneval.py 1.0 (Evert 2008), as run on Python 3 by Lejeune & Barbaresi 2020 (rundimeco/waddle)"

FAMILY = Family(
    name="cleaneval",
    task="boilerplate",
    columns=("shared", "output", "gold"),
    prepare=prepare,
    count=count,
    applies=applies,
    metrics=(
        *overlap_metrics("cleaneval", what=_WHAT, formula=_FORMULA, empty=_EMPTY, source=_SOURCE),
        *overlap_metrics("cleaneval_micro", what=_WHAT, formula=_FORMULA, empty=_EMPTY, source=_SOURCE, average=MICRO),
    ),
    gold=("gold",),
    check=check_overlap(""),
    peer=True,
)
