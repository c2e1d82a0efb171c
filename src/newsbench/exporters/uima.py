"""UIMA CAS: ``<page>.xmi`` a page and one ``TypeSystem.xml``, written through dkpro-cassis.

Types, in the name space ``newsbench``: `Segment` (its type in `kind`), `Element` (its place in an attribution in
`role`), `Attribution` (an annotation from its first to its last character; `elements`, labels, `parent`, `sourceIds`),
`Source`, `Topic`, and `Page`, whose `facts` hold story, outlet, language and printed metadata as JSON. Offsets are
counted in UTF-16 units in the file, as UIMA does.

Not carried, and counted: characters that XML 1.0 forbids (controls, U+FFFE, U+FFFF) become U+FFFD, one for one.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from newsbench.exporters.base import LABELS, LAYERS, facts_of, features_of, needs, page_from, prepare
from newsbench.pagetable import SOURCE_FIELDS, SPAN_FIELDS
from newsbench.types import Page, Segment, Topic

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STRING, _INTEGER, _BOOLEAN = "uima.cas.String", "uima.cas.Integer", "uima.cas.Boolean"
_TOP, _ANNOTATION = "uima.cas.TOP", "uima.tcas.Annotation"
#: Type -> (supertype, features). `number` keeps the order of what stands at the same place.
_TYPES = {
    "Page": (_TOP, {"id": _STRING, "facts": _STRING}),
    "Segment": (_ANNOTATION, {"kind": _STRING, "number": _INTEGER}),
    "Element": (_ANNOTATION, {"role": _STRING}),
    "Source": (_TOP, {**dict.fromkeys(SOURCE_FIELDS, _STRING), "number": _INTEGER}),
    "Topic": (_TOP, {"code": _STRING, "primary": _BOOLEAN, "number": _INTEGER}),
    "Attribution": (
        _ANNOTATION,
        {
            "id": _STRING,
            "number": _INTEGER,
            **dict.fromkeys((*LABELS, "statement"), _STRING),
            "noComment": _BOOLEAN,
            "sourceIds": "uima.cas.StringArray",
            "elements": "uima.cas.FSArray",
            "parent": "newsbench.Attribution",
        },
    ),
}


def write(pages: Iterable[Page], folder: Path, *, layers: Sequence[str] = LAYERS) -> Counter[str]:
    """Write pages as XMI with their type system and return what was left behind. Errors: ImportError."""
    cassis = needs("cassis", "dkpro-cassis")
    losses: Counter[str] = Counter()
    types = _type_system(cassis)
    types.to_xml(folder / "TypeSystem.xml")
    for page in prepare(pages, layers, carried=LAYERS, losses=losses):
        _Writer(cassis, types, losses).cas_of(page).to_xmi(folder / f"{page.id}.xmi", pretty_print=True)
    return losses


def _type_system(cassis: Any) -> Any:
    types = cassis.TypeSystem()
    made = {name: types.create_type(f"newsbench.{name}", above) for name, (above, _) in _TYPES.items()}
    for name, (_, features) in _TYPES.items():
        for feature, kind in features.items():
            element = made["Element"] if feature == "elements" else None
            types.create_feature(made[name], feature, kind, elementType=element)
    return types


class _Writer:
    """Turns one page into a CAS."""

    def __init__(self, cassis: Any, types: Any, losses: Counter[str]) -> None:
        self.cas = cassis.Cas(types)
        self.types = types
        self.losses = losses

    def clean(self, text: str) -> str:
        cleaned, many = _FORBIDDEN.subn("\ufffd", text)
        self.losses["characters that XML forbids"] += many
        return cleaned

    def new(self, kind: str, /, **features: Any) -> Any:
        values = {name: self.clean(value) if isinstance(value, str) else value for name, value in features.items()}
        return self.types.get_type(kind if "." in kind else f"newsbench.{kind}")(**values)

    def cas_of(self, page: Page) -> Any:
        self.cas.sofa_string = self.clean(page.text)
        self.cas.sofa_mime = "text/plain"
        facts = facts_of(page)
        sources = facts.pop("sources", None)
        facts["sources"] = sources is not None
        self.cas.add(self.new("Page", id=page.id, facts=json.dumps(facts)))
        for number, row in enumerate(sources or ()):
            self.cas.add(self.new("Source", number=number, **row))
        for number, topic in enumerate(page.topics or ()):
            self.cas.add(self.new("Topic", number=number, code=topic.code, primary=topic.primary))
        for number, (start, end, kind) in enumerate(page.segments or ()):
            self.cas.add(self.new("Segment", begin=start, end=end, kind=kind, number=number))
        self._add_attributions(page)
        return self.cas

    def _add_attributions(self, page: Page) -> None:
        made = {}
        for number, attribution in enumerate(page.attributions or ()):
            elements = [
                self.new("Element", begin=start, end=end, role=name)
                for name in SPAN_FIELDS
                for start, end in getattr(attribution, name)
            ]
            self.cas.add_all(elements)
            features = features_of(attribution)
            made[attribution.id] = self.new(
                "Attribution",
                begin=min((element.begin for element in elements), default=0),
                end=max((element.end for element in elements), default=0),
                number=number,
                noComment=attribution.no_comment,
                elements=self.new("uima.cas.FSArray", elements=elements),
                sourceIds=self.new("uima.cas.StringArray", elements=[*map(self.clean, attribution.source_ids)]),
                **{name: features[name] for name in ("id", *LABELS, "statement") if name in features},
            )
        for attribution in page.attributions or ():
            if attribution.parent is not None:
                made[attribution.id].parent = made[attribution.parent]
            self.cas.add(made[attribution.id])


def read(folder: Path) -> Iterator[Page]:
    """Yield the pages of an exported folder in order of their ids, read by dkpro-cassis. Errors: ImportError."""
    cassis = needs("cassis", "dkpro-cassis")
    with (folder / "TypeSystem.xml").open("rb") as file:
        types = cassis.load_typesystem(file)
    for path in sorted(folder.glob("*.xmi")):
        with path.open("rb") as file:
            yield _page_of(cassis.load_cas_from_xmi(file, typesystem=types))


def _page_of(cas: Any) -> Page:
    def found(kind: str) -> list[Any]:
        return sorted(cas.select(f"newsbench.{kind}"), key=lambda one: one.number)

    facts = json.loads(cas.select("newsbench.Page")[0].facts)
    rows = [{name: getattr(source, name) for name in SOURCE_FIELDS} for source in found("Source")]
    facts["sources"] = rows if facts["sources"] else None
    attributions = []
    for one in found("Attribution"):
        spans: dict[str, list[tuple[int, int]]] = {}
        for element in one.elements.elements if one.elements else ():
            spans.setdefault(element.role, []).append((element.begin, element.end))
        features = {name: getattr(one, name) for name in ("id", *LABELS, "statement")}
        features["no_comment"] = one.noComment
        features["parent"] = one.parent.id if one.parent else None
        features["source_ids"] = one.sourceIds.elements if one.sourceIds else ()
        attributions.append((features, spans))
    return page_from(
        facts,
        cas.sofa_string or "",
        segments=[Segment(one.begin, one.end, one.kind) for one in found("Segment")],
        attributions=attributions,
        topics=[Topic(one.code, bool(one.primary)) for one in found("Topic")],
    )
