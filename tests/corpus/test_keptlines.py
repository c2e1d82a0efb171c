"""A second opinion on boilerplate: lines kept and dropped, found again when the page around them changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsbench.corpus.build import build_dataset, check_corpus
from newsbench.corpus.command import judge_page
from newsbench.corpus.keptlines import kept_path, page_lines, read_kept, read_numbers, write_kept
from newsbench.corpus.problems import Report

TEXT = "Menu\n\n  A headline \nFirst paragraph.\nShare\nFirst paragraph.\n" + "long " * 30 + "end\n\nFooter\n"
BELL = "stories/harbour-bell/is-hafnarblad-bell-gone.xml"


def lines(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]


def read(tmp_path: Path, kept: str, text: str = TEXT) -> tuple[list[str], list[str]]:
    path = tmp_path / "x.b.kept"
    path.write_text(kept, encoding="utf-8")
    report = Report(path)
    return lines(text, read_kept(path, text, report)), [str(problem) for problem in report.problems]


def test_lines_are_those_that_show_anything():
    assert lines(TEXT, page_lines(TEXT))[:3] == ["Menu", "A headline", "First paragraph."]


def test_what_is_not_kept_is_dropped(tmp_path: Path):
    dropped, problems = read(tmp_path, write_kept(TEXT, {2, 3, 6}))
    assert problems == []
    assert dropped == ["Menu", "Share", "First paragraph.", "Footer"]


def test_of_equal_lines_the_one_that_was_meant_is_found_by_its_order(tmp_path: Path):
    dropped, _ = read(tmp_path, "Share\nFirst paragraph.\n")
    assert dropped == ["Menu", "A headline", "First paragraph.", ("long " * 30 + "end"), "Footer"]


def test_other_teasers_change_nothing(tmp_path: Path):
    changed = TEXT.replace("Menu\n", "Menu\nA new teaser\n").replace("Footer", "Another footer")
    dropped, problems = read(tmp_path, write_kept(TEXT, {2, 3, 5, 6}), changed)
    assert problems == []
    assert dropped == ["Menu", "A new teaser", "Share", "Another footer"]


def test_a_page_that_has_changed_must_be_judged_again(tmp_path: Path):
    _, problems = read(tmp_path, "A headline\nGone paragraph\n")
    assert "1 of 2 lines are not on the page, the first 'Gone paragraph': judge it again" in problems[0]


@pytest.mark.parametrize(("words", "numbers"), [("1", {1}), ("2-4 6", {2, 3, 4, 6}), ("2-3, 5", {2, 3, 5}), ("", set())])
def test_numbers_are_read(words, numbers):
    assert read_numbers(words, 9) == numbers


@pytest.mark.parametrize(("words", "message"), [("a", "no line number"), ("3-10", "lines 1 to 9"), ("5-3", "lines 1 to"), ("0", "1 to 9")])
def test_wrong_numbers_are_refused(words, message):
    with pytest.raises(ValueError, match=message):
        read_numbers(words, 9)


def test_the_opinion_stands_in_the_dataset_and_is_a_ceiling(seeds: Path, schema: Path, tmp_path: Path, capsys):
    options = ["--seeds", str(seeds), "--schema", str(schema)]
    assert judge_page([str(seeds / BELL), *options], root=tmp_path) == 0
    printed = capsys.readouterr().out.splitlines()
    assert judge_page([str(seeds / BELL), "--keep", f"1-{len(printed)}", *options], root=tmp_path) == 0
    assert judge_page([str(seeds / BELL), "--keep", "0", *options], root=tmp_path) == 1
    assert kept_path(seeds / BELL, "b").is_file()
    assert check_corpus(seeds, schema) == []
    build_dataset(seeds, schema, tmp_path, version="9.9.9")

    import newsbench

    rows = {row["id"]: row for row in read_rows(tmp_path)}
    assert rows["is-hafnarblad-bell-gone"]["boilerplate"] == []
    gold = tmp_path / "data" / "9.9.9"
    from newsbench.gold import load_gold

    pages = load_gold(gold, split=None).pages
    answers = [{"id": page.id, "main_text": page.text} for page in pages]
    found = newsbench.score(answers, gold=gold, split=None)["boilerplate"]["token_recall"]
    assert found.ceiling == 1

    path = tmp_path / "answers.jsonl"
    import json

    path.write_text("".join(json.dumps(row) + "\n" for row in answers), encoding="utf-8")
    indexed = newsbench.score(path, gold=gold, split=None)["boilerplate"]
    assert indexed["token_recall"].ceiling == 1
    assert 0 < indexed["token_precision"].ceiling < 1
    shutil.rmtree(tmp_path / "data")


def read_rows(folder: Path) -> list[dict]:
    from newsbench.dataset import read_parquet

    paths = sorted((folder / "data" / "9.9.9" / "annotations").glob("*.parquet"))
    return [row for path in paths for row in read_parquet(path).to_pylist() if row["annotator"] == "b"]
