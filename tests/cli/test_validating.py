"""`newsbench validate` names every fault, and says which kind of file it was given."""

from __future__ import annotations

import json

from newsbench.cli import main


def test_validate_says_sound_or_names_ten_faults(tmp_path, capsys):
    assert main(["validate"]) == 0
    assert "sound" in capsys.readouterr().err
    text = "Home\nMinister resigns\nThe minister said that she was tired."
    good = {"id": "p", "text": text, "segments": [
        {"start": 0, "end": 4, "type": "navigation"}, {"start": 5, "end": 21, "type": "headline"},
        {"start": 22, "end": len(text), "type": "paragraph"}]}  # fmt: skip
    attribution = {"id": "a1", "content": [{"start": 40, "end": 50}], "form": "indirect", "source_ids": []}
    faulty = [
        {**good, "id": "Not An Id"},
        {**good, "id": "b", "segments": [*good["segments"][:2], {"start": 22, "end": 99, "type": "paragraph"}]},
        {**good, "id": "c", "segments": [good["segments"][0], good["segments"][2]]},
        {**good, "id": "d", "segments": [{**good["segments"][0], "type": "menu"}, *good["segments"][1:]]},
        {**good, "id": "e", "attributions": [{**attribution, "content": []}]},
        {**good, "id": "f", "attributions": [{**attribution, "form": "spoken"}]},
        {**good, "id": "g", "attributions": [{**attribution, "parent": "a7"}]},
        {**good, "id": "h", "topics": [{"code": "medtop:99999999", "primary": True}]},
        {**good, "id": "i", "topics": [{"code": "medtop:11000000", "primary": False}]},
        {"id": "j"},
        {**good, "id": "b"},
    ]
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in [good, *faulty]), encoding="utf-8")
    assert main(["validate", str(path)]) == 1
    found = capsys.readouterr().out
    for line in range(2, len(faulty) + 2):
        assert f"pages.jsonl:{line}:" in found
    assert "pages.jsonl:1:" not in found


def test_validate_names_topics_that_the_vocabulary_does_not_have(tmp_path, gold_pages, capsys):
    path = tmp_path / "mine.jsonl"
    topics = json.dumps({"id": gold_pages[0].id, "topics": ["medtop:11000000", "medtop:99999999"]})
    path.write_text(f"\n{topics}\nno JSON\n", encoding="utf-8")
    assert main(["validate", str(path)]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"mine.jsonl:2: [{gold_pages[0].id}] topics[1]: 'medtop:99999999' is not in the pinned")
    assert second.startswith("mine.jsonl:3: no JSON")
    path.write_text(json.dumps({"id": gold_pages[0].id, "topics": ["medtop:11000000"]}), encoding="utf-8")
    assert main(["validate", str(path)]) == 0


def test_validate_names_keys_that_stand_twice(tmp_path, gold_pages, capsys):
    path = tmp_path / "mine.jsonl"
    page = gold_pages[0].id
    path.write_text(
        f'{{"id": "{page}", "main_text": "a", "main_text": "b"}}\n'
        f'{{"id": "{gold_pages[1].id}", "metadata": {{"headline": "a", "headline": "a"}}}}\n',
        encoding="utf-8",
    )
    assert main(["validate", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"mine.jsonl:1: [{page}] main_text: stands twice in an object; allowed: once",
        f"mine.jsonl:2: [{gold_pages[1].id}] headline: stands twice in an object; allowed: once",
    ]
    pages = tmp_path / "pages.jsonl"
    pages.write_text('{"id": "p", "text": "a", "text": "b"}\n', encoding="utf-8")
    assert main(["validate", str(pages)]) == 1
    assert "pages.jsonl:1: [p] text: stands twice" in capsys.readouterr().out


def test_validate_counts_what_it_does_not_list(tmp_path, capsys):
    path = tmp_path / "many.jsonl"
    path.write_text("no JSON\n" * 300, encoding="utf-8")
    assert main(["validate", str(path)]) == 1
    found = capsys.readouterr()
    assert len(found.out.splitlines()) == 201
    assert found.err == "300 problems\n"


def test_a_table_of_counts_is_told_from_predictions(mine, tmp_path, gold_pages, capsys):
    counts = tmp_path / "counts.parquet"
    assert main(["score", mine, "--task", "boilerplate", "--resamples", "0", "--counts", str(counts)]) == 0
    capsys.readouterr()
    assert main(["validate", str(counts)]) == 1
    told = (
        "counts.parquet: is a table of counts, no predictions: `newsbench score`, `compare` and `leaderboard` read it"
    )
    assert capsys.readouterr().out.splitlines() == [told]
    assert main(["show", gold_pages[0].id, "--predictions", str(counts)]) == 0
    assert told in capsys.readouterr().err.splitlines()
