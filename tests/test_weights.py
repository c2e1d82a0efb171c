"""Weights of resamples: drawn once, by whoever has time for it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from newsbench import score, weights
from newsbench.gold import load_gold
from newsbench.stats import Resampling, resampled_sums
from newsbench.weights import DrawnAhead
from newsbench.workers import in_processes


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


@pytest.mark.parametrize("resamples", [1, 999, 1000, 2500])
def test_weights_drawn_ahead_are_those_that_are_asked_for(resamples, drawn):
    ahead = DrawnAhead(3, resamples, 2)

    def work(worker: int) -> tuple[()]:
        if worker:
            ahead.draw(weights.MOST_GROUPS)
        return ()

    in_processes(work, 2)
    ahead.keep()
    found = weights.weights(3, weights.MOST_GROUPS, resamples)
    # Another process did.
    assert drawn == []
    expected = [*weights._drawn(3, weights.MOST_GROUPS, resamples)]
    assert [len(some) for some in found] == [len(some) for some in expected]
    assert np.array_equal(np.concatenate(found), np.concatenate(expected))


def test_one_process_draws(drawn):
    ahead = DrawnAhead(3, 100, 3)

    def work(_: int) -> list[int]:
        ahead.draw(weights.MOST_GROUPS)
        return [len(drawn)]

    assert sum(number for [number] in in_processes(work, 3)) == 1
    ahead.keep()
    assert len(weights._kept) == 1


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
    monkeypatch.setattr("newsbench.streaming.in_processes", lambda work, jobs: [list(work(0)), list(work(1))][:jobs])
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
