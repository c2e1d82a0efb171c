"""Floors of the corpus: each can break, and the packaged dataset keeps them all."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from report_examples import SENTENCE, make_page

from newsbench.corpusreport.floors import Floor, floors, only_in_test
from newsbench.corpusreport.report import read_all
from newsbench.types import Page

ROOT = Path(__file__).resolve().parents[1]


def article(name: str, words: int = 300, **columns) -> Page:
    """An article of words that no other has, on a page of its own markup."""
    body = " ".join(f"{name}{n}" for n in range(words - 2))
    parts = (("headline", f"{name}head {name}line"), ("paragraph", body), *columns.pop("parts", ()))
    return make_page(name, *parts, **columns)


def sound_splits() -> dict[str, list[Page]]:
    return {
        "train": [article("aa", template="a", html="<p><b></b></p><i></i>")],
        "test": [article("bb", template="b", html="<div><ul></ul></div><u></u>")],
    }


def broken_floors(splits: dict[str, list[Page]]) -> list[str]:
    return [floor.name for floor in floors(splits, read_all(splits)) if not floor.holds]


def test_a_sound_dataset_breaks_no_floor():
    assert broken_floors(sound_splits()) == []


STOLEN = "this long sentence was taken over as it stood from the page of another newspaper"


@pytest.mark.parametrize(
    ("pages", "floor"),
    [
        ([article("cc", template="b", html="<p><b></b></p><i></i>")], "likeness of two sites of different families"),
        (
            [article(n, template=n, parts=(("footer", SENTENCE),)) for n in ("cc", "dd")],
            "furniture sentences of more than 6 words on two sites",
        ),
        ([article(n, parts=(("paragraph", STOLEN),)) for n in ("cc", "dd")], "words in a row shared by two stories"),
        (
            [
                article(n, parts=tuple(("paragraph", f"{n} {' '.join(f'{k}{j}' for j in range(8))}") for k in "xyz"))
                for n in ("cc", "dd")
            ],
            "8-word phrases that articles of two stories share",
        ),
        ([article("cc", story="story-aa")], "stories in two splits"),
        ([article(f"c{n}", 100) for n in "abc"], "median words an article"),
        ([article(f"c{n}", 800) for n in "abc"], "median words an article"),
    ],
)
def test_each_floor_can_break(pages, floor):
    splits = sound_splits()
    splits["test"] += pages
    assert broken_floors(splits) == [floor]


def test_test_outlets_and_families_that_stand_elsewhere_break_their_floors():
    splits = sound_splits()
    splits["test"] = [article("bb", template="b", outlet="aa")]
    assert broken_floors(splits) == ["test outlets in no other split, share"]
    splits["test"] = [article("bb", template="a")]
    assert broken_floors(splits) == ["families in test only, share of all families"]
    assert only_in_test(splits, "template") == ({"a"}, set())


def test_a_value_that_there_is_not_holds_no_floor():
    assert not Floor("x", math.nan, 1, None, []).holds
    assert not Floor("x", math.nan, None, 1, []).holds
    assert Floor("x", 1.0, 1, 1, []).holds


def test_the_packaged_dataset_keeps_every_floor(packaged):
    found = floors(packaged, read_all(packaged))
    assert len(found) == 8
    assert not [str(floor) for floor in found if not floor.holds]


def run_script(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, str(ROOT / "scripts" / "corpus_report.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_the_script_fails_where_a_floor_breaks_and_says_which(tmp_path):
    splits = sound_splits()
    splits["test"] = [article("bb", 100, template="b"), article("cc", 100, template="b")]
    for split, pages in splits.items():
        rows = [
            {
                "id": page.id, "text": page.text, "html": page.html, "template": page.template,
                "story": {"id": page.story}, "outlet": {"id": page.outlet},
                "segments": [{"start": s.start, "end": s.end, "type": s.type} for s in page.segments],
            }
            for page in pages
        ]  # fmt: skip
        (tmp_path / f"{split}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run_script("--gold", str(tmp_path))
    assert done.returncode == 1, done.stderr
    assert "broken: median words an article is 100, it must be at least 250 and at most 700" in done.stderr
    assert "### Floors" in done.stdout
    nothing = run_script("--gold", str(tmp_path / "nowhere"))
    assert nothing.returncode == 2
    assert "nowhere" in nothing.stderr
