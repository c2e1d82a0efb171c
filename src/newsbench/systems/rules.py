"""Attributions by rules, in pure Python: no model, no training, the same answer every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsbench.systems.articletext import article_lines
from newsbench.systems.base import Fields, System

if TYPE_CHECKING:
    from newsbench.systems.attribution.draft import Draft
    from newsbench.types import Page

_ELEMENTS = ("source", "cue", "content", "addressee", "medium", "hedge")


class Rules(System):
    """Reporting verbs and phrases from a lexicon, quotation marks of all styles, dashes, noun phrases by word class.

    Works on the lines that look like the article (`newsbench.systems.articletext`), paragraph by paragraph: frames of
    each sentence (source, cue, addressee, medium, content to the right or left), quotations that go on without a frame,
    then who the sources are, and which attribution stands inside which. Written for English as newsrooms and
    translators write it; lower case and missing marks cost it much.
    """

    name = "rules"
    tasks = ("attributions",)
    description = "reporting verbs and phrases, quotation marks and noun phrases, by rules alone"

    def run(self, page: Page) -> Fields:
        """Return `attributions` with offsets, labels, parents and entities."""
        return {"attributions": attributions(page.text)}


def attributions(text: str, *, whole: bool = False) -> list[Fields]:
    """Return the attributions of a page's text, or of a text that is all article (`whole`), in reading order."""
    from newsbench.systems.attribution.paragraphs import State, read_headline, read_paragraph
    from newsbench.systems.attribution.sentences import clean

    lines = [] if whole else article_lines(text)
    places = [(line.start, line.end, line.kind) for line in lines] or _all_lines(text)
    state = State()
    heads = []
    for number, (start, end, kind) in enumerate(places):
        cleaned = clean(text, start, end)
        before = len(state.drafts)
        read_paragraph(cleaned, state)
        if (kind == "headline" or number < 2) and len(state.drafts) == before:
            heads.append(cleaned)
    names = frozenset(word.lower() for draft in state.drafts for word in draft.words("source").split()[-1:])
    for cleaned in heads:
        read_headline(cleaned, state, names=names)
    return _records(state.drafts)


def _all_lines(text: str) -> list[tuple[int, int, str]]:
    found = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            start = at + len(line) - len(line.lstrip())
            found.append((start, start + len(line.strip()), "paragraph"))
        at += len(line) + 1
    return found


def _records(drafts: list[Draft]) -> list[Fields]:
    from newsbench.systems.attribution.entities import resolve

    kept = {}
    for draft in drafts:
        spans = {element: draft.spans(element) for element in _ELEMENTS}
        if not (spans["content"] or draft.no_comment):
            continue
        kept.setdefault((tuple(spans["content"]), tuple(spans["cue"])), (draft, spans))
    ordered = sorted(kept.values(), key=lambda found: min(span for spans in found[1].values() for span in spans))
    labels = resolve([draft for draft, _ in ordered])
    records = []
    for number, ((draft, spans), label) in enumerate(zip(ordered, labels, strict=True), 1):
        record: Fields = {"id": f"a{number}"}
        for element, places in spans.items():
            if places:
                record[element] = [{"start": start, "end": end} for start, end in _merged(places)]
        record |= {
            "form": draft.form(), "channel": draft.channel, "polarity": draft.polarity, "modality": draft.modality,
            "evidential": draft.evidential, "no_comment": draft.no_comment,
        }  # fmt: skip
        if label is not None:
            record["entity"] = label
        records.append(record)
    _add_parents(records)
    return records


def _merged(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _add_parents(records: list[Fields]) -> None:
    """Name the attribution with the shortest content in which an attribution's content and cue stand."""

    def inside(inner: Fields, outer: Fields) -> bool:
        parts = [*inner.get("content", ()), *inner.get("cue", ())]
        return bool(parts) and all(
            any(span["start"] <= part["start"] and part["end"] <= span["end"] for span in outer.get("content", ()))
            for part in parts
        )

    def size(record: Fields) -> int:
        return sum(span["end"] - span["start"] for span in record.get("content", ()))

    for record in records:
        outer = [
            other for other in records if other is not record and size(other) > size(record) and inside(record, other)
        ]
        if outer:
            record["parent"] = min(outer, key=lambda other: (size(other), other["id"]))["id"]
