"""spaCy DocBin: ``pages-0001.spacy`` and so on, a thousand pages each, tokenised by spaCy's blank English pipeline.

``doc.spans`` has a group a layer: ``segments`` (label: the type) and one for each element of attributions (label: the
element, span id: the attribution's id). ``doc.user_data["newsbench"]`` holds all labels with their offsets in code
points, sources, topics, story, outlet, language and printed metadata; the reader takes the labels from there.

Not carried by ``doc.spans``, and counted: spans whose edges fall inside a token. They are left out there rather than
widened; their offsets stand in the user data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from newsbench.exporters.base import LAYERS, facts_of, features_of, needs, page_from, prepare
from newsbench.pagetable import SPAN_FIELDS
from newsbench.types import Page, Segment, Topic

#: Pages in one file.
SHARD = 1000
KEY = "newsbench"
OFF_TOKENS = "spans off token boundaries (kept in the user data)"


def write(pages: Iterable[Page], folder: Path, *, layers: Sequence[str] = LAYERS) -> Counter[str]:
    """Write pages as DocBins and return what was left behind. Errors: ImportError."""
    spacy, tokens = needs("spacy", "spaCy"), needs("spacy.tokens", "spaCy")
    losses: Counter[str] = Counter()
    tokenizer = _tokenizer(spacy)
    shards, bin_ = 0, tokens.DocBin(store_user_data=True)
    for page in prepare(pages, layers, carried=LAYERS, losses=losses):
        if len(bin_) == SHARD:
            shards += 1
            bin_.to_disk(folder / f"pages-{shards:04}.spacy")
            bin_ = tokens.DocBin(store_user_data=True)
        bin_.add(_doc_of(page, tokenizer, losses))
    bin_.to_disk(folder / f"pages-{shards + 1:04}.spacy")
    return losses


@cache
def _tokenizer(spacy: Any) -> Any:
    return spacy.blank("en").tokenizer


def _doc_of(page: Page, tokenizer: Any, losses: Counter[str]) -> Any:
    doc = tokenizer(page.text)
    groups: dict[str, list[Any]] = {}

    def add(layer: str, span: Sequence[Any], label: str, owner: str) -> None:
        found = doc.char_span(span[0], span[1], label=label, span_id=owner, alignment_mode="strict")
        if found is None:
            losses[OFF_TOKENS] += 1
        else:
            groups.setdefault(layer, []).append(found)

    for number, segment in enumerate(page.segments or ()):
        add("segments", segment, segment.type, f"segment-{number}")
    attributions = []
    for attribution in page.attributions or ():
        spans = {name: [list(span) for span in getattr(attribution, name)] for name in SPAN_FIELDS}
        attributions.append(
            {**features_of(attribution), "spans": {key: value for key, value in spans.items() if value}}
        )
        for name in SPAN_FIELDS:
            for span in getattr(attribution, name):
                add(name, span, name, attribution.id)
    for layer, found in groups.items():
        doc.spans[layer] = found
    doc.user_data[KEY] = {
        **facts_of(page),
        "segments": [list(segment) for segment in page.segments or ()],
        "attributions": attributions,
        "topics": [{"code": topic.code, "primary": topic.primary} for topic in page.topics or ()],
    }
    return doc


def read(folder: Path) -> Iterator[Page]:
    """Yield the pages of an exported folder, in order, read by spaCy. Errors: ImportError."""
    tokens = needs("spacy.tokens", "spaCy")
    vocabulary = needs("spacy.vocab", "spaCy").Vocab()
    for path in sorted(folder.glob("*.spacy")):
        for doc in tokens.DocBin().from_disk(path).get_docs(vocabulary):
            yield _page_of(doc)


def _page_of(doc: Any) -> Page:
    kept = doc.user_data[KEY]
    return page_from(
        kept,
        doc.text,
        segments=[Segment(*row) for row in kept["segments"]],
        attributions=[(row, row["spans"]) for row in kept["attributions"]],
        topics=[Topic(row["code"], row["primary"]) for row in kept["topics"]],
    )
