"""The annotation of a take (or of an annotator's layer), in coordinates of its leaves, with every rule checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsbench.corpus.catalogue import Tables, story_ids
from newsbench.corpus.problems import Report
from newsbench.corpus.quotes import find_quoted
from newsbench.corpus.take import Piece, Take

ELEMENTS = ("source", "cue", "content", "addressee", "medium", "hedge")
FEATURES = {"channel": "speech", "polarity": "asserted", "modality": "actual", "evidential": "plain"}
MOST_TOPICS = 3

LeafSpan = tuple[int, int, int]  # leaf number, start, end in the leaf's text


@dataclass
class Attribution:
    """One attribution: its spans by element, the head of its cue, the quoted parts of a mixed content, its features."""

    id: str
    form: str
    source_ids: list[str]
    features: dict[str, str]
    no_comment: bool
    parent: str | None
    statement: str | None
    line: int
    spans: dict[str, list[LeafSpan]] = field(default_factory=lambda: {name: [] for name in ELEMENTS})
    cue_head: list[LeafSpan] = field(default_factory=list)
    quoted: list[LeafSpan] = field(default_factory=list)


@dataclass
class Annotation:
    """What one annotator (or the adjudication) says of a page.

    `page` holds an annotator's own judgement of genre, aspect and places, where the layer has one.
    """

    sources: list[dict]
    topics: list[dict]
    attributions: list[Attribution]
    page: dict = field(default_factory=dict)

    def spans(self) -> Iterator[LeafSpan]:
        """Give every span that has to be found in the rendered page."""
        for attribution in self.attributions:
            for fragments in attribution.spans.values():
                yield from fragments
            yield from attribution.cue_head
            yield from attribution.quoted


def is_annotated(take: Take) -> bool:
    """Tell whether a source page holds any annotation."""
    tables = any(take.root.find(name) is not None for name in ("sources", "topics", "attributions"))
    return tables or any(leaf.pieces for leaf in take.leaves)


def read_annotation(take: Take, tables: Tables, report: Report, *, story: dict | None = None) -> Annotation:
    """Read and check the annotation of a take; `story` is its brief, given for the gold alone.

    Fragments of one element that touch are merged. A layer (no `story`) may name neither entity nor statement.
    """
    root = take.root
    sources = _read_sources(root, story, report)
    topics = _read_topics(root, tables, report)
    attributions = _read_attributions(root, sources, story, report)
    by_id = {attribution.id: attribution for attribution in attributions}
    _place_pieces(take, tables, by_id, report)
    for attribution in attributions:
        _check_elements(take, attribution, by_id, report)
    return Annotation(sources, topics, attributions, _judged(root))


def _judged(root) -> dict:
    """Give what a layer says of its page; a layer without places repeats what the take says and judges nothing."""
    if root.get("places") is None:
        return {}
    return {"genre": root.get("genre"), "aspect": root.get("aspect"), "places": root.get("places").split()}


def _read_sources(root, story: dict | None, report: Report) -> list[dict]:
    sources = []
    people = story_ids(story, "people") if story is not None else []
    for element in root.iterfind("sources/source"):
        source = {key: element.get(key) for key in ("id", "name", "kind", "naming", "entity")}
        if any(source["id"] == other["id"] for other in sources):
            report.add(element.sourceline, f"source id {source['id']!r} is given twice")
        if source["entity"] is not None:
            if story is None:
                report.add(element.sourceline, f"source {source['id']!r}: entity stands in the gold only")
            elif source["entity"] not in people:
                report.add(
                    element.sourceline,
                    f"source {source['id']!r}: entity {source['entity']!r} is nobody in the "
                    f"brief; allowed are {', '.join(people) or 'none'}",
                )
        sources.append(source)
    used = {name for a in root.iterfind("attributions/attribution") for name in (a.get("source") or "").split()}
    for element in root.iterfind("sources/source"):
        if element.get("id") not in used:
            report.add(element.sourceline, f"source {element.get('id')!r} is used by no attribution")
    return sources


def _read_topics(root, tables: Tables, report: Report) -> list[dict]:
    elements = root.findall("topics/topic")
    line = elements[0].sourceline if elements else root.sourceline
    topics = [{"code": e.get("code"), "primary": e.get("primary") == "true"} for e in elements]
    primary = sum(topic["primary"] for topic in topics)
    if primary != 1:
        report.add(line, f"{primary} topics are primary; exactly one must be")
    if len(topics) > MOST_TOPICS:
        report.add(line, f"{len(topics)} topics; allowed are one primary and up to {MOST_TOPICS - 1} more")
    for element, code in zip(elements, (topic["code"] for topic in topics), strict=True):
        entry = tables.topics.get(code)
        if entry is None:
            report.add(element.sourceline, f"topic {code!r} is not in the pinned vocabulary (schema/topics.json)")
        elif entry["retired"]:
            report.add(element.sourceline, f"topic {code!r} ({entry['name']}) is retired; take one that is not")
    for code, count in Counter(topic["code"] for topic in topics).items():
        if count > 1:
            report.add(line, f"topic {code!r} is given {count} times")
    return sorted(topics, key=lambda topic: not topic["primary"])


def _read_attributions(root, sources: list[dict], story: dict | None, report: Report) -> list[Attribution]:
    known = [source["id"] for source in sources]
    statements = story_ids(story, "statements") if story is not None else []
    elements = root.findall("attributions/attribution")
    ids = [element.get("id") for element in elements]
    attributions, seen = [], set()
    for element in elements:
        name, line = element.get("id"), element.sourceline
        if name in seen:
            report.add(line, f"attribution id {name!r} is given twice")
            continue
        seen.add(name)
        source_ids = (element.get("source") or "").split()
        for source in source_ids:
            if source not in known:
                report.add(
                    line,
                    f"{name}: source {source!r} is not in <sources>; allowed are {', '.join(known) or 'none'}",
                )
        if len(set(source_ids)) < len(source_ids):
            report.add(line, f"{name}: source names the same id twice")
        parent, statement = element.get("parent"), element.get("statement")
        if parent is not None and parent not in ids:
            report.add(line, f"{name}: parent {parent!r} is no attribution; allowed are {', '.join(ids)}")
            parent = None
        if statement is not None:
            if story is None:
                report.add(line, f"{name}: statement stands in the gold only, not in a layer")
            elif statement not in statements:
                report.add(
                    line,
                    f"{name}: statement {statement!r} is not in the brief; allowed are "
                    f"{', '.join(statements) or 'none'}",
                )
        features = {key: element.get(key) or default for key, default in FEATURES.items()}
        attributions.append(
            Attribution(
                name,
                element.get("form"),
                source_ids,
                features,
                element.get("no_comment") == "true",
                parent,
                statement,
                line,
            )
        )
    _check_cycles(attributions, report)
    return attributions


def _check_cycles(attributions: list[Attribution], report: Report) -> None:
    parents = {a.id: a.parent for a in attributions}
    for attribution in attributions:
        path, current = [attribution.id], attribution.parent
        while current is not None and current not in path:
            path.append(current)
            current = parents.get(current)
        if current == attribution.id:
            circle = " > ".join([*path, current])
            report.add(attribution.line, f"{attribution.id}: parent leads round in a circle: {circle}")
            attribution.parent = None


def _place_pieces(take: Take, tables: Tables, by_id: dict[str, Attribution], report: Report) -> None:
    """Hand each annotated stretch to its attributions, and merge those that touch."""
    content = tables.types("content")
    for leaf in take.leaves:
        for piece in leaf.pieces:
            tag = f"<{piece.role}" + (f' of="{" ".join(piece.of)}">' if piece.of else ">")
            if piece.start >= piece.end:
                report.add(piece.line, f"{tag} holds no text")
                continue
            if leaf.segment not in content:
                report.add(
                    piece.line,
                    f"{tag} stands in a {leaf.segment}; annotation stands in content segments only: "
                    f"{', '.join(sorted(content))}",
                )
            if piece.role == "head" and not piece.of:
                report.add(piece.line, "<head> stands in no <cue>; it marks the lexical word of one")
            for name in piece.of:
                if name not in by_id:
                    report.add(
                        piece.line,
                        f"{tag}: there is no <attribution id={name!r}>; allowed are {', '.join(by_id) or 'none'}",
                    )
                    continue
                _spans_of(by_id[name], piece).append((piece.leaf, piece.start, piece.end))
    for attribution in by_id.values():
        for role, fragments in attribution.spans.items():
            attribution.spans[role] = _merge(take, fragments)
        attribution.quoted = _merge(take, attribution.quoted)


def _spans_of(attribution: Attribution, piece: Piece) -> list[LeafSpan]:
    if piece.role == "head":
        return attribution.cue_head
    return attribution.quoted if piece.role == "quoted" else attribution.spans[piece.role]


def _merge(take: Take, fragments: list[LeafSpan]) -> list[LeafSpan]:
    merged: list[LeafSpan] = []
    for leaf, start, end in sorted(fragments):
        if merged and merged[-1][0] == leaf and not take.leaves[leaf].text[merged[-1][2] : start].strip():
            merged[-1] = (leaf, merged[-1][1], max(end, merged[-1][2]))
        else:
            merged.append((leaf, start, end))
    return merged


def _check_elements(take: Take, attribution: Attribution, by_id: dict[str, Attribution], report: Report) -> None:
    name, line, spans = attribution.id, attribution.line, attribution.spans
    if not any(spans.values()):
        report.add(line, f"{name}: nothing in the article is of={name!r}")
        return
    if not spans["content"] and not attribution.no_comment:
        report.add(line, f'{name}: has no <content>; allowed only with no_comment="true"')
    _check_head(take, attribution, report)
    if attribution.form == "mixed":
        _check_mixed(take, attribution, report)
    elif attribution.quoted:
        report.add(line, f"{name}: <quoted> is for form mixed; this one is {attribution.form}")
        attribution.quoted = []
    if attribution.parent is not None:
        outer = by_id[attribution.parent].spans["content"]
        for role in ("content", "cue"):
            for span in spans[role]:
                if not any(_inside(span, other) for other in outer):
                    report.add(
                        line,
                        f"{name}: {role} {_words(take, span)!r} stands outside the content of its parent "
                        f"{attribution.parent}",
                    )


def _check_head(take: Take, attribution: Attribution, report: Report) -> None:
    name, cue, heads = attribution.id, attribution.spans["cue"], attribution.cue_head
    words = [word for span in cue for word in take.leaves[span[0]].text[span[1] : span[2]].split()]
    if len(heads) > 1 or (not heads and len(words) > 1):
        report.add(
            attribution.line,
            f"{name}: the cue {' '.join(words)!r} has {len(heads)} <head>s; a cue of several words has exactly one",
        )
        attribution.cue_head = heads[:1]
    elif not heads:
        attribution.cue_head = list(cue)
    for head in heads:
        if len(_words(take, head).split()) != 1:
            report.add(attribution.line, f"{name}: the head {_words(take, head)!r} must be one word")
        if not any(_inside(head, span) for span in cue):
            report.add(attribution.line, f"{name}: the head {_words(take, head)!r} stands outside its cue")


def _check_mixed(take: Take, attribution: Attribution, report: Report) -> None:
    content = attribution.spans["content"]
    for span in attribution.quoted:
        if not any(_inside(span, other) for other in content):
            words = _words(take, span)
            report.add(attribution.line, f"{attribution.id}: <quoted> {words!r} stands outside its content")
    if not attribution.quoted:
        attribution.quoted = [
            (leaf, start + first, start + last)
            for leaf, start, end in content
            for first, last in find_quoted(take.leaves[leaf].text[start:end])
        ]
    quoted = {(leaf, place) for leaf, start, end in attribution.quoted for place in range(start, end)}
    inside = outside = False
    for leaf, start, end in content:
        for place in range(start, end):
            if re.match(r"\w", take.leaves[leaf].text[place]):
                inside, outside = inside or (leaf, place) in quoted, outside or (leaf, place) not in quoted
    if content and not (inside and outside):
        missing = "quoted part (form indirect, or <quoted>?)"
        if inside:
            missing = "part outside quotation marks (form direct?)"
        report.add(attribution.line, f"{attribution.id}: form mixed, but its content has no {missing}")


def _inside(inner: LeafSpan, outer: LeafSpan) -> bool:
    return inner[0] == outer[0] and outer[1] <= inner[1] and inner[2] <= outer[2]


def _words(take: Take, span: LeafSpan) -> str:
    return take.leaves[span[0]].text[span[1] : span[2]]
