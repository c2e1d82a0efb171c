"""Numbers that are none, NaN and infinity: each is named, and hides nothing, however predictions are read."""

from __future__ import annotations

import json
import math

import pytest

from newsbench.formats.lazy import PredictionFile
from newsbench.formats.predictions import read_predictions
from newsbench.problems import InputError
from newsbench.types import Page

PAGES = {"p1": Page("p1", "Hello world"), "p2": Page("p2", "Fish & chips")}

SEVERAL_FAULTS = {
    "id": "p1",
    "maintext": "x",
    "boilerplate": [{"start": math.nan, "end": 3, "type": 7}],
    "topics": [{"code": "politics", "score": -math.inf}],
}


@pytest.mark.parametrize("read", ["objects", "file", "indexed file"])
def test_a_number_that_is_none_hides_no_other_fault(read, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, ({"id": "p2"}, SEVERAL_FAULTS))), encoding="utf-8")
    if read == "indexed file":
        file = PredictionFile(path)
        file.read_index({"p1": None, "p2": None}, {}, find_tasks=False)
        assert file.get(PAGES["p1"]) is None
        file.add(file.hand_over())
        problems = file.problems.listed()
    else:
        with pytest.raises(InputError) as caught:
            read_predictions([{"id": "p2"}, SEVERAL_FAULTS] if read == "objects" else path, PAGES)
        problems = caught.value.problems
    assert {problem.line for problem in problems} == {2}
    told = {problem.field: problem.message for problem in problems}
    assert told["boilerplate[0].start"] == told["topics[0].score"] == (
        "is not a finite number; allowed: finite numbers or null"
    )
    assert "unknown field 'maintext'" in told[""]
    assert "allowed: string" in told["boilerplate[0].type"]
    assert "medtop:" in told["topics[0].code"]
    assert len(problems) == len(told) == 5
