"""What a page, a span, an attribution and a prediction are: small immutable values, no behaviour beyond themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points ``[start, end)`` in a page's ``text``."""

    start: int
    end: int


class Segment(NamedTuple):
    """A span with the type of what stands there (`schema/segments.json`)."""

    start: int
    end: int
    type: str


class Topic(NamedTuple):
    """An IPTC Media Topic; `score` is a system's confidence, nan where it gave none."""

    code: str
    primary: bool = False
    score: float = float("nan")


class Source(NamedTuple):
    """Someone or something cited on a page, resolved over all its mentions there."""

    id: str
    name: str = ""
    kind: str = "unspecified"
    naming: str = "anonymous"
    entity: str | None = None


Fragments = tuple[Span, ...]

#: One element of a predicted attribution: fragments as offsets, as quoted strings, or both.
Quoted = tuple["Span | str", ...]

ELEMENTS = ("source", "cue", "content", "addressee", "medium", "hedge")


class Attribution(NamedTuple):
    """A source holds a content towards which a cue signals speech, writing or thought.

    Elements are tuples of fragments (spans into the page's text), in order, possibly empty.
    """

    id: str
    content: Fragments = ()
    source: Fragments = ()
    cue: Fragments = ()
    cue_head: Fragments = ()
    addressee: Fragments = ()
    medium: Fragments = ()
    hedge: Fragments = ()
    quoted_fragments: Fragments = ()
    form: str | None = None
    channel: str | None = None
    polarity: str | None = None
    modality: str | None = None
    evidential: str | None = None
    no_comment: bool = False
    parent: str | None = None
    source_ids: tuple[str, ...] = ()
    statement: str | None = None


class QuotedAttribution(NamedTuple):
    """A predicted attribution before grounding: each element is a tuple of spans or strings."""

    id: str | None = None
    content: Quoted = ()
    source: Quoted = ()
    cue: Quoted = ()
    addressee: Quoted = ()
    medium: Quoted = ()
    hedge: Quoted = ()
    form: str | None = None
    channel: str | None = None
    polarity: str | None = None
    modality: str | None = None
    evidential: str | None = None
    no_comment: bool | None = None
    parent: str | None = None
    entity: tuple[str, ...] = ()


class Page(NamedTuple):
    """A page with its gold labels; a field that the gold does not carry is None (not an empty value)."""

    id: str
    text: str
    story: str | None = None
    story_title: str | None = None
    story_titles: tuple[str, ...] = ()
    aspect: str | None = None
    outlet: str | None = None
    country: str | None = None
    language: str | None = None
    genre: str | None = None
    template: str | None = None
    url: str | None = None
    html: str | None = None
    segments: tuple[Segment, ...] | None = None
    sources: tuple[Source, ...] | None = None
    attributions: tuple[Attribution, ...] | None = None
    topics: tuple[Topic, ...] | None = None
    metadata: Mapping[str, str | None] | None = None
    reference: Mapping[str, object] = {}
    #: The length of a text that was not loaded.
    characters: int | None = None

    @property
    def size(self) -> int:
        """Length of the text in code points."""
        return len(self.text) if self.characters is None else self.characters


class Prediction(NamedTuple):
    """What a system says of one page; a task that it does not answer is None (not an empty value)."""

    id: str
    main_text: str | None = None
    boilerplate: tuple[Segment, ...] | None = None
    attributions: tuple[QuotedAttribution, ...] | None = None
    topics: tuple[Topic, ...] | None = None
    story: str | None = None
    aspect: str | None = None
    story_title: str | None = None
    metadata: Mapping[str, str | None] | None = None
    error: str | None = None
