"""Gold and predicted attributions of a page in the form in which they are compared."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from newsbench.grounding import Grounded, Grounder
from newsbench.metrics.attribution_text import NOTHING, PRONOUNS, Element, PageText
from newsbench.metrics.pagewords import types_of
from newsbench.resources import table
from newsbench.types import ELEMENTS, Attribution, Fragments

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction, QuotedAttribution

FEATURES = ("form", "channel", "polarity", "modality", "evidential")
#: Yes-or-no properties of an attribution that slices are made of, in the order of `Claim.properties`.
PROPERTIES = ("hedged", "nested", "pronoun_source", "headline", "cross_paragraph", "discontinuous")
_TOP = ("headline", "standfirst")


@lru_cache(maxsize=1)
def feature_values() -> dict[str, tuple[str, ...]]:
    """Return the values of each feature, as `schema/prediction.schema.json` allows them."""
    fields = table("prediction.schema")["$defs"]["attribution"]["properties"]
    return {name: tuple(value for value in fields[name]["enum"] if value) for name in FEATURES}


@lru_cache(maxsize=1)
def source_values() -> dict[str, tuple[str, ...]]:
    """Return the values of a source's `kind` and `naming`, as `schema/page.schema.json` allows them."""
    fields = table("page.schema")["$defs"]["source"]["properties"]
    return {name: tuple(value for value in fields[name]["enum"] if value) for name in ("kind", "naming")}


@dataclass(slots=True)
class Claim:
    """A gold or predicted attribution, measured.

    `labels` in the order of `FEATURES`. `sources`: ids of gold sources, or the labels of `entity`; a predicted
    attribution without `entity` has None. `properties` in the order of `PROPERTIES`.
    """

    content: Element
    source: Element
    cue: Element
    addressee: Element
    medium: Element
    hedge: Element
    labels: tuple[str | None, ...]
    sources: tuple[str, ...] | None
    properties: tuple[bool, ...]
    no_comment: bool = False

    def key(self) -> tuple:
        """Return what a claim says, as a value to sort by: claims with equal keys cannot be told apart."""
        return (
            *(getattr(self, name).spans for name in ("content", "source", "cue", "addressee", "medium", "hedge")),
            *(getattr(self, name).extra for name in ("content", "source", "cue", "addressee", "medium", "hedge")),
            tuple(label or "" for label in self.labels),
            tuple(sorted(self.sources or ())),
            self.properties,
            self.no_comment,
        )


@dataclass(slots=True)
class PageClaims:
    """A page's gold attributions: `golds` are those that count, `ignored` those without a content of their own.

    `by_content`: numbers of the golds with a given content core.
    `known_sources`: for each gold the ids of its sources, none where nobody is meant (kind `unspecified`); `cited`: the
    kinds and the namings of its sources. `coordinated`: golds with several sources. `base`: the counts that do not
    depend on a prediction; `found_positions`: for each gold the counts that grow when it is found.
    """

    text: PageText
    golds: list[Claim]
    ignored: list[Claim]
    by_content: dict[Fragments, list[int]]
    known_sources: list[tuple[str, ...]]
    cited: list[tuple[tuple[str, ...], tuple[str, ...]]]
    coordinated: list[Claim]
    places: dict[Fragments, tuple[bool, bool, bool]] = field(default_factory=dict)
    segment_starts: Sequence[int] = ()
    segment_types: Sequence[str] = ()
    article: Sequence[tuple[int, int]] = ()
    grounder: Grounder | None = None
    base: list[float] = field(default_factory=list)
    found_positions: list[tuple[int, ...]] = field(default_factory=list)

    def place(self, core: Fragments) -> tuple[bool, bool, bool]:
        """Say of a content whether it opens in headline or standfirst, lies in several segments, is in pieces."""
        found = self.places.get(core)
        if found is None:
            found = self.places[core] = self._place(core)
        return found

    def _place(self, core: Fragments) -> tuple[bool, bool, bool]:
        if not core:
            return False, False, False
        first = bisect_right(self.segment_starts, core[0][0]) - 1
        last = bisect_right(self.segment_starts, core[-1][1] - 1) - 1
        return first >= 0 and self.segment_types[first] in _TOP, last != first, len(core) > 1


