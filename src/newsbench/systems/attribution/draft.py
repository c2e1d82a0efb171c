"""An attribution while it is being put together, in token positions of one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsbench.systems.attribution.sentences import Token

Range = tuple[int, int]


@dataclass(slots=True)
class Draft:
    """Elements are lists of token ranges ``[start, stop)`` of `sentence`.

    `extra` are further contents, and `offsets` the places of the cleaned text's characters, both in the page's text.
    """

    sentence: Sequence[Token]
    offsets: list[int] = field(default_factory=list)
    source: list[Range] = field(default_factory=list)
    cue: list[Range] = field(default_factory=list)
    content: list[Range] = field(default_factory=list)
    addressee: list[Range] = field(default_factory=list)
    medium: list[Range] = field(default_factory=list)
    hedge: list[Range] = field(default_factory=list)
    extra: list[Range] = field(default_factory=list)
    channel: str = "speech"
    polarity: str = "asserted"
    modality: str = "actual"
    evidential: str = "plain"
    reported: bool = False
    no_comment: bool = False
    #: Where the frame (source, cue, addressee ...) begins; content to its left ends before.
    frame_start: int = 0
    #: A source elided or implied: the entity is that of another attribution.
    same_source: Draft | None = None
    #: The last quotation of the content lacks its closing mark.
    open_quote: bool = False

    def spans(self, element: str) -> list[Range]:
        """Return an element's ranges in the page's text, in order; what touches is one."""
        places = [(self.sentence[a].start, self.sentence[b - 1].end) for a, b in getattr(self, element) if a < b]
        found = [(self.offsets[start], self.offsets[end - 1] + 1) for start, end in places]
        if element == "content":
            found += self.extra
        return sorted(found)

    def words(self, element: str) -> str:
        """Return an element's words with single spaces."""
        return " ".join(token.text for a, b in getattr(self, element) for token in self.sentence[a:b])

    def form(self) -> str:
        """Tell direct, indirect, mixed and reported apart by where the quotation marks stand."""
        inside = [token for a, b in self.content for token in self.sentence[a:b]]
        quotes = [token for token in inside if token.kind == "quote"]
        rest = [token for token in inside if token.kind == "word" and token.lower != "that"]
        if (quotes or self.extra) and not rest:
            return "direct"
        if inside and inside[0].text in ("–", "—", "―", "-") and not quotes:
            return "direct"
        if self.reported:
            return "reported"
        return "mixed" if quotes else "indirect"
