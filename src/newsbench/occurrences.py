"""Where a quoted string stands in a text: as it is written or in other typography, else in pieces, else nearly so.

The steps, each tried only where those before it found nothing:

1. *written*: the same at word boundaries, without regard to case, width, invisible characters, kind of quote mark and
   dash, amount of white space (a word that opens a sentence is the same word inside one); then once more without
   marks at the string's edges;
2. *pieces*: an ellipsis inside the string divides it; each piece is found by one of the other steps, in order;
3. *words*: the same words in order, whatever punctuation stands between them, in at most three runs with at most
   `MOST_WORDS_BETWEEN` words between two runs: a quotation that its frame interrupts, or that furniture does;
4. *fuzzy*: the passage of whole words that is most like the string, if their similarity (indel, on folded characters)
   is at least `LEAST_SIMILARITY`; strings of fewer than `LEAST_FUZZY` characters are not searched for so;
5. *cut*: the same to the character, though it begins or ends inside a word, if it holds a whole one ("t dead ones" in
   "not dead ones") or all the letters or digits between others ("12" in "€12m"). Other parts of a word are no mention:
   of the single words cited on other pages and missing on this, one in eight stands inside some word ("he" in "the").

Each step takes the string as it is, then with its entities (``&ldquo;``) resolved and without link targets of markdown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from newsbench.spans import EDGE_MARKS, union
from newsbench.text import Words, fold, fold_with_offsets, unmarked, word_spans
from newsbench.types import Fragments, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_SIMILARITY = 0.85
LEAST_FUZZY = 12
MOST_WORDS_BETWEEN = 60
#: Characters between two pieces that an ellipsis divides.
MOST_LEFT_OUT = 2000
_MOST_PIECES = 30
_MOST_RUNS = 3
# A text of few different words has endless ways to go wrong.
_MOST_STEPS = 20_000
# A string of this length is taken even where it begins or ends inside a word.
_LONG = 16

_UNIFIED = {
    **dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟‹›«»〝〞〟＂＇"), '"'),
    **dict.fromkeys(map(ord, "-‐‑‒–—―−﹣－"), "-"),
    **{ord(mark): " " for mark in EDGE_MARKS if mark.isspace()},
}
_BLANKS = re.compile("  +")
_ELLIPSIS = re.compile(r"\s*(?:[\[(]\s*(?:…|\.{3,}|\. \. \.)\s*[\])]|…|\.{3,}|\. \. \.)\s*")


class TextIndex:
    """A text made ready, only as far as it is asked for, to find strings in; `find` remembers its answers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: dict[str, tuple[Fragments, ...]] = {}

    def find(self, string: str) -> tuple[Fragments, ...]:
        """Return every place of a string by the first step that finds one, in order; empty where none does."""
        found = self._found.get(string)
        if found is None:
            found = self._found[string] = self._search(string)
        return found

    def _search(self, string: str) -> tuple[Fragments, ...]:
        forms = [form for form in dict.fromkeys((string.strip(), unmarked(string).strip())) if form]
        for step in (self._written, self._divided, self._in_words, self._nearly, self._cut):
            for form in forms:
                if found := step(form):
                    return found
        return ()

    @cached_property
    def _fold(self) -> tuple[str, list[int]]:
        return _unify(*fold_with_offsets(self.text))

    def _written(self, string: str) -> tuple[Fragments, ...]:
        needle = _unified(string)
        found = self._folded(needle)
        # Where a place can be had to the very character, it is.
        found.update((start, start + len(string)) for start in _places(self.text, string))
        if not found:
            found = self._folded(needle.strip(EDGE_MARKS))
        return tuple((Span(start, found[start]),) for start in sorted(found))

    def _folded(self, needle: str) -> dict[int, int]:
        """Ends of the places of a folded string, by their starts."""
        if not needle:
            return {}
        folded, offsets = self._fold
        return {offsets[start]: offsets[start + len(needle)] for start in _places(folded, needle)}

    def _divided(self, string: str) -> tuple[Fragments, ...]:
        pieces = [piece for piece in _ELLIPSIS.split(string) if piece.strip(EDGE_MARKS)]
        if not 2 <= len(pieces) <= _MOST_PIECES:
            return ()
        placements = [self.find(piece) for piece in pieces]
        if not all(placements):
            return ()
        starts = [[place[0].start for place in places] for places in placements]
        found = []
        for first in placements[0]:
            chain = list(first)
            for places, its_starts in zip(placements[1:], starts[1:], strict=True):
                after = bisect_left(its_starts, chain[-1].end)
                if after == len(places) or its_starts[after] - chain[-1].end > MOST_LEFT_OUT:
                    break
                chain.extend(places[after])
            else:
                found.append(union(chain))
        return tuple(found)

    @cached_property
    def _words(self) -> Words:
        return word_spans(self.text)

    @cached_property
    def _word_places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for at, word in enumerate(self._words.words):
            places.setdefault(word, []).append(at)
        return places

    def _in_words(self, string: str) -> tuple[Fragments, ...]:
        needle = word_spans(string).words
        if not needle or any(word not in self._word_places for word in needle):
            return ()
        # A run for every two words at most: single words in order are chance.
        most = min(_MOST_RUNS, max(1, len(needle) // 2))
        chains: list[list[tuple[int, int]]] = []
        for runs in range(1, most + 1):
            left = [_MOST_STEPS]
            chains = [chain for at in self._word_places[needle[0]] if (chain := self._chain(needle, 0, at, runs, left))]
            if chains:
                break
        if not chains:
            return ()
        spread = min(map(_spread, chains))
        return tuple(
            tuple(Span(self._words.starts[at], self._words.ends[at + size - 1]) for at, size in chain)
            for chain in chains
            if _spread(chain) == spread
        )

    def _chain(self, needle: list[str], done: int, at: int, runs: int, left: list[int]) -> list[tuple[int, int]]:
        """Runs (word position, length) that hold needle[done:] from word `at` on; empty where there are none.

        ``left[0]`` counts down the steps that the search may still take.
        """
        if left[0] <= 0:
            return []
        left[0] -= 1
        page = self._words.words
        most = min(len(needle) - done, len(page) - at)
        size = 0
        while size < most and page[at + size] == needle[done + size]:
            size += 1
        if done + size == len(needle):
            return [(at, size)]
        if runs == 1:
            return []
        # The frame may begin with the very words that the quotation goes on with.
        for cut in range(size, max(size - 3, 0), -1):
            places = self._word_places[needle[done + cut]]
            for place in places[bisect_right(places, at + cut) :]:
                if place > at + cut + MOST_WORDS_BETWEEN:
                    break
                rest = self._chain(needle, done + cut, place, runs - 1, left)
                if rest:
                    return [(at, cut), *rest]
        return []

    def _nearly(self, string: str) -> tuple[Fragments, ...]:
        folded, offsets = self._fold
        needle = _unified(string).strip(EDGE_MARKS)
        if not LEAST_FUZZY <= len(needle) <= len(folded):
            return ()
        from rapidfuzz import fuzz

        least = 100 * LEAST_SIMILARITY
        window = fuzz.partial_ratio_alignment(needle, folded, score_cutoff=least)
        if window is None:
            return ()
        edges = _word_edges(folded, window.dest_start), _word_edges(folded, window.dest_end)
        options = [
            (fuzz.ratio(needle, folded[start:end]), -start, start, end)
            for start in edges[0]
            for end in edges[1]
            if start < end
        ]
        similarity, _, start, end = max(options, default=(0, 0, 0, 0))
        return ((Span(offsets[start], offsets[end]),),) if similarity >= least else ()

    def _cut(self, string: str) -> tuple[Fragments, ...]:
        kinds = [kind for kind, _ in groupby(string, _kind)]
        found = []
        start = self.text.find(string)
        while start >= 0:
            end = start + len(string)
            # What is cut off at either end is no word.
            if any(kinds[_within_word(self.text, start) : len(kinds) - _within_word(self.text, end)]):
                found.append((Span(start, end),))
            start = self.text.find(string, start + 1)
        return tuple(found)


def _unify(folded: str, offsets: list[int]) -> tuple[str, list[int]]:
    """Make quote marks and dashes alike and white space single, keeping the offsets in step."""
    folded = folded.translate(_UNIFIED)
    pieces, kept = [], []
    position = 0
    for blanks in _BLANKS.finditer(folded):
        pieces.append(folded[position : blanks.start() + 1])
        kept.extend(offsets[position : blanks.start() + 1])
        position = blanks.end()
    pieces.append(folded[position:])
    kept.extend(offsets[position:])
    return "".join(pieces), kept


def _unified(string: str) -> str:
    return _BLANKS.sub(" ", fold(string).translate(_UNIFIED)).strip()


def _places(text: str, string: str) -> Iterator[int]:
    """Starts of a string at word boundaries; of a long one anywhere, if there are none."""
    first, last = string[0].isalnum(), string[-1].isalnum()
    inside = []
    bounded = False
    start = text.find(string)
    while start >= 0:
        end = start + len(string)
        if (first and start and text[start - 1].isalnum()) or (last and text[end : end + 1].isalnum()):
            inside.append(start)
        else:
            bounded = True
            yield start
        start = text.find(string, start + 1)
    if not bounded and len(string) >= _LONG:
        yield from inside


def _kind(character: str) -> int:
    """Tell letters, digits and what is in no word (0) apart."""
    return character.isalnum() + character.isdigit()


def _within_word(text: str, at: int) -> bool:
    """Say whether a word goes on at a position; between letters and digits it does not."""
    return _kind(text[at - 1 : at]) == _kind(text[at : at + 1]) > 0


def _spread(chain: list[tuple[int, int]]) -> int:
    return chain[-1][0] + chain[-1][1] - chain[0][0]


def _word_edges(text: str, near: int) -> list[int]:
    """The edges of words and marks around a position, nearest ones first in neither direction: a few each way."""
    low, high = max(0, near - 30), min(len(text), near + 30)
    edges = {low + edge for word in re.finditer(r"\S+", text[low:high]) for edge in word.span()}
    edges |= {low + edge for word in re.finditer(r"\w+", text[low:high]) for edge in word.span()}
    # The cut ends of the stretch are no edges of words.
    edges -= {low, high} - {0, len(text)}
    return sorted(edges, key=lambda edge: (abs(edge - near), edge))[:8]
