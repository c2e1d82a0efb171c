"""Work shared out to processes of this machine, and work that a thread does meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

Result = TypeVar("Result")


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


def in_processes(work: Callable[[int], Result], jobs: int) -> list[Result]:
    """Return ``[work(0), ..., work(jobs - 1)]``, each but the first from a forked process of its own.

    Forked workers see what the parent has loaded, so nothing but results is sent. Where a system cannot fork, one
    process does all. Errors: what a worker raises is raised here; RuntimeError where a worker dies; OSError where no
    more can be started. No worker is left behind, not even by a parent that is killed.
    """
    if jobs == 1:
        return [work(0)]
    import multiprocessing

    if "fork" not in multiprocessing.get_all_start_methods():
        return [work(worker) for worker in range(jobs)]
    context = multiprocessing.get_context("fork")
    running = []
    try:
        for worker in range(1, jobs):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_work, args=(work, worker, theirs), daemon=True)
            process.start()
            theirs.close()
            running.append((worker, process, ours))
        results = [work(0)]
        for worker, process, ours in running:
            try:
                failed, value = ours.recv()
            except EOFError:
                process.join()
                raise RuntimeError(f"worker {worker} died (exit code {process.exitcode})") from None
            if failed:
                raise value
            results.append(value)
        return results
    finally:
        for _, process, ours in running:
            ours.close()
            if process.is_alive():
                process.terminate()
            process.join()
            process.close()


def end_with_parent() -> None:
    """Let this process, which a parent started by `multiprocessing`, end when that one does, however it does."""
    import threading
    from multiprocessing import parent_process

    def wait() -> None:
        parent_process().join()
        # Nobody is left to tell.
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _work(work: Callable[[int], Any], worker: int, pipe: Any) -> None:
    import signal

    end_with_parent()
    # Ctrl-C goes to all processes: the first one says so, and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # What the parent does before it ends is not for its workers to do.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        pipe.send((False, work(worker)))
    except Exception as error:
        pipe.send((True, error))
    finally:
        pipe.close()
