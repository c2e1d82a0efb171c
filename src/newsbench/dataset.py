"""Find, check and load a version of the dataset, or gold pages from elsewhere in the same schema."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbench.resources import folder
from newsbench.types import (
    ELEMENTS,
    Attribution,
    Page,
    Prediction,
    QuotedAttribution,
    Segment,
    Source,
    Span,
    Topic,
)

if TYPE_CHECKING:
    from datasets import Dataset

#: The layer that human ceilings are computed from.
SECOND_ANNOTATOR = "b"
SPLITS = ("train", "validation", "test")
CONFIGURATIONS = ("pages", "boilerplate", "attributions", "topics", "stories", "outlets", "annotations")

# What each task needs of a page; the rest (html above all) is left on disk.
_ALWAYS = ("id", "story", "outlet", "language", "genre", "template")
TASK_COLUMNS = {
    "boilerplate": ("text", "segments"),
    "attributions": ("text", "segments", "sources", "attributions"),
    "topics": ("topics",),
    "stories": ("aspect",),
    "titles": (),
    "metadata": ("metadata",),
}

_SPAN_LISTS = ("source", "cue", "cue_head", "content", "addressee", "medium", "hedge", "quoted_fragments")
_LABELS = ("form", "channel", "polarity", "modality", "evidential", "parent", "statement")


@dataclass(frozen=True, slots=True)
class Gold:
    """Gold pages and what identifies them: name, version, hash, split, path."""

    pages: list[Page]
    meta: dict[str, Any]


def versions() -> list[str]:
    """Return the versions of the dataset at hand, oldest first."""
    found = [place.name for place in folder("data").iterdir() if (place / "MANIFEST.json").is_file()]
    return sorted(found, key=lambda version: [int(part) for part in version.split(".")])


def version_folder(version: str | None = None) -> Path:
    """Return the folder of a version of the dataset, the newest where none is named.

    Errors: ValueError that names the versions at hand.
    """
    known = versions()
    if not known:
        raise ValueError(f"no dataset in {folder('data')}")
    if version is None:
        version = known[-1]
    if version not in known:
        raise ValueError(f"no version {version!r} of the dataset; at hand: {', '.join(known)}")
    return folder("data") / version


def manifest(version: str | None = None) -> dict[str, Any]:
    """Return the manifest of a version: files with size, rows and SHA-256."""
    return json.loads((version_folder(version) / "MANIFEST.json").read_text(encoding="utf-8"))


def verify(version: str | None = None) -> list[str]:
    """Hold a version's files against its manifest; return what differs (empty where all is as released)."""
    place = version_folder(version)
    problems = []
    for entry in manifest(version)["files"]:
        path = place / entry["path"]
        if not path.is_file():
            problems.append(f"{path}: missing")
        elif (found := _sha256(path)) != entry["sha256"]:
            problems.append(f"{path}: SHA-256 is {found}, the manifest says {entry['sha256']}")
    return problems


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load(split: str | None = None, config: str = "pages", *, version: str | None = None) -> Dataset:
    """Return a configuration of the packaged dataset as a `datasets.Dataset`; all splits one behind the other if None.

    Errors: ValueError that names the splits, configurations and versions there are.
    """
    from datasets import Dataset

    return Dataset(_read_config(config, split, version))


def _read_config(config: str, split: str | None, version: str | None, columns: Sequence[str] | None = None) -> Any:
    import pyarrow as pa

    if config not in CONFIGURATIONS:
        raise ValueError(f"no configuration {config!r}; allowed: {', '.join(CONFIGURATIONS)}")
    _check_split(split)
    place = version_folder(version) / config
    chosen = [split] if split is not None else list(SPLITS)
    paths = [place / f"{name}.parquet" for name in chosen]
    return pa.concat_tables([_read_parquet(path, columns) for path in paths if path.is_file()])


def _check_split(split: str | None) -> None:
    if split is not None and split not in SPLITS:
        raise ValueError(f"no split {split!r}; allowed: {', '.join(SPLITS)}")


def _read_parquet(path: Path, columns: Sequence[str] | None = None) -> Any:
    # ParquetFile, not read_table: the latter imports pandas where it is installed.
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        if columns is not None:
            known = set(file.schema_arrow.names)
            columns = [column for column in columns if column in known]
        return file.read(columns=columns)


def columns_for(tasks: Iterable[str]) -> list[str]:
    """Return the columns of a page that scoring some tasks needs."""
    found = dict.fromkeys(_ALWAYS)
    for task in tasks:
        found.update(dict.fromkeys(TASK_COLUMNS[task]))
    return list(found)


