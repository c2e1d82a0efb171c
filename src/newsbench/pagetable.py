"""Arrow schemas of every configuration of the dataset: the only place where columns and their types are listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow

SPLITS = ("train", "validation", "test")
SOURCE_FIELDS = ("id", "name", "kind", "naming", "entity")
SPAN_FIELDS = ("source", "cue", "cue_head", "content", "addressee", "medium", "hedge", "quoted_fragments")
METADATA_FIELDS = ("headline", "byline", "outlet", "country", "published")


def make_schemas() -> dict[str, pyarrow.Schema]:
    """Give the schema of each configuration by name.

    Offsets are int32 code points into `text` of the same page, half-open. `published` of `metadata` is an ISO date as
    text, since it is what the page prints; `published` of the page is a date.
    """
    import pyarrow as pa

    text, string, boolean, offset = pa.large_string(), pa.string(), pa.bool_(), pa.int32()
    strings = pa.list_(string)
    span = pa.struct([("start", offset), ("end", offset)])
    segments = pa.list_(pa.struct([("start", offset), ("end", offset), ("type", string)]))
    sources = pa.list_(pa.struct([(name, string) for name in SOURCE_FIELDS]))
    attributions = pa.list_(
        pa.struct(
            [
                ("id", string),
                *((name, pa.list_(span)) for name in SPAN_FIELDS),
                ("form", string),
                ("channel", string),
                ("polarity", string),
                ("modality", string),
                ("evidential", string),
                ("no_comment", boolean),
                ("parent", string),
                ("source_ids", strings),
                ("statement", string),
            ]
        )
    )
    topics = pa.list_(pa.struct([("code", string), ("primary", boolean)]))
    titled = pa.struct([("id", string), ("title", string)])
    pages = [
        ("id", string),
        ("story", pa.struct([("id", string), ("title", string), ("titles", strings)])),
        ("aspect", titled),
        ("places", strings),
        ("outlet", pa.struct([("id", string), ("name", string), ("country", string)])),
        ("language", string),
        ("published", pa.date32()),
        ("genre", string),
        ("url", string),
        ("view", string),
        ("template", string),
        ("html", text),
        ("text", text),
        ("segments", segments),
        ("boilerplate", segments),
        ("metadata", pa.struct([(name, string) for name in METADATA_FIELDS])),
        ("sources", sources),
        ("attributions", attributions),
        ("topics", topics),
        ("annotation", pa.struct([("annotators", strings), ("adjudicated", boolean)])),
    ]
    head = [("id", string), ("story", string), ("outlet", string)]
    columns = {
        "pages": pages,
        "boilerplate": [
            *head,
            ("html", text),
            ("text", text),
            ("segments", segments),
            ("boilerplate", segments),
        ],
        "attributions": [*head, ("text", text), ("sources", sources), ("attributions", attributions)],
        "topics": [*head, ("text", text), ("topics", topics)],
        "stories": [
            ("id", string),
            ("title", string),
            ("titles", strings),
            ("places", strings),
            ("date", pa.date32()),
            ("split", string),
            ("aspects", pa.list_(titled)),
            ("pages", strings),
        ],
        "outlets": [(name, string) for name in ("id", "name", "country", "language", "kind", "template")],
        "annotations": [
            ("id", string),
            ("annotator", string),
            ("sources", sources),
            ("attributions", attributions),
            ("topics", topics),
            ("genre", string),
            ("aspect", string),
            ("places", strings),
            ("boilerplate", segments),
        ],
    }
    return {name: pa.schema(fields) for name, fields in columns.items()}


def imported_schema() -> pyarrow.Schema:
    """Give the schema of imported pages: `pages`, and `reference` as the text of a JSON object.

    `reference` holds what the corpus says beside our labels: its own gold text, snippets, title, quality of the
    alignment. Its fields differ from corpus to corpus, hence JSON.
    """
    import pyarrow as pa

    return make_schemas()["pages"].append(pa.field("reference", pa.large_string()))


def reference_of(value: Any) -> Any:
    """Return `reference` as an object: Parquet holds it as JSON, JSON Lines as it is; an odd value stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
