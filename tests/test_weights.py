"""Weights of resamples: drawn once, by whoever has time for it."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from newsbench import score, weights
from newsbench.gold import load_gold
from newsbench.stats import Resampling, resampled_sums
from newsbench.weights import DrawnAhead
from newsbench.workers import in_processes

OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture
def drawn(monkeypatch):
    """The numbers of groups for which this process draws weights; none are kept at first."""
    found = []
    usual = weights._drawn
    monkeypatch.setattr(weights, "_kept", {})
    monkeypatch.setattr(weights, "_drawn", lambda *asked: found.append(asked[1]) or usual(*asked))
    return found


def test_draws_are_kept_for_several_numbers_of_groups_but_not_without_end(drawn, monkeypatch):
    monkeypatch.setattr(weights, "_KEPT", 30_000)
    first = {}
    for groups in (5, 7, 5, 7, 20, 7, 5, 40):
        found = resampled_sums(np.arange(groups)[:, None], Resampling(resamples=1000))
        assert np.array_equal(first.setdefault(groups, found), found)
    # 5 has to make room for 20, and 20 for 5; 40 is too large to be kept.
    assert drawn == [5, 7, 20, 5, 40]
    assert [groups for _, groups, _ in weights._kept] == [7, 5]


def nothing(_: int) -> tuple[()]:
    """Work that gives nothing."""
    return ()


def end_of_workers() -> None:
    for process in multiprocessing.active_children():
        process.join()


@pytest.mark.parametrize("resamples", [1, 999, 1000, 2500])
def test_weights_drawn_ahead_are_those_that_are_asked_for(resamples, drawn, monkeypatch):
    ahead = DrawnAhead(3, resamples, 2)
    here, usual = os.getpid(), weights._drawn
    began, go = os.pipe(), os.pipe()

    def waits(*asked: int):
        os.write(began[1], b"x")
        assert os.read(go[0], 1)
        return usual(*asked)

    with monkeypatch.context() as patch:
        patch.setattr(weights, "_drawn", waits)
        # Another process draws, and is not waited for before it is asked.
        in_processes(nothing, 2, lambda: os.getpid() == here or ahead.draw(weights.MOST_GROUPS))
        assert os.read(began[0], 1)
    ahead.keep()
    os.write(go[1], b"x")
    found = weights.weights(3, weights.MOST_GROUPS, resamples)
    assert drawn == []
    expected = [*usual(3, weights.MOST_GROUPS, resamples)]
    assert [len(some) for some in found] == [len(some) for some in expected]
    assert np.array_equal(np.concatenate(found), np.concatenate(expected))
    for end in (*began, *go):
        os.close(end)


def test_one_process_draws(drawn):
    ahead = DrawnAhead(3, 100, 3)
    reading, writing = os.pipe()

    def draw() -> None:
        before = len(drawn)
        ahead.draw(weights.MOST_GROUPS)
        os.write(writing, b"%d" % (len(drawn) - before))

    in_processes(nothing, 3, draw)
    end_of_workers()
    assert sorted(os.read(reading, 3)) == [*b"001"]
    ahead.keep()
    assert len(weights.weights(3, weights.MOST_GROUPS, 100)) == 1
    for end in (reading, writing):
        os.close(end)


def test_weights_of_which_only_a_part_was_drawn_are_drawn_again(drawn, monkeypatch):
    ahead = DrawnAhead(3, 2500, 2)
    here = os.getpid()
    usual = weights._drawn

    def some(*asked: int):
        yield next(usual(*asked))
        os._exit(1)

    monkeypatch.setattr(weights, "_drawn", some)
    in_processes(nothing, 2, lambda: os.getpid() != here and ahead.draw(weights.MOST_GROUPS))
    end_of_workers()
    monkeypatch.setattr(weights, "_drawn", usual)
    ahead.keep()
    found = weights.weights(3, weights.MOST_GROUPS, 2500)
    assert drawn == [weights.MOST_GROUPS]
    assert len(found) == 3


def test_weights_that_fit_no_byte_are_drawn_again(drawn, monkeypatch):
    monkeypatch.setattr(weights, "_MOST_IN_A_BYTE", 1)
    ahead = DrawnAhead(3, 10, 2)
    ahead.draw(weights.MOST_GROUPS)
    ahead.keep()
    [found] = weights.weights(3, weights.MOST_GROUPS, 10)
    assert drawn == [weights.MOST_GROUPS] * 2
    assert found.dtype == np.uint16


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="no list of open files")
@pytest.mark.parametrize("groups", [0, weights.MOST_GROUPS])
def test_nothing_is_left_open(groups, drawn):
    before = len([*OPEN_FILES.iterdir()])
    for asked in (True, False):
        ahead = DrawnAhead(3, 10, 2)
        ahead.draw(groups)
        ahead.keep()
        if asked:
            weights.weights(3, weights.MOST_GROUPS, 10)
        weights._kept.clear()
    del ahead
    assert len([*OPEN_FILES.iterdir()]) == before


@pytest.mark.parametrize(
    ("groups", "resamples", "jobs"),
    [
        (weights.MOST_GROUPS - 1, 100, 2),
        (weights.MOST_GROUPS, 0, 2),
        # More than is kept.
        (weights.MOST_GROUPS, 1 << 15, 2),
        # It would only be done earlier.
        (weights.MOST_GROUPS, 100, 1),
    ],
)
def test_nothing_is_drawn_ahead_in_vain(groups, resamples, jobs, drawn):
    ahead = DrawnAhead(3, resamples, jobs)
    ahead.draw(groups)
    ahead.keep()
    assert (drawn, weights._kept) == ([], {})


def test_what_is_kept_is_not_drawn_again(drawn):
    weights.weights(3, weights.MOST_GROUPS, 10)
    ahead = DrawnAhead(3, 10, 2)
    ahead.draw(weights.MOST_GROUPS)
    ahead.keep()
    assert drawn == [weights.MOST_GROUPS]


def test_reports_are_the_same_whoever_draws(tmp_path, drawn, monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(2), raising=False)
    for module in ("weights", "stats"):
        monkeypatch.setattr(f"newsbench.{module}.MOST_GROUPS", 3)
    # One process draws what it finds time for, so that it can be seen.
    def in_turn(work, jobs, afterwards):
        found = [list(work(worker)) for worker in range(jobs)]
        afterwards()
        return found

    monkeypatch.setattr("newsbench.streaming.in_processes", in_turn)
    path = tmp_path / "mine.jsonl"
    pages = load_gold(split=None).pages
    path.write_text("\n".join(json.dumps({"id": page.id, "main_text": page.text[99:]}) for page in pages))
    asked = {"split": None, "tasks": ["boilerplate"], "resampling": Resampling(resamples=300)}
    alone = score(path, **asked)
    assert 3 in drawn
    weights._kept.clear()
    drawn.clear()
    ahead = []
    usual = DrawnAhead.keep
    monkeypatch.setattr(DrawnAhead, "keep", lambda self: (ahead.append([*drawn]), usual(self)))
    together = score(path, **asked, jobs=2)
    assert ahead == [[3]]
    assert drawn.count(3) == 1
    assert together.as_json() == alone.as_json()
