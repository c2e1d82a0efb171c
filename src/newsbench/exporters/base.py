"""What exporters share: choosing layers, refusing pages that no format could hold, plain values of a page and back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from newsbench.gold import page_of
from newsbench.pagetable import SPAN_FIELDS
from newsbench.problems import InputError, Problem
from newsbench.types import Attribution, Page, Segment, Span, Topic

#: What can be exported of a page; `attributions` includes the sources.
LAYERS = ("segments", "attributions", "topics")
#: Labels of an attribution that have one value out of a few.
LABELS = ("form", "channel", "polarity", "modality", "evidential")
#: Where an attribution is shown that needs one place: at the first of these elements that it has.
ANCHORS = ("cue", "content", *(name for name in SPAN_FIELDS if name not in ("cue", "content")))

_PAGE_ID = re.compile(r"[a-z0-9][a-z0-9-]*")
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_ID = re.compile(r"[^\s\x00-\x1f\x7f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def prepare(
    pages: Iterable[Page], layers: Sequence[str], *, carried: Sequence[str], losses: Counter[str]
) -> Iterator[Page]:
    """Yield pages with the chosen layers only, and count what stays behind in `losses`.

    `carried` are the layers that the format has a place for. Errors: ValueError where none of the chosen layers is
    among them; InputError, after the last page, that names every span outside its text, every id that stands twice or
    fits no file name, and every label that is no plain name.
    """
    if unknown := [name for name in layers if name not in LAYERS]:
        raise ValueError(f"no layer {', '.join(map(repr, unknown))}; allowed: {', '.join(LAYERS)}")
    chosen = [name for name in carried if name in layers]
    if not chosen:
        raise ValueError(f"this format has no place for {', '.join(layers)}; it carries {', '.join(carried)}")
    problems: list[Problem] = []
    seen: set[str] = set()
    for page in pages:
        found = list(_faults(page))
        if page.id in seen:
            found.append(("id", "stands twice"))
        seen.add(page.id)
        if found or problems:
            problems.extend(Problem("gold", None, field, message, page.id) for field, message in found)
            continue
        for name in layers:
            if name not in chosen and getattr(page, name):
                losses[name] += len(getattr(page, name))
        if page.reference:
            losses["reference texts of pages"] += 1
        yield page._replace(
            html=None,
            reference={},
            sources=page.sources if "attributions" in chosen else None,
            **{name: getattr(page, name) if name in chosen else None for name in LAYERS},
        )
    if problems:
        raise InputError(problems)


def _faults(page: Page) -> Iterator[tuple[str, str]]:
    if not _PAGE_ID.fullmatch(page.id):
        yield "id", f"{page.id!r} is no page id; allowed: lower-case letters, digits and hyphens"
    if (place := _SURROGATE.search(page.text)) is not None:
        yield "text", f"half of a surrogate pair at {place.start()}, which no encoding can hold"
    for at, segment in enumerate(page.segments or ()):
        if not 0 <= segment.start < segment.end <= len(page.text):
            yield f"segments[{at}]", _outside(segment, page.text)
        if not _NAME.fullmatch(segment.type):
            yield f"segments[{at}].type", f"{segment.type!r} is no plain name"
    ids: set[str] = set()
    for at, attribution in enumerate(page.attributions or ()):
        field = f"attributions[{at}]"
        if not _ID.fullmatch(attribution.id):
            yield f"{field}.id", f"{attribution.id!r} has white space in it"
        if attribution.id in ids:
            yield f"{field}.id", f"{attribution.id!r} stands twice"
        ids.add(attribution.id)
        for name in SPAN_FIELDS:
            for part, span in enumerate(getattr(attribution, name)):
                if not 0 <= span.start < span.end <= len(page.text):
                    yield f"{field}.{name}[{part}]", _outside(span, page.text)
        for name in LABELS:
            value = getattr(attribution, name)
            if value is not None and not _NAME.fullmatch(value):
                yield f"{field}.{name}", f"{value!r} is no plain name"
    for at, attribution in enumerate(page.attributions or ()):
        if attribution.parent is not None and attribution.parent not in ids:
            yield f"attributions[{at}].parent", f"{attribution.parent!r} is no attribution of this page"


def _outside(span: Sequence[Any], text: str) -> str:
    return f"[{span[0]}, {span[1]}) is empty or outside the text; allowed: 0 to {len(text)}"


def facts_of(page: Page) -> dict[str, Any]:
    """Return what a page is beside its text and labels, as plain values, with the names of the layers it has."""
    found = {
        "id": page.id,
        "story": _some(id=page.story, title=page.story_title, titles=list(page.story_titles)),
        "aspect": _some(id=page.aspect),
        "outlet": _some(id=page.outlet, country=page.country),
        **{name: getattr(page, name) for name in ("language", "genre", "template", "url")},
        "metadata": None if page.metadata is None else dict(page.metadata),
        "sources": None if page.sources is None else list(map(_source_row, page.sources)),
    }
    kept = {name: value for name, value in found.items() if value is not None}
    return {**kept, "layers": [name for name in LAYERS if getattr(page, name) is not None]}


def _some(**values: Any) -> dict[str, Any] | None:
    return {name: value for name, value in values.items() if value} or None


def _source_row(source: Any) -> dict[str, Any]:
    row = {name: getattr(source, name) for name in ("id", "name", "kind", "naming", "entity")}
    return {name: value for name, value in row.items() if value is not None}


def features_of(attribution: Attribution) -> dict[str, Any]:
    """Return what an attribution is beside its spans, as plain values; what is not given is left out."""
    found = {name: getattr(attribution, name) for name in ("id", *LABELS, "parent", "statement")}
    found["no_comment"] = attribution.no_comment or None
    found["source_ids"] = list(attribution.source_ids) or None
    return {name: value for name, value in found.items() if value is not None}


def page_from(
    facts: Mapping[str, Any],
    text: str,
    *,
    segments: Iterable[Segment] = (),
    attributions: Iterable[tuple[Mapping[str, Any], Mapping[str, Iterable[Sequence[int]]]]] = (),
    topics: Iterable[Topic] = (),
) -> Page:
    """Put a page together again from its facts, text and labels; attributions are pairs of features and spans."""
    page = page_of({**facts, "text": text, "segments": None, "attributions": None, "topics": None})
    labels = {
        "segments": tuple(segments),
        "attributions": tuple(attribution_from(features, spans) for features, spans in attributions),
        "topics": tuple(topics),
    }
    return page._replace(**{name: labels[name] if name in facts["layers"] else None for name in LAYERS})


def attribution_from(features: Mapping[str, Any], spans: Mapping[str, Iterable[Sequence[int]]]) -> Attribution:
    """Put an attribution together again from its features and spans."""
    return Attribution(
        id=features["id"],
        no_comment=bool(features.get("no_comment")),
        source_ids=tuple(features.get("source_ids") or ()),
        **{name: features.get(name) for name in (*LABELS, "parent", "statement")},
        **{name: tuple(Span(start, end) for start, end in spans.get(name) or ()) for name in SPAN_FIELDS},
    )


def anchor_of(attribution: Attribution) -> str | None:
    """Return the element at which an attribution is shown, None where it has no span at all."""
    return next((name for name in ANCHORS if getattr(attribution, name)), None)


def count_facts(page: Page, losses: Counter[str]) -> None:
    """Count a page whose story, outlet, language or printed metadata a format has no place for."""
    if set(facts_of(page)) - {"id", "layers", "sources"}:
        losses["pages whose story, outlet, language or printed metadata"] += 1


def needs(module: str, package: str) -> Any:
    """Import a third party's package. Errors: ImportError that says what to install."""
    from importlib import import_module

    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise ImportError(f"this format needs {package}: pip install 'newsbench[export]'") from error