def load_gold(
    source: str | Path | None = None,
    *,
    split: str | None = "test",
    version: str | None = None,
    columns: Sequence[str] | None = None,
) -> Gold:
    """Read gold pages: the packaged dataset, a Parquet file, a folder of them, or JSON Lines in the page schema.

    `split` chooses among a dataset's splits, packaged or in a folder; elsewhere it is ignored. Errors: FileNotFoundError, ValueError.
    """
    if source is None:
        place = version_folder(version)
        listed = manifest(version)
        table = _read_config("pages", split, version, columns)
        meta = {
            "name": listed["name"],
            "version": listed["version"],
            "sha256": hashlib.sha256((place / "MANIFEST.json").read_bytes()).hexdigest(),
            "split": split or "all",
        }
        pages = list(pages_of(table))
    else:
        path = Path(source)
        files = _gold_files(path, split)
        pages = [page for file in files for page in _pages_of_file(file, columns)]
        digest = hashlib.sha256()
        for file in files:
            digest.update(_sha256(file).encode())
        inside = path.is_dir() and files[0].stem in SPLITS
        meta = {
            "name": path.stem,
            "version": "local",
            "sha256": digest.hexdigest(),
            "split": (split or "all") if inside else "all",
        }
    meta["pages"] = len(pages)
    return Gold(pages, meta)


def _gold_files(path: Path, split: str | None) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"no gold at {path}: expected a Parquet file, a folder of them, or JSON Lines")
    place = path / "pages" if (path / "pages").is_dir() else path
    files = sorted([*place.glob("*.parquet"), *place.glob("*.jsonl")])
    if not files:
        raise FileNotFoundError(f"no *.parquet or *.jsonl in {place}")
    splits = [file for file in files if file.stem in SPLITS]
    if len(splits) == len(files) and split is not None:
        _check_split(split)
        files = [file for file in files if file.stem == split]
        if not files:
            raise FileNotFoundError(f"no split {split!r} in {place}: there are {', '.join(f.stem for f in splits)}")
    return files


def _pages_of_file(path: Path, columns: Sequence[str] | None) -> Iterator[Page]:
    if path.suffix == ".parquet":
        yield from pages_of(_read_parquet(path, columns))
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise ValueError(f"{path}:{number}: no JSON: {error}") from error
            if not isinstance(row, dict) or "id" not in row or "text" not in row:
                raise ValueError(f"{path}:{number}: a page is an object with at least `id` and `text`")
            yield page_of(row)


def pages_of(table: Any) -> Iterator[Page]:
    """Yield the rows of an Arrow table in the page schema as pages; columns that are not there become None."""
    for batch in table.to_batches(max_chunksize=256):
        for row in batch.to_pylist():
            yield page_of(row)


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
        segments=None if segments is None else tuple(Segment(s["start"], s["end"], s["type"]) for s in segments),
        sources=None if sources is None else tuple(map(_source, sources)),
        attributions=None if attributions is None else tuple(map(attribution_of, attributions)),
        topics=None if topics is None else tuple(Topic(t["code"], bool(t.get("primary"))) for t in topics),
        metadata=row.get("metadata"),
        reference=row.get("reference") or {},
    )


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        row["id"], row.get("name") or "", row.get("kind") or "unspecified", row.get("naming") or "anonymous",
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


def page_ids(source: str | Path | None = None, *, version: str | None = None) -> frozenset[str]:
    """Return the ids of all pages of a dataset, over all splits; empty for gold that is one file."""
    if source is None:
        table = _read_config("pages", None, version, ["id"])
        return frozenset(table.column("id").to_pylist())
    path = Path(source)
    if not path.is_dir():
        return frozenset()
    return frozenset(page.id for file in _gold_files(path, None) for page in _pages_of_file(file, ["id"]))


def load_ceiling(
    source: str | Path | None = None, *, split: str | None = "test", version: str | None = None
) -> dict[str, Prediction]:
    """Return what the second annotator marked, as if it were a system's predictions; empty where there is no layer."""
    if source is None:
        rows = _read_config("annotations", split, version).to_pylist()
    else:
        place = Path(source) / "annotations"
        names = [split] if split is not None else list(SPLITS)
        files = [place / f"{name}.parquet" for name in names]
        rows = [row for file in files if file.is_file() for row in _read_parquet(file).to_pylist()]
    return {row["id"]: prediction_of_layer(row) for row in rows if row["annotator"] == SECOND_ANNOTATOR}


def prediction_of_layer(row: Mapping[str, Any]) -> Prediction:
    """Turn one annotator's layer of a page into a prediction."""
    attributions = row.get("attributions")
    topics = row.get("topics")
    return Prediction(
        id=row["id"],
        attributions=None if attributions is None else tuple(map(quoted, map(attribution_of, attributions))),
        topics=None if topics is None else tuple(Topic(t["code"], bool(t.get("primary"))) for t in topics),
    )


def quoted(attribution: Attribution) -> QuotedAttribution:
    """Turn a gold attribution into a predicted one: its spans, labels, and source ids as entities."""
    return QuotedAttribution(
        id=attribution.id,
        **{name: getattr(attribution, name) for name in ELEMENTS},
        **{name: getattr(attribution, name) for name in ("form", "channel", "polarity", "modality", "evidential")},
        no_comment=attribution.no_comment,
        parent=attribution.parent,
        entity=attribution.source_ids,
    )
