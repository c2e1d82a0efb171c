"""Write pages in the page schema as Parquet, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from newsbench.dataset import sha256_of
from newsbench.pagetable import make_schemas
from newsbench.wordindex import index_path, write_index

#: Rows written at a time: memory does not grow with a corpus.
_BATCH = 64


def write_pages(rows: Iterable[Mapping[str, Any]], folder: str | Path, *, name: str = "pages.parquet") -> int:
    """Write rows of the page schema to ``folder/name``, their words to ``folder/words/name``, and return how many.

    Nothing half-written takes the name. A column that a row does not have is null. Errors: what reading the rows
    raises; the unfinished file is removed.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    schema = make_schemas()["pages"]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    target, draft = folder / name, folder / f".{name}.part"
    count = 0
    try:
        with ParquetWriter(draft, schema, compression="zstd") as writer:
            batch: list[dict[str, Any]] = []
            for row in rows:
                batch.append({column: row.get(column) for column in schema.names})
                count += 1
                if len(batch) == _BATCH:
                    writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                    batch.clear()
            if batch:
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
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
