"""Attributions as the labelled spans that scorers of named entities know: a set of (start, end, label)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsbench.grounding import Grounder
from newsbench.metrics.pagewords import types_of
from newsbench.spans import union

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

LABELS = ("source", "cue", "content")

#: How attributions become entities; part of the formula of each metric.
AS_ENTITIES = (
    "entities are the fragments of the source, cue and content spans, labelled so; a span that several attributions "
    "share is one entity"
)


class Entity(NamedTuple):
    """A half-open range of the page's text with a label."""

    start: int
    end: int
    label: str


def applies(page: Page) -> bool:
    """Say whether a page's gold has attributions."""
    return page.attributions is not None


def gold_entities(page: Page) -> list[Entity]:
    """Return the gold entities of a page, by place and label."""
    return sorted(
        {
            Entity(start, end, label)
            for gold in page.attributions or ()
            for label in LABELS
            for start, end in union(getattr(gold, label))
        }
    )


class Reader:
    """Reads the predicted entities of one page, strings found in its text."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._grounder: Grounder | None = None

    def entities(self, prediction: Prediction | None) -> tuple[list[Entity], list[str]]:
        """Return entities by place and label, and the labels of strings that the text does not hold, each once."""
        found: set[Entity] = set()
        missing: set[tuple[str, str]] = set()
        in_strings = []
        for quoted in (prediction.attributions if prediction is not None else None) or ():
            parts = {label: getattr(quoted, label) for label in LABELS}
            if any(isinstance(part, str) for given in parts.values() for part in given):
                in_strings.append(quoted)
            else:
                for label, spans in parts.items():
                    found.update(Entity(start, end, label) for start, end in union(spans))
        for grounded in self._ground().ground(in_strings) if in_strings else ():
            for label in LABELS:
                found.update(Entity(start, end, label) for start, end in grounded[label].fragments)
                missing.update((label, string) for string in grounded[label].missing)
        return sorted(found), sorted(label for label, _ in missing)

    def _ground(self) -> Grounder:
        if self._grounder is None:
            content = types_of("content") if self._page.segments else ()
            article = [(s.start, s.end) for s in self._page.segments or () if s.type in content]
            self._grounder = Grounder(self._page.text, article)
        return self._grounder
