"""Gold and predicted attributions of a page in the form in which they are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from newsbench.grounding import Grounded, Grounder
from newsbench.metrics.attribution_columns import FEATURES
from newsbench.metrics.attribution_kinds import IN_CLAIMS, Kind, kind_of
from newsbench.metrics.attribution_text import NOTHING, Element, PageText
from newsbench.metrics.pagewords import types_of
from newsbench.types import Attribution, Fragments, QuotedAttribution

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction, Source

#: The kinds and the namings of the sources of an attribution.
Cited = tuple[tuple[str, ...], tuple[str, ...]]

# The constructor of a named tuple costs several times as much.
_new_tuple = tuple.__new__


class Claim(NamedTuple):
    """A gold or predicted attribution, measured.

    `kind` has its labels and properties. `sources`: ids of gold sources, or the labels of `entity`; a predicted
    attribution without `entity` has None.
    """

    content: Element
    source: Element
    cue: Element
    addressee: Element
    medium: Element
    hedge: Element
    kind: Kind
    sources: tuple[str, ...] | None
    no_comment: bool = False

    def elements(self) -> tuple[Element, ...]:
        """Return the elements in the order of `IN_CLAIMS`."""
        return self[: len(IN_CLAIMS)]

    def key(self) -> tuple:
        """Return what a claim says, as a value to sort by: claims with equal keys cannot be told apart."""
        elements = self.elements()
        return (
            *(element.spans for element in elements),
            *(element.extra for element in elements),
            tuple(label or "" for label in self.kind.labels),
            tuple(sorted(self.sources or ())),
            self.kind.properties,
            self.no_comment,
        )


@dataclass(slots=True)
class PageClaims:
    """A page's gold attributions: `golds` are those that count, `ignored` those without a content of their own.

    `by_content`: numbers of the golds with a given content core.
    `known_sources`: for each gold the ids of its sources, none where nobody is meant (kind `unspecified`); `cited`: the
    kinds and the namings of its sources. `coordinated`: golds with several sources. `base`: the counts that do not
    depend on a prediction; `if_found`: for each gold what is added when it is found, as a packed row.
    """

    text: PageText
    golds: list[Claim]
    ignored: list[Claim]
    by_content: dict[Fragments, list[int]]
    known_sources: list[tuple[str, ...]]
    cited: list[Cited]
    coordinated: list[Claim]
    article: Sequence[tuple[int, int]] = ()
    grounder: Grounder | None = None
    base: list[float] = field(default_factory=list)
    if_found: list[int] = field(default_factory=list)


def prepare_claims(page: Page) -> PageClaims:
    """Measure a page's gold attributions, in an order that depends neither on their ids nor on the file's order."""
    segments = page.segments or ()
    content_types = frozenset(types_of("content")) if segments else ()
    prepared = PageClaims(
        PageText(page.text, segments), [], [], {}, [], [], [],
        article=[(segment.start, segment.end) for segment in segments if segment.type in content_types],
    )  # fmt: skip
    golds = page.attributions or ()
    claims = in_order(list(map(gold_claim, golds, _elements(prepared.text, golds))))
    prepared.golds = [claim for claim in claims if claim.content.core and not claim.no_comment]
    prepared.ignored = [claim for claim in claims if not claim.content.core or claim.no_comment]
    sources = {source.id: source for source in page.sources or ()}
    known: dict[tuple[str, ...], tuple[tuple[str, ...], Cited]] = {}
    for number, gold in enumerate(prepared.golds):
        prepared.by_content.setdefault(gold.content.core, []).append(number)
        ids = gold.sources or ()
        of_ids = known.get(ids)
        if of_ids is None:
            of_ids = known[ids] = known_sources(sources, ids)
        somebody, cited = of_ids
        prepared.known_sources.append(somebody)
        prepared.cited.append(cited)
        if len(ids) > 1 and gold.source.core:
            prepared.coordinated.append(gold)
    return prepared


def known_sources(sources: Mapping[str, Source], ids: tuple[str, ...]) -> tuple[tuple[str, ...], Cited]:
    """Return the ids, none where all are nobody, and the kinds and namings of the sources, each once."""
    found = [sources[one] for one in ids if one in sources]
    somebody = len(found) < len(ids) or any(source.kind != "unspecified" for source in found)
    if len(found) == 1:
        return ids if somebody else (), ((found[0].kind,), (found[0].naming,))
    kinds, namings = ({getattr(source, name): 1 for source in found} for name in ("kind", "naming"))
    return ids if somebody else (), (tuple(kinds), tuple(namings))


def in_order(claims: list[Claim]) -> list[Claim]:
    """Sort claims by what they say, so that the order in which they came does not matter."""
    keys = [claim[:3] for claim in claims]
    order = sorted(range(len(claims)), key=keys.__getitem__)
    if any(keys[a] == keys[b] for a, b in pairwise(order)):
        return sorted(claims, key=Claim.key)
    return [claims[at] for at in order]


def gold_claim(gold: Attribution, elements: tuple[Element, ...]) -> Claim:
    """Return a gold attribution with its measured elements, in the order of `IN_CLAIMS`."""
    kind = kind_of(gold[GOLD_LABELS], gold.parent is not None, tuple([one.traits for one in elements]))
    return _new_tuple(Claim, (*elements, kind, _once(gold.source_ids), bool(gold.no_comment)))


def predicted_claim(quoted: QuotedAttribution, elements: tuple[Element, ...]) -> Claim:
    """Return a predicted attribution with its measured elements, in the order of `IN_CLAIMS`."""
    kind = kind_of(quoted[LABELS], quoted.parent is not None, tuple([one.traits for one in elements]))
    return _new_tuple(Claim, (*elements, kind, _once(quoted.entity) or None, bool(quoted.no_comment)))


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if len(names) < 2 else tuple(dict.fromkeys(names))


def _elements(text: PageText, many: Sequence[Attribution | QuotedAttribution]) -> Iterator[tuple[Element, ...]]:
    """Return for each attribution its elements in the order of `IN_CLAIMS`, None in the place of those in strings."""
    columns = [text.elements(name, [getattr(one, name) for one in many]) for name in IN_CLAIMS]
    return zip(*columns, strict=True)


def _labels_in(fields: tuple[str, ...]) -> slice:
    """Say where the labels stand in a value of these fields: taking them in one go is what costs least."""
    first = fields.index(FEATURES[0])
    assert fields[first : first + len(FEATURES)] == FEATURES
    return slice(first, first + len(FEATURES))


GOLD_LABELS, LABELS = _labels_in(Attribution._fields), _labels_in(QuotedAttribution._fields)


def read_claims(page: PageClaims, prediction: Prediction | None) -> tuple[list[Claim], int, int]:
    """Measure a page's predicted attributions in order; return them with the number of strings given and not found."""
    claims: list[Claim] = []
    if prediction is None or not prediction.attributions:
        return claims, 0, 0
    text = page.text
    in_strings: dict[int, QuotedAttribution] = {}
    measured = zip(prediction.attributions, _elements(text, prediction.attributions), strict=True)
    for at, (quoted, elements) in enumerate(measured):
        # An element is a tuple that is not empty.
        if all(elements):
            claims.append(predicted_claim(quoted, elements))
        else:
            in_strings[at] = quoted
    given = missing = 0
    if in_strings:
        page.grounder = page.grounder or Grounder(text.text, page.article)
        all_grounded = page.grounder.ground(list(in_strings.values()))
        for (at, quoted), grounded in zip(in_strings.items(), all_grounded, strict=True):
            own = tuple([_measured(text, name, grounded[name]) for name in IN_CLAIMS])
            claims.insert(at, predicted_claim(quoted, own))
            given += sum(len(found.strings) for found in grounded.values())
            missing += sum(len(found.missing) for found in grounded.values())
    return claims, given, missing


def _measured(text: PageText, name: str, found: Grounded) -> Element:
    element = text.element(name, found.fragments) if found.fragments else NOTHING
    return text.with_missing(element, found.missing) if found.missing else element
