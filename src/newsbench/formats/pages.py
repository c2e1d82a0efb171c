"""Write pages in the page schema as Parquet, a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from newsbench.dataset import sha256_of
from newsbench.pagetable import imported_schema
from newsbench.wordindex import index_path, write_index

#: Rows written at a time: memory does not grow with a corpus.
_BATCH = 64


def write_pages(rows: Iterable[Mapping[str, Any]], folder: str | Path, *, name: str = "pages.parquet") -> int:
    """Write imported pages to ``folder/name``, their words to ``folder/words/name``, and return how many.

    `reference` is an object and is stored as JSON. Nothing half-written takes the name. A column that a row does not
    have is null. Errors: ValueError where there is no row; what reading the rows raises; the unfinished file is
    removed.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = imported_schema()
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    target, draft = folder / name, folder / f".{name}.part"
    count = 0
    try:
        with ParquetWriter(draft, schema, compression="zstd") as writer:
            batch: list[dict[str, Any]] = []
            for row in rows:
                batch.append({column: row.get(column) for column in schema.names})
                if (reference := row.get("reference")) is not None:
                    batch[-1]["reference"] = json.dumps(reference, ensure_ascii=False)
                count += 1
                if len(batch) == _BATCH:
                    writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                    batch.clear()
            if batch:
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
        if not count:
            raise ValueError("no page could be read; nothing is written")
        index = index_path(target)
        index.parent.mkdir(parents=True, exist_ok=True)
        index_draft = index.with_name(f".{index.name}.part")
        try:
            write_index(draft, sha256_of(draft), index_draft)
            index_draft.replace(index)
        finally:
            index_draft.unlink(missing_ok=True)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return count
