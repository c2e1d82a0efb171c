"""The attributions of many pages as arrays: what `PageText` and `Claim` hold, measured for all of them at once.

Elements whose fragments have no marks at their edges, by far the most, are measured by arrays, the others one by one.
Positions are those in texts that stand one behind the other (`TextSums`), so that they tell pages apart.

Loaded where pages are counted only: numpy takes a while.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property, lru_cache
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from newsbench.metrics.attribution_claims import GOLD_LABELS, LABELS, Claim, gold_claim, predicted_claim
from newsbench.metrics.attribution_columns import PROPERTIES, class_keys, feature_values
from newsbench.metrics.attribution_kinds import IN_CLAIMS, properties_held
from newsbench.metrics.attribution_text import (
    ACROSS,
    CHARACTERS,
    IN_PIECES,
    LONGEST_PRONOUN,
    ON_TOP,
    PRESENT,
    PRONOUN,
    WORD_BIT,
    Element,
    PageText,
    is_pronoun,
    segment_starts,
    text_sums,
)
from newsbench.spans import EDGE_MARKS
from newsbench.types import Attribution, Fragments, QuotedAttribution

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

#: The number of no fragments.
EMPTY = -1
# An offset behind the end of any text.
_FAR = 1 << 32


class Elements(NamedTuple):
    """Elements of one kind, one an attribution.

    `core` and `spans` are numbers, equal for equal fragments of one page only, `EMPTY` for none; `start` and `end` are
    those of the core, which is `broken` if it has several fragments; `order` sorts by the first of the spans.
    """

    core: Ints
    spans: Ints
    start: Ints
    end: Ints
    broken: Flags
    weight: Ints
    words: Ints
    traits: Ints
    order: Ints


class Texts:
    """The texts of pages, where their segments begin, and numbers for elements in several fragments."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages
        self.bases, self._codes, self.sums = text_sums([page.text for page in pages])
        self._sizes = np.diff(self.bases) - 1
        starts, on_top = [], []
        for page, base in zip(pages, self.bases.tolist(), strict=False):
            of_page, are_on_top = segment_starts(page.segments or (), len(page.text))
            # Nothing of the page before reaches this one, whatever is given.
            starts += [base + max(start, 0) for start in of_page]
            on_top += are_on_top
        self._segment_starts, self._on_top = np.array(starts), np.array(on_top)
        self._texts: dict[int, PageText] = {}
        self._numbers: dict[tuple[int, Fragments], int] = {}

    def page(self, number: int) -> PageText:
        """Return the text of one page, which measures single elements."""
        found = self._texts.get(number)
        if found is None:
            page = self.pages[number]
            sums = self.sums[self.bases[number] : self.bases[number + 1]]
            found = self._texts[number] = PageText(page.text, page.segments or (), sums)
        return found

    def between(self, start: Ints, end: Ints) -> tuple[Ints, Ints]:
        """Return the visible characters and the words of ranges; 0 where a range ends before it starts."""
        found = np.where(end > start, self.sums[end] - self.sums[start], 0)
        return found & CHARACTERS, found >> WORD_BIT

    def measure(self, kind: str, page_of: Ints, fragments: Sequence[tuple]) -> Elements:
        """Measure elements (`types.ELEMENTS`) given as ranges, each on its page. Errors: NoArray."""
        size = len(fragments)
        counts = np.fromiter(map(len, fragments), np.int64, size)
        owner = np.repeat(np.arange(size), counts)
        start, end = _offsets(fragments)
        inside = (start >= 0) & (start < end) & (end <= self._sizes[page_of[owner]])
        start, end = np.where(inside, (start, end) + self.bases[page_of[owner]], 0)
        edges = np.concatenate([[0], counts.cumsum()])
        first, last = edges[:-1], edges[1:] - 1
        filled = counts > 0
        odd = ~inside | self._are_odd(kind, owner, first[filled], start, end)
        plain = filled & (np.bincount(owner, odd, size) == 0)
        weight, words = (np.bincount(owner, of, size).astype(np.int64) for of in self.between(start, end))
        # Elements of no fragment point at the end, where there is none.
        start, end = np.append(start, 0)[first], np.append(end, 0)[last]
        start, end, weight, words = np.where(plain, (start, end, weight, words), 0)
        broken = plain & (counts > 1)
        traits = np.where(weight > 0, PRESENT, 0)
        if kind == "content":
            traits += np.where(plain, self._places(start, end) + IN_PIECES * broken, 0)
        elif kind == "source":
            for at in (plain & (end - start <= LONGEST_PRONOUN)).nonzero()[0].tolist():
                if is_pronoun(self.pages[page_of[at]].text, fragments[at]):
                    traits[at] += PRONOUN
        core = np.where(plain, _number(start, end), EMPTY)
        order = core.copy()
        for at in broken.nonzero()[0].tolist():
            page = int(page_of[at])
            core[at] = self._number_of(page, 0, fragments[at])
            order[at] = self._number_of(page, int(self.bases[page]), fragments[at][:1])
        found = Elements(core, core.copy(), start, end, broken, weight, words, traits, order)
        for at in (filled & ~plain).nonzero()[0].tolist():
            self._measure_one(found, at, kind, int(page_of[at]), fragments[at])
        return found

    def _are_odd(self, kind: str, owner: Ints, first: Ints, start: Ints, end: Ints) -> Flags:
        """Say of fragments whether they make their elements some that have to be measured one by one.

        `owner` is the element of each, `first` the first of each element.
        """
        odd = _edge_marks()[self._codes[start]] | _edge_marks()[self._codes[end - 1]]
        # Where no word begins between two fragments, they may be one.
        _, between = self.between(end[:-1], start[1:])
        odd[1:] |= (owner[1:] == owner[:-1]) & ((between == 0) | (kind == "source"))
        if kind == "content":
            # It may begin with "that".
            odd[first] |= _that()[self._codes[start[first]]]
        return odd

    def _places(self, start: Ints, end: Ints) -> Ints:
        """Return the traits of contents that come of the segments they stand in."""
        behind = self._segment_starts.searchsorted(start, side="right")
        return ACROSS * (end > self._segment_starts[behind]) + ON_TOP * self._on_top[behind - 1]

    def _measure_one(self, found: Elements, at: int, kind: str, page: int, fragments: tuple) -> None:
        element = self.page(page).element(kind, fragments)
        found.weight[at], found.words[at], found.traits[at] = element.weight, element.words, element.traits
        if not element.core:
            return
        base, core, spans = int(self.bases[page]), element.core, element.spans
        found.start[at], found.end[at] = base + core[0][0], base + core[-1][1]
        found.broken[at] = len(core) > 1
        found.core[at] = number = self._number_of(page, base, core)
        found.spans[at] = number = number if spans is core else self._number_of(page, base, spans)
        found.order[at] = number if len(spans) == 1 else self._number_of(page, base, spans[:1])

    def _number_of(self, page: int, base: int, fragments: Fragments) -> int:
        if len(fragments) == 1:
            return _number(base + fragments[0][0], base + fragments[0][1])
        # Below that of none.
        return self._numbers.setdefault((page, fragments), EMPTY - 1 - len(self._numbers))


