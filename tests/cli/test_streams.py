"""Standard input and pipes as inputs, as a shell gives them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from newsbench.cli import main
from newsbench.cli.streams import as_files
from newsbench.problems import UsageError

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")


@pytest.fixture
def pipes(tmp_path):
    """Make named pipes, each of which gives out some bytes once."""
    writers = []

    def make(name, content):
        place = tmp_path / name
        place.parent.mkdir(exist_ok=True)
        os.mkfifo(place)
        writers.append(threading.Thread(target=place.write_bytes, args=(content,)))
        writers[-1].start()
        return str(place)

    yield make
    for writer in writers:
        writer.join()


def newsbench(*arguments, given):
    return subprocess.run([sys.executable, "-m", "newsbench", *arguments], input=given, capture_output=True)


def copies_left():
    return set(Path(tempfile.gettempdir()).glob("newsbench-*"))


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_a_report_of_standard_input_is_that_of_the_file(ending, mine, tmp_path):
    import pandas as pd

    file = tmp_path / f"stdin.{ending}"
    if ending == "parquet":
        pd.read_json(mine, lines=True).to_parquet(file)
    else:
        file.write_bytes(Path(mine).read_bytes())
    asked = ("--task", "boilerplate", "--resamples", "20", "--format", "json")
    before = copies_left()
    piped = newsbench("score", "-", *asked, given=file.read_bytes())
    assert (piped.returncode, piped.stderr) == (0, b"")
    assert piped.stdout == newsbench("score", str(file), *asked, given=b"").stdout
    assert copies_left() == before


@needs_pipes
def test_pipes_are_compared_by_their_names(mine, pipes, capsys):
    content = Path(mine).read_bytes()
    empty = b"".join(line.split(b', "main_text"')[0] + b', "main_text": ""}\n' for line in content.splitlines())
    arguments = ["compare", pipes("whole", content), pipes("7", empty), mine, "--resamples", "20"]
    assert main([*arguments, "--task", "boilerplate", "--format", "csv"]) == 0
    found = capsys.readouterr().out
    for name in ("whole", "pipe-7", "mine"):
        assert f",{name}," in found


@needs_pipes
def test_pipes_of_one_name_stay_apart(pipes):
    sources = [pipes("here/same", b"first"), "plain.jsonl", pipes("there/same", b"PAR1 and so on")]
    with as_files(sources) as (one, plain, two):
        assert [Path(place).name for place in (one, two)] == ["same.jsonl", "same.parquet"]
        assert (Path(one).read_bytes(), plain, Path(two).read_bytes()) == (b"first", "plain.jsonl", b"PAR1 and so on")
    assert not Path(one).exists()


def test_problems_of_standard_input_are_told_by_line():
    wrong = newsbench("validate", "-", given=b'{"id": "a", "main_text": 7}\nno JSON\n')
    assert wrong.returncode == 1
    assert b"stdin.jsonl:1" in wrong.stdout
    assert b"stdin.jsonl:2" in wrong.stdout
    sound = newsbench("validate", "-", given=b"")
    assert (sound.returncode, sound.stderr) == (0, b"-: sound\n")


def test_a_page_is_shown_with_a_prediction_of_standard_input(gold_pages):
    page = gold_pages[0].id
    shown = newsbench("show", page, "--predictions", "-", given=b'{"id": "%s", "main_text": ""}\n' % page.encode())
    assert shown.returncode == 0
    assert b"no valid prediction" not in shown.stderr


@pytest.mark.parametrize("twice", [("-", "-"), ("-", "/dev/stdin"), ("/dev/stdin", "/dev/stdin")])
@pytest.mark.parametrize("verb", ["compare", "validate"])
def test_a_stream_is_read_once(verb, twice):
    if not all(name == "-" or Path(name).exists() for name in twice):
        pytest.skip("no such file")
    found = newsbench(verb, *twice, given=b"{}")
    assert (found.returncode, found.stdout) == (2, b"")
    assert found.stderr.decode().endswith(f"{twice[1]} is given twice, and can be read once\n")


@needs_pipes
def test_a_pipe_is_read_once(tmp_path):
    pipe, alias = tmp_path / "pipe", tmp_path / "alias"
    os.mkfifo(pipe)
    alias.symlink_to(pipe)
    with pytest.raises(UsageError, match="alias is given twice"), as_files([str(pipe), str(alias)]):
        pass


@pytest.mark.parametrize("option", ["-o", "--counts"])
def test_standard_input_is_not_written_over(option, mine):
    before = Path(mine).read_bytes()
    with Path(mine).open("rb") as given:
        command = [sys.executable, "-m", "newsbench", "score", "-", option, mine, "--resamples", "0"]
        done = subprocess.run(command, stdin=given, capture_output=True)
    assert done.returncode == 2
    assert b"is read or written already" in done.stderr
    assert Path(mine).read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="no shell that closes streams")
def test_a_closed_standard_input_is_told():
    command = '"$0" -m newsbench score - <&-'
    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "newsbench score: - is standard input, and that is closed\n")


@pytest.mark.skipif(os.name != "posix", reason="no signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_copies_are_gone_where_the_process_is_asked_to_end(number, tmp_path):
    command = [sys.executable, "-m", "newsbench", "score", "-"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as running:
        running.stdin.write(b" " * (1 << 21))
        running.stdin.flush()
        # More than a pipe holds: by now it is being read.
        assert [*tmp_path.iterdir()]
        running.send_signal(number)
        assert running.wait(timeout=60) == 128 + number
    assert not [*tmp_path.iterdir()]


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no such device")
def test_gold_and_devices_have_to_be_files(mine, capsys):
    for arguments in (["score", mine, "--gold", "-"], ["score", "/dev/null"], ["validate", "/dev/null"]):
        assert main(arguments) == 2
        assert "is no regular file" in capsys.readouterr().err
