"""Running systems: order, failures as records, time limit, workers, files that appear whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from newsbench.running import OutOfTime, run_page, run_system, time_limit, visible, write_records
from newsbench.systems.base import System
from newsbench.types import Page


class Echo(System):
    """Says what it sees."""

    name = "echo"
    tasks = ("boilerplate",)

    def run(self, page):
        return {"main_text": page.text}


class Raising(System):
    """Fails on every second page."""

    name = "raising"

    def run(self, page):
        if page.id.endswith(("1", "3")):
            raise RuntimeError("no luck with " + page.id)
        return {"main_text": "fine"}


class Slow(System):
    """Takes its time, and swallows every Exception, as some extractors do."""

    name = "slow"

    def run(self, page):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                time.sleep(0.01)
            except Exception:
                continue
        return {"main_text": "late"}


class Peeking(System):
    """Reports the labels that it was given."""

    name = "peeking"

    def run(self, page):
        labels = (page.segments, page.story, page.topics, page.attributions, page.metadata, page.genre)
        return {"meta": {"labels": [str(label) for label in labels if label is not None]}}


class Together(System):
    """Answers for all pages at once."""

    name = "together"
    whole_corpus = True

    def __init__(self, answers=None):
        self.answers = answers

    def run_all(self, pages):
        count = len(pages) if self.answers is None else self.answers
        return [{"story": "one"}] * count


def pages(count=5):
    return [Page(id=f"p{at}", text=f"text {at}", html="<p>x</p>") for at in range(count)]


def test_order_and_progress():
    seen = []
    records = list(run_system(Echo(), pages(), progress=lambda done, total: seen.append((done, total))))
    assert records == [{"id": f"p{at}", "system": "echo", "main_text": f"text {at}"} for at in range(5)]
    assert seen == [(at, 5) for at in range(1, 6)]


def test_failures_are_records():
    records = list(run_system(Raising(), pages(4)))
    assert [record.get("error") for record in records] == [
        None, "RuntimeError: no luck with p1", None, "RuntimeError: no luck with p3",
    ]  # fmt: skip


def test_time_limit():
    started = time.monotonic()
    record = run_page(Slow(), pages(1)[0], limit=0.2)
    assert time.monotonic() - started < 5
    assert record == {"id": "p0", "system": "slow", "error": "took longer than 0.2 s"}


def test_time_limit_leaves_no_alarm_behind():
    with time_limit(0.05):
        pass
    time.sleep(0.15)
    with pytest.raises(OutOfTime), time_limit(0.05):
        time.sleep(2)


def test_interrupting_the_caller_is_no_record():
    class Interrupted(Echo):
        def run(self, page):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run_system(Interrupted(), pages()))


def test_systems_see_no_labels(labelled_pages):
    for record in run_system(Peeking(), labelled_pages):
        assert record["meta"]["labels"] == []
    seen = visible(labelled_pages[0]._replace(metadata={"headline": "x"}, genre="report"))
    assert seen.metadata is None
    assert seen.text == labelled_pages[0].text


def test_workers_give_the_same_in_the_same_order(labelled_pages):
    alone = list(run_system("lines", labelled_pages, train=labelled_pages))
    shared = list(run_system("lines", labelled_pages, train=labelled_pages, jobs=2))
    assert alone == shared


def test_whole_corpus():
    assert [record["story"] for record in run_system(Together(), pages(), jobs=2)] == ["one"] * 5
    wrong = list(run_system(Together(answers=2), pages(3)))
    assert [record["error"] for record in wrong] == ["ValueError: 2 answers to 3 pages"] * 3


def test_training_is_demanded_at_once():
    with pytest.raises(ValueError, match="'majority' needs training pages"):
        run_system("majority", pages())
    with pytest.raises(ValueError, match="jobs is 0"):
        run_system("nothing", pages(), jobs=0)
    with pytest.raises(ValueError, match="did you mean 'nothing'"):
        run_system("nothin", pages())


def test_training_pages_are_not_read_in_vain():
    def never():
        raise AssertionError("read")
        yield

    assert len(list(run_system("nothing", pages(2), train=never()))) == 2


def test_records_are_written_whole(tmp_path):
    place = tmp_path / "out.jsonl"
    assert write_records(run_system(Echo(), pages(3)), place) == 3
    assert [json.loads(line)["id"] for line in place.read_text(encoding="utf-8").splitlines()] == ["p0", "p1", "p2"]
    assert [file.name for file in place.parent.iterdir()] == ["out.jsonl"]
    with pytest.raises(FileNotFoundError, match="no folder: make it first"):
        write_records([{"id": "a"}], tmp_path / "deep" / "out.jsonl")


def test_half_a_file_never_exists(tmp_path):
    place = tmp_path / "out.jsonl"
    place.write_text("before\n")

    def broken():
        yield {"id": "a"}
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        write_records(broken(), place)
    assert place.read_text() == "before\n"
    assert [file.name for file in tmp_path.iterdir()] == ["out.jsonl"]


def test_lone_surrogates_are_written(tmp_path):
    place = tmp_path / "out.jsonl"
    write_records([{"id": "a", "main_text": "x\ud800y", "topics": [{"code": "\udfff"}]}], place)
    assert json.loads(place.read_text(encoding="utf-8"))["main_text"] == "x?y"


def test_a_dying_worker_costs_one_page(tmp_path):
    """Spawned workers must import the system's module: so it is run from a module of its own."""
    (tmp_path / "dying_system.py").write_text(
        "import os\n"
        "from newsbench.systems.base import System\n"
        "from newsbench.types import Page\n"
        "class Dying(System):\n"
        "    name = 'dying'\n"
        "    def run(self, page):\n"
        "        if page.id == 'p2':\n"
        "            os._exit(3)\n"
        "        return {'main_text': page.id}\n"
        "if __name__ == '__main__':\n"
        "    import json\n"
        "    from dying_system import Dying\n"
        "    from newsbench.running import run_system\n"
        "    pages = [Page(id=f'p{at}', text='x') for at in range(6)]\n"
        "    print(json.dumps(list(run_system(Dying(), pages, jobs=2))))\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "dying_system.py")],
        capture_output=True, text=True, env=environment, timeout=120,
        check=True,
    )  # fmt: skip
    records = json.loads(done.stdout)
    assert [record["id"] for record in records] == [f"p{at}" for at in range(6)]
    assert [at for at, record in enumerate(records) if "error" in record] == [2]
    assert records[2]["error"] == "the process died on this page"


def test_workers_end_with_a_caller_that_is_killed():
    code = (
        "import time\n"
        "from newsbench.gold import load_gold\n"
        "from newsbench.running import run_system\n"
        "records = run_system('nothing', load_gold(None, split='test').pages, jobs=2)\n"
        "next(records)\n"
        "print('begun', flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout.readline() == "begun\n"
        caller.kill()
        # Until no process is left that could say something.
        assert caller.communicate(timeout=30)[0] == ""
