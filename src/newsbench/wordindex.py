"""The words of gold pages, found once and kept beside the pages: scoring boilerplate then needs no text at all.

An index is a Parquet file of its own in a folder `words` beside the pages, in the same order: for each page the numbers
of its words in a vocabulary and where they begin (little-endian 32-bit integers: lists take Parquet several times as
long to read), and how long the text is. The vocabulary of a row group, parted by line feeds, stands in its first
row. The index names the tokeniser and the SHA-256 of the file of pages that it was made from; one that does not fit
is not used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from newsbench.metrics.pagewords import HashedPages, segment_types
from newsbench.text import TOKENIZER, page_word_spans
from newsbench.types import Page
from newsbench.wordhash import hash_lines

_KEY = b"newsbench.words"
#: Pages read at a time, and rows of a row group: a dictionary of words is shared by these.
_BATCH = 512
# Columns of pages that are read.
_WANTED = ("id", "story.id", "outlet.id", "outlet.country", "language", "genre", "template", "segments")


def index_path(pages: Path) -> Path:
    """Return where the index of a file of pages lies."""
    folder = pages.parent.parent if pages.parent.name == "pages" else pages.parent
    return folder / "words" / pages.name


def index_schema() -> Any:
    """Return the Arrow schema of an index."""
    import pyarrow as pa

    fields = [("id", pa.string()), ("words", pa.large_binary()), ("starts", pa.large_binary())]
    return pa.schema([*fields, ("characters", pa.int32()), ("vocabulary", pa.large_string())])


def _index_rows(ids: list[str], texts: list[str]) -> list[dict[str, Any]]:
    """Return the rows of one row group."""
    import numpy as np

    vocabulary: dict[str, int] = {}
    rows = []
    for page, text in zip(ids, texts, strict=True):
        found = page_word_spans(text)
        numbers = [vocabulary.setdefault(word, len(vocabulary)) for word in found.words]
        rows.append(
            {
                "id": page,
                "words": np.array(numbers, dtype="<i4").tobytes(),
                "starts": np.array(found.starts, dtype="<i4").tobytes(),
                "characters": len(text),
                "vocabulary": None,
            }
        )
    rows[0]["vocabulary"] = "\n".join(vocabulary)
    return rows


def index_metadata(pages_sha256: str) -> dict[bytes, bytes]:
    """Return the schema metadata by which an index is recognised."""
    head = {"tokenizer": TOKENIZER, "pages_sha256": pages_sha256}
    return {_KEY: json.dumps(head, sort_keys=True).encode()}


def write_index(pages: Path, pages_sha256: str, sink: Any) -> None:
    """Write the index of a Parquet file of pages to a path or a sink."""
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile, ParquetWriter

    schema = index_schema().with_metadata(index_metadata(pages_sha256))
    options = {"compression": "zstd", "use_dictionary": False, "version": "2.6"}
    with ParquetFile(pages) as file, ParquetWriter(sink, schema, **options) as writer:
        for batch in file.iter_batches(batch_size=_BATCH, columns=["id", "text"]):
            rows = _index_rows(batch.column("id").to_pylist(), batch.column("text").to_pylist())
            writer.write_table(pa.Table.from_pylist(rows, schema=schema), row_group_size=_BATCH)


class IndexedGroup(NamedTuple):
    """Pages of a row group without text, HTML and labels, and their words.

    `labelled` says of each page whether its gold has segments.
    """

    pages: list[Page]
    labelled: list[bool]
    words: HashedPages


class IndexedPages:
    """A Parquet file of pages with its index of words, read row group by row group of the index."""

    def __init__(self, pages: Path, index: Path) -> None:
        from pyarrow.parquet import read_metadata

        self.pages = pages
        self.index = index
        # Read once: of many row groups and columns it takes as long as a row group itself.
        self._index_head = read_metadata(index)
        self._pages_head: Any = None
        self.groups = range(self._index_head.num_row_groups)

    def size_of(self, group: int) -> int:
        """Return how many pages a row group has."""
        return self._index_head.row_group(group).num_rows

    def ids(self) -> list[str]:
        """Return the ids of the pages, in order, as the index has them."""
        from pyarrow.parquet import ParquetFile

        with ParquetFile(self.index, metadata=self._index_head) as file:
            return file.read(columns=["id"]).column("id").to_pylist()

    def read_head(self) -> None:
        """Read where the columns of the file of pages stand, unless that is known."""
        from pyarrow.parquet import read_metadata

        self._pages_head = self._pages_head or read_metadata(self.pages)

    def read(self, groups: Iterable[int]) -> Iterator[IndexedGroup]:
        """Yield row groups of the index with the pages that they are about.

        Errors: ValueError where the index has other pages.
        """
        from pyarrow.parquet import ParquetFile

        self.read_head()
        # Read ahead and with threads only what is large pays: a row group is not, and its process has one processor.
        with (
            ParquetFile(self.pages, metadata=self._pages_head, pre_buffer=False) as pages,
            ParquetFile(self.index, metadata=self._index_head, pre_buffer=False) as index,
        ):
            known = set(pages.schema_arrow.names)
            columns = [name for name in _WANTED if name.partition(".")[0] in known]
            sizes = [self._pages_head.row_group(at).num_rows for at in range(self._pages_head.num_row_groups)]
            firsts = [0, *accumulate(map(self.size_of, self.groups))]
            for group in groups:
                table = index.read_row_group(group, use_threads=False)
                rows = _read_rows(pages, sizes, firsts[group], len(table), columns)
                if table.column("id").to_pylist() != rows.column("id").to_pylist():
                    raise ValueError(f"{self.index}: holds other pages than {self.pages}; build it again")
                yield _group(rows, table.combine_chunks().to_batches()[0])


def find_index(pages: Path, pages_sha256: str) -> IndexedPages | None:
    """Return a file of pages with an index that fits it and this tokeniser, None where there is none."""
    path = index_path(pages)
    if not path.is_file():
        return None
    from pyarrow.parquet import read_schema

    head = json.loads((read_schema(path).metadata or {}).get(_KEY, b"{}"))
    if head != {"tokenizer": TOKENIZER, "pages_sha256": pages_sha256}:
        return None
    found = path.stat()
    return _opened(pages, path, pages_sha256, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _opened(pages: Path, index: Path, *_: Any) -> IndexedPages:
    """Keep what was read of files until they change: to read it, and even to free it, takes time."""
    return IndexedPages(pages, index)


def _read_rows(file: Any, sizes: list[int], first: int, count: int, columns: list[str]) -> Any:
    """Read a range of rows of a Parquet file, whatever the sizes of its row groups are, as one batch."""
    groups, position, skipped = [], 0, 0
    for number, size in enumerate(sizes):
        if position + size > first and position < first + count:
            if not groups:
                skipped = first - position
            groups.append(number)
        position += size
    table = file.read_row_groups(groups, columns=columns, use_threads=False).slice(skipped, count)
    return table.combine_chunks().to_batches()[0]


def _group(batch: Any, index: Any) -> IndexedGroup:
    import numpy as np

    def texts(name: str, field: str | None = None) -> list[Any]:
        if name not in batch.schema.names:
            return [None] * len(batch)
        column = batch.column(name)
        return (column if field is None else column.field(field)).to_pylist()

    numbers, word_edges = _integers(index.column("words"))
    starts, _ = _integers(index.column("starts"))
    segments = batch.column("segments")
    # `is_valid` would import Arrow's compute functions.
    labelled = [True] * len(segments) if not segments.null_count else segments.is_valid().to_pylist()
    segment_edges = primitive(segments.offsets, "<i4").tolist()
    fields = segments.values
    bounds = np.column_stack([primitive(fields.field(name), "<i4") for name in ("start", "end")])
    kinds = _type_codes(fields.field("type"))
    columns = (
        texts("id"), texts("story", "id"), texts("outlet", "id"), texts("outlet", "country"), texts("language"),
        texts("genre"), texts("template"), index.column("characters").to_pylist(),
    )  # fmt: skip
    found = [
        Page(
            page, "", story=story, outlet=outlet, country=country, language=language, genre=genre, template=template,
            characters=size,
        )
        for page, story, outlet, country, language, genre, template, size in zip(*columns, strict=True)
    ]  # fmt: skip
    hashes = hash_lines(index.column("vocabulary")[0].as_py())[numbers]
    return IndexedGroup(found, labelled, HashedPages(hashes, starts, bounds, kinds, word_edges, segment_edges))


def primitive(array: Any, dtype: str) -> Any:
    """Return an Arrow array of numbers without nulls as a numpy array; `to_numpy` would import pandas."""
    import numpy as np

    width = np.dtype(dtype).itemsize
    _, values = array.buffers()
    if values is None:
        return np.zeros(0, dtype=dtype)
    return np.frombuffer(values, dtype=dtype, count=len(array), offset=width * array.offset)


def _integers(column: Any) -> tuple[Any, list[int]]:
    """Return the integers of all rows of a binary column, and where each row's begin and end among them."""
    import numpy as np

    _, offsets, values = column.buffers()
    edges = np.frombuffer(offsets, dtype="<i8", count=len(column) + 1, offset=8 * column.offset)
    numbers = np.frombuffer(values, dtype="<i4") if values is not None else np.zeros(0, dtype="<i4")
    return numbers[edges[0] // 4 : edges[-1] // 4], ((edges - edges[0]) // 4).tolist()


def _type_codes(types: Any) -> Any:
    import numpy as np

    position = {kind: code for code, kind in enumerate(segment_types())}
    # Not `dictionary_encode`: importing Arrow's compute functions takes longer than looking up a small file's types.
    return np.fromiter(map(position.__getitem__, types.to_pylist()), dtype=np.int64, count=len(types))
