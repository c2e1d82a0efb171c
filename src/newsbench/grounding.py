"""From quoted strings to fragments: which of the places of a string does a predicted attribution mean?

A string that the text holds once is there. Among several places the content is settled first (in the article rather
than in the furniture, then near to where its cue and source stand, then the first); then the cue, nearest to the
content; then the source, nearest to content and cue; then the rest, nearest to the cue. Nearness is the number of
characters between, dearer across the end of a sentence or of a line and inside the content itself: a frame stands
beside what it frames. A content written otherwise than its string, if only by a capital letter, is a little dearer; a
cue or source is so only among places equally near, as a mention that opens a sentence is often quoted without its
capital. Attributions with the same content, cue and source that differ in something else are at different places, as
long as their content has any left; those that say the same in everything are copies, and at one place: a copy is no
second guess. What `TextIndex.find` does not find is missing: part of the prediction, but nowhere in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple

from newsbench.occurrences import TextIndex
from newsbench.spans import contains, distance, intersection, union
from newsbench.types import ELEMENTS, Fragments, Quoted, QuotedAttribution, Span

#: Beyond this a cue or source says nothing about which content is meant: about the length of two sentences.
NEAR = 400
#: So many times is a place of one element compared with a string beside it; after that, strings take their first place.
MOST_COMPARISONS = 4000
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
    """A string of an element, or a span (its string is empty), and the places it may have, in order."""

    string: str
    places: Places
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()

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


#: What a place of a part costs, given the fragments of the element that are settled; the lowest wins.
_Cost = Callable[[Part, Fragments, Fragments], tuple[int, ...]]
_Choice = Callable[[Part, Fragments], Places]


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
        self._parts: dict[str, Part] = {}

    def ground(self, attributions: Sequence[QuotedAttribution]) -> list[dict[str, Grounded]]:
        """Return the elements of each of a page's predicted attributions as fragments of the text.

        The outcome does not depend on the order in which they are given.
        """
        said = list(map(_said, attributions))
        alike: dict[tuple, list[tuple[QuotedAttribution, dict[str, list[Part]]]]] = {}
        for one in dict.fromkeys(said):
            parts = {name: self._parts_of(getattr(one, name)) for name in ELEMENTS}
            where = tuple(tuple(part.places for part in parts[name]) for name in ("content", "cue", "source"))
            alike.setdefault(where, []).append((one, parts))
        placed: dict[QuotedAttribution, dict[str, Fragments]] = {}
        for members in alike.values():
            taken: set[Fragments] = set()
            for one, parts in sorted(members, key=lambda member: repr(member[0])):
                placed[one] = self._placed(parts, taken)
        return [self._grounded(given, placed[one]) for given, one in zip(attributions, said, strict=True)]

    def _grounded(self, attribution: QuotedAttribution, placed: dict[str, Fragments]) -> dict[str, Grounded]:
        found = {}
        for name in ELEMENTS:
            strings = tuple(part for part in getattr(attribution, name) if isinstance(part, str) and part.strip())
            missing = tuple(string for string in strings if not self.index.find(string))
            found[name] = Grounded(placed[name], strings, missing)
        return found

    def _parts_of(self, element: Quoted) -> list[Part]:
        """The different strings and spans of an element that stand somewhere."""
        found = [self._part(given) if isinstance(given, str) else Part("", ((Span(*given),),))
                 for given in dict.fromkeys(element)]  # fmt: skip
        return [part for part in found if part.places]

    def _part(self, string: str) -> Part:
        part = self._parts.get(string)
        if part is None:
            places = self.index.find(string)
            starts, ends = [place[0].start for place in places], [place[-1].end for place in places]
            part = self._parts[string] = Part(string.strip(), places, starts, ends)
        return part

    def _placed(self, parts: dict[str, list[Part]], taken: set[Fragments]) -> dict[str, Fragments]:
        """Place all elements, the content where `taken` leaves it a choice, and add its places to `taken`."""
        content = self._place_content(parts, taken)
        several = [part for part in parts["content"] if len(part.places) > 1]
        taken.update(place for part in several for place in part.places if contains(content, place))
        around = content[:_MOST_AROUND]
        placed = {"content": content, "cue": self._place(parts["cue"], around, around)}
        beside = union((*placed["cue"], *content))[:_MOST_AROUND]
        for name in ("source", "addressee", "medium", "hedge"):
            placed[name] = self._place(parts[name], beside, around)
        return placed

    def _place_content(self, parts: dict[str, list[Part]], taken: set[Fragments]) -> Fragments:
        framing = [part for name in ("cue", "source") for part in parts[name]]

        def free(part: Part, _: Fragments) -> Places:
            return [place for place in part.places if place not in taken] or part.places

        def cost(part: Part, place: Fragments, so_far: Fragments) -> tuple[int, ...]:
            rewritten = 0
            near = distance(place, so_far) if so_far else 0
            near += _REWRITTEN * self._rewritten(part, place)
            for other in framing:
                away, otherwise = self._nearest(other, place)
                near += min(NEAR, away)
                rewritten += otherwise
            return self._in_furniture(place), near, rewritten, place[0].start

        return _in_turn(parts["content"], free, cost, comparisons=len(framing))

    def _place(self, parts: list[Part], anchor: Fragments, content: Fragments) -> Fragments:
        if not parts:
            return ()

        def around(so_far: Fragments) -> Fragments:
            return union((*anchor, *so_far))[:_MOST_AROUND] if so_far else anchor

        def nearest(part: Part, so_far: Fragments) -> Places:
            beside = around(so_far)
            return part.nearest(beside) if beside else part.places

        def cost(part: Part, place: Fragments, so_far: Fragments) -> tuple[int, ...]:
            away = NEAR if self._in_furniture(place) else 0
            if beside := around(so_far):
                away += self._between(place, beside, content)
            return away, self._rewritten(part, place), place[0].start

        return _in_turn(parts, nearest, cost)

    def _nearest(self, part: Part, content: Fragments) -> tuple[int, bool]:
        """Cost of the nearest place outside the content, and whether it is written otherwise."""
        return min(
            (self._between(place, content, content), self._rewritten(part, place)) for place in part.nearest(content)
        )

    def _rewritten(self, part: Part, place: Fragments) -> bool:
        """Say whether a place differs from its string, if only by a capital letter."""
        return self.index.text[place[0].start : place[-1].end] != part.string

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


def _in_turn(parts: Sequence[Part], choice: _Choice, cost: _Cost, *, comparisons: int = 1) -> Fragments:
    """Place the parts with fewest places first, each where it costs least given those before it.

    To weigh one of the places that `choice` names takes so many `comparisons`.
    """
    if len(parts) == 1 and len(parts[0].places) == 1:
        return union(parts[0].places[0])
    so_far = union(span for part in parts if len(part.places) == 1 for span in part.places[0])
    left = MOST_COMPARISONS
    cheap: list[Span] = []
    for part in sorted((part for part in parts if len(part.places) > 1), key=lambda part: len(part.places)):
        settled = so_far[:_MOST_AROUND]
        places = choice(part, settled)
        left -= max(1, comparisons) * len(places)
        if left < 0:
            cheap.extend(part.places[0])
        else:
            so_far = union((*so_far, *min(places, key=lambda place: cost(part, place, settled))))
    return union((*so_far, *cheap))


def _said(attribution: QuotedAttribution) -> QuotedAttribution:
    """What an attribution says, whatever it and what it stands in are called: those equal in it are copies."""
    return attribution._replace(
        id=None,
        parent="some" if attribution.parent else None,
        no_comment=bool(attribution.no_comment),
        entity=tuple(sorted(set(attribution.entity))),
    )
