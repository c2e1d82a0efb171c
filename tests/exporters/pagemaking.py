"""Random pages with what trips exporters up, and the form in which two pages are compared."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from newsbench.exporters.base import LABELS
from newsbench.pagetable import SPAN_FIELDS
from newsbench.types import Attribution, Page, Segment, Source, Span, Topic

#: Astral characters, combining marks, no-break and other spaces, separators, direction marks, markup, quotes.
PIECES = [
    "word", "Minister", "said", "a", "İ", "e\u0301", "a\u0308\u0323", "😀", "👩‍👧", "𝒳", "\U0001f1ea\U0001f1f8",
    " ", " ", "  ", "\u00a0", "\u202f", "\u3000", "\n", "\n\n", "\t", "\u00ad", "\u200b", "\u200f", "\ufeff",
    "\u2028", "\u0085", "\x0c", "<b>", "</span>", "&amp;", "&", "\"", "'", "“", "”", ".", ",", "-", "#", "]]>", "-->",
    "漢字", "\\", "%", ";", "</pre>", "</script>",
]  # fmt: skip
#: Characters that XML or HTML cannot hold.
UNCARRIED = ["\0", "\x01", "\x1e", "\ufffe"]
TYPES = ["headline", "paragraph", "navigation", "unlabelled", "list_item"]
VALUES = {
    "form": ["direct", "indirect", "free_indirect"],
    "channel": ["speech", "unknown"],
    "polarity": ["negated"],
    "modality": ["hypothetical"],
    "evidential": ["hearsay"],
}
CODES = ["medtop:11000000", "medtop:20000614", "medtop:04000000"]
WORDS = st.sampled_from(["Anna Ek", 'the <ministry> & "co"', "İ😀 e\u0301", "x"])


def texts(*, uncarried: bool = False) -> st.SearchStrategy[str]:
    pieces = PIECES + (UNCARRIED if uncarried else [])
    return st.lists(st.sampled_from(pieces), min_size=1, max_size=40).map("".join)


@st.composite
def fragments(draw, size: int, *, least: int = 0) -> tuple[Span, ...]:
    """Up to three fragments in order that do not overlap; they may touch."""
    many = draw(st.sampled_from([least, 1, 1, 1, 2, 3]))
    edges = sorted(draw(st.lists(st.integers(0, size), min_size=2 * many, max_size=2 * many)))
    return tuple(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)


@st.composite
def segmentations(draw, text: str) -> tuple[Segment, ...]:
    """Segments in order, adjacent ones among them."""
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    kept = [Segment(a, b, draw(st.sampled_from(TYPES))) for a, b in pairwise(edges)]
    return tuple(segment for segment in kept if draw(st.integers(0, 4)))


@st.composite
def pages(draw, *, name: str = "page-1", uncarried: bool = False) -> Page:
    text = draw(texts(uncarried=uncarried))
    sources = tuple(
        Source(f"s{number}", draw(WORDS), draw(st.sampled_from(["person", "state"])), "named", draw(st.none() | WORDS))
        for number in range(draw(st.integers(0, 2)))
    )
    attributions = []
    for number in range(draw(st.integers(0, 4))):
        spans = {field: draw(fragments(len(text))) for field in SPAN_FIELDS if draw(st.booleans())}
        if draw(st.booleans()) and attributions:
            # A nested attribution, or the very same span again.
            spans["content"] = attributions[-1].content
        labels = {label: draw(st.none() | st.sampled_from(VALUES[label])) for label in LABELS}
        parent = draw(st.none() | st.sampled_from([one.id for one in attributions])) if attributions else None
        cited = tuple(source.id for source in sources if draw(st.booleans()))
        attributions.append(
            Attribution(
                f"a{number}:{draw(st.sampled_from(['x', '_', 'ä/&<']))}",
                **spans,
                **labels,
                parent=parent,
                source_ids=cited,
                no_comment=draw(st.booleans()),
                statement=draw(st.none() | WORDS),
            )
        )
    topics = tuple(
        Topic(code, not at) for at, code in enumerate(draw(st.permutations(CODES))[: draw(st.integers(0, 3))])
    )
    has = draw(st.sampled_from([(True, True, True)] * 4 + [(True, False, False), (False, True, True)]))
    return Page(
        name, text,
        segments=draw(segmentations(text)) if has[0] else None,
        sources=sources if has[1] else None,
        attributions=tuple(attributions) if has[1] else None,
        topics=topics if has[2] else None,
        story=draw(st.none() | st.just("story-1")), outlet=draw(st.none() | WORDS), language=draw(st.none() | st.just("de")),
        url=draw(st.none() | st.just("https://a.example/x?y=1&z=<")),
        metadata=draw(st.none() | st.fixed_dictionaries({"headline": WORDS, "byline": st.none()})),
    )  # fmt: skip


def comparable(page: Page) -> Page:
    """The page with its topics in order of their codes (nan scores make topics unequal) and sorted segments."""
    topics = None if page.topics is None else tuple(sorted((topic.code, topic.primary) for topic in page.topics))
    return page._replace(topics=topics)


def flat(page: Page) -> Page:
    """What a format keeps that knows only spans, labels and cited sources: no facts, no topics, no empty layers."""
    attributions = tuple(page.attributions or ())
    cited = {name for attribution in attributions for name in attribution.source_ids}
    sources = tuple(sorted((s for s in page.sources or () if s.id in cited), key=lambda source: source.id))
    return Page(page.id, page.text, segments=page.segments or (), attributions=attributions, sources=sources)
