"""Compiled pages as rows of the dataset's configurations (plain dicts, columns as in `pagetable`)."""

from __future__ import annotations

import datetime

from newsbench.corpus.annotation import FEATURES, Annotation, Attribution
from newsbench.corpus.catalogue import Catalogue, Tables
from newsbench.corpus.corpus import SourcePage
from newsbench.corpus.page import CompiledPage
from newsbench.pagetable import METADATA_FIELDS, SOURCE_FIELDS, SPLITS

Rows = dict[str, dict[str, list[dict]]]  # configuration -> split -> rows


def make_page_row(source: SourcePage, page: CompiledPage, catalogue: Catalogue, tables: Tables) -> dict:
    """Make the row of `pages`; a page that nobody has annotated has null sources, attributions and topics."""
    take = source.take
    story, outlet = catalogue.stories[take.story], catalogue.outlets[take.outlet]
    aspects = {str(aspect["id"]): aspect.get("title") for aspect in story.get("aspects") or ()}
    segments = [{"start": start, "end": end, "type": kind} for start, end, kind in page.segments]
    boilerplate = tables.types("boilerplate")
    annotators = sorted(source.layers) or (["a"] if source.gold is not None else [])
    row = {
        "id": take.id,
        "story": {"id": take.story, "title": story["title"], "titles": list(story["titles"])},
        "aspect": None if take.aspect is None else {"id": take.aspect, "title": aspects.get(take.aspect)},
        "places": list(story["places"]),
        "outlet": {key: outlet[key] for key in ("id", "name", "country")},
        "language": take.language,
        "published": datetime.date.fromisoformat(take.published),
        "genre": take.genre,
        "url": page.url,
        "view": page.view,
        "template": page.template,
        "html": page.html,
        "text": page.text,
        "segments": segments,
        "boilerplate": [segment for segment in segments if segment["type"] in boilerplate],
        "metadata": {name: page.metadata.get(name) for name in METADATA_FIELDS},
        "annotation": {
            "annotators": annotators,
            "adjudicated": source.gold is not None and len(source.layers) > 1,
        },
    }
    return row | make_annotation_row(source.gold, page)


def make_annotation_row(annotation: Annotation | None, page: CompiledPage) -> dict:
    """Make the columns `sources`, `attributions` and `topics`, with offsets into the page's text."""
    if annotation is None:
        return {"sources": None, "attributions": None, "topics": None}
    return {
        "sources": [{name: source[name] for name in SOURCE_FIELDS} for source in annotation.sources],
        "attributions": [_attribution_row(attribution, page) for attribution in annotation.attributions],
        "topics": [dict(topic) for topic in annotation.topics],
    }


def _attribution_row(attribution: Attribution, page: CompiledPage) -> dict:
    def place(spans) -> list[dict]:
        return [{"start": start, "end": end} for start, end in sorted(page.place(span) for span in spans)]

    return {
        "id": attribution.id,
        **{role: place(spans) for role, spans in attribution.spans.items()},
        "cue_head": place(attribution.cue_head),
        "quoted_fragments": place(attribution.quoted),
        "form": attribution.form,
        **{name: attribution.features[name] for name in FEATURES},
        "no_comment": attribution.no_comment,
        "parent": attribution.parent,
        "source_ids": list(attribution.source_ids),
        "statement": attribution.statement,
    }


def make_rows(
    sources: list[SourcePage], compiled: dict[str, CompiledPage], catalogue: Catalogue, tables: Tables
) -> Rows:
    """Make the rows of all configurations by split, each list in order of id; splits without a page are left out."""
    rows: Rows = {}

    def put(configuration: str, split: str, row: dict) -> None:
        rows.setdefault(configuration, {}).setdefault(split, []).append(row)

    present = [s for s in SPLITS if any(catalogue.stories[source.take.story]["split"] == s for source in sources)]
    for configuration in (
        "pages",
        "boilerplate",
        "attributions",
        "topics",
        "stories",
        "outlets",
        "annotations",
    ):
        rows[configuration] = {split: [] for split in present}
    for source in sorted(sources, key=lambda source: source.take.id):
        page = compiled[source.take.id]
        split = catalogue.stories[source.take.story]["split"]
        row = make_page_row(source, page, catalogue, tables)
        head = {"id": row["id"], "story": row["story"]["id"], "outlet": row["outlet"]["id"]}
        put("pages", split, row)
        put(
            "boilerplate",
            split,
            head | {key: row[key] for key in ("html", "text", "segments", "boilerplate")},
        )
        put("attributions", split, head | {key: row[key] for key in ("text", "sources", "attributions")})
        put("topics", split, head | {key: row[key] for key in ("text", "topics")})
        for annotator, layer in sorted(source.layers.items()):
            row = {"id": source.take.id, "annotator": annotator}
            judged = {name: layer.page.get(name) for name in ("genre", "aspect", "places")}
            opinion = source.dropped.get(annotator)
            judged["boilerplate"] = (
                None
                if opinion is None
                else [{"start": start, "end": end, "type": "other_boilerplate"} for start, end in opinion]
            )
            put("annotations", split, row | make_annotation_row(layer, page) | judged)
    _put_stories(rows, catalogue)
    _put_outlets(rows, catalogue)
    return rows


def _put_stories(rows: Rows, catalogue: Catalogue) -> None:
    for split, pages in rows["pages"].items():
        members: dict[str, list[str]] = {}
        for page in pages:
            members.setdefault(page["story"]["id"], []).append(page["id"])
        for name, ids in sorted(members.items()):
            story = catalogue.stories[name]
            rows["stories"][split].append({
                "id": name, "title": story["title"], "titles": list(story["titles"]), "places": list(story["places"]),
                "date": datetime.date.fromisoformat(str(story["date"])), "split": split, "pages": ids,
                "aspects": [{"id": str(a["id"]), "title": a.get("title")} for a in story.get("aspects") or ()],
            })  # fmt: skip


def _put_outlets(rows: Rows, catalogue: Catalogue) -> None:
    for split, pages in rows["pages"].items():
        for name in sorted({page["outlet"]["id"] for page in pages}):
            outlet = catalogue.outlets[name]
            row = {key: outlet[key] for key in ("id", "name", "country", "language", "kind")}
            rows["outlets"][split].append(row | {"template": outlet["family"]})
