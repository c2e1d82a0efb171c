"""Label Studio: ``tasks.json`` (tasks with annotations) and ``label_config.xml``, the labelling interface to import it.

Segments and elements of attributions are regions of the text. The first region of an attribution (at its cue, or at
another element where there is none) carries its labels as choices and its id, statement and source ids as text; it is
related to the attribution's other regions by ``attribution`` and to its parent by ``parent``. Topics are choices of the
whole task. What a page is beside its text and labels stands in the task's data. Offsets are code points, as Label
Studio stores them.

Not carried, and counted: an attribution without any span.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from newsbench.exporters.base import ANCHORS, LABELS, LAYERS, anchor_of, facts_of, features_of, page_from, prepare
from newsbench.pagetable import SPAN_FIELDS
from newsbench.resources import table
from newsbench.types import Attribution, Page, Segment, Span, Topic
from newsbench.vocabulary import concepts

_TEXTS = ("attribution_id", "statement", "source_ids")


def write(pages: Iterable[Page], folder: Path, *, layers: Sequence[str] = LAYERS) -> Counter[str]:
    """Write tasks and the labelling interface and return what was left behind."""
    losses: Counter[str] = Counter()
    types, codes = dict.fromkeys(table("segments")["types"]), dict.fromkeys(concepts())
    with (folder / "tasks.json").open("w", encoding="utf-8", newline="") as file:
        file.write("[")
        for number, page in enumerate(prepare(pages, layers, carried=LAYERS, losses=losses)):
            file.write(",\n" if number else "\n")
            json.dump(_task(page, losses), file, ensure_ascii=False)
            types.update(dict.fromkeys(segment.type for segment in page.segments or ()))
            codes.update(dict.fromkeys(topic.code for topic in page.topics or ()))
        file.write("\n]\n")
    (folder / "label_config.xml").write_text(_interface(types, codes), encoding="utf-8", newline="")
    return losses


def _task(page: Page, losses: Counter[str]) -> dict[str, Any]:
    results = []
    for at, segment in enumerate(page.segments or ()):
        results.append(_region(f"segment-{at}", "segments", page.text, segment[:2], segment.type))
    shown = [attribution for attribution in page.attributions or () if anchor_of(attribution) is not None]
    losses["attributions without a span"] += len(page.attributions or ()) - len(shown)
    anchors = {attribution.id: f"{attribution.id}.{anchor_of(attribution)}.0" for attribution in shown}
    for attribution in shown:
        results.extend(_attribution(page.text, attribution, anchors, losses))
    for name, primary in (("primary_topic", True), ("topics", False)):
        if found := [topic.code for topic in page.topics or () if topic.primary is primary]:
            results.append(_result("choices", name, {"choices": found}, id=f"{name}-0"))
    annotation = {"result": results, "ground_truth": True}
    return {"data": {"text": page.text, "page": facts_of(page)}, "annotations": [annotation]}


def _result(kind: str, name: str, value: Mapping[str, Any], **others: Any) -> dict[str, Any]:
    return {**others, "from_name": name, "to_name": "text", "type": kind, "value": dict(value)}


def _region(name: str, layer: str, text: str, span: Sequence[int], label: str) -> dict[str, Any]:
    value = {"start": span[0], "end": span[1], "text": text[span[0] : span[1]], "labels": [label]}
    return _result("labels", layer, value, id=name)


def _attribution(
    text: str, attribution: Attribution, anchors: Mapping[str, str], losses: Counter[str]
) -> Iterator[dict[str, Any]]:
    anchor = anchors[attribution.id]
    place: dict[str, Any] = {}
    others = []
    for element in ANCHORS:
        for at, span in enumerate(getattr(attribution, element)):
            name = f"{attribution.id}.{element}.{at}"
            yield _region(name, "elements", text, span, element)
            place = place or {"start": span.start, "end": span.end}
            if name != anchor:
                others.append(name)
    features = features_of(attribution)
    for label in LABELS:
        if label in features:
            yield _result("choices", label, {**place, "choices": [features[label]]}, id=anchor)
    if attribution.no_comment:
        yield _result("choices", "no_comment", {**place, "choices": ["no_comment"]}, id=anchor)
    texts = {"attribution_id": [attribution.id], "source_ids": list(attribution.source_ids)}
    texts["statement"] = [] if attribution.statement is None else [attribution.statement]
    for name in _TEXTS:
        if texts[name]:
            yield _result("textarea", name, {**place, "text": texts[name]}, id=anchor)
    for other in others:
        yield _relation(anchor, other, "attribution")
    if attribution.parent in anchors:
        yield _relation(anchor, anchors[attribution.parent], "parent")
    elif attribution.parent is not None:
        losses["parents without a span"] += 1


def _relation(source: str, target: str, label: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": source, "to_id": target, "direction": "right", "labels": [label]}


def _interface(types: Iterable[str], codes: Iterable[str]) -> str:
    """Return the labelling interface, with all types, elements, values and topics that there are."""
    known = table("page.schema")["$defs"]["attribution"]["properties"]

    def tag(name: str, attributes: Mapping[str, str], inner: Iterable[str] = ()) -> str:
        head = name + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        lines = "".join(f"  {line}\n" for part in inner for line in part.splitlines())
        return f"<{head}>\n{lines}</{name}>" if lines else f"<{head}/>"

    def choices(name: str, values: Iterable[Mapping[str, str]], **others: str) -> str:
        return tag("Choices", {"name": name, "toName": "text", **others}, [tag("Choice", value) for value in values])

    names = concepts()
    topics = [{"value": f"{names[code]['name']} ({code})" if code in names else code, "alias": code} for code in codes]
    parts = [
        tag("Labels", {"name": "segments", "toName": "text"}, [tag("Label", {"value": name}) for name in types]),
        tag("Labels", {"name": "elements", "toName": "text"}, [tag("Label", {"value": name}) for name in SPAN_FIELDS]),
        tag("Relations", {}, [tag("Relation", {"value": name}) for name in ("attribution", "parent")]),
        tag("Text", {"name": "text", "value": "$text"}),
        *(
            choices(name, [{"value": value} for value in known[name]["enum"] if value], perRegion="true")
            for name in LABELS
        ),
        choices("no_comment", [{"value": "no_comment"}], perRegion="true"),
        *(tag("TextArea", {"name": name, "toName": "text", "perRegion": "true"}) for name in _TEXTS),
        choices("primary_topic", topics, choice="single", layout="select"),
        choices("topics", topics, choice="multiple", layout="select"),
    ]
    return tag("View", {}, parts) + "\n"


def read(folder: Path) -> Iterator[Page]:
    """Yield the pages of ``tasks.json``, by Label Studio's documented form of tasks; the first annotation counts.

    Where a region was added by hand without a relation, it belongs to no attribution and is left out.
    """
    for task in json.loads((folder / "tasks.json").read_bytes()):
        yield _read_task(task)


def _read_task(task: Mapping[str, Any]) -> Page:
    regions: dict[str, tuple[str, str, Span]] = {}
    features: dict[str, dict[str, Any]] = {}
    related: dict[str, list[str]] = {}
    parents: dict[str, str] = {}
    topics: list[Topic] = []
    for result in task["annotations"][0]["result"]:
        if result["type"] == "relation":
            if result["labels"] == ["parent"]:
                parents[result["from_id"]] = result["to_id"]
            else:
                related.setdefault(result["from_id"], []).append(result["to_id"])
            continue
        name, value = result["from_name"], result["value"]
        if result["type"] == "labels":
            regions[result["id"]] = name, value["labels"][0], Span(value["start"], value["end"])
        elif name in ("primary_topic", "topics"):
            topics.extend(Topic(code, name == "primary_topic") for code in value["choices"])
        elif name == "source_ids":
            features.setdefault(result["id"], {})[name] = value["text"]
        elif name == "no_comment":
            features.setdefault(result["id"], {})[name] = True
        else:
            key = "id" if name == "attribution_id" else name
            features.setdefault(result["id"], {})[key] = (value.get("choices") or value["text"])[0]
    segments = [Segment(*span, label) for layer, label, span in regions.values() if layer == "segments"]
    attributions = []
    for anchor, found in features.items():
        spans: dict[str, list[Span]] = {}
        for region in (anchor, *related.get(anchor, ())):
            _, element, span = regions[region]
            spans.setdefault(element, []).append(span)
        if anchor in parents:
            found["parent"] = features[parents[anchor]]["id"]
        attributions.append((found, spans))
    data = task["data"]
    return page_from(data["page"], data["text"], segments=segments, attributions=attributions, topics=topics)
