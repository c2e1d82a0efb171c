"""Where results go: never over an input, one file a system, in whatever encoding the terminal has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsbench.api import count_systems
from newsbench.cli import main
from newsbench.cli.score import count_files
from newsbench.files import check_targets, write_whole
from newsbench.formats.counts import read_counts, write_counts
from newsbench.gold import load_gold
from newsbench.problems import InputError, UsageError
from newsbench.reporting import build_report


def lines(page: str, **more) -> str:
    return json.dumps({"id": page, "main_text": "The ferry burned.", **more}) + "\n"


@pytest.fixture(scope="module")
def page(gold_pages) -> str:
    return load_gold(split="test", columns=["id"]).pages[0].id


@pytest.fixture
def mine(page, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(lines(page, system="模型"), encoding="utf-8")
    return path


@pytest.mark.parametrize("option", ["-o", "--counts"])
def test_an_input_is_never_the_place_of_a_result(mine, option, capsys):
    before = mine.read_bytes()
    assert main(["score", str(mine), "--task", "boilerplate", option, str(mine)]) == 2
    assert "name another file" in capsys.readouterr().err
    assert mine.read_bytes() == before


def test_two_results_do_not_share_a_file(mine, tmp_path, capsys):
    both = str(tmp_path / "x")
    assert main(["score", str(mine), "-o", both, "--counts", both]) == 2
    assert not (tmp_path / "x").exists()
    check_targets(["/dev/null", "/dev/null", None])


def test_a_wrong_folder_is_told_before_anything_is_written(mine, tmp_path, capsys):
    counts = tmp_path / "counts.parquet"
    assert main(["score", str(mine), "-o", str(tmp_path / "no" / "x"), "--counts", str(counts)]) == 1
    assert "is no folder" in capsys.readouterr().err
    assert not counts.exists()


@pytest.mark.parametrize("names", [["模型甲", "模型乙"], ["a_b", "a-b", "A b"], ["x", "x"], ["a-2", "a", "a"]])
def test_each_system_has_a_table_of_its_own(names, tmp_path):
    found = count_files(str(tmp_path / "c.parquet"), names)
    assert len(set(found)) == len(names)
    assert all(path.parent == tmp_path and path.suffix == ".parquet" for path in found)


def test_tables_of_systems_with_names_in_other_scripts_are_all_written(page, mine, tmp_path):
    other = tmp_path / "other.jsonl"
    other.write_text(lines(page, system="另一个"), encoding="utf-8")
    counts = tmp_path / "c.parquet"
    assert main(["score", str(mine), str(other), "--resamples", "0", "--counts", str(counts), "-o", "/dev/null"]) == 0
    written = sorted(tmp_path.glob("c.*.parquet"))
    assert {read_counts(path).system for path in written} == {"模型", "另一个"}


def test_a_rewritten_file_keeps_its_mode(tmp_path):
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o600)
    write_whole(path, lambda draft: draft.write_text("new"))
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("new", 0o600)


def test_errors_name_the_file_not_its_draft(tmp_path):
    with pytest.raises(OSError, match=r"result\.txt'$"):
        write_whole(tmp_path / "result.txt", lambda draft: draft.open("r"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_errors_name_what_is_full(mine, capsys):
    score = ["score", str(mine), "--task", "boilerplate", "--resamples", "0"]
    assert main([*score, "-o", "/dev/full"]) == 1
    assert "No space left on device: '/dev/full'" in capsys.readouterr().err
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "newsbench", *score]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr == "newsbench score: [Errno 28] No space left on device: 'standard output'\n"


def test_a_site_is_a_folder(mine, capsys):
    before = mine.read_bytes()
    assert main(["leaderboard", str(mine), "-o", str(mine)]) == 1
    assert "is a file: name a folder" in capsys.readouterr().err
    assert mine.read_bytes() == before


def test_a_hyphen_is_standard_output(mine, tmp_path, monkeypatch, capfdbinary):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "nothing", "-o", "-"]) == 0
    records = capfdbinary.readouterr().out.splitlines()
    assert {json.loads(line)["system"] for line in records} == {"nothing"}
    assert main(["score", str(mine), "--task", "boilerplate", "--resamples", "0", "-o", "-"]) == 0
    assert b"token_f1" in capfdbinary.readouterr().out
    assert main(["score", str(mine), "--task", "boilerplate", "--resamples", "0", "--counts", "-"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == [mine.name]


@pytest.mark.parametrize(("sound", "status"), [(True, 0), (False, 1)])
def test_problems_that_nobody_reads_are_problems(sound, status, page, tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text(lines(page) if sound else "no JSON\n" * 150, encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "newsbench", "validate", str(path)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.DEVNULL)
    os.close(writing)
    assert done.returncode == status


def test_what_a_terminal_cannot_show_does_not_lose_the_result(mine):
    command = [sys.executable, "-m", "newsbench", "score", str(mine), "--task", "boilerplate", "--resamples", "0"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONIOENCODING": "cp1252"}, capture_output=True, check=True
    )
    assert b"\\u6a21\\u578b" in done.stdout
    assert b"token_f1" in done.stdout


def test_names_are_made_harmless_and_told_apart(page):
    names = ["a\x1b[2J\nb", "a  b", "a b", "", "\ud800"]
    tables, _ = count_systems([[{"id": page, "system": name, "story": "s"}] for name in names])
    assert [table.system for table in tables] == ["a\\x1b[2J b", "a b", "a b (2)", "unnamed", "\\ud800"]


def test_problems_of_all_files_are_told_in_one_go(page, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"id": page, "topics": 5, "wrong": 1}) + "\n")
    with pytest.raises(InputError) as caught:
        count_systems([tmp_path / "one.jsonl", tmp_path / "two.jsonl"])
    assert {problem.file for problem in caught.value.problems} == {"one.jsonl", "two.jsonl"}


def test_a_table_without_the_task_that_is_asked_for_is_refused(page, tmp_path):
    table = count_systems([[{"id": page, "story": "s"}]])[0][0]
    write_counts(table, tmp_path / "c.parquet")
    with pytest.raises(InputError, match=r"c\.parquet: holds no counts of topics; it has stories"):
        count_systems([tmp_path / "c.parquet"], tasks=["topics"])


def test_tables_of_other_pages_are_named_with_their_files(page, mine, tmp_path, capsys):
    counts = tmp_path / "counts.parquet"
    others = [{"id": load_gold(split="train", columns=["id"]).pages[0].id, "system": "mine", "main_text": "x"}]
    write_counts(count_systems([others], tasks=["boilerplate"], split="train")[0][0], counts)
    assert main(["score", str(mine), str(counts), "--task", "boilerplate"]) == 1
    error = capsys.readouterr().err
    assert f"{counts}: pages: covers other pages than 模型 ({mine})" in error.replace("mine (", "模型 (")
    assert main(["score", str(counts), str(mine), "--task", "boilerplate"]) == 1
    assert f"{mine}: pages: covers other pages than" in capsys.readouterr().err


def test_ceilings_of_stored_and_fresh_figures_stand_side_by_side(page, gold_pages, tmp_path):
    topics = [{"id": page.id, "topics": ["medtop:11000000"]} for page in gold_pages]
    write_counts(count_systems([topics])[0][0], tmp_path / "c.parquet")
    text = [{"id": page, "main_text": "The ferry burned."}]
    tables, ceiling = count_systems([tmp_path / "c.parquet", text])
    report = build_report(tables, ceiling=ceiling, slices=False)
    for system, task, figure in ((0, "topics", "primary_accuracy"), (1, "boilerplate", "token_f1")):
        assert report.systems[system].tasks[task][figure].ceiling > 0.9
    assert report.systems[1].tasks["boilerplate"]["token_f1_outlet_mean"].ceiling > 0.9
    assert report.settings["ceiling_pages"] == {"topics": 100, "boilerplate": 100}


def test_tables_of_another_split_bring_their_own_ceiling(tmp_path):
    pages = load_gold(split="validation", columns=["id"]).pages
    rows = [{"id": page.id, "topics": ["medtop:11000000"]} for page in pages]
    write_counts(count_systems([rows], split="validation")[0][0], tmp_path / "c.parquet")
    tables, ceiling = count_systems([tmp_path / "c.parquet"])
    assert build_report(tables, ceiling=ceiling)["topics"]["primary_accuracy"].ceiling > 0.9


@pytest.fixture(scope="module")
def counted(page, tmp_path_factory):
    """A count table of the test split."""
    path = tmp_path_factory.mktemp("counted") / "c.parquet"
    write_counts(count_systems([[{"id": page, "main_text": "The ferry burned."}]])[0][0], path)
    return str(path)


@pytest.mark.parametrize("split", ["validation", "all"])
def test_a_split_that_a_table_of_counts_is_not_of_is_refused(split, counted, tmp_path, capsys):
    out, counts = tmp_path / "x", tmp_path / "y.parquet"
    assert main(["score", counted, "--split", split, "-o", str(out), "--counts", str(counts)]) == 2
    assert f"the split asked for is {split} (--split), but the table of counts is of test" in capsys.readouterr().err
    assert main(["compare", counted, counted, "--split", split, "-o", str(out)]) == 2
    assert not list(tmp_path.iterdir())
    assert main(["score", counted, "--split", "test", "--resamples", "0", "-o", str(out)]) == 0


def test_the_usual_split_is_refused_too_where_it_is_asked_for(tmp_path, capsys):
    rows = [{"id": page.id, "topics": []} for page in load_gold(split="validation", columns=["id"]).pages]
    path = tmp_path / "c.parquet"
    write_counts(count_systems([rows], split="validation")[0][0], path)
    assert main(["score", str(path), "--split", "test"]) == 2
    assert "but the table of counts is of validation" in capsys.readouterr().err
    assert main(["score", str(path), "--resamples", "0"]) == 0


def test_a_split_is_asked_of_tables_whose_gold_has_splits(page, tmp_path):
    for name in ("test", "validation"):
        row = {"id": name, "text": "", "story": {"id": "s"}}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    answer = [{"id": "test", "story": "s"}]
    one_file = tmp_path / "test.jsonl"
    of_file = count_systems([answer], gold=one_file)[0]
    assert count_systems(of_file, gold=one_file, split="validation")[0]
    of_folder = count_systems([answer], gold=tmp_path)[0]
    with pytest.raises(UsageError, match=r"asked for is validation .* is of test"):
        count_systems(of_folder, gold=tmp_path, split="validation")
    # The packaged gold has splits even where all of them were counted.
    of_all = count_systems([[{"id": page, "story": "s"}]], split=None)[0]
    with pytest.raises(UsageError, match=r"asked for is validation .* is of all"):
        count_systems(of_all, split="validation")


def test_peers_are_refused_where_a_table_has_no_counts_of_theirs(counted, page, tmp_path, capsys):
    assert main(["score", counted, "--peers"]) == 1
    assert "c.parquet: holds no counts of the peers' metrics: score its predictions" in capsys.readouterr().err
    row = [{"id": page, "main_text": "The ferry burned.", "topics": []}]
    write_counts(count_systems([row], peers=True)[0][0], tmp_path / "p.parquet")
    write_counts(count_systems([row], tasks=["topics"])[0][0], tmp_path / "t.parquet")
    for name in ("p", "t"):
        assert count_systems([tmp_path / f"{name}.parquet"], peers=True)[0]


@pytest.mark.parametrize("command", ["score", "compare"])
def test_what_csv_cannot_carry_goes_to_standard_error(command, counted, tmp_path, capsys):
    out = tmp_path / "x.csv"
    inputs = [counted] * (2 if command == "compare" else 1)
    options = ["--resamples", "0", "--format", "csv"]
    assert main([command, *inputs, *options]) == 0
    printed = capsys.readouterr()
    assert "Signature: data:newsbench-" in printed.err
    assert "99 without a prediction (scored as empty)" in printed.err
    assert "Signature" not in printed.out
    assert main([command, *inputs, *options, "-o", str(out)]) == 0
    assert (out.read_text(encoding="utf-8"), capsys.readouterr().err) == (printed.out, printed.err)
    assert main([command, *inputs, "--resamples", "0"]) == 0
    assert capsys.readouterr().err == ""
