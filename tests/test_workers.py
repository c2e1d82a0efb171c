"""Work in processes: no more of them than have something to do, none left behind."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbench.workers import Turns, in_processes, meanwhile, share_of, shared_zeros, useful_jobs

OPEN_FILES = Path("/proc/self/fd")


def test_shares_are_the_items_in_order():
    assert [list(share_of(range(7), worker, 3)) for worker in range(3)] == [[0, 1], [2, 3], [4, 5, 6]]


@pytest.mark.parametrize(("jobs", "items", "found"), [(1, 9, 1), (100_000, 9, 4), (3, 9, 3), (8, 2, 2), (8, 0, 1)])
def test_no_more_processes_than_items_or_processors(jobs, items, found, monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(4), raising=False)
    assert useful_jobs(jobs, items) == found


def test_results_come_in_order_from_processes_of_their_own():
    found = in_processes(lambda worker: (worker, worker + 1, os.getpid()), 3)
    assert [of_worker[:2] for of_worker in found] == [[0, 1], [1, 2], [2, 3]]
    assert len({process for *_, process in found}) == 3
    assert not multiprocessing.active_children()


def test_results_are_taken_while_this_process_works():
    reading, writing = os.pipe()

    def work(worker):
        if worker:
            # More than a pipe holds.
            yield from ["a" * 100_000] * 20
            os.write(writing, b"x")
        else:
            assert select.select([reading], [], [], 60)[0]
        yield worker

    (ours, theirs) = in_processes(work, 2)
    assert (ours, len(theirs), theirs[-1]) == ([0], 21, 1)
    for end in (reading, writing):
        os.close(end)


def test_what_is_done_afterwards_is_not_waited_for():
    reading, writing = os.pipe()
    here = os.getpid()
    done = []

    def afterwards() -> None:
        if os.getpid() == here:
            done.append(1)
        else:
            assert os.read(reading, 1)

    assert in_processes(lambda worker: [worker], 3, afterwards) == [[0], [1], [2]]
    assert done == [1]
    busy = multiprocessing.active_children()
    assert len(busy) == 2
    os.write(writing, b"xx")
    for process in busy:
        process.join()
        assert process.exitcode == 0
    for end in (reading, writing):
        os.close(end)


def test_one_process_does_what_is_to_do_afterwards():
    done = []
    assert in_processes(lambda worker: [worker], 1, lambda: done.append(1)) == [[0]]
    assert done == [1]


def test_nothing_is_done_after_a_failure():
    done = []
    with pytest.raises(ValueError, match="worker 1"):
        in_processes(lambda worker: refuse(worker + 1) if worker == 0 else (), 2, lambda: done.append(1))
    assert not done
    assert not multiprocessing.active_children()


def refuse(worker: int) -> Iterator[int]:
    """Give something, then fail, unless this is the first process."""
    yield worker
    if worker:
        raise ValueError(f"worker {worker}")


def fall(worker: int) -> Iterator[int]:
    """Give something, then die, unless this is the first process."""
    yield worker
    if worker:
        os._exit(3)


@pytest.mark.parametrize(("work", "error"), [(refuse, ValueError), (fall, RuntimeError)])
def test_what_happens_to_a_worker_is_told(work, error):
    with pytest.raises(error, match="worker 1"):
        in_processes(work, 3)
    assert not multiprocessing.active_children()


def test_a_worker_that_is_interrupted_says_nothing(capfd):
    with pytest.raises(RuntimeError, match="worker 1 died"):
        in_processes(lambda worker: [worker and (os.kill(os.getpid(), signal.SIGINT), time.sleep(60))], 2)
    assert capfd.readouterr().err == ""


def test_workers_end_with_a_parent_that_is_killed():
    code = (
        "import os, time\n"
        "from newsbench.workers import in_processes\n"
        "say = lambda what: os.write(1, b'%d\\n' % what)\n"
        "in_processes(lambda worker: (say(os.getpid()), time.sleep(20), say(0)), 3)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        started = [int(parent.stdout.readline()) for _ in range(3)]
        parent.kill()
        # Until no process is left that could say something.
        assert parent.stdout.read() == ""
    assert parent.pid in started


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="no list of open files")
def test_files_of_workers_are_closed_at_once_where_one_fails():
    before = len([*OPEN_FILES.iterdir()])
    with pytest.raises(ValueError, match="worker 1"):
        in_processes(refuse, 3)
    assert len([*OPEN_FILES.iterdir()]) == before


def test_workers_are_not_left_behind_where_one_cannot_be_started(monkeypatch):
    context = multiprocessing.get_context("fork")
    usual = context.Pipe
    made = []

    def scarce(_: object, **more: bool):
        if len(made) == 2:
            raise OSError(24, "Too many open files")
        made.append(usual(**more))
        return made[-1]

    monkeypatch.setattr(type(context), "Pipe", scarce)
    with pytest.raises(OSError, match="Too many open files"):
        in_processes(lambda _: time.sleep(60), 5)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("count", [0, 1, 7, 512, 513, 5000])
@pytest.mark.parametrize("jobs", [1, 3])
def test_turns_go_to_one_process_each(count, jobs):
    turns = Turns(count)
    taken = in_processes(lambda _: turns, jobs)
    turns.close()
    assert sorted(number for of_worker in taken for number in of_worker) == [*range(count)]
    assert all(of_worker == sorted(of_worker) for of_worker in taken)


def test_who_is_slow_takes_fewer_turns():
    turns = Turns(60)

    def work(worker: int) -> Iterator[int]:
        for turn in turns:
            time.sleep(0.05 if worker else 0.001)
            yield turn

    quick, slow = in_processes(work, 2)
    turns.close()
    assert len(quick) > len(slow)


@pytest.mark.parametrize("jobs", [1, 2])
def test_arrays_are_filled_by_all_processes(jobs):
    array = shared_zeros((jobs, 3), "int32", jobs)
    assert (array.dtype, array.tolist()) == ("int32", [[0] * 3] * jobs)

    def fill(worker):
        array[worker] = worker + 1
        return ()

    in_processes(fill, jobs)
    assert array.tolist() == [[worker + 1] * 3 for worker in range(jobs)]


def test_arrays_without_rows():
    assert shared_zeros((0, 3), "int32", 2).shape == (0, 3)


def test_a_thread_works_meanwhile():
    order = []
    begun = threading.Event()
    with meanwhile(lambda: (begun.wait(10) and order.append("work")) or "done") as result:
        order.append("body")
        begun.set()
        assert result() == "done"
    assert order == ["body", "work"]


def test_what_happens_meanwhile_is_told_when_it_is_asked_for():
    with meanwhile(lambda: {}["nothing"]) as result, pytest.raises(KeyError, match="nothing"):
        result()
    ended = threading.Event()
    with pytest.raises(ValueError, match="body"), meanwhile(lambda: time.sleep(0.05) or ended.set()):
        raise ValueError("body")
    # The thread has ended, too.
    assert ended.is_set()