@cache
def _edge_marks() -> Flags:
    """Say of each character or stand-in whether it may be a mark that does not count at an edge."""
    return np.array([chr(code) in EDGE_MARKS or code >= 128 for code in range(256)])


@cache
def _that() -> Flags:
    return np.array([chr(code) in "tT" for code in range(256)])


class NoArray(ValueError):
    """An element is given as a string."""


def _offsets(elements: Sequence[tuple]) -> tuple[Ints, Ints]:
    """Return the starts and the ends of all fragments."""
    fragments = list(chain.from_iterable(elements))
    if any(issubclass(kind, str) for kind in set(map(type, fragments))):
        raise NoArray("a string is no range")
    try:
        offsets = np.fromiter(chain.from_iterable(fragments), np.int64, 2 * len(fragments))
    except OverflowError:
        # What an array cannot hold lies outside any text.
        offsets = np.array([min(max(offset, -1), _FAR) for offset in chain.from_iterable(fragments)], np.int64)
    return tuple(offsets.reshape(-1, 2).T)


def fit_arrays(many: Sequence[QuotedAttribution]) -> bool:
    """Say whether all elements are ranges."""
    try:
        for kind in IN_CLAIMS:
            _offsets(column(many, kind))
    except NoArray:
        return False
    return True


def _number(start: Any, end: Any) -> Any:
    return (start << 32) | end


