"""What an importer is: it finds tasks, one a page, and turns each into a row of the page schema.

What is wrong with a source is told as notices, never by stopping: a page that cannot be read is left out with a notice.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from newsbench.formats.ids import id_of
from newsbench.workers import end_with_parent

# Tasks handed out ahead of the one that is waited for, for each process.
_AHEAD = 4
_SURROGATES = re.compile("[\ud800-\udfff]")


class Notice(NamedTuple):
    """Something about a source that its user should know: kind (counted in the end), file, line, what, page."""

    kind: str
    file: str
    line: int | None
    what: str
    page: str | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        page = f" [{self.page}]" if self.page else ""
        return f"{place}:{page} {self.kind}: {self.what}"


Report = Callable[[Notice], None]
Row = dict[str, Any]
Columns = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Format:
    """A format of pages.

    `find(source, columns, report)` yields tasks (picklable, in a fixed order) and raises FileNotFoundError or
    ValueError where the source is not what it should be. `read(task, report)` turns one into a row of the page schema,
    or None where there is no page. `mapped` says whether `columns` (--map) mean anything to it.
    """

    find: Callable[[Path, Columns, Report], Iterator[Any]]
    read: Callable[[Any, Report], Row | None]
    mapped: bool = False


def import_rows(
    form: Format,
    source: Path,
    *,
    report: Report,
    columns: Columns | None = None,
    limit: int | None = None,
    jobs: int = 1,
) -> Iterator[Row]:
    """Yield the rows of a source, at most `limit`, read by `jobs` processes, in the source's order.

    Ids are made unique; a page that is byte for byte another one is kept and reported. Memory holds a few pages, and 32
    bytes for each page so far. Errors: those of `form.find`; ValueError for columns that the format does not take.
    """
    if columns and not form.mapped:
        raise ValueError("--map is for formats that have columns of any names (jsonl)")
    if jobs < 1:
        raise ValueError(f"jobs is {jobs}; allowed: 1 or more")
    if limit is not None and limit < 1:
        raise ValueError(f"limit is {limit}; allowed: 1 or more")
    ids: set[str] = set()
    digests: dict[bytes, str] = {}
    for row, notices in _read_all(form, form.find(source, columns or {}, report), jobs):
        for notice in notices:
            report(notice)
        if row is None:
            continue
        row = _encodable(row, report, source.name)
        _name_apart(row, ids, report, source.name)
        _tell_duplicate(row, digests, report, source.name)
        yield row
        if limit is not None and len(ids) == limit:
            return


def _encodable(row: Row, report: Report, file: str) -> Row:
    """Replace lone surrogates, which have no UTF-8, by U+FFFD: lengths stay."""
    try:
        for name in ("html", "text"):
            (row.get(name) or "").encode()
        json.dumps(row.get("reference"), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        report(Notice("encoding", file, None, "lone surrogates, replaced by U+FFFD", row["id"]))
        return _replaced(row)
    return row


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _replaced(inner) for key, inner in value.items()}
    return [_replaced(inner) for inner in value] if isinstance(value, list) else value


def _name_apart(row: Row, ids: set[str], report: Report, file: str) -> None:
    wanted = name = id_of(row["id"])
    number = 1
    while name in ids:
        number += 1
        name = f"{wanted}-{number}"
    if number > 1:
        report(Notice("same id twice", file, None, f"{row['id']!r} stands there more than once, now {name!r}", name))
    row["id"] = name
    ids.add(name)


def _tell_duplicate(row: Row, digests: dict[bytes, str], report: Report, file: str) -> None:
    content = row.get("html") or row["text"]
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()
    first = digests.setdefault(digest, row["id"])
    if first != row["id"]:
        report(Notice("duplicated page", file, None, f"byte for byte the page {first!r}", row["id"]))


def _read_all(form: Format, tasks: Iterable[Any], jobs: int) -> Iterator[tuple[Row | None, list[Notice]]]:
    if jobs == 1:
        for task in tasks:
            yield _read_one(form, task)
        return
    from collections import deque
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawned, not forked: the writer of Parquet has threads by now.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start_worker) as pool:
        waiting: deque[Any] = deque()
        try:
            for task in tasks:
                waiting.append(pool.submit(_read_one, form, task))
                if len(waiting) >= jobs * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _start_worker() -> None:
    """Leave Ctrl-C to the process that waits for this one, and end with it."""
    import signal

    end_with_parent()

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read_one(form: Format, task: Any) -> tuple[Row | None, list[Notice]]:
    notices: list[Notice] = []
    try:
        row = form.read(task, notices.append)
    except ImportError:
        raise
    except Exception as error:
        # Whatever a broken source makes a parser raise concerns one page, not the corpus.
        where = str(next((part for part in _parts(task) if isinstance(part, Path)), task))[:200]
        notices.append(Notice("unreadable", where, None, f"{type(error).__name__}: {error}"))
        return None, notices
    return row, notices


def _parts(task: Any) -> Iterable[Any]:
    return task if isinstance(task, tuple) else (task,)
