"""From sources to files: compile every page, write Parquet, the manifest and `.huggingface.yaml`.

The same input gives the same bytes: rows are ordered by id, nothing depends on the clock, the locale, the time zone or
the order of a hash.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from newsbench.corpus.corpus import Corpus, SourcePage, load_corpus
from newsbench.corpus.huggingface import digest_of, write_card
from newsbench.corpus.keptlines import kept_path, read_kept
from newsbench.corpus.page import CompiledPage, compile_page
from newsbench.corpus.problems import Report, SourceError
from newsbench.corpus.rows import Rows, make_rows
from newsbench.corpus.templates import make_entry, make_environment
from newsbench.pagetable import make_schemas
from newsbench.wordindex import index_path, write_index

ROW_GROUP = 64
NAME = "newsbench"


def build_dataset(
    seeds: Path, schema: Path, root: Path, *, version: str, allow_unannotated: bool = False
) -> dict[str, object]:
    """Compile `seeds` into `root/data/<version>` and `root/.huggingface.yaml`; give the manifest.

    Raises SourceError with every problem of every file, and then writes nothing.
    """
    corpus = load_corpus(seeds, schema, allow_unannotated=allow_unannotated)
    compiled = compile_corpus(corpus, corpus.pages, seeds)
    if not corpus.pages:
        raise SourceError(corpus.problems or _no_pages(seeds))
    if corpus.problems:
        raise SourceError(corpus.problems)
    rows = make_rows(corpus.pages, compiled, corpus.catalogue, corpus.tables)
    return write_dataset(rows, root, version=version)


def check_corpus(seeds: Path, schema: Path, *, stories: list[str] | None = None, allow_unannotated: bool = False):
    """Read and compile everything (or some stories) without writing; give all problems."""
    known = {path.parent.name for path in (seeds / "stories").glob("*/story.yaml")}
    unknown = sorted(set(stories or ()) - known)
    if unknown:
        from newsbench.corpus.problems import Problem

        allowed = ", ".join(sorted(known)) or "none"
        return [Problem(str(seeds / "stories" / name), 0, f"is no story; there are {allowed}") for name in unknown]
    corpus = load_corpus(seeds, schema, stories=stories, allow_unannotated=allow_unannotated)
    chosen = [page for page in corpus.pages if stories is None or page.take.path.parent.name in stories]
    compile_corpus(corpus, chosen, seeds)
    if stories is None:
        return corpus.problems
    outlets = {f"{page.take.outlet}.yaml" for page in chosen}
    return [
        p
        for p in corpus.problems
        if (set(Path(p.path).parts) & set(stories)) or Path(p.path).name in outlets | {"aggregator.yaml"}
    ]


def compile_corpus(corpus: Corpus, pages: list[SourcePage], seeds: Path) -> dict[str, CompiledPage]:
    """Compile pages by id; faults go to each page's report."""
    environment = make_environment(seeds / "templates")
    entries = [make_entry(page.take, corpus.catalogue) for page in corpus.pages]
    compiled = {}
    for source in pages:
        annotations = [source.gold, *source.layers.values()]
        spans = [span for annotation in annotations if annotation is not None for span in annotation.spans()]
        page = compile_page(
            source.take, corpus.catalogue, entries, environment, corpus.tables, source.report, spans=spans
        )
        if page is not None:
            compiled[source.take.id] = page
            _read_opinions(source, page, corpus)
    return compiled


def _read_opinions(source: SourcePage, page: CompiledPage, corpus: Corpus) -> None:
    for annotator in source.layers:
        path = kept_path(source.take.path, annotator)
        if path.is_file():
            report = Report(path)
            corpus.reports.append(report)
            source.dropped[annotator] = read_kept(path, page.text, report)


def write_dataset(rows: Rows, root: Path, *, version: str) -> dict[str, object]:
    """Write the rows as Parquet with manifest and `.huggingface.yaml`; give the manifest.

    Each file is written under a temporary name and then put in place, the manifest last. Parquet files of these
    configurations that are no longer made are removed; other files of the folder stay.
    """
    folder = root / "data" / version
    files = []
    for configuration, arrow_schema in make_schemas().items():
        made = set()
        for split, split_rows in rows[configuration].items():
            if not split_rows:
                continue  # a file without rows cannot be read by `datasets`
            path = folder / configuration / f"{split}.parquet"
            made.add(path)
            content = write_parquet(split_rows, arrow_schema)
            put_file(path, content)
            files.append({
                "path": f"{configuration}/{split}.parquet", "configuration": configuration, "split": split,
                "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": len(split_rows),
            })  # fmt: skip
            if configuration == "pages":
                files.append(_write_words(path, files[-1]["sha256"], folder, split))
        for stale in sorted(set((folder / configuration).glob("*.parquet")) - made):
            stale.unlink()
    manifest = _manifest(rows, files, version)
    put_file(
        root / ".huggingface.yaml",
        write_card([file for file in files if file["configuration"] != "words"], version).encode(),
    )
    put_file(folder / "MANIFEST.json", (json.dumps(manifest, indent=2) + "\n").encode())
    return manifest


def _write_words(pages: Path, pages_sha256: str, folder: Path, split: str) -> dict[str, object]:
    """Write the index of words beside a file of pages; give its entry for the manifest."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    write_index(pages, pages_sha256, sink)
    content = sink.getvalue().to_pybytes()
    put_file(index_path(pages), content)
    return {
        "path": index_path(pages).relative_to(folder).as_posix(), "configuration": "words", "split": split,
        "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "rows": _row_count(content),
    }  # fmt: skip


def _row_count(content: bytes) -> int:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    with ParquetFile(pa.BufferReader(content)) as file:
        return file.metadata.num_rows


def write_parquet(rows: list[dict], schema) -> bytes:
    """Write rows as Parquet: zstd, row groups of at most ROW_GROUP rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(table, sink, compression="zstd", compression_level=12, row_group_size=ROW_GROUP, version="2.6")
    return sink.getvalue().to_pybytes()


def put_file(path: Path, content: bytes) -> None:
    """Write a file under a temporary name and put it in place, so that a half-written one never exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _manifest(rows: Rows, files: list[dict], version: str) -> dict[str, object]:
    pages = [page for split in rows["pages"].values() for page in split]
    return {
        "name": NAME,
        "version": version,
        "sha256": digest_of(files),
        "files": files,
        "totals": {
            "files": len(files),
            "bytes": sum(file["bytes"] for file in files),
            "pages": len(pages),
            "stories": sum(len(split) for split in rows["stories"].values()),
            "outlets": len({page["outlet"]["id"] for page in pages}),
            "segments": sum(len(page["segments"]) for page in pages),
            "attributions": sum(len(page["attributions"] or ()) for page in pages),
            "splits": {split: len(members) for split, members in rows["pages"].items()},
        },
    }


def _no_pages(seeds: Path):
    from newsbench.corpus.problems import Problem

    return [Problem(str(seeds / "stories"), 0, "holds no page that can be compiled")]
