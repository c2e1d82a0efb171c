"""From quoted strings to fragments: which of the places of a string does a predicted attribution mean?

A string that the text holds once is there; among several places, `placing` says which costs least. Attributions with
the same content, cue and source that differ in something else are at different places, as long as their content has any
left; those that say the same in everything are copies, and at one place: a copy is no second guess. What
`TextIndex.find` does not find is missing: part of the prediction, but nowhere in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from newsbench.occurrences import TextIndex
from newsbench.placing import Part, Parts, Placer, Places, fair_share, several
from newsbench.types import ELEMENTS, Fragments, Quoted, QuotedAttribution, Span


class Grounded(NamedTuple):
    """One element: where it stands, the strings given for it, and those of them that the text does not hold."""

    fragments: Fragments
    strings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Grounder:
    """Finds the strings of one page's predictions; `article` are the ranges of its content segments, in order."""

    def __init__(self, text: str, article: Sequence[tuple[int, int]] = ()) -> None:
        self.index = TextIndex(text)
        self._article = article
        self._parts: dict[str, Part] = {}
        self._numbers: dict[Places, int] = {}

    def ground(self, attributions: Sequence[QuotedAttribution]) -> list[dict[str, Grounded]]:
        """Return the elements of each of a page's predicted attributions as fragments of the text.

        The outcome does not depend on the order in which they are given.
        """
        said = list(map(_said, attributions))
        parts_of = {one: {name: self._parts_of(getattr(one, name)) for name in ELEMENTS} for one in dict.fromkeys(said)}
        rivals: dict[tuple, list[QuotedAttribution]] = {}
        for one, parts in parts_of.items():
            where = tuple(tuple(part.number for part in parts[name]) for name in ("content", "cue", "source"))
            rivals.setdefault(where, []).append(one)
        placer = Placer(self.index.text, self._article, fair_share(parts_of.values()))
        placed: dict[QuotedAttribution, dict[str, Fragments]] = {}
        for members in rivals.values():
            placed |= _placed_apart(placer, {one: parts_of[one] for one in sorted(members, key=repr)})
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
        found = [self._part(given) if isinstance(given, str) else self._numbered("", ((Span(*given),),))
                 for given in dict.fromkeys(element)]  # fmt: skip
        return [part for part in found if part.places]

    def _part(self, string: str) -> Part:
        part = self._parts.get(string)
        if part is None:
            part = self._parts[string] = self._numbered(string.strip(), self.index.find(string))
        return part

    def _numbered(self, string: str, places: Places) -> Part:
        starts, ends = [place[0].start for place in places], [place[-1].end for place in places]
        return Part(string, places, starts, ends, self._numbers.setdefault(places, len(self._numbers)))


def _placed_apart(
    placer: Placer, rivals: dict[QuotedAttribution, Parts]
) -> dict[QuotedAttribution, dict[str, Fragments]]:
    """Place attributions whose contents have the same places, each where those before it are not."""
    taken: set[Fragments] = set()
    placed = {}
    for one, parts in rivals.items():
        placed[one] = placer.place(parts, taken)
        for part in several(parts["content"]) if len(rivals) > 1 else ():
            taken.update(part.inside(placed[one]["content"]))
    return placed


def _said(attribution: QuotedAttribution) -> QuotedAttribution:
    """What an attribution says, whatever it and what it stands in are called: those equal in it are copies."""
    return attribution._replace(
        id=None,
        parent="some" if attribution.parent else None,
        no_comment=bool(attribution.no_comment),
        entity=tuple(sorted(set(attribution.entity))),
    )
