"""A page's text as the attribution scorer measures it: visible characters, words, and elements made of them."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.spans import EDGE_MARKS, intersection, join_coordinated, trim_fragments, union
from newsbench.text import fold, word_spans, words
from newsbench.types import Fragments, Segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

_new_tuple = tuple.__new__
_ASCII_BYTES = bytes(range(128))
_EDGES = frozenset(EDGE_MARKS)
# Stand-ins for characters beyond ASCII, themselves below U+0100.
_LETTER, _SIGN, _BLANK, _MARK, _IDEOGRAPH, _ODD = "a", "-", " ", "\x80", "\x81", "\x82"
_MANY = 40
# A running sum holds visible characters in its lower half and words in its upper.
WORD_BIT = 32
_WORD = 1 << WORD_BIT
CHARACTERS = _WORD - 1

PRONOUNS = frozenset(
    {
        "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "they", "them", "their",
        "theirs", "themselves", "we", "us", "our", "ours", "ourselves", "i", "me", "my", "mine", "myself", "you",
        "your", "yours", "who", "whom", "whose", "which", "that", "this", "these", "those", "one", "someone",
        "somebody", "everyone", "everybody", "both", "others", "another", "some", "many",
    }
)  # fmt: skip


LONGEST_PRONOUN = max(map(len, PRONOUNS))

#: What an element is like, one bit each: there at all; of contents, whether they open in headline or standfirst, lie in
#: several segments, are in pieces; of sources, whether they are a bare pronoun.
PRESENT, ON_TOP, ACROSS, IN_PIECES, PRONOUN = 1, 2, 4, 8, 16
TOP = ("headline", "standfirst")


class Element(NamedTuple):
    """An element of an attribution, measured.

    `spans`: its fragments as given, sorted and joined where they touch. `core`: the same without marks at the edges
    (and a content's leading "that"), joined where only marks divide them; what is compared. `weight`, `words`: visible
    characters and words of the core. `extra`: visible characters of strings that the text does not hold; `weight`
    and `words` include them. `traits`: the sum of the bits above that hold.
    """

    spans: Fragments
    core: Fragments
    weight: int
    words: int
    extra: int = 0
    traits: int = 0


NOTHING = Element((), (), 0, 0)


class PageText:
    """Measures ranges of a text; `element` remembers what it has measured.

    A character is visible unless it is white space, a control or format character or a combining mark, so that
    no-break spaces, soft hyphens and the form of accents change nothing. A word belongs to a range if it begins there.
    `segments` say where contents stand; `sums` are the text's part of `TextSums.sums`, where they are known.
    """

    __slots__ = ("_known", "_on_top", "_segment_starts", "_sums", "_surfaces", "text")

    def __init__(self, text: str, segments: Sequence[Segment] = (), sums: NDArray[Any] | None = None) -> None:
        self.text = text
        self._segment_starts, self._on_top = segment_starts(segments, len(text))
        self._sums = memoryview(text_sums([text]).sums if sums is None else sums)
        self._surfaces: dict[Fragments, str] = {}
        self._known: dict[str, dict[tuple, Element]] = {"content": {(): NOTHING}, "source": {(): NOTHING}}
        for kind in ("cue", "addressee", "medium", "hedge"):
            self._known[kind] = self._known.setdefault("other", {(): NOTHING})

    def element(self, kind: str, fragments: tuple) -> Element:
        """Measure an element (`types.ELEMENTS`) given as ranges inside the text."""
        return self._known[kind].get(fragments) or self._measure(kind, fragments)

    def elements(self, kind: str, many: Sequence[tuple]) -> list[Element | None]:
        """Measure elements of one kind; None for those that hold a string."""
        known = self._known[kind]
        return [
            known.get(fragments)
            or (None if any(isinstance(part, str) for part in fragments) else self._measure(kind, fragments))
            for fragments in many
        ]

    def _measure(self, kind: str, fragments: tuple) -> Element:
        spans = fragments if _in_order(fragments, len(self.text)) else _inside(fragments, len(self.text))
        if kind == "source" and len(spans) > 1:
            spans = join_coordinated(self.text, spans)
        core = trim_fragments(self.text, spans, leading_word="that" if kind == "content" else "")
        weight, found = self.size(core)
        traits = PRESENT if weight else 0
        if kind == "content":
            traits += self._place(core)
        elif kind == "source" and is_pronoun(self.text, core):
            traits += PRONOUN
        element = self._known[kind][fragments] = _new_tuple(Element, (spans, core, weight, found, 0, traits))
        return element

    def _place(self, core: Fragments) -> int:
        if not core:
            return 0
        behind = bisect_right(self._segment_starts, core[0][0])
        traits = IN_PIECES if len(core) > 1 else 0
        if core[-1][1] > self._segment_starts[behind]:
            traits += ACROSS
        if behind and self._on_top[behind - 1]:
            traits += ON_TOP
        return traits

    def with_missing(self, element: Element, missing: tuple[str, ...]) -> Element:
        """Return an element with strings added that the text does not hold."""
        lost = "".join(missing)
        extra = max(1, sum(not char.isspace() for char in fold(lost)))
        return element._replace(
            weight=element.weight + extra,
            words=element.words + max(1, len(words(lost))),
            extra=extra,
            traits=element.traits | PRESENT,
        )

    def size(self, fragments: Fragments) -> tuple[int, int]:
        """Return the visible characters and the words of sorted, disjoint fragments."""
        found = 0
        for start, end in fragments:
            found += self._sums[end] - self._sums[start]
        return found & CHARACTERS, found >> WORD_BIT

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
            found = self._sums[end] - self._sums[start]
            return found & CHARACTERS, found >> WORD_BIT
        return self.size(intersection(first, second))

    def surface(self, fragments: Fragments) -> str:
        """Return the words of fragments, normalised, with single spaces between."""
        found = self._surfaces.get(fragments)
        if found is None:
            found = " ".join(words(" ".join([self.text[start:end] for start, end in fragments])))
            self._surfaces[fragments] = found
        return found


def segment_starts(segments: Sequence[Segment], size: int) -> tuple[list[int], list[bool]]:
    """Return where segments of a text of `size` begin, in order, and which are headline or standfirst.

    One more begins where nothing reaches, behind the end.
    """
    behind = size + 1
    ordered = sorted(segments, key=itemgetter(0))
    starts = [segment.start if segment.start < behind else behind for segment in ordered]
    return [*starts, behind], [*(segment.type in TOP for segment in ordered), False]


def is_pronoun(text: str, core: Fragments) -> bool:
    """Say whether a source mention is a bare pronoun."""
    if len(core) != 1 or core[0][1] - core[0][0] > LONGEST_PRONOUN:
        return False
    return text[core[0][0] : core[0][1]].lower() in PRONOUNS


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


def _in_order(fragments: tuple, size: int) -> bool:
    """Say whether fragments lie inside the text, one behind the other, and do not touch."""
    last = -1
    for start, end in fragments:
        if not last < start < end:
            return False
        last = end
    return last <= size


def _inside(fragments: tuple, size: int) -> Fragments:
    return union((max(start, 0), min(end, size)) for start, end in fragments)


class TextSums(NamedTuple):
    """Texts one behind the other, each closed by a line feed: `bases` (texts + 1) says where each begins.

    `sums` (characters + 1) holds the visible characters and the beginnings of words before each position, `codes`
    (characters) each character or its stand-in.
    """

    bases: NDArray[Any]
    codes: NDArray[Any]
    sums: NDArray[Any]


def text_sums(texts: Sequence[str]) -> TextSums:
    """Return running sums over texts."""
    import numpy as np

    plain = [_plain(text) for text in texts]
    bases = np.cumsum([0, *(len(text) + 1 for text in texts)])
    codes = np.frombuffer("\n".join([*(text for text, _ in plain), ""]).encode("latin-1"), dtype=np.uint8)
    sums = np.empty(len(codes) + 1, dtype=np.int64)
    sums[0] = 0
    # Text by text: the arrays of all would not fit the processor's cache.
    edges = bases.tolist()
    for text, (_, slow), start, end in zip(texts, plain, edges, edges[1:], strict=False):
        kinds = _kinds().take(codes[start:end])
        if slow:
            steps = _steps().take(np.minimum(kinds, _VISIBLE))
            steps[np.array(word_spans(text).starts, dtype=np.intp)] += _WORD
        else:
            # A letter behind a letter begins no word.
            letters = kinds == _VISIBLE + 1
            kinds[0] += letters[0]
            kinds[1:] += letters[1:] > letters[:-1]
            steps = _steps().take(kinds)
        steps[0] += sums[start]
        steps.cumsum(out=sums[start + 1 : end + 1])
    return TextSums(bases, codes, sums)


# What characters are: invisible, visible, a letter or digit (one more than visible), or what begins a word.
_VISIBLE, _BEGINS = 1, 3


@cache
def _kinds() -> NDArray[Any]:
    """Return what each character of ASCII and each stand-in is."""
    import numpy as np

    kinds = [_VISIBLE + (code < 128 and chr(code).isalnum()) for code in range(256)]
    for code in (*range(33), 0x7F, ord(_MARK)):
        kinds[code] = 0
    kinds[ord(_IDEOGRAPH)] = _BEGINS
    return np.array(kinds, dtype=np.uint8)


@cache
def _steps() -> NDArray[Any]:
    """Return what a character adds to the running sums."""
    import numpy as np

    return np.array([0, 1, 1, 1 + _WORD], dtype=np.int64)
