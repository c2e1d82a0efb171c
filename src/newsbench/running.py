"""Run a system over pages: one record a page, in order, whatever happens on a page."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbench.files import write_whole
from newsbench.problems import UsageError
from newsbench.systems import load_system
from newsbench.workers import end_with_parent

if TYPE_CHECKING:
    from concurrent.futures import Future

    from newsbench.systems.base import System
    from newsbench.types import Page

Record = dict[str, Any]
Progress = Callable[[int, int], None]

#: Seconds that a system has for one page.
TIME_LIMIT = 30.0
# Pages handed out ahead of the one that is waited for, for each worker.
_AHEAD = 4


class OutOfTime(BaseException):
    """A page took longer than the limit. Not an Exception: extractors catch those and carry on."""


def run_system(
    system: str | System,
    pages: Iterable[Page],
    *,
    train: Iterable[Page] | None = None,
    jobs: int = 1,
    limit: float | None = TIME_LIMIT,
    progress: Progress | None = None,
) -> Iterator[Record]:
    """Yield the predictions of a system for `pages`, in their order; ``{"id", "system", "error"}`` on failure.

    The system is fitted on `train` first, where it learns at all and there is any. It sees of a page only what a reader
    has: no labels. `limit` are seconds a page (None: no limit); the limit needs a Unix signal and holds where the
    system runs in a main thread, which with ``jobs > 1`` is always the case. A whole-corpus system runs in this process
    without limit. With `jobs` the caller's main module must be importable, as `multiprocessing` demands of its spawned
    workers. `progress` is called with pages done and all pages. Errors: ValueError for an unknown system, for training
    pages that are missing or unfit, for `jobs` below 1; MissingDistribution.
    """
    if jobs < 1:
        raise UsageError(f"jobs is {jobs}; allowed: 1 or more")
    found = load_system(system) if isinstance(system, str) else system
    training = list(train) if train is not None and found.trains else []
    if found.needs_training and not training:
        raise ValueError(f"the system {found.name!r} needs training pages, and there are none")
    if training:
        found.fit(training)
    seen = [visible(page) for page in pages]
    return _counted(_records(found, seen, jobs, limit), len(seen), progress)


def visible(page: Page) -> Page:
    """Return a page without its labels: what a system may see of it."""
    return page._replace(
        story=None, story_title=None, story_titles=(), aspect=None, genre=None, template=None, segments=None,
        sources=None, attributions=None, topics=None, metadata=None, reference={},
    )  # fmt: skip


def run_page(system: System, page: Page, *, limit: float | None = TIME_LIMIT) -> Record:
    """Return one page's record; whatever the system raises, and a page out of time, becomes its `error`."""
    try:
        with time_limit(limit):
            fields = system.run(page)
        return {"id": page.id, "system": system.name, **fields}
    except OutOfTime:
        return _failed(system, page, f"took longer than {limit:g} s")
    except Exception as error:
        return _failed(system, page, f"{type(error).__name__}: {error}")


def write_records(records: Iterable[Record], path: str | Path) -> int:
    """Write records as JSON Lines and return how many; the file appears when all are written, or not at all."""
    count = 0

    def write(draft: Path) -> None:
        nonlocal count
        with draft.open("wb") as file:
            for line in json_lines(records):
                file.write(line)
                count += 1

    write_whole(path, write)
    return count


def json_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """Yield records as lines of JSON Lines."""
    import orjson

    for record in records:
        yield orjson.dumps(_encodable(record), option=orjson.OPT_SERIALIZE_NUMPY) + b"\n"


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise OutOfTime inside the block after `seconds`, again every second until the block is left.

    Without effect outside a main thread and where there is no SIGALRM. Code in C is interrupted when it returns.
    """
    timed = (
        seconds is not None and hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    )
    if not timed:
        yield
        return

    def ring(*_: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        _disarm(before)


def _disarm(handler: Any) -> None:
    while True:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
            return
        except OutOfTime:
            # The alarm went off just now.
            continue


def _failed(system: System, page: Page, reason: str) -> Record:
    return {"id": page.id, "system": system.name, "error": reason[:500]}


def _encodable(value: Any) -> Any:
    """Replace lone surrogates, which have no UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _encodable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(inner) for inner in value]
    return value


def _counted(records: Iterator[Record], total: int, progress: Progress | None) -> Iterator[Record]:
    for done, record in enumerate(records, 1):
        yield record
        if progress is not None:
            progress(done, total)


def _records(system: System, pages: Sequence[Page], jobs: int, limit: float | None) -> Iterator[Record]:
    if system.whole_corpus:
        yield from _together(system, pages)
    elif jobs == 1 or len(pages) < 2:
        for page in pages:
            yield run_page(system, page, limit=limit)
    else:
        yield from _shared_out(system, pages, min(jobs, len(pages)), limit)


def _together(system: System, pages: Sequence[Page]) -> Iterator[Record]:
    try:
        fields = system.run_all(pages)
        if len(fields) != len(pages):
            raise ValueError(f"{len(fields)} answers to {len(pages)} pages")
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        yield from (_failed(system, page, reason) for page in pages)
        return
    for page, found in zip(pages, fields, strict=True):
        yield {"id": page.id, "system": system.name, **found}


_worker_system: System | None = None
_worker_limit: float | None = None


def _start_worker(system: System, limit: float | None) -> None:
    global _worker_system, _worker_limit
    _worker_system, _worker_limit = system, limit
    # Ctrl-C is the parent's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def _work(page: Page) -> Record:
    assert _worker_system is not None
    return run_page(_worker_system, page, limit=_worker_limit)


def _shared_out(system: System, pages: Sequence[Page], jobs: int, limit: float | None) -> Iterator[Record]:
    """Yield records in page order from spawned workers; a page on which a worker dies is tried once more, alone."""
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    while done < len(pages):
        with _pool(system, jobs, limit) as pool:
            waiting: list[Future] = []
            try:
                while done < len(pages):
                    while len(waiting) < jobs * _AHEAD and done + len(waiting) < len(pages):
                        waiting.append(pool.submit(_work, pages[done + len(waiting)]))
                    record = waiting[0].result()
                    del waiting[0]
                    done += 1
                    yield record
                return
            except BrokenProcessPool:
                # Any of the pages handed out may be the one: they go one by one.
                suspects = pages[done : done + max(1, len(waiting))]
            finally:
                for future in waiting:
                    future.cancel()
        for page in suspects:
            yield _alone(system, page, limit)
            done += 1


def _alone(system: System, page: Page, limit: float | None) -> Record:
    from concurrent.futures.process import BrokenProcessPool

    with _pool(system, 1, limit) as pool:
        try:
            return pool.submit(_work, page).result()
        except BrokenProcessPool:
            return _failed(system, page, "the process died on this page")


def _pool(system: System, jobs: int, limit: float | None) -> Any:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawned, not forked: safe whatever threads and locks the caller has, and alike on every platform.
    return ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(system, limit)
    )
