"""`newsbench import` as a user meets it, and the public corpora themselves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from newsbench.cli import main
from newsbench.cli.import_ import Stop
from newsbench.gold import load_gold


def write_lines(path, number):
    rows = (json.dumps({"id": f"p{at}", "html": f"<p>Page {at} tells of the rain.</p>" * 30}) for at in range(number))
    path.write_text("\n".join(rows), encoding="utf-8")


def test_notices_and_their_counts_go_to_standard_error(tmp_path, capsys):
    source = tmp_path / "m.jsonl"
    source.write_text('{"name": "a", "body": "some text"}\n{broken\n{}\n', encoding="utf-8")
    out = tmp_path / "out"
    assert main(["import", "jsonl", str(source), "-o", str(out), "--map", "name=id", "body=text"]) == 0
    found = capsys.readouterr()
    assert found.out == ""
    assert "m.jsonl:2: broken line: no JSON" in found.err
    assert "broken line: 2\n" in found.err
    assert "1 page in" in found.err
    assert load_gold(out).pages[0].reference["id"] == "a"
    assert main(["validate", str(out)]) == 0


@pytest.mark.parametrize("mapping", ["name", "name=", "=id"])
def test_a_mapping_without_both_sides_is_refused(tmp_path, capsys, mapping):
    write_lines(tmp_path / "m.jsonl", 1)
    assert main(["import", "jsonl", str(tmp_path / "m.jsonl"), "-o", str(tmp_path / "o"), "--map", mapping]) == 1
    assert "expected COLUMN=FIELD" in capsys.readouterr().err


def test_nothing_is_written_where_no_page_can_be_read(tmp_path, capsys):
    (tmp_path / "m.jsonl").write_text("{\n", encoding="utf-8")
    assert main(["import", "jsonl", str(tmp_path / "m.jsonl"), "-o", str(tmp_path / "o")]) == 1
    assert "no page could be read" in capsys.readouterr().err
    assert not [place for place in (tmp_path / "o").rglob("*") if place.is_file()]


@pytest.mark.parametrize(("stop", "jobs"), [(signal.SIGTERM, "1"), (signal.SIGINT, "2")])
def test_an_interrupted_import_leaves_the_old_file_and_nothing_half_written(tmp_path, stop, jobs):
    write_lines(tmp_path / "old.jsonl", 2)
    out = tmp_path / "out"
    assert main(["import", "jsonl", str(tmp_path / "old.jsonl"), "-o", str(out)]) == 0
    before = {place: place.read_bytes() for place in out.rglob("*") if place.is_file()}
    write_lines(tmp_path / "new.jsonl", 120_000)
    command = [sys.executable, "-m", "newsbench", "import", "jsonl", str(tmp_path / "new.jsonl"), "-o", str(out)]
    # Where the tests run in the background of a shell, what they start would ignore an interrupt.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    running = subprocess.Popen([*command, "--jobs", jobs], stderr=subprocess.DEVNULL, preexec_fn=heard)
    try:
        deadline = time.monotonic() + 60
        while not (out / ".pages.parquet.part").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.1)
        os.kill(running.pid, stop)
        assert running.wait(60) == 130
    finally:
        running.kill()
        running.wait()
    assert {place: place.read_bytes() for place in out.rglob("*") if place.is_file()} == before


def test_a_wish_to_stop_that_a_parser_swallows_ends_the_work_at_the_next_page():
    stop = Stop()

    def rows():
        yield {"id": "one"}
        try:
            stop(signal.SIGTERM, None)
        except BaseException:
            yield {"id": "two"}
        yield {"id": "three"}

    seen = []
    with pytest.raises(KeyboardInterrupt):
        seen.extend(row["id"] for row in stop.watch(rows()))
    assert not {"two", "three"} & set(seen)


@pytest.fixture(scope="module")
def imported(corpora, tmp_path_factory):
    """Every corpus at hand, imported once."""
    place = tmp_path_factory.mktemp("imported")
    for name in ("aeb", "wcxb", "webmainbench", "polnear", "wikinews-de", "litbank"):
        assert main(["import", name, str(corpora / name), "-o", str(place / name)]) == 0
    return place


@pytest.mark.parametrize(
    ("name", "pages", "left_out", "attributions"),
    [("aeb", 60, 0, 0), ("wcxb", 97, 2, 0), ("webmainbench", 4, 0, 0), ("polnear", 40, 0, 803),
     ("wikinews-de", 20, 0, 106), ("litbank", 3, 0, 74)],
)  # fmt: skip
def test_public_corpora_come_in_whole_and_valid(imported, name, pages, left_out, attributions):
    found = load_gold(imported / name).pages
    assert len(found) == pages
    assert sum(page.segments is None for page in found) == left_out
    assert all("left_out" in page.reference for page in found if page.segments is None)
    assert sum(len(page.attributions or ()) for page in found) == attributions
    assert main(["validate", str(imported / name)]) == 0


def test_stored_outputs_give_the_peers_numbers(imported, corpora):
    """Pinned to the peer's own evaluate.py over the same 60 pages."""
    import newsbench

    pinned = {"trafilatura": 0.9656, "readability": 0.9365, "goose3": 0.8914, "justext": 0.7924}
    files = [corpora / "aeb" / "output" / f"{name}.json" for name in pinned]
    report = newsbench.score(*files, gold=imported / "aeb", stored_as="aeb", peers=True, tasks=["boilerplate"])
    for system in report.systems:
        metrics = system.tasks["boilerplate"].metrics
        assert metrics["aeb_f1"].value == pytest.approx(pinned[system.name], abs=5e-5)
        assert system.missing == 0


def test_gold_text_scores_one_and_our_figures_rank_like_the_peers(imported, tmp_path):
    gold = load_gold(imported / "wcxb").pages
    lines = [json.dumps({"id": page.id, "main_text": page.reference["text"]}) for page in gold]
    (tmp_path / "gold.jsonl").write_text("\n".join(lines), encoding="utf-8")
    import newsbench

    metrics = newsbench.score(tmp_path / "gold.jsonl", gold=imported / "wcxb", peers=True)["boilerplate"]
    assert metrics["wcxb_f1"].value == pytest.approx(1)
    assert metrics["aeb_f1"].value == pytest.approx(1)
    # Not one: headings that the gold text numbers, and words that the page spells otherwise.
    assert metrics["token_f1"].value > 0.98
    assert metrics["token_f1"].n == 95


def test_systems_run_on_imported_pages(imported, tmp_path, capsys):
    out = tmp_path / "rules.jsonl"
    assert main(["run", "rules", "--gold", str(imported / "polnear"), "-o", str(out)]) == 0
    assert main(["score", str(out), "--gold", str(imported / "polnear"), "--peers", "--resamples", "0"]) == 0
    assert "joint_relaxed_f1" in capsys.readouterr().out
    out = tmp_path / "whole.jsonl"
    assert main(["run", "whole-page", "--gold", str(imported / "webmainbench"), "-o", str(out)]) == 0
    assert main(["score", str(out), "--gold", str(imported / "webmainbench"), "--resamples", "0"]) == 0
