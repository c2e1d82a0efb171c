"""W3C Web Annotation: ``<page>.jsonld`` (an AnnotationPage) beside ``<page>.txt``, the text that it selects from.

A segment, an element of an attribution and a topic are annotations with a tag as their body. A target has a
TextPositionSelector (code points, as the recommendation asks) and a TextQuoteSelector with 32 characters before and
after; a discontinuous element has a target for each fragment. An attribution is an annotation that links the
annotations of its elements, with its labels in terms of the project's own (``nb:``). Topics and what a page is beside
its text stand on the text as a whole.

Not carried: nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from newsbench.exporters.base import LAYERS, facts_of, features_of, page_from, prepare
from newsbench.pagetable import SPAN_FIELDS
from newsbench.problems import InputError, Problem
from newsbench.types import Attribution, Page, Segment, Topic

#: Characters quoted before and after a selection.
AROUND = 32
_TERMS = {
    "nb": "urn:newsbench:term:",
    "features": {"@id": "nb:features", "@type": "@json"},
    "facts": {"@id": "nb:facts", "@type": "@json"},
}
_CONTEXT = ["http://www.w3.org/ns/anno.jsonld", _TERMS]


def write(pages: Iterable[Page], folder: Path, *, layers: Sequence[str] = LAYERS) -> Counter[str]:
    """Write pages as texts with annotations and return what was left behind."""
    losses: Counter[str] = Counter()
    for page in prepare(pages, layers, carried=LAYERS, losses=losses):
        (folder / f"{page.id}.txt").write_text(page.text, encoding="utf-8", newline="")
        document = json.dumps(_annotation_page(page), ensure_ascii=False, indent=1)
        (folder / f"{page.id}.jsonld").write_text(document + "\n", encoding="utf-8", newline="")
    return losses


def _annotation_page(page: Page) -> dict[str, Any]:
    return {
        "@context": _CONTEXT,
        "id": f"urn:newsbench:page:{page.id}",
        "type": "AnnotationPage",
        "facts": facts_of(page),
        "items": list(_items(page)),
    }


def _items(page: Page) -> Iterator[dict[str, Any]]:
    base = f"urn:newsbench:page:{page.id}:"
    whole = f"{page.id}.txt"
    for number, segment in enumerate(page.segments or ()):
        target = [_target(page, segment)]
        yield _annotation(f"{base}segment:{number}", "classifying", [_tag("segment", segment.type)], target)
    for attribution in page.attributions or ():
        own = f"{base}attribution:{quote(attribution.id, safe='')}"
        elements = []
        for name in SPAN_FIELDS:
            if spans := getattr(attribution, name):
                elements.append(f"{own}:{name}")
                targets = [_target(page, span) for span in spans]
                yield _annotation(elements[-1], "identifying", [_tag("element", name)], targets)
        yield _attribution(base, own, attribution, elements or [whole])
    for number, topic in enumerate(page.topics or ()):
        body = [_tag("topic", topic.code), *([_tag("rank", "primary")] if topic.primary else [])]
        yield _annotation(f"{base}topic:{number}", "tagging", body, [whole])


def _annotation(name: str, motivation: str, body: Sequence[Any], target: Sequence[Any]) -> dict[str, Any]:
    return {"id": name, "type": "Annotation", "motivation": motivation, "body": list(body), "target": list(target)}


def _tag(kind: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "nb:kind": kind, "value": value}


def _attribution(base: str, own: str, attribution: Attribution, targets: Sequence[str]) -> dict[str, Any]:
    parent = attribution.parent
    body = [] if parent is None else [f"{base}attribution:{quote(parent, safe='')}"]
    return {**_annotation(own, "linking", body, targets), "features": features_of(attribution)}


def _target(page: Page, span: Sequence[Any]) -> dict[str, Any]:
    start, end = span[0], span[1]
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    passage = {
        "type": "TextQuoteSelector",
        "exact": page.text[start:end],
        "prefix": page.text[max(0, start - AROUND) : start],
        "suffix": page.text[end : end + AROUND],
    }
    scope = {} if page.url is None else {"scope": page.url}
    return {"type": "SpecificResource", "source": f"{page.id}.txt", **scope, "selector": [position, passage]}


def read(folder: Path) -> Iterator[Page]:
    """Yield the pages of an exported folder in order of their ids.

    Both selectors of a target must say the same. Errors: FileNotFoundError for a folder without .jsonld files;
    InputError that names every selector that does not fit the text.
    """
    files = sorted(folder.glob("*.jsonld"))
    if not files:
        raise FileNotFoundError(f"no *.jsonld in {folder}")
    for file in files:
        text = file.with_suffix(".txt").read_bytes().decode("utf-8")
        yield _read_page(file.name, json.loads(file.read_bytes()), text)


def _read_page(name: str, document: Mapping[str, Any], text: str) -> Page:
    problems: list[Problem] = []
    segments, topics, attributions = [], [], []
    elements: dict[str, tuple[str, list[tuple[int, int]]]] = {}
    for item in document["items"]:
        if item["motivation"] == "linking":
            linked = [elements[target] for target in item["target"] if target in elements]
            attributions.append((item["features"], dict(linked)))
            continue
        tags = {body["nb:kind"]: body["value"] for body in item["body"]}
        if "topic" in tags:
            topics.append(Topic(tags["topic"], "rank" in tags))
            continue
        spans = [_selected(target["selector"], text) for target in item["target"]]
        if None in spans:
            problems.append(Problem(name, None, item["id"], "its position and its quote do not fit the text"))
        elif "segment" in tags:
            segments.append(Segment(*spans[0], tags["segment"]))
        else:
            elements[item["id"]] = tags["element"], spans
    if problems:
        raise InputError(problems)
    return page_from(document["facts"], text, segments=segments, attributions=attributions, topics=topics)


def _selected(selectors: Iterable[Mapping[str, Any]], text: str) -> tuple[int, int] | None:
    """Return the range of a target, None where its selectors disagree."""
    by_type = {selector["type"]: selector for selector in selectors}
    position, passage = by_type["TextPositionSelector"], by_type["TextQuoteSelector"]
    start, end = position["start"], position["end"]
    fits = text[start:end] == passage["exact"] and text[:start].endswith(passage["prefix"])
    return (start, end) if fits and text[end:].startswith(passage["suffix"]) else None