def prepare_claims(page: Page) -> PageClaims:
    """Measure a page's gold attributions, in an order that depends neither on their ids nor on the file's order."""
    segments = page.segments or ()
    content_types = frozenset(types_of("content")) if segments else ()
    prepared = PageClaims(
        PageText(page.text), [], [], {}, [], [], [],
        segment_starts=[segment.start for segment in segments],
        segment_types=[segment.type for segment in segments],
        article=[(segment.start, segment.end) for segment in segments if segment.type in content_types],
    )  # fmt: skip
    claims = in_order([_gold_claim(prepared, gold) for gold in page.attributions or ()])
    prepared.golds = [claim for claim in claims if claim.content.core and not claim.no_comment]
    prepared.ignored = [claim for claim in claims if not claim.content.core or claim.no_comment]
    sources = {source.id: source for source in page.sources or ()}
    for number, gold in enumerate(prepared.golds):
        prepared.by_content.setdefault(gold.content.core, []).append(number)
        ids = gold.sources or ()
        cited = [sources[one] for one in ids if one in sources]
        if len(cited) == 1:
            prepared.cited.append(((cited[0].kind,), (cited[0].naming,)))
        else:
            prepared.cited.append((tuple({one.kind: 1 for one in cited}), tuple({one.naming: 1 for one in cited})))
        somebody = any(one not in sources or sources[one].kind != "unspecified" for one in ids)
        prepared.known_sources.append(ids if somebody else ())
        if len(ids) > 1 and gold.source.core:
            prepared.coordinated.append(gold)
    return prepared


def in_order(claims: list[Claim]) -> list[Claim]:
    """Sort claims by what they say, so that the order in which they came does not matter."""
    quick = [(claim.content.spans, claim.source.spans, claim.cue.spans) for claim in claims]
    if len(set(quick)) < len(quick):
        return sorted(claims, key=Claim.key)
    return [claims[at] for at in sorted(range(len(claims)), key=quick.__getitem__)]


def _gold_claim(page: PageClaims, gold: Attribution) -> Claim:
    measure = page.text.element
    content, source = measure("content", gold.content), measure("source", gold.source)
    hedge = measure("hedge", gold.hedge) if gold.hedge else NOTHING
    return Claim(
        content, source, measure("cue", gold.cue),
        measure("addressee", gold.addressee) if gold.addressee else NOTHING,
        measure("medium", gold.medium) if gold.medium else NOTHING,
        hedge,
        (gold.form, gold.channel, gold.polarity, gold.modality, gold.evidential),
        gold.source_ids if len(gold.source_ids) < 2 else tuple(dict.fromkeys(gold.source_ids)),
        _properties(page, content, source, hedge, gold.parent),
        gold.no_comment,
    )  # fmt: skip


def _properties(
    page: PageClaims, content: Element, source: Element, hedge: Element, parent: str | None
) -> tuple[bool, ...]:
    return (
        hedge.weight > 0,
        parent is not None,
        is_pronoun(page.text, source.core),
        *page.place(content.core),
    )


def is_pronoun(text: PageText, core: Fragments) -> bool:
    """Say whether a source mention is a bare pronoun."""
    if len(core) != 1:
        return False
    start, end = core[0]
    return end - start < 12 and text.text[start:end].lower() in PRONOUNS


def read_claims(page: PageClaims, prediction: Prediction | None) -> tuple[list[Claim], int, int]:
    """Measure a page's predicted attributions; return them with the number of strings given and not found."""
    claims: list[Claim] = []
    if prediction is None or not prediction.attributions:
        return claims, 0, 0
    text = page.text
    contents, sources, others = text.known("content"), text.known("source"), text.known("cue")
    in_strings: list[QuotedAttribution] = []
    for quoted in prediction.attributions:
        elements = (
            contents.get(quoted.content),
            sources.get(quoted.source),
            others.get(quoted.cue),
            others.get(quoted.addressee) if quoted.addressee else NOTHING,
            others.get(quoted.medium) if quoted.medium else NOTHING,
            others.get(quoted.hedge) if quoted.hedge else NOTHING,
        )
        if None in elements:
            if _has_strings(quoted):
                in_strings.append(quoted)
                continue
            elements = tuple([text.element(name, getattr(quoted, name)) for name in _ORDER])
        claims.append(_claim(page, quoted, elements))
    given = missing = 0
    if in_strings:
        page.grounder = page.grounder or Grounder(text.text, page.article)
        for quoted, grounded in zip(in_strings, page.grounder.ground(in_strings), strict=True):
            claims.append(_claim(page, quoted, tuple([_measured(text, name, grounded[name]) for name in _ORDER])))
            given += sum(len(found.strings) for found in grounded.values())
            missing += sum(len(found.missing) for found in grounded.values())
    return claims, given, missing


_ORDER = ("content", "source", "cue", "addressee", "medium", "hedge")


def _claim(page: PageClaims, quoted: QuotedAttribution, elements: tuple[Element, ...]) -> Claim:
    content, source, _, _, _, hedge = elements
    entity = quoted.entity
    return Claim(
        *elements,
        (quoted.form, quoted.channel, quoted.polarity, quoted.modality, quoted.evidential),
        (entity if len(entity) < 2 else tuple(dict.fromkeys(entity))) or None,
        _properties(page, content, source, hedge, quoted.parent),
        quoted.no_comment is True,
    )


def _has_strings(quoted: QuotedAttribution) -> bool:
    return any(isinstance(part, str) for name in ELEMENTS for part in getattr(quoted, name))


def _measured(text: PageText, name: str, found: Grounded) -> Element:
    element = text.element(name, found.fragments) if found.fragments else NOTHING
    return text.with_missing(element, found.missing) if found.missing else element
