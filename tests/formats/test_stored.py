"""Outputs as users of other benchmarks keep them."""

from __future__ import annotations

import json

import pytest

from newsbench.cli import main
from newsbench.formats.answers import find_json, record_of_answer
from newsbench.formats.predictions import read_predictions
from newsbench.formats.records import STORED
from newsbench.formats.stored import open_stored
from newsbench.problems import InputError
from newsbench.types import Page, Span

TEXT = "Menu\nThe dam holds, the engineer said 😀 today.\nShe denied that it leaks."
PAGES = {"a-1": Page("a-1", TEXT, reference={"id": "A_1"}), "b": Page("b", "Nothing here.", reference={"id": "B!"})}


def read(form, path, **more):
    return read_predictions(open_stored(form, path, PAGES), PAGES, **more)


def test_aeb_with_and_without_a_version(tmp_path):
    entries = {"A_1": {"articleBody": "The dam holds"}, "b": {"articleBody": None}}
    for value in (entries, {"version": "2.0", "output": entries}):
        (tmp_path / "mine.json").write_text(json.dumps(value))
        found = read("aeb", tmp_path / "mine.json")
        assert found.system == "mine"
        assert {name: one.main_text for name, one in found.predictions.items()} == {"a-1": "The dam holds", "b": ""}


def test_faults_are_named_all_in_one_go(tmp_path):
    (tmp_path / "mine.json").write_text(json.dumps({"A_1": 3, "zzz": {"articleBody": "x"}, "b": {"body": "x"}}))
    with pytest.raises(InputError) as refused:
        read("aeb", tmp_path / "mine.json")
    assert len(refused.value.problems) == 3
    assert "has no text; expected" in str(refused.value)
    assert "no page 'zzz'" in str(refused.value)
    assert read("aeb", tmp_path / "mine.json", skip_invalid=True).skipped == 3
    (tmp_path / "mine.json").write_text("{")
    with pytest.raises(InputError, match=r"mine.json:1: no JSON"):
        read("aeb", tmp_path / "mine.json")


def test_wcxb_results(tmp_path):
    results = [
        {"file_id": "A_1", "extracted": {"main_content": "The dam", "title": "x"}},
        {"file_id": "b", "extracted": {"error": "timeout"}},
    ]
    (tmp_path / "r.json").write_text(json.dumps({"extractor": "x", "results": results}))
    found = read("wcxb", tmp_path / "r.json").predictions
    assert found["a-1"].main_text == "The dam"
    assert found["b"].error == "timeout"


def test_chatnoir_lines(tmp_path):
    lines = [
        json.dumps({"page_id": "A_1", "plaintext": "The dam", "model": "bte"}),
        json.dumps({"page_id": "b", "plaintext": ""}),
    ]
    (tmp_path / "x.jsonl").write_text("\n".join(lines))
    for place in (tmp_path / "x.jsonl", tmp_path):
        found = read("chatnoir", place)
        assert found.system == "bte"
        assert found.predictions["a-1"].main_text == "The dam"
    (tmp_path / "x.jsonl").write_text("nope\n{}")
    with pytest.raises(InputError) as refused:
        read("chatnoir", tmp_path)
    assert [problem.line for problem in refused.value.problems] == [1, 2]


def test_a_folder_of_texts(tmp_path):
    (tmp_path / "A_1.txt").write_text("The dam")
    (tmp_path / "b.md").write_text("# x")
    assert read("text", tmp_path).predictions["b"].main_text == "# x"
    (tmp_path / "b.md").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(InputError, match=r"b\.md: not UTF-8"):
        read("text", tmp_path)


ATTRIBUTION = {"source": "the engineer", "cue": "said", "content": "The dam holds", "addressee": None}


