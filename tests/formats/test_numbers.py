"""Numbers that are none, NaN and infinity: each is named, and hides nothing, however predictions are read."""

from __future__ import annotations

import json
import math

import pytest

from newsbench.api import count_systems
from newsbench.formats.lazy import PredictionFile
from newsbench.formats.predictions import read_predictions
from newsbench.problems import InputError
from newsbench.types import Page
from newsbench.validation import validate

PAGES = {"p1": Page("p1", "Hello world"), "p2": Page("p2", "Fish & chips")}

NOT_FINITE = "is not a finite number; allowed: finite numbers or null"
SEVERAL_FAULTS = {
    "id": "p1",
    "maintext": "x",
    "boilerplate": [{"start": math.nan, "end": 3, "type": 7}],
    "topics": [{"code": "politics", "score": -math.inf}],
}


def problems_of(read, records, folder):
    path = folder / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    if read == "indexed file":
        file = PredictionFile(path)
        file.read_index(PAGES, {}, find_tasks=False)
        assert [file.get(page) for page in PAGES.values()].count(None) == len(PAGES) - 1
        file.add(file.hand_over())
        return file.problems.listed()
    with pytest.raises(InputError) as caught:
        read_predictions(records if read == "objects" else path, PAGES)
    return caught.value.problems


@pytest.mark.parametrize("read", ["objects", "file", "indexed file"])
def test_a_number_that_is_none_hides_no_other_fault(read, tmp_path):
    problems = problems_of(read, [{"id": "p2"}, SEVERAL_FAULTS], tmp_path)
    assert {problem.line for problem in problems} == {2}
    told = {problem.field: problem.message for problem in problems}
    assert told["boilerplate[0].start"] == told["topics[0].score"] == NOT_FINITE
    assert "unknown field 'maintext'" in told[""]
    assert "allowed: string" in told["boilerplate[0].type"]
    assert "medtop:" in told["topics[0].code"]
    assert len(problems) == len(told) == 5


@pytest.mark.parametrize("read", ["objects", "file", "indexed file"])
def test_what_no_schema_can_say_is_told_beside_it(read, tmp_path):
    topics = [{"code": f"medtop:0{at}000000", "score": math.nan, "primary": True} for at in (3, 4)]
    spans = [{"start": 9, "end": 3}, {"start": 0, "end": 99}]
    records = [
        {"id": "p2"},
        {"id": "p1", "topics": topics, "boilerplate": spans},
        {"id": "p1", "meta": math.inf},
        {"id": "p9", "meta": {"deep": math.nan}},
    ]
    problems = problems_of(read, records, tmp_path)
    assert sorted((problem.line, problem.field) for problem in problems) == [
        (2, "boilerplate[0]"),
        (2, "boilerplate[1]"),
        (2, "topics"),
        (2, "topics[0].score"),
        (2, "topics[1].score"),
        (3, "id"),
        (3, "meta"),
        (4, "id"),
        (4, "meta.deep"),
    ]


@pytest.mark.parametrize("line", ["NaN", "[NaN, Infinity]", '{"id": "p1", "main_text": NaN}'])
def test_a_number_is_named_once(line, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_predictions(path, PAGES)
    fields = [problem.field for problem in caught.value.problems]
    assert len(fields) == len(set(fields))
    assert " 0 " not in str(caught.value)


def test_it_is_named_however_deep_it_stands(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(f'{{"id": "p1", "meta": {"[" * 600}NaN{"]" * 600}}}', encoding="utf-8")
    with pytest.raises(InputError, match="is not a finite number"):
        read_predictions(path, PAGES)


def test_pages_and_stored_outputs_with_such_numbers_are_refused(tmp_path):
    page = {"id": "x", "text": "abc", "story": math.nan, "n": math.inf}
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.jsonl").write_text(f"{json.dumps(page)}\n[1]\n", encoding="utf-8")
    assert [problem.field for problem in validate(tmp_path / "pages")][:1] == ["story"]
    answers = tmp_path / "answers.jsonl"
    answers.write_text("NaN\n[NaN]\n[1]\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        count_systems([str(answers)], stored_as="llm")
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3]
