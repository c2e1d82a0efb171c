"""From quoted strings to fragments: which of the places of a string does a predicted attribution mean?

A string that the text holds once is there. Among several places the content is settled first (in the article rather
than in the furniture, then near to where its cue and source stand, then the first); then the cue, nearest to the
content; then the source, nearest to content and cue; then the rest, nearest to the cue. Nearness is the number of
characters between, dearer across the end of a sentence or of a line and inside the content itself: a frame stands
beside what it frames. What `TextIndex.find` does not find is missing: part of the prediction, but nowhere in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from newsbench.occurrences import TextIndex
from newsbench.spans import distance, intersection, union
from newsbench.types import ELEMENTS, Fragments, Quoted, QuotedAttribution, Span

#: Beyond this a cue or source says nothing about which content is meant: about the length of two sentences.
NEAR = 400
_SENTENCE_END = re.compile(r"[.!?…]\s")
_ACROSS_SENTENCE = 60
_ACROSS_LINE = 150
_INSIDE_CONTENT = 200
_MOST_WEIGHED = 8

Places = Sequence[Fragments]
_Cost = Callable[[Fragments, Fragments], tuple[int, ...]]
_Choice = Callable[[Places, Fragments], Places]


class Grounded(NamedTuple):
    """One element: where it stands, the strings given for it, and those of them that the text does not hold."""

    fragments: Fragments
    strings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Grounder:
    """Finds the strings of one page's predictions; `article` are the ranges of its content segments, in order."""

    def __init__(self, text: str, article: Sequence[tuple[int, int]] = ()) -> None:
        self.index = TextIndex(text)
        self._starts = [start for start, _ in article]
        self._ends = [end for _, end in article]

    def ground(self, attribution: QuotedAttribution) -> dict[str, Grounded]:
        """Return each element of a predicted attribution as fragments of the text."""
        parts: dict[str, Quoted] = {name: getattr(attribution, name) for name in ELEMENTS}
        places = {name: self._places(parts[name]) for name in ELEMENTS}
        placed: dict[str, Fragments] = {}
        placed["content"] = self._place_content(places)
        for name, nearest in (
            ("cue", ("content",)),
            ("source", ("cue", "content")),
            ("addressee", ("cue", "content")),
            ("medium", ("cue", "content")),
            ("hedge", ("cue", "content")),
        ):
            anchor = union(fragment for other in nearest for fragment in placed[other])
            placed[name] = self._place(places[name], anchor, placed["content"])
        return {name: self._grounded(parts[name], placed[name]) for name in ELEMENTS}

    def _grounded(self, parts: Quoted, fragments: Fragments) -> Grounded:
        strings = tuple(part for part in parts if isinstance(part, str) and part.strip())
        return Grounded(fragments, strings, tuple(string for string in strings if not self.index.find(string)))

    def _places(self, parts: Quoted) -> list[Places]:
        """For each part all places it may have: one for a span, those found for a string."""
        found = [self.index.find(part) if isinstance(part, str) else ((Span(*part),),) for part in parts]
        return [places for places in found if places]

    def _place_content(self, places: dict[str, list[Places]]) -> Fragments:
        framing = [part for name in ("cue", "source") for part in places[name]]

        def cost(place: Fragments, so_far: Fragments) -> tuple[bool, int, int]:
            near = sum(min(NEAR, self._nearest(other, place)) for other in framing)
            if so_far:
                near += distance(place, so_far)
            return self._in_furniture(place), near, place[0].start

        return self._in_turn(places["content"], cost)

    def _place(self, parts: list[Places], anchor: Fragments, content: Fragments) -> Fragments:
        def cost(place: Fragments, so_far: Fragments) -> tuple[int, int, int]:
            around = union((*anchor, *so_far))
            furniture = NEAR if self._in_furniture(place) else 0
            if not around:
                return furniture, 0, place[0].start
            return furniture + self._between(place, around, content), 0, place[0].start

        def nearest_first(places: Places, so_far: Fragments) -> Places:
            around = union((*anchor, *so_far))
            if not around or len(places) <= _MOST_WEIGHED:
                return places
            return sorted(places, key=lambda place: distance(place, around))[:_MOST_WEIGHED]

        return self._in_turn(parts, cost, nearest_first)

    @staticmethod
    def _in_turn(parts: list[Places], cost: _Cost, weighed: _Choice | None = None) -> Fragments:
        """Place the parts with fewest places first, each at its lowest cost given those already placed."""
        so_far: Fragments = ()
        for places in sorted(parts, key=len):
            best = places[0]
            if len(places) > 1:
                chosen = weighed(places, so_far) if weighed else places
                best = min(chosen, key=lambda place, settled=so_far: cost(place, settled))
            so_far = union((*so_far, *best))
        return so_far

    def _nearest(self, places: Places, content: Fragments) -> int:
        """Cost of the nearest place outside the content, among the few next to it."""
        if len(places) > _MOST_WEIGHED:
            places = sorted(places, key=lambda place: distance(place, content))[:_MOST_WEIGHED]
        return min(self._between(place, content, content) for place in places)

    def _between(self, place: Fragments, anchor: Fragments, content: Fragments) -> int:
        """Cost of the way from a place to the nearest fragment of the anchor."""
        inside = _INSIDE_CONTENT if intersection(place, content) else 0
        return inside + min(self._way(a, b) for a in place for b in anchor)

    def _way(self, first: Span, second: Span) -> int:
        start, end = min(first.end, second.end), max(first.start, second.start)
        if start >= end:
            return 0
        cost = end - start
        # A stop may stand at the very end of what comes before.
        between = self.index.text[start - 1 : end] if start else self.index.text[:end]
        if "\n" in between:
            return cost + _ACROSS_LINE
        return cost + (_ACROSS_SENTENCE if _SENTENCE_END.search(between) else 0)

    def _in_furniture(self, place: Fragments) -> bool:
        if not self._starts:
            return False
        start = place[0].start
        at = bisect_right(self._starts, start) - 1
        return at < 0 or start >= self._ends[at]
