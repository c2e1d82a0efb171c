"""The command line as a user meets it: output, errors, exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from newsbench.cli import VERBS, main


@pytest.mark.parametrize(
    ("arguments", "status"), [(["--version"], 0), (["validate", "missing.jsonl"], 1), (["score", "--nothing"], 2)]
)
def test_a_program_ends_at_once_but_for_what_is_to_be_done_last(arguments, status):
    code = (
        "import atexit, sys\n"
        "class Kept:\n"
        "    def __del__(self): print('taken apart')\n"
        "sys.kept = Kept()\n"
        "atexit.register(print, 'done last', flush=True)\n"
        "from newsbench.cli import program\n"
        "program()"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True)
    assert done.returncode == status
    assert done.stdout.endswith("done last\n")
    assert "taken apart" not in done.stdout
    watched = [sys.executable, "-m", "cProfile", "-m", "newsbench", *arguments]
    assert "function calls" in subprocess.run(watched, capture_output=True, text=True).stdout


def test_without_arguments_the_help_is_shown_and_usage_is_wrong(capsys):
    assert main([]) == 2
    assert "score predictions against gold pages" in capsys.readouterr().err


def test_help_lists_every_command(capsys):
    assert main(["--help"]) == 0
    found = capsys.readouterr().out
    assert all(f"  {verb} " in found for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_has_help(verb, capsys):
    assert main([verb, "--help"]) == 0
    assert f"usage: newsbench {verb}" in capsys.readouterr().out


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("newsbench 0.")


@pytest.mark.parametrize("arguments", [["scroe"], ["score"], ["score", "x", "--task", "poetry"], ["score", "--wrong"]])
def test_wrong_usage_is_status_two(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_score_prints_a_table(mine, capsys):
    assert main(["score", mine, "--resamples", "100"]) == 0
    found = capsys.readouterr()
    assert "token_f1" in found.out
    assert "Signature: data:newsbench-" in found.out


def test_score_writes_json_and_counts(mine, tmp_path, capsys):
    report, counts = tmp_path / "report.json", tmp_path / "counts.parquet"
    assert (
        main(["score", mine, "--format", "json", "-o", str(report), "--counts", str(counts), "--resamples", "50"]) == 0
    )
    assert capsys.readouterr().out == ""
    first = json.loads(report.read_text(encoding="utf-8"))
    assert main(["score", str(counts), "--format", "json", "--resamples", "50"]) == 0
    again = json.loads(capsys.readouterr().out)
    value = first["systems"][0]["tasks"]["boilerplate"]["metrics"]["token_f1"]["value"]
    assert again["systems"][0]["tasks"]["boilerplate"]["metrics"]["token_f1"]["value"] == value


def test_refused_input_is_status_one_with_all_problems_and_nothing_written(tmp_path, capsys):
    path = tmp_path / "bad.jsonl"
    path.write_text('nope\n{"id": "unknown-page"}\n', encoding="utf-8")
    out = tmp_path / "report.json"
    assert main(["score", str(path), "-o", str(out)]) == 1
    error = capsys.readouterr().err
    assert "bad.jsonl:1:" in error
    assert "bad.jsonl:2:" in error
    assert not out.exists()


def test_skip_invalid_scores_the_rest_and_says_so(tmp_path, mine, capsys):
    path = tmp_path / "some.jsonl"
    path.write_text(Path(mine).read_text(encoding="utf-8") + "\nnope\n", encoding="utf-8")
    assert main(["score", str(path), "--skip-invalid", "--resamples", "50"]) == 0
    assert "1 invalid record skipped" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named", "status"),
    [
        (["score", "nowhere.jsonl"], "no predictions at nowhere.jsonl", 1),
        (["score", "nowhere.jsonl", "--gold", "nowhere"], "no gold at nowhere", 1),
        (["validate", "nowhere"], "nothing at nowhere", 1),
        (["score", "nowhere.jsonl", "--policy", "lax"], "allowed: ", 2),
        (["score", "nowhere.jsonl", "--jobs", "0"], "allowed: 1 or more", 2),
        (["score", "nowhere.jsonl", "--level", "2"], "level is 2.0; allowed: between 0 and 1", 2),
        (
            ["score", "nowhere.jsonl", "--seed", "-1", "--resamples", "-2"],
            "resamples is -2; allowed: 0 or more, seed",
            2,
        ),
        (["run", "nothing", "-o", "no/such/folder/x"], "is no folder: make it first", 1),
        (["show", "no-such-page"], "no page 'no-such-page'", 2),
        (["run", "trafilatora"], "trafilatura", 2),
        (["import", "brott", "x"], "no format 'brott'", 2),
        (["export", "brott", "-o", "x"], "no format 'brott'", 2),
        (["metrics", "boilerplate.token_f2"], "boilerplate.token_f1", 2),
        (["metrics", "token_f1"], "no figure token_f1; near: boilerplate.token_f1, titles.token_f1\n", 2),
        (["compare", "one.jsonl"], "at least two", 2),
    ],
)
def test_errors_name_what_is_wrong_and_what_is_allowed(arguments, named, status, capsys):
    assert main(arguments) == status
    assert named in capsys.readouterr().err


def test_results_never_replace_what_is_no_regular_file(mine, tmp_path, capsys):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old", encoding="utf-8")
    link.symlink_to(real)
    assert main(["score", mine, "--resamples", "0", "-o", str(link)]) == 0
    assert link.is_symlink()
    assert "token_f1" in real.read_text(encoding="utf-8")
    assert main(["score", mine, "--resamples", "0", "-o", "/dev/null"]) == 0
    assert Path("/dev/null").is_char_device()
    assert main(["score", mine, "-o", str(tmp_path)]) == 1
    assert main(["score", mine, "-o", str(tmp_path / "no" / "x")]) == 1
    assert "no folder" in capsys.readouterr().err


def test_terminal_escapes_in_names_are_shown_not_sent(tmp_path, gold_pages, capsys):
    path = tmp_path / "esc.jsonl"
    rows = [json.dumps({"id": page.id, "system": "a\x1b[2Jb\nc", "main_text": "x"}) for page in gold_pages]
    path.write_text("\n".join([*rows, json.dumps({"id": "\x1b[31m"})]), encoding="utf-8")
    assert main(["score", str(path), "--skip-invalid"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert main(["score", str(path)]) == 1
    assert "\x1b" not in capsys.readouterr().err


def test_compare_prints_pairs_and_ranks(mine, tmp_path, gold_pages, capsys):
    other = tmp_path / "other.jsonl"
    rows = [json.dumps({"id": page.id, "main_text": page.text[:500]}) for page in gold_pages]
    other.write_text("\n".join(rows), encoding="utf-8")
    assert main(["compare", mine, str(other), "--resamples", "100", "--task", "boilerplate"]) == 0
    found = capsys.readouterr().out
    assert "boilerplate.token_f1" in found
    assert "ranks on" in found


def test_metrics_prints_definitions(capsys):
    assert main(["metrics", "boilerplate.token_f1"]) == 0
    found = capsys.readouterr().out
    assert "kept content" in found
    assert "version 2" in found


def test_info_tells_what_the_dataset_holds(capsys):
    assert main(["info"]) == 0
    assert "attributions" in capsys.readouterr().out


def test_import_validate_and_show_a_text(tmp_path, capsys):
    source = tmp_path / "Some Page.txt"
    source.write_bytes("Logo\r\n\r\nA headline\u202e with \x1b[31mred\r\n😀 text".encode())
    assert main(["import", "text", str(source), "-o", str(tmp_path / "pages")]) == 0
    assert main(["validate", str(tmp_path / "pages")]) == 0
    capsys.readouterr()
    assert main(["show", "some-page", "--gold", str(tmp_path / "pages")]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\\x1b[31mred" in shown
    assert "\\u202e" in shown
    assert shown.count("unlabelled") == 3


def test_run_writes_predictions_that_score(tmp_path, capsys):
    out = tmp_path / "nothing.jsonl"
    assert main(["run", "nothing", "-o", str(out)]) == 0
    assert main(["score", str(out), "--resamples", "20"]) == 0
    assert "0.000" in capsys.readouterr().out


def test_systems_lists_every_system(capsys):
    from newsbench.systems import SYSTEMS

    assert main(["systems"]) == 0
    found = capsys.readouterr().out
    assert all(name in found for name in SYSTEMS)


def test_metrics_says_of_a_figure_that_it_is_of_another_task(capsys):
    assert main(["metrics", "--task", "topics", "boilerplate.token_f1"]) == 2
    assert "boilerplate.token_f1: of another task than topics" in capsys.readouterr().err
    assert main(["metrics", "--task", "topics", "topics.lrap", "--format", "json"]) == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == ["topics.lrap"]
    assert main(["metrics", "--task", "topics", "--format", "json"]) == 0
    assert {row["name"].partition(".")[0] for row in json.loads(capsys.readouterr().out)} == {"topics"}
