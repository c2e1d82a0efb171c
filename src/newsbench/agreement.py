"""How far two annotators agree: one scored against the other with the scorers of systems, and chance-corrected."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsbench.ceiling import quoted
from newsbench.gold import attribution_of
from newsbench.metrics import load_family
from newsbench.metrics.base import Counts
from newsbench.text import word_spans
from newsbench.types import Attribution, Page, Prediction, Source, Topic
from newsbench.vocabulary import top_of

_FAMILY = "attributions.elements"
#: Figures of the scorers that are printed; F-scores, so that it does not matter who is taken for gold.
FIGURES = (
    "joint_strict_f1", "joint_source_content_f1", "joint_relaxed_f1",
    "content_exact_f1", "content_normalized_f1", "content_dice_f1", "content_token_f1",
    "source_exact_f1", "source_normalized_f1", "cue_exact_f1", "cue_normalized_f1",
    "form_kappa", "channel_kappa", "polarity_kappa", "modality_kappa", "evidential_kappa",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layer:
    """What one annotator marked on one page."""

    page: str
    annotator: str
    sources: tuple[Source, ...]
    attributions: tuple[Attribution, ...]
    topics: tuple[Topic, ...]
    genre: str | None = None
    aspect: str | None = None
    places: tuple[str, ...] = ()


def layers_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Layer]]:
    """Return page -> annotator -> layer for rows of the configuration `annotations`."""
    found: dict[str, dict[str, Layer]] = {}
    for row in rows:
        sources = tuple(
            Source(s["id"], s.get("name") or "", s.get("kind") or "", s.get("naming") or "")
            for s in row["sources"] or ()
        )
        topics = tuple(Topic(t["code"], bool(t["primary"])) for t in row["topics"] or ())
        attributions = tuple(map(attribution_of, row["attributions"] or ()))
        layer = Layer(
            row["id"], row["annotator"], sources, attributions, topics, row.get("genre"), row.get("aspect"),
            tuple(row.get("places") or ()),
        )  # fmt: skip
        found.setdefault(row["id"], {})[row["annotator"]] = layer
    return found


def krippendorff_alpha(ratings: Sequence[tuple[Any, Any]]) -> float:
    """Return Krippendorff's alpha for nominal labels by two annotators, each unit labelled by both.

    alpha = 1 − (n − 1) · Σ_{c≠k} o_ck / Σ_{c≠k} n_c·n_k, with o the coincidences and n = 2 · units (Krippendorff 2004).
    nan without units; 1 where only one label occurs.
    """
    if not ratings:
        return math.nan
    totals: dict[Any, int] = {}
    disagreements = 0
    for first, second in ratings:
        totals[first] = totals.get(first, 0) + 1
        totals[second] = totals.get(second, 0) + 1
        disagreements += 2 * (first != second)
    n = 2 * len(ratings)
    expected = n * n - sum(count * count for count in totals.values())
    return 1 - (n - 1) * disagreements / expected if expected else 1.0


def scores(
    pages: Sequence[Page], layers: Mapping[str, Mapping[str, Layer]], first: str, second: str
) -> dict[str, float]:
    """Return the figures of `FIGURES` for the pages that both annotated, the second scored against the first."""
    counts = _counts(pages, layers, first, second)
    known = {metric.name: metric for metric in load_family(_FAMILY).metrics}
    return {name: float(known[name].score(counts)) for name in FIGURES}


def _counts(pages: Sequence[Page], layers: Mapping[str, Mapping[str, Layer]], first: str, second: str) -> Counts:
    import numpy as np

    family = load_family(_FAMILY)
    rows = []
    for page in pages:
        pair = layers.get(page.id, {})
        if first in pair and second in pair:
            gold, prediction = as_gold_and_prediction(page, pair[first], pair[second])
            rows.append(family.count(family.prepare(gold), prediction))
    return Counts(family.index, np.array(rows, float).reshape(-1, len(family.columns)).sum(axis=0))


def as_gold_and_prediction(page: Page, first: Layer, second: Layer) -> tuple[Page, Prediction]:
    """Return the page with the first layer as its gold, and the second layer as if a system had given it."""
    gold = page._replace(sources=first.sources, attributions=first.attributions)
    return gold, Prediction(page.id, attributions=tuple(map(quoted, second.attributions)))


def word_alpha(
    pages: Sequence[Page], layers: Mapping[str, Mapping[str, Layer]], first: str, second: str
) -> dict[str, float]:
    """Return alpha over the words of content segments: for each element (in it or not), and for all three together."""
    ratings: dict[str, list[tuple[Any, Any]]] = {name: [] for name in ("content", "source", "cue", "all")}
    for page in pages:
        pair = layers.get(page.id, {})
        if first not in pair or second not in pair:
            continue
        starts = word_spans(page.text).starts
        marks = [_marks(pair[name].attributions, starts) for name in (first, second)]
        article = _article_words(page, starts)
        for at in article:
            one, two = marks[0][at], marks[1][at]
            ratings["all"].append((one, two))
            for name in ("content", "source", "cue"):
                ratings[name].append((name in one, name in two))
    return {name: krippendorff_alpha(found) for name, found in ratings.items()}


def _marks(attributions: Sequence[Attribution], starts: Sequence[int]) -> list[frozenset[str]]:
    from bisect import bisect_left

    found: list[set[str]] = [set() for _ in starts]
    for attribution in attributions:
        for name in ("content", "source", "cue"):
            for span in getattr(attribution, name):
                for at in range(bisect_left(starts, span.start), bisect_left(starts, span.end)):
                    found[at].add(name)
    return [frozenset(names) for names in found]


def _article_words(page: Page, starts: Sequence[int]) -> list[int]:
    from newsbench.metrics.pagewords import roles

    inside = [segment for segment in page.segments or () if roles().get(segment.type) == "content"]
    return [at for at, start in enumerate(starts) if any(segment.start <= start < segment.end for segment in inside)]


def topic_agreement(layers: Mapping[str, Mapping[str, Layer]], first: str, second: str) -> dict[str, float]:
    """Return alpha for the primary topic at top level and in full, and the mean overlap of top-level topic sets."""
    tops, codes, overlaps = [], [], []
    for pair in layers.values():
        if first not in pair or second not in pair:
            continue
        primary = [next((t.code for t in pair[name].topics if t.primary), None) for name in (first, second)]
        if None in primary:
            continue
        codes.append(tuple(primary))
        tops.append(tuple(map(top_of, primary)))
        sets = [{top_of(t.code) for t in pair[name].topics} for name in (first, second)]
        overlaps.append(2 * len(sets[0] & sets[1]) / (len(sets[0]) + len(sets[1])))
    return {
        "primary_top_level_alpha": krippendorff_alpha(tops),
        "primary_concept_alpha": krippendorff_alpha(codes),
        "top_level_f1": sum(overlaps) / len(overlaps) if overlaps else math.nan,
    }


def page_agreement(layers: Mapping[str, Mapping[str, Layer]], first: str, second: str) -> dict[str, float]:
    """Return alpha for the genre, for the aspect (where both name one) and the main place, and the overlap of places.

    Pages whose layers do not judge them (`places` is empty) are left out.
    """
    pairs = [
        (pair[first], pair[second])
        for pair in layers.values()
        if first in pair and second in pair and pair[first].places and pair[second].places
    ]
    overlaps = [2 * len({*a.places} & {*b.places}) / (len({*a.places}) + len({*b.places})) for a, b in pairs]
    return {
        "pages": float(len(pairs)),
        "genre_alpha": krippendorff_alpha([(a.genre, b.genre) for a, b in pairs]),
        "aspect_alpha": krippendorff_alpha([(a.aspect, b.aspect) for a, b in pairs if a.aspect and b.aspect]),
        "main_place_alpha": krippendorff_alpha([(a.places[0], b.places[0]) for a, b in pairs]),
        "places_f1": sum(overlaps) / len(overlaps) if overlaps else math.nan,
    }


def by_group(
    pages: Sequence[Page],
    layers: Mapping[str, Mapping[str, Layer]],
    first: str,
    second: str,
    key: Callable[[Page], str | None],
) -> dict[str, dict[str, float]]:
    """Return `scores` for each group of pages."""
    groups: dict[str, list[Page]] = {}
    for page in pages:
        groups.setdefault(key(page) or "", []).append(page)
    return {name: scores(members, layers, first, second) for name, members in sorted(groups.items())}


def by_form(
    pages: Sequence[Page], layers: Mapping[str, Mapping[str, Layer]], first: str, second: str
) -> dict[str, float]:
    """Return, for each form in the first layer, the share of its attributions that the second one has, relaxed."""
    counts = _counts(pages, layers, first, second)
    part = next(part for part in load_family(_FAMILY).slices if part.dimension == "form")
    return {key: float(part.metrics["recall"](counts, key)) for key in part.keys_under()}
