"""A page whose attributions try everything, random pages like it, and what the scorer says of them."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import strategies as st

from newsbench.metrics.attribution_columns import FEATURES, feature_values
from newsbench.metrics.attributions import FAMILY
from newsbench.metrics.base import Counts
from newsbench.types import ELEMENTS, Attribution, Page, Prediction, QuotedAttribution, Segment, Source, Span

SCORES = {metric.name: metric for metric in FAMILY.metrics}
LABELS = {"form": "indirect", "channel": "speech", "polarity": "asserted", "modality": "actual", "evidential": "plain"}

LINES = (
    "Ferry crews “ready to strike”, union says",
    "Harbour union leader Ona Berg said on Friday that talks with the port had failed. "
    "“We asked for one free weekend,” she told reporters, “and they laughed at us.”",
    "The port has not said whether it will hire other crews. Its spokesman declined to comment.",
    "Sweden and Norway warned that the islands would run out of fuel. According to a harbour pilot, "
    "Berg reportedly believes the minister will give in.",
    "“Nobody wants this strike. The boats are old,” Berg said.",
    "“And they are slow.”",
)
TEXT = "\n".join(LINES)


def spans(*pieces, after=""):
    """Ranges of pieces of the text, each the first one after the one before."""
    at = TEXT.index(after) if after else 0
    found = []
    for piece in pieces:
        start = TEXT.index(piece, at)
        at = start + len(piece)
        found.append(Span(start, at))
    return tuple(found)


def gold(number, *, content=(), source=(), cue=(), sources=(), **more):
    return Attribution(f"a{number}", content, source, cue, source_ids=tuple(sources), **{**LABELS, **more})


GOLDS = (
    gold(1, content=spans("Ferry crews “ready to strike”"), source=spans("union"), cue=spans("says"),
         sources=["union"], form="mixed"),
    gold(2, content=spans("that talks with the port had failed"), source=spans("Harbour union leader Ona Berg"),
         cue=spans("said"), sources=["berg"]),
    gold(3, content=spans("“We asked for one free weekend,”", "“and they laughed at us.”"), source=spans("she"),
         cue=spans("told"), addressee=spans("reporters"), sources=["berg"], form="direct"),
    gold(4, content=spans("whether it will hire other crews"), source=spans("The port"), cue=spans("has not said"),
         sources=["port"], polarity="negated"),
    gold(5, source=spans("Its spokesman"), cue=spans("declined to comment"), sources=["port"], form="reported",
         no_comment=True),
    gold(6, content=spans("that the islands would run out of fuel"), source=spans("Sweden and Norway"),
         cue=spans("warned"), sources=["sweden", "norway"]),
    gold(7, content=spans("Berg reportedly believes the minister will give in"), source=spans("a harbour pilot"),
         cue=spans("According to"), sources=["pilot"]),
    gold(8, content=spans("the minister will give in"), source=spans("Berg", after="pilot, "), cue=spans("believes"),
         hedge=spans("reportedly"), sources=["berg"], channel="thought", evidential="hearsay", parent="a7"),
    gold(9, content=spans("“Nobody wants this strike. The boats are old,”", "“And they are slow.”"),
         source=spans("Berg", after="old,”"), cue=spans("said", after="old,”"), sources=["berg"], form="direct"),
)  # fmt: skip
SOURCES = (
    Source("union", "Harbour Union", "organisation", "named"),
    Source("berg", "Ona Berg", "person", "named"),
    Source("port", "the port", "organisation", "described"),
    Source("sweden", "Sweden", "state", "named"),
    Source("norway", "Norway", "state", "named"),
    Source("pilot", "a harbour pilot", "person", "anonymous"),
)
KINDS = ("headline", "paragraph", "paragraph", "paragraph", "paragraph", "paragraph")
SEGMENTS = tuple(
    Segment(TEXT.index(line), TEXT.index(line) + len(line), kind) for line, kind in zip(LINES, KINDS, strict=True)
)
PAGE = Page("ferry", TEXT, segments=SEGMENTS, sources=SOURCES, attributions=GOLDS)
COUNTED = [one for one in GOLDS if one.content]


def as_prediction(one, *, text=None, named=True, **changes):
    """A gold attribution as a system would send it; as quoted strings where `text` is given."""

    def element(fragments):
        return fragments if text is None else tuple(text[start:end] for start, end in fragments)

    found = QuotedAttribution(
        **{name: element(getattr(one, name)) for name in ELEMENTS},
        **{name: getattr(one, name) for name in FEATURES},
        no_comment=one.no_comment,
        parent="some" if one.parent else None,
        entity=tuple(f"X {one_id} X" for one_id in one.source_ids) if named else (),
    )
    return found._replace(**changes)


def row_of(attributions, page=PAGE):
    row = FAMILY.count(FAMILY.prepare(page), Prediction(page.id, attributions=tuple(attributions)))
    counts = Counts(FAMILY.index, np.array(row, dtype=float))
    assert len(row) == len(FAMILY.columns)
    assert FAMILY.check(counts) == []
    return counts


def figures(counts):
    return {name: float(metric.score(counts)) for name, metric in SCORES.items()}


def scored(attributions, page=PAGE):
    return figures(row_of(attributions, page))


def slice_figure(counts, dimension, key, name):
    part = next(part for part in FAMILY.slices if part.dimension == dimension)
    return float(part.metrics[name](counts, key))


def quoted(**elements):
    return QuotedAttribution(**elements)


#: What this page's gold says nothing of.
UNDEFINED = ("medium_normalized_f1",)

# Random pages: nested, shared, broken contents, refusals, several sources, missing elements.

WORDS = [
    *("the", "minister", "said", "“no", "money”", "for", "roads", "—", "costs", "had", "risen", "sharply,", "unions"),
    *("warned", "naïve", "漢", "😀", "Frau\u0308", "a\u00adb"),
]


def random_page(rng, most=6):
    text, edges = "", []
    for at in range(rng.randint(30, 60)):
        start = len(text)
        text += rng.choice(WORDS)
        edges.append((start, len(text)))
        text += "\n" if at % 11 == 10 else rng.choice([" ", " ", "\u00a0"])

    def some(size):
        first = rng.randrange(len(edges) - size)
        return Span(edges[first][0], edges[first + size - 1][1])

    golds = []
    for number in range(rng.randint(0, most)):
        pieces = tuple(sorted({some(rng.randint(1, 8)) for _ in range(rng.choice([1, 1, 1, 2, 3]))}))
        if golds and rng.random() < 0.3:
            pieces = rng.choice(golds).content[:1] or pieces
        refusal = rng.random() < 0.15
        golds.append(
            Attribution(
                f"g{number}",
                content=() if refusal and rng.random() < 0.5 else pieces,
                source=(some(rng.randint(1, 4)),) if rng.random() < 0.8 else (),
                cue=(some(rng.randint(1, 2)),) if refusal or rng.random() < 0.8 else (),
                hedge=(some(1),) if rng.random() < 0.2 else (),
                source_ids=tuple(rng.sample(["s0", "s1", "s2", "s3"], rng.choice([0, 1, 1, 1, 2]))),
                no_comment=refusal,
                parent="g0" if rng.random() < 0.2 else None,
                **{name: rng.choice([*feature_values()[name], None]) for name in FEATURES},
            )
        )
    segments, start = [], 0
    for line in text.split("\n"):
        segments.append(Segment(start, start + len(line), rng.choice(["headline", "paragraph"])))
        start += len(line) + 1
    sources = tuple(
        Source(f"s{i}", kind=kind, naming="named") for i, kind in enumerate(["person", "state", "media", "unspecified"])
    )
    page = Page("r", text, segments=tuple(segments), sources=sources, attributions=tuple(golds))
    return page, some


def random_prediction(rng, page, some):
    found = []
    for one in page.attributions:
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            claim = as_prediction(one, named=rng.random() < 0.7)
            for name in ("content", "source", "cue"):
                spans_now = getattr(claim, name)
                if spans_now and rng.random() < 0.5:
                    start, end = rng.choice(spans_now)
                    cut = rng.randint(start, end - 1), rng.randint(start + 1, end)
                    spans_now = (Span(*cut),) if cut[0] < cut[1] else ()
                if rng.random() < 0.15:
                    spans_now = (some(rng.randint(1, 9)),)
                claim = claim._replace(**{name: spans_now})
            found.append(claim)
    found.extend(quoted(content=(some(5),), source=("nowhere on the page",)) for _ in range(rng.randint(0, 2)))
    rng.shuffle(found)
    return found


seeds = st.integers(0, 2**32).map(random.Random)
