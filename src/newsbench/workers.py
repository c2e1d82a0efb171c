"""Work shared out to processes of this machine, and work that a thread does meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

Result = TypeVar("Result")
# What a worker sends: something that its work gives, that there is no more, an error.
_GIVEN, _DONE, _FAILED = range(3)


def useful_jobs(jobs: int, items: int) -> int:
    """Return how many processes are worth their start: up to `jobs`, one for each item, one for each processor."""
    # Those that this process may use, where the system tells.
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(jobs, items, processors))


def share_of(items: Sequence[Any], worker: int, jobs: int) -> Sequence[Any]:
    """Return a worker's consecutive share of some items; all shares together are the items, in order."""
    size = len(items)
    return items[size * worker // jobs : size * (worker + 1) // jobs]


class Turns:
    """Numbers from 0 to below `count`, each of which goes to the process that asks first: the quicker takes more.

    Made before the processes are started; iterating takes a number at a time, in ascending order.
    """

    # What a pipe surely holds before anyone reads, and bytes of one number.
    _MOST, _SIZE = 4096, 8

    def __init__(self, count: int) -> None:
        self.count = count
        # Of very many numbers several are taken at a time.
        self.step = max(1, -(-count * self._SIZE // self._MOST))
        self._reading, writing = os.pipe()
        os.write(writing, b"".join(at.to_bytes(self._SIZE, "little") for at in range(0, count, self.step)))
        # Without a writer a pipe that is empty is at its end.
        os.close(writing)

    def __iter__(self) -> Iterator[int]:
        while taken := os.read(self._reading, self._SIZE):
            first = int.from_bytes(taken, "little")
            yield from range(first, min(first + self.step, self.count))

    def close(self) -> None:
        """Give back the pipe of this process."""
        os.close(self._reading)


@contextmanager
def meanwhile(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Do some work in a thread while the body runs; gives a function that waits for what the work returns.

    Worth it for what leaves the interpreter to others, such as hashing and reading. At the end of the body the thread
    has ended too. Errors: what the work raises is raised by the function.
    """
    import threading

    found: list[Result] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(work())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def result() -> Result:
        thread.join()
        if failed:
            raise failed[0]
        return found[0]

    try:
        yield result
    finally:
        thread.join()


def shared_zeros(shape: tuple[int, ...], dtype: DTypeLike, jobs: int) -> NDArray[Any]:
    """Return an array of zeros into which the processes of `in_processes` write for each other to see."""
    import numpy as np

    if jobs == 1:
        return np.zeros(shape, dtype=dtype)
    import mmap

    size = int(np.prod(shape, dtype=np.int64))
    # Nothing can be mapped of no bytes. The array keeps the memory.
    memory = mmap.mmap(-1, max(1, size * np.dtype(dtype).itemsize))
    return np.frombuffer(memory, dtype=dtype, count=size).reshape(shape)


def _can_fork() -> bool:
    import multiprocessing

    return "fork" in multiprocessing.get_all_start_methods()


class _Worker:
    """A forked process that does some work, and sends what comes of it one by one.

    It sees what the parent has loaded, so nothing but results is sent.
    """

    def __init__(
        self, name: str, work: Callable[[], Iterable[Any]], afterwards: Callable[[], object] | None = None
    ) -> None:
        import multiprocessing

        context = multiprocessing.get_context("fork")
        self._name = name
        self._busy_afterwards = afterwards is not None
        self._pipe, theirs = context.Pipe(duplex=False)
        try:
            self._process = context.Process(target=_send, args=(work, afterwards, theirs), daemon=True)
            self._process.start()
        except OSError:
            self._pipe.close()
            raise
        finally:
            theirs.close()

    def receive(self) -> list[Any]:
        """Return all that the process sends. Errors: what the work raises; RuntimeError where the process dies."""
        found = []
        while True:
            try:
                kind, value = self._pipe.recv()
            except EOFError:
                self._process.join()
                raise RuntimeError(f"{self._name} died (exit code {self._process.exitcode})") from None
            if kind == _FAILED:
                raise value
            if kind == _DONE:
                return found
            found.append(value)

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if failed:
            self._process.terminate()
        if failed or not self._busy_afterwards:
            self._process.join()
            self._process.close()
        self._pipe.close()

    def stop(self) -> None:
        """Let the process end, whatever it does; what is received then comes to an end, too."""
        self._process.terminate()


def in_processes(
    work: Callable[[int], Iterable[Result]], jobs: int, afterwards: Callable[[], object] | None = None
) -> list[list[Result]]:
    """Return what ``work(0), ..., work(jobs - 1)`` give, each but the first from a forked process of its own.

    What they give is received while this process does its share. Where a system cannot fork, one process does all.
    What each does `afterwards` is not waited for, save for what this process does; `multiprocessing` sees to their end.
    Errors: what a worker raises is raised here; RuntimeError where a worker dies; OSError where no more can be started.
    No worker is left behind, not even by a parent that is killed.
    """
    if jobs == 1 or not _can_fork():
        found = [list(work(worker)) for worker in range(jobs)]
        if afterwards is not None:
            afterwards()
        return found
    with ExitStack() as stack:
        workers = [
            stack.enter_context(_Worker(f"worker {number}", partial(work, number), afterwards))
            for number in range(1, jobs)
        ]
        # Threads only now: a process that has some is not to be forked.
        received = [stack.enter_context(meanwhile(worker.receive)) for worker in workers]
        try:
            ours = list(work(0))
            if afterwards is not None:
                afterwards()
            return [ours, *(results() for results in received)]
        except BaseException:
            # Nothing more comes: the threads end.
            for worker in workers:
                worker.stop()
            raise


def end_with_parent() -> None:
    """Let this process, which a parent started by `multiprocessing`, end when that one does, however it does."""
    import threading
    from multiprocessing import parent_process

    def wait() -> None:
        parent_process().join()
        # Nobody is left to tell.
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _send(work: Callable[[], Iterable[Any]], afterwards: Callable[[], object] | None, pipe: Any) -> None:
    import signal

    end_with_parent()
    # Ctrl-C goes to all processes: the first one says so, and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # What the parent does before it ends is not for its workers to do.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        for found in work():
            pipe.send((_GIVEN, found))
        pipe.send((_DONE, None))
    except Exception as error:
        pipe.send((_FAILED, error))
        return
    finally:
        pipe.close()
    if afterwards is not None:
        afterwards()