@pytest.mark.parametrize(
    "answer",
    [
        json.dumps([ATTRIBUTION]),
        json.dumps(ATTRIBUTION),
        json.dumps({"id": "whatever", "attributions": [ATTRIBUTION]}, indent=2),
        "Sure [1]! Here it is:\n```json\n" + json.dumps({"attributions": [ATTRIBUTION]}) + "\n```\nAnything {else}?",
        "```\r\n" + json.dumps([ATTRIBUTION]) + "\r\n```",
        "I found one: " + json.dumps([ATTRIBUTION]) + " and that is all.",
        "```json\n" + json.dumps([ATTRIBUTION]),
    ],
)
def test_answers_of_language_models(tmp_path, answer):
    (tmp_path / "A_1.txt").write_text(answer)
    found = read("llm", tmp_path).predictions["a-1"].attributions
    assert [(one.source, one.cue, one.content) for one in found] == [(("the engineer",), ("said",), ("The dam holds",))]
    (tmp_path / "A_1.txt").unlink()
    (tmp_path / "all.jsonl").write_text(json.dumps({"custom_id": "A_1", "response": answer}))
    assert read("llm", tmp_path / "all.jsonl").predictions["a-1"].attributions == found


def test_answers_without_json_or_with_other_json_are_problems(tmp_path):
    (tmp_path / "A_1.txt").write_text("I am sorry, I cannot do that.")
    (tmp_path / "b.txt").write_text('{"verdict": "fine"}')
    with pytest.raises(InputError) as refused:
        read("llm", tmp_path)
    assert "no JSON in the answer" in str(refused.value)
    assert "it has verdict" in str(refused.value)
    assert record_of_answer(find_json('["medtop:11000000"]'), "b") == {"id": "b", "topics": ["medtop:11000000"]}
    assert record_of_answer([], "b") == {"id": "b", "attributions": []}
    with pytest.raises(ValueError, match="neither of attributions nor of topics"):
        record_of_answer([1], "b")


@pytest.mark.parametrize("beside", [None, TEXT, "Other start. " + TEXT])
def test_brat_folders(tmp_path, beside):
    text = beside or TEXT
    pieces = {"Source": "the engineer", "Cue": "said", "Content": "The dam holds"}
    lines = [
        f"T{number}\t{kind} {text.index(piece)} {text.index(piece) + len(piece)}\t{piece}"
        for number, (kind, piece) in enumerate(pieces.items(), 1)
    ]
    (tmp_path / "A_1.ann").write_text("\n".join([*lines, "E1\tCue:T2 Source:T1 Content:T3"]))
    if beside:
        (tmp_path / "A_1.txt").write_text(beside)
    found = read("brat", tmp_path).predictions["a-1"].attributions[0]
    start = TEXT.index("The dam")
    assert found.content == (("The dam holds",) if text != TEXT else (Span(start, start + 13),))
    (tmp_path / "A_1.ann").write_text("\n".join([*lines, "E1\tCue:T2 Content:T9"]))
    with pytest.raises(InputError, match=r"A_1.ann:4: .*T9"):
        read("brat", tmp_path)


@pytest.mark.parametrize("form", STORED)
def test_a_wrong_place_says_what_was_expected(tmp_path, form):
    with pytest.raises(FileNotFoundError, match="expected"):
        read(form, tmp_path / "nowhere")
    (tmp_path / "x.png").write_bytes(b"")
    with pytest.raises(ValueError, match="expected"):
        read(form, tmp_path)


def test_unknown_formats_are_named():
    with pytest.raises(ValueError, match="allowed: aeb"):
        open_stored("nope", "x", PAGES)


def test_the_command_scores_and_compares_stored_outputs(tmp_path, gold_pages, capsys):
    for name, size in (("one", None), ("two", 400)):
        (tmp_path / f"{name}.json").write_text(
            json.dumps({page.id: {"articleBody": page.text[:size]} for page in gold_pages})
        )
    files = [str(tmp_path / f"{name}.json") for name in ("one", "two")]
    assert main(["score", *files, "--from", "aeb", "--split", "all", "--resamples", "0"]) == 0
    assert "token_f1" in capsys.readouterr().out
    assert main(["compare", *files, "--from", "aeb", "--split", "all", "--resamples", "50"]) == 0
    assert main(["score", *files, "--from", "nope"]) == 2
