"""Which of the places that the strings of an attribution have on a page costs least?

The content is settled first, in the article rather than in the furniture, then near to where its cue and source stand;
then the cue, nearest to the content; then the source, nearest to content and cue; then the rest, nearest to the cue.
Nearness is the number of characters between, dearer across the end of a sentence or of a line and inside the content
itself: a frame stands beside what it frames. A content written otherwise than its string, if only by a capital letter,
is a little dearer; a cue or source is so only among places equally near, as a mention that opens a sentence is often
quoted without its capital. Of places that cost the same the first is taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from newsbench.spans import contains, distance, intersection, union
from newsbench.types import Fragments, Span

#: Beyond this a cue or source says nothing about which content is meant: about the length of two sentences.
NEAR = 400
#: So many times is a place of one element compared with a string beside it; after that, strings take their first place.
MOST_COMPARISONS = 4000
#: So many comparisons find the contents of all attributions of a page.
MOST_ON_PAGE = 50_000
_SENTENCE_END = re.compile(r"[.!?…]\s")
_ACROSS_SENTENCE = 60
_ACROSS_LINE = 150
_INSIDE_CONTENT = 200
_REWRITTEN = 20
_MOST_WEIGHED = 8
# So many fragments say where an element is.
_MOST_AROUND = 30

Places = Sequence[Fragments]


class Part(NamedTuple):
    """A string of an element, or a span (its string is empty), and the places it may have, in order.

    Parts of one page with the same `number` have the same places.
    """

    string: str
    places: Places
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    number: int = 0

    def nearest(self, fragments: Fragments) -> Places:
        """Return the few places nearest to `fragments`, all where they are few."""
        if len(self.places) <= _MOST_WEIGHED:
            return self.places
        near: set[int] = set()
        for start, end in fragments:
            before, after = bisect_right(self.ends, start), bisect_left(self.starts, end)
            near.update(range(max(0, before - _MOST_WEIGHED), min(len(self.places), after + _MOST_WEIGHED)))
        ranked = sorted(near, key=lambda at: (distance(self.places[at], fragments), at))
        return [self.places[at] for at in ranked[:_MOST_WEIGHED]]

    def inside(self, fragments: Fragments) -> Iterator[Fragments]:
        """Yield the places that lie in `fragments`."""
        for start, end in fragments:
            for place in self.places[bisect_left(self.starts, start) : bisect_left(self.starts, end)]:
                if contains(fragments, place):
                    yield place


#: The parts of each element of an attribution.
Parts = Mapping[str, Sequence[Part]]
_Best = Callable[[Part, Fragments], Fragments]


def several(parts: Iterable[Part]) -> list[Part]:
    """Return the parts whose place is open, those with the fewest places first."""
    return sorted((part for part in parts if len(part.places) > 1), key=lambda part: len(part.places))


def fair_share(attributions: Iterable[Parts]) -> int:
    """Return how many comparisons the content of each attribution of a page may take, `MOST_COMPARISONS` at most.

    It is the most that keeps all of them within `MOST_ON_PAGE`, whatever their order; contents that ask for the same
    are weighed once.
    """
    needs = {
        tuple(_keys(parts[name]) for name in ("content", "cue", "source")): min(
            MOST_COMPARISONS, sum(_framing(parts) * len(part.places) for part in several(parts["content"]))
        )
        for parts in attributions
    }
    left = MOST_ON_PAGE
    for done, need in enumerate(sorted(needs.values())):
        share = left // (len(needs) - done)
        if need > share:
            return share
        left -= need
    return MOST_COMPARISONS


class Placer:
    """Places the attributions of a page, and remembers what it has weighed; `article` are the ranges of its content.

    A content may take `share` comparisons (`fair_share`).
    """

    def __init__(self, text: str, article: Sequence[tuple[int, int]] = (), share: int = MOST_COMPARISONS) -> None:
        self._text = text
        self._starts = [start for start, _ in article]
        self._ends = [end for _, end in article]
        self._share = share
        self._ranked: dict[tuple, Places] = {}
        self._ways: dict[tuple, tuple[int, bool]] = {}
        self._placed: dict[tuple, Fragments] = {}

    def place(self, parts: Parts, taken: set[Fragments]) -> dict[str, Fragments]:
        """Return the fragments of each element, the content's not among those `taken` where it has a choice."""
        content = self._place_content(parts, taken)
        around = content[:_MOST_AROUND]
        placed = {"content": content, "cue": self._place(parts["cue"], around, around)}
        beside = union((*placed["cue"], *content))[:_MOST_AROUND]
        for name in ("source", "addressee", "medium", "hedge"):
            placed[name] = self._place(parts[name], beside, around)
        return placed

    def _place_content(self, parts: Parts, taken: set[Fragments]) -> Fragments:
        framing = [part for name in ("cue", "source") for part in parts[name]]
        beside = _keys(framing)

        def best(part: Part, so_far: Fragments) -> Fragments:
            key = part.string, part.number, beside, so_far
            ranked = self._ranked.get(key)
            if ranked is None:
                ranked = sorted(part.places, key=lambda place: self._content_cost(part, place, framing, so_far))
                self._ranked[key] = ranked
            return next((place for place in ranked if place not in taken), ranked[0])

        return _in_turn(parts["content"], best, lambda part: _framing(parts) * len(part.places), self._share)

    def _content_cost(self, part: Part, place: Fragments, framing: Iterable[Part], so_far: Fragments) -> tuple:
        rewritten = 0
        near = distance(place, so_far) if so_far else 0
        near += _REWRITTEN * self._rewritten(part, place)
        for other in framing:
            away, otherwise = self._nearest(other, place)
            near += min(NEAR, away)
            rewritten += otherwise
        return self._in_furniture(place), near, rewritten, place[0].start

    def _place(self, parts: Sequence[Part], anchor: Fragments, content: Fragments) -> Fragments:
        if not parts:
            return ()
        key = _keys(parts), anchor, content
        if key not in self._placed:
            self._placed[key] = self._place_beside(parts, anchor, content)
        return self._placed[key]

    def _place_beside(self, parts: Sequence[Part], anchor: Fragments, content: Fragments) -> Fragments:
        def best(part: Part, so_far: Fragments) -> Fragments:
            around = union((*anchor, *so_far))[:_MOST_AROUND] if so_far else anchor

            def cost(place: Fragments) -> tuple[int, ...]:
                away = NEAR if self._in_furniture(place) else 0
                if around:
                    away += self._between(place, around, content)
                return away, self._rewritten(part, place), place[0].start

            return min(part.nearest(around) if around else part.places, key=cost)

        return _in_turn(parts, best, lambda part: min(_MOST_WEIGHED, len(part.places)), MOST_COMPARISONS)

    def _nearest(self, part: Part, content: Fragments) -> tuple[int, bool]:
        """Cost of the nearest place outside the content, and whether it is written otherwise."""
        key = part.string, part.number, content
        way = self._ways.get(key)
        if way is None:
            way = self._ways[key] = min(
                (self._between(place, content, content), self._rewritten(part, place))
                for place in part.nearest(content)
            )
        return way

    def _rewritten(self, part: Part, place: Fragments) -> bool:
        """Say whether a place differs from its string, if only by a capital letter."""
        return self._text[place[0].start : place[-1].end] != part.string

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
        between = self._text[start - 1 : end] if start else self._text[:end]
        if "\n" in between:
            return cost + _ACROSS_LINE
        return cost + (_ACROSS_SENTENCE if _SENTENCE_END.search(between) else 0)

    def _in_furniture(self, place: Fragments) -> bool:
        if not self._starts:
            return False
        start = place[0].start
        at = bisect_right(self._starts, start) - 1
        return at < 0 or start >= self._ends[at]


def _keys(parts: Iterable[Part]) -> tuple[tuple[str, int], ...]:
    """What tells parts of one page apart, in short."""
    return tuple((part.string, part.number) for part in parts)


def _framing(parts: Parts) -> int:
    """With how many strings each place of a content is compared."""
    return max(1, len(parts["cue"]) + len(parts["source"]))


def _in_turn(parts: Sequence[Part], best: _Best, comparisons: Callable[[Part], int], most: int) -> Fragments:
    """Place the parts with fewest places first, each where it is `best` given those before it.

    What goes beyond `most` `comparisons` takes its first place.
    """
    if len(parts) == 1 and len(parts[0].places) == 1:
        return union(parts[0].places[0])
    so_far = union(span for part in parts if len(part.places) == 1 for span in part.places[0])
    cheap: list[Span] = []
    for part in several(parts):
        most -= comparisons(part)
        if most < 0:
            cheap.extend(part.places[0])
        else:
            so_far = union((*so_far, *best(part, so_far[:_MOST_AROUND])))
    return union((*so_far, *cheap))
