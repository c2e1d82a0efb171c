"""`newsbench show`: a page with its labels and what a system missed."""

from __future__ import annotations

import json

import pytest

from newsbench.cli import main


def test_show_says_why_a_prediction_is_not_valid(tmp_path, gold_pages, capsys):
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps({"id": page.id, "main_text": 5}) + "\n" for page in gold_pages[:2]))
    assert main(["show", gold_pages[1].id, "--predictions", str(path)]) == 0
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"mine.jsonl:2: [{gold_pages[1].id}] main_text: 5 is a number")
    assert second.endswith("has no valid prediction for this page")


def test_the_seed_page_can_be_imported_and_shown(corpora, tmp_path, capsys):
    seeds = corpora.parent / "seeds"
    if not seeds.is_dir():
        pytest.skip("no folder of seeds beside the corpora")
    assert main(["import", "text", str(seeds), "-o", str(tmp_path)]) == 0
    assert main(["validate", str(tmp_path)]) == 0
    capsys.readouterr()
    from newsbench.gold import load_gold

    pages = load_gold(tmp_path).pages
    assert main(["show", pages[0].id, "--gold", str(tmp_path)]) == 0
    lines = [line for line in pages[0].text.splitlines() if line.strip()]
    assert capsys.readouterr().out.count("unlabelled │") == len(lines) == len(pages[0].segments)


def test_show_puts_misses_first(mine, gold_pages, capsys):
    assert main(["show", gold_pages[0].id, "--predictions", mine, "--color", "always"]) == 0
    found = capsys.readouterr().out
    assert found.index("let through") < found.index("│")
    assert "\x1b[" in found


def test_show_names_what_was_made_up_before_the_page(tmp_path, gold_pages, capsys):
    page = next(page for page in gold_pages if page.attributions and page.metadata["headline"])
    gold = next(one for one in page.attributions if one.source and len(one.content) == 1)
    content = page.text[gold.content[0].start : gold.content[0].end]
    record = {
        "id": page.id,
        "attributions": [
            {"source": "Napoleon\x1b[2J", "cue": "thundered", "content": "the moon is made of green cheese"},
            {"source": "the ghost of the editor", "content": content, "hedge": "perhaps in the year 2525"},
        ],
        "topics": [],
        "story": "cluster-17",
        "story_title": "Cheese \x1b[2J Moon",
        "metadata": {"headline": "Quite another headline"},
    }
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert main(["show", page.id, "--predictions", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    misses, labels = shown[: shown.index("│")], shown[shown.index("\nlabels\n") :]
    for named in ("spurious  [not on the page: Napoleon\\x1b[2J]", "[not on the page: the moon is made of green cheese]",
                  "invented  [not on the page: the ghost of the editor]", "hedge [not on the page: perhaps in the year 2525]",
                  "missed ", "wrong headline Quite another headline; right: "):  # fmt: skip
        assert named in misses
    for named in (
        "predicted: cluster-17",
        "predicted: Cheese \\x1b[2J Moon",
        page.story_title,
        page.metadata["headline"],
    ):
        assert named in labels
    assert "topics, predicted\n  (none)\n" in shown


def test_show_without_a_miss_says_so(tmp_path, gold_pages, capsys):
    page = next(page for page in gold_pages if page.metadata)
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"id": page.id, "metadata": page.metadata}), encoding="utf-8")
    assert main(["show", page.id, "--predictions", str(path)]) == 0
    assert "\nno misses\n" in capsys.readouterr().out