def column(many: Sequence[tuple], field: str) -> list:
    """Return one field of attributions, all of one type."""
    return list(map(itemgetter(many[0]._fields.index(field)), many)) if many else []


class Side:
    """Attributions of pages, gold or predicted, `page_of` being the page of each; `[at]` makes one a `Claim`.

    `classes` (n, features + properties) holds the positions in `class_keys` that an attribution is counted by, -1 for
    none.
    """

    def __init__(self, texts: Texts, page_of: Sequence[int], many: Sequence[Attribution | QuotedAttribution]) -> None:
        self.texts = texts
        self.many = many
        self.page_of = np.array(page_of, np.int64)
        self.elements: dict[str, Elements] = {
            kind: texts.measure(kind, self.page_of, column(many, kind)) for kind in IN_CLAIMS
        }
        self.no_comment = np.array(column(many, "no_comment"), bool)
        self._claims: dict[int, Claim] = {}

    def __getitem__(self, at: int) -> Claim:
        found = self._claims.get(at)
        if found is None:
            one, text = self.many[at], self.texts.page(int(self.page_of[at]))
            elements = tuple([text.element(kind, getattr(one, kind)) for kind in IN_CLAIMS])
            found = gold_claim(one, elements) if isinstance(one, Attribution) else predicted_claim(one, elements)
            self._claims[at] = found
        return found

    def element(self, kind: str, at: int) -> Element:
        """Return one element."""
        return self.texts.page(int(self.page_of[at])).element(kind, getattr(self.many[at], kind))

    @cached_property
    def labels(self) -> Ints:
        """The numbers of labels among `feature_values`, -1 for none (n, features)."""
        taken = GOLD_LABELS if self.many and isinstance(self.many[0], Attribution) else LABELS
        labels = list(map(itemgetter(taken), self.many))
        known = {one: number for number, one in enumerate(dict.fromkeys(labels))}
        codes = np.array(list(map(_codes, known)), np.int64).reshape(len(known), len(feature_values()))
        return codes[list(map(known.__getitem__, labels))]

    @cached_property
    def classes(self) -> Ints:
        """The positions in `class_keys` that attributions are counted by (n, features + properties), -1 for none."""
        content, source, hedge = (self.elements[kind].traits for kind in ("content", "source", "hedge"))
        held = properties_held(content, source, hedge, [one is not None for one in column(self.many, "parent")])
        keys = class_keys()
        columns = [
            np.where(codes >= 0, codes + keys.index(f"{feature}.{values[0]}"), -1)
            for codes, (feature, values) in zip(self.labels.T, feature_values().items(), strict=True)
        ]
        columns += [np.where(held[name], keys.index(f"property.{name}"), -1) for name in PROPERTIES]
        return np.stack(columns, axis=1)


@lru_cache(maxsize=4096)
def _codes(labels: tuple[str | None, ...]) -> tuple[int, ...]:
    return tuple(
        values.index(label) if label in values else -1
        for label, values in zip(labels, feature_values().values(), strict=True)
    )


def shared(golds: Side, predicted: Side, kind: str, gold_at: Ints, at: Ints) -> tuple[Ints, Ints]:
    """Return the visible characters and words that elements share: of `gold_at[k]` with those of `at[k]`."""
    first, second = golds.elements[kind], predicted.elements[kind]
    start = np.maximum(first.start[gold_at], second.start[at])
    end = np.minimum(first.end[gold_at], second.end[at])
    characters, words = golds.texts.between(start, end)
    for k in ((first.broken[gold_at] | second.broken[at]) & (characters > 0)).nonzero()[0].tolist():
        text = golds.texts.page(int(golds.page_of[gold_at[k]]))
        characters[k], words[k] = text.overlap(
            golds.element(kind, gold_at[k]).core, predicted.element(kind, at[k]).core
        )
    return characters, words
