"""A page's text as the attribution scorer measures it: visible characters, words, and elements made of them."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from newsbench.spans import EDGE_MARKS, intersection, join_coordinated, trim_fragments, union
from newsbench.text import fold, word_spans, words
from newsbench.types import Fragments

_new_tuple = tuple.__new__
_ASCII_BYTES = bytes(range(128))
_EDGES = frozenset(EDGE_MARKS)
# Stand-ins for characters beyond ASCII, themselves below U+0100.
_LETTER, _SIGN, _BLANK, _MARK, _IDEOGRAPH, _ODD = "a", "-", " ", "\x80", "\x81", "\x82"
_IS_BLANK = bytes(b <= 32 or b in (0x7F, 0x80) for b in range(256))
_IS_WORD = bytes(b < 128 and chr(b).isalnum() for b in range(256))
_IS_IDEOGRAPH = bytes(b == 0x81 for b in range(256))
_MANY = 40

PRONOUNS = frozenset(
    {
        "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their",
        "theirs", "themselves", "we", "us", "our", "ours", "ourselves", "i", "me", "my", "mine", "myself", "you",
        "your", "yours", "who", "whom", "whose", "which", "that", "this", "these", "those", "one", "someone",
        "somebody", "everyone", "everybody", "both", "others", "another", "some", "many",
    }
)  # fmt: skip


class Element(NamedTuple):
    """An element of an attribution, measured.

    `spans`: its fragments as given, sorted and joined where they touch. `core`: the same without marks at the edges
    (and a content's leading "that"), joined where only marks divide them; what is compared. `weight`, `words`: visible
    characters and words of the core. `extra`: visible characters of strings that the text does not hold; `weight`
    and `words` include them.
    """

    spans: Fragments
    core: Fragments
    weight: int
    words: int
    extra: int = 0


NOTHING = Element((), (), 0, 0)


class PageText:
    """Measures ranges of a text; `element` remembers what it has measured.

    A character is visible unless it is white space, a control or format character or a combining mark, so that
    no-break spaces, soft hyphens and the form of accents change nothing. A word belongs to a range if it begins there.
    """

    __slots__ = ("_known", "_surfaces", "_word_starts", "blank", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        plain, slow = _plain(text)
        found = plain.encode("latin-1")
        self.blank = found.translate(_IS_BLANK)
        self._word_starts = _starts_of_spans(text) if slow else _starts_of_runs(found)
        self._surfaces: dict[Fragments, str] = {}
        self._known: dict[str, dict[tuple, Element]] = {"content": {(): NOTHING}, "source": {(): NOTHING}}
        for kind in ("cue", "addressee", "medium", "hedge"):
            self._known[kind] = self._known.setdefault("other", {(): NOTHING})

    def known(self, kind: str) -> dict[tuple, Element]:
        """Return the elements of a kind (`types.ELEMENTS`) measured so far, by their fragments as given."""
        return self._known[kind]

    def element(self, kind: str, fragments: tuple) -> Element:
        """Measure an element given as ranges inside the text."""
        found = self._known[kind].get(fragments)
        if found is None:
            found = self._known[kind][fragments] = self._measure(kind, fragments)
        return found

    def _measure(self, kind: str, fragments: tuple) -> Element:
        size = len(self.text)
        if len(fragments) == 1 and 0 <= fragments[0][0] < fragments[0][1] <= size:
            # By far the most are one fragment without marks at its edges.
            core = fragments
            start, end = fragments[0]
            text = self.text
            first = text[start]
            if first in _EDGES or text[end - 1] in _EDGES or (first in "tT" and kind == "content"):
                core = trim_fragments(text, fragments, leading_word="that" if kind == "content" else "")
                start, end = core[0]
            weight = end - start - self.blank.count(1, start, end)
            # The constructor of a named tuple costs as much as all of the above.
            return _new_tuple(Element, (fragments, core, weight, self._word_starts.count(1, start, end), 0))
        spans = union((max(start, 0), min(end, size)) for start, end in fragments)
        if kind == "source" and len(spans) > 1:
            spans = join_coordinated(self.text, spans)
        core = trim_fragments(self.text, spans, leading_word="that" if kind == "content" else "")
        return Element(spans, core, *self.size(core))

    def with_missing(self, element: Element, missing: tuple[str, ...]) -> Element:
        """Return an element with strings added that the text does not hold."""
        lost = "".join(missing)
        extra = max(1, sum(not char.isspace() for char in fold(lost)))
        return element._replace(
            weight=element.weight + extra, words=element.words + max(1, len(words(lost))), extra=extra
        )

    def size(self, fragments: Fragments) -> tuple[int, int]:
        """Return the visible characters and the words of sorted, disjoint fragments."""
        weight = found = 0
        for start, end in fragments:
            weight += end - start - self.blank.count(1, start, end)
            found += self._word_starts.count(1, start, end)
        return weight, found

    def overlap(self, first: Fragments, second: Fragments) -> tuple[int, int]:
        """Return the visible characters and the words that two sides share."""
        if len(first) == 1 == len(second):
            start, end = first[0]
            a, b = second[0]
            if a > start:
                start = a
            if b < end:
                end = b
            if start >= end:
                return 0, 0
            return end - start - self.blank.count(1, start, end), self._word_starts.count(1, start, end)
        return self.size(intersection(first, second))

    def surface(self, fragments: Fragments) -> str:
        """Return the words of fragments, normalised, with single spaces between."""
        found = self._surfaces.get(fragments)
        if found is None:
            found = " ".join(words(" ".join([self.text[start:end] for start, end in fragments])))
            self._surfaces[fragments] = found
        return found


def _plain(text: str) -> tuple[str, bool]:
    """The text with a stand-in for each character beyond ASCII, and whether words need the slow way."""
    if text.isascii():
        return text, False
    stand_ins = {char: _stand_in(char) for char in set(_beyond_ascii(text))}
    # One at a time is quick for a few, but a stand-in must not be taken for a character of the text.
    if len(stand_ins) > _MANY or not stand_ins.keys().isdisjoint((_MARK, _IDEOGRAPH, _ODD)):
        plain = text.translate({ord(char): stand_in for char, stand_in in stand_ins.items()})
    else:
        plain = text
        for char, stand_in in stand_ins.items():
            plain = plain.replace(char, stand_in)
    return plain, not {_MARK, _ODD}.isdisjoint(stand_ins.values())


def _beyond_ascii(text: str) -> str:
    # Lone surrogates are let through: a page is measured whatever is in it.
    return text.encode(errors="surrogatepass").translate(None, _ASCII_BYTES).decode(errors="surrogatepass")


@lru_cache(maxsize=65536)
def _stand_in(char: str) -> str:
    if char.isspace():
        return _BLANK
    folded = fold(char)
    if not folded or unicodedata.category(char) in ("Mn", "Me", "Mc", "Cc", "Cf"):
        return _MARK
    if words(f"{char}a") == [folded, "a"] and len(folded) == 1:
        return _IDEOGRAPH
    if not any(part.isalnum() for part in folded):
        return _SIGN
    if folded.isalnum() and words(f"a{char}a") == [f"a{folded}a"]:
        return _LETTER
    return _ODD


def _starts_of_runs(plain: bytes) -> bytes:
    """1 where a run of letters and digits begins: all bytes at once, as one large number."""
    size = len(plain)
    in_word = int.from_bytes(plain.translate(_IS_WORD), "little")
    starts = in_word & ~(in_word << 8)
    if 0x81 in plain:
        starts |= int.from_bytes(plain.translate(_IS_IDEOGRAPH), "little")
    return starts.to_bytes(size, "little")


def _starts_of_spans(text: str) -> bytes:
    starts = bytearray(len(text))
    for start in word_spans(text).starts:
        starts[start] = 1
    return bytes(starts)
