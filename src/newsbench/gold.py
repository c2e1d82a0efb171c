"""Gold pages: from the packaged dataset, or from anywhere else in the same schema."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from newsbench.dataset import SPLITS, check_split, manifest, read_config, read_parquet, sha256_of, version_folder
from newsbench.files import check_regular
from newsbench.metrics.pagewords import segment_types
from newsbench.pagetable import reference_of
from newsbench.problems import InputError, Problem
from newsbench.schema import faults, jsonable
from newsbench.types import (
    ELEMENTS,
    Attribution,
    Page,
    Segment,
    Source,
    Span,
    Topic,
)
from newsbench.workers import meanwhile

# What each task needs of a page; the rest (html above all) is left on disk.
_ALWAYS = ("id", "story", "outlet", "language", "genre", "template")
TASK_COLUMNS = {
    "boilerplate": ("text", "segments", "reference"),
    "attributions": ("text", "segments", "sources", "attributions"),
    "topics": ("topics",),
    "stories": ("aspect",),
    "titles": (),
    "metadata": ("metadata",),
}

_SPAN_LISTS = ("source", "cue", "cue_head", "content", "addressee", "medium", "hedge", "quoted_fragments")
_LABELS = ("form", "channel", "polarity", "modality", "evidential", "parent", "statement")


class Gold(NamedTuple):
    """Gold pages and what identifies them: name, version, hash, split, path."""

    pages: list[Page]
    meta: dict[str, Any]


def columns_for(tasks: Iterable[str]) -> list[str]:
    """Return the columns of a page that scoring some tasks needs."""
    found = dict.fromkeys(_ALWAYS)
    for task in tasks:
        found.update(dict.fromkeys(TASK_COLUMNS[task]))
    return list(found)


class GoldFile(NamedTuple):
    """A file of gold pages and its SHA-256."""

    path: Path
    sha256: str


def gold_files(
    source: str | Path | None = None, *, split: str | None = "test", version: str | None = None
) -> list[GoldFile]:
    """Return the files of gold pages: of the packaged dataset, one file, or those of a folder.

    `split` chooses among a dataset's splits, packaged or in a folder; elsewhere it is ignored. Errors:
    FileNotFoundError that says what was expected; ValueError for an unknown split or version.
    """
    check_split(split)
    if source is None:
        place = version_folder(version)
        listed = [entry for entry in manifest(version)["files"] if entry["configuration"] == "pages"]
        chosen = [entry for entry in listed if split in (None, entry["split"])]
        files = _hashed([place / entry["path"] for entry in chosen])
        changed = [file.path.name for file, entry in zip(files, chosen, strict=True) if file.sha256 != entry["sha256"]]
        if changed:
            raise ValueError(f"{place}: {', '.join(changed)} is not what MANIFEST.json says; install the package again")
        return files
    return _hashed(_gold_files(Path(source), split))


def _hashed(paths: Sequence[Path]) -> list[GoldFile]:
    """Hash files; the reader of Parquet, which is wanted next, is loaded meanwhile."""
    with meanwhile(lambda: [sha256_of(path) for path in paths]) as hashes:
        if any(path.suffix == ".parquet" for path in paths):
            import pyarrow.parquet  # noqa: F401
        return [GoldFile(path, found) for path, found in zip(paths, hashes(), strict=True)]


def gold_meta(
    source: str | Path | None, files: Sequence[GoldFile], *, split: str | None, version: str | None = None
) -> dict[str, Any]:
    """Return what identifies gold pages: name, version, hash, split."""
    if source is None:
        place = version_folder(version)
        listed = manifest(version)
        digest = hashlib.sha256((place / "MANIFEST.json").read_bytes()).hexdigest()
        return {"name": listed["name"], "version": listed["version"], "sha256": digest, "split": split or "all"}
    path = Path(source)
    inside = path.is_dir() and files[0].path.stem in SPLITS
    digest = hashlib.sha256("".join(file.sha256 for file in files).encode()).hexdigest()
    name = path.name if path.is_dir() else path.stem
    return {"name": name, "version": "local", "sha256": digest, "split": (split or "all") if inside else "all"}


def load_gold(
    source: str | Path | None = None,
    *,
    split: str | None = "test",
    version: str | None = None,
    columns: Sequence[str] | None = None,
) -> Gold:
    """Read gold pages: the packaged dataset, a Parquet file, a folder of them, or JSON Lines in the page schema.

    `columns` are those of the page schema to read (default: all). Errors: those of `gold_files`, and ValueError for a
    line that is no page.
    """
    files = gold_files(source, split=split, version=version)
    pages = [page for file in files for page in _pages_of_file(file.path, columns)]
    if source is not None:
        check_pages(pages)
    return Gold(pages, {**gold_meta(source, files, split=split, version=version), "pages": len(pages)})


def _gold_files(path: Path, split: str | None) -> list[Path]:
    if path.is_file():
        return [path]
    check_regular(path)
    if not path.is_dir():
        raise FileNotFoundError(f"no gold at {path}: expected a Parquet file, a folder of them, or JSON Lines")
    place = path / "pages" if (path / "pages").is_dir() else path
    files = sorted([*place.glob("*.parquet"), *place.glob("*.jsonl")])
    if not files:
        raise FileNotFoundError(f"no *.parquet or *.jsonl in {place}")
    splits = [file for file in files if file.stem in SPLITS]
    if len(splits) == len(files) and split is not None:
        check_split(split)
        files = [file for file in files if file.stem == split]
        if not files:
            raise FileNotFoundError(f"no split {split!r} in {place}: there are {', '.join(f.stem for f in splits)}")
    return files


def _pages_of_file(path: Path, columns: Sequence[str] | None) -> Iterator[Page]:
    if path.suffix == ".parquet":
        table = read_parquet(path, columns)
        if "id" not in table.column_names:
            raise InputError([Problem(path.name, None, "id", "is no column of this file; a page has an id")])
        rows: Iterator[Any] = (row for batch in table.to_batches(max_chunksize=256) for row in batch.to_pylist())
        for number, row in enumerate(rows, 1):
            yield _page_of_row(path, number, row)
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise InputError([Problem(path.name, number, "", f"no JSON: {error}")]) from error
            if not isinstance(row, dict) or "id" not in row or "text" not in row:
                raise InputError([Problem(path.name, number, "", "a page is an object with at least `id` and `text`")])
            yield _page_of_row(path, number, row)


def _page_of_row(path: Path, number: int, row: Any) -> Page:
    """Turn a row into a page; a row of another schema is refused by what the page schema says of it."""
    try:
        return page_of(row)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        found = faults("page", jsonable(row)) or [("", f"{type(error).__name__}: {error}")]
        raise InputError([Problem(path.name, number, field, message) for field, message in found]) from error


def check_pages(pages: Sequence[Page]) -> None:
    """Raise an InputError for gold that cannot be scored: ids that stand twice, unknown types, spans outside the text.

    `newsbench validate` holds pages against all rules; this is what scoring relies on.
    """
    problems = []
    seen: set[str] = set()
    for page in pages:
        found = []
        if page.id in seen:
            found.append(("id", "stands twice"))
        seen.add(page.id)
        position, within = 0, f"allowed: 0 to {page.size}"
        for at, segment in enumerate(page.segments or ()):
            if segment.type not in segment_types():
                found.append((f"segments[{at}].type", f"{segment.type!r} is no segment type"))
            if page.text and not position <= segment.start < segment.end <= page.size:
                found.append((f"segments[{at}]", f"is empty, overlaps the one before or lies outside; {within}"))
            position = segment.end
        for at, attribution in enumerate(page.attributions or ()):
            spans = [span for name in ELEMENTS for span in getattr(attribution, name)]
            if page.text and not all(0 <= span.start < span.end <= page.size for span in spans):
                found.append((f"attributions[{at}]", f"has a span that is empty or lies outside; {within}"))
        problems += [Problem("gold", None, field, message, page.id) for field, message in found]
    if problems:
        raise InputError(problems)


def page_of(row: Mapping[str, Any]) -> Page:
    """Turn a row of the page schema into a `Page`."""
    story = row.get("story") or {}
    outlet = row.get("outlet") or {}
    aspect = row.get("aspect") or {}
    segments = row.get("segments")
    sources = row.get("sources")
    attributions = row.get("attributions")
    topics = row.get("topics")
    return Page(
        id=row["id"],
        text=row.get("text") or "",
        story=story.get("id"),
        story_title=story.get("title"),
        story_titles=tuple(story.get("titles") or ()),
        aspect=aspect.get("id"),
        outlet=outlet.get("id"),
        country=outlet.get("country"),
        language=row.get("language"),
        genre=row.get("genre"),
        template=row.get("template"),
        url=row.get("url"),
        html=row.get("html"),
        segments=None if segments is None else tuple(map(segment_of, segments)),
        sources=None if sources is None else tuple(map(_source, sources)),
        attributions=None if attributions is None else tuple(map(attribution_of, attributions)),
        topics=None if topics is None else tuple(Topic(t["code"], bool(t.get("primary"))) for t in topics),
        metadata=row.get("metadata"),
        reference=reference_of(row.get("reference")) or {},
    )


def segment_of(row: Mapping[str, Any]) -> Segment:
    """Turn a segment of the page schema into a `Segment`."""
    return Segment(row["start"], row["end"], row["type"])


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        row["id"],
        row.get("name") or "",
        row.get("kind") or "unspecified",
        row.get("naming") or "anonymous",
        row.get("entity"),
    )


def attribution_of(row: Mapping[str, Any]) -> Attribution:
    """Turn an attribution of the page schema into an `Attribution`."""
    spans = {name: tuple(Span(s["start"], s["end"]) for s in row.get(name) or ()) for name in _SPAN_LISTS}
    labels = {name: row.get(name) for name in _LABELS}
    return Attribution(
        id=row["id"],
        no_comment=bool(row.get("no_comment")),
        source_ids=tuple(row.get("source_ids") or ()),
        **spans,
        **labels,
    )


class OtherIds(Mapping[str, str]):
    """Maps the ids of all pages of a dataset to their splits; they are read when first asked for."""

    def __init__(self, source: str | Path | None = None) -> None:
        self._source = source
        self._splits: dict[str, str] | None = None

    @property
    def _known(self) -> dict[str, str]:
        if self._splits is None:
            self._splits = page_splits(self._source)
        return self._splits

    def __getitem__(self, page: str) -> str:
        return self._known[page]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def page_splits(source: str | Path | None = None, *, version: str | None = None) -> dict[str, str]:
    """Return the split of each page of a dataset by id; empty for gold that is one file."""
    if source is None:
        tables = {split: read_config("pages", split, version, ["id"]) for split in SPLITS}
        return {page: split for split, table in tables.items() for page in table.column("id").to_pylist()}
    path = Path(source)
    files = _gold_files(path, None) if path.is_dir() else []
    if len(files) < 2:
        return {}
    return {page.id: file.stem for file in files for page in _pages_of_file(file, ["id"])}
