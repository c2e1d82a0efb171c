"""Reading predictions: every form they come in, and every fault named with its place."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.formats.predictions import read_predictions
from newsbench.formats.recordproblems import record_problems
from newsbench.problems import InputError, UsageError
from newsbench.schema import quick_check
from newsbench.types import Page, Segment, Span, Topic

PAGES = {"p1": Page("p1", "Hello 😀 world"), "p2": Page("p2", "Fish & chips")}

#: A fault a line: what stands in the file, and what the message has to name.
FAULTS = [
    ('{"id": "p1", "main_text": "x"', ["no JSON"]),
    ('{"id": "p9", "main_text": "x"}', ["id", "no page 'p9'"]),
    ('{"main_text": "x"}', ["lacks 'id'"]),
    ('{"id": "p1", "maintext": "x"}', ["unknown field 'maintext'", "did you mean 'main_text'"]),
    ('{"id": "p1", "main_text": 5}', ["main_text", "5 is a number", "allowed: string"]),
    ('{"id": "p1", "topics": [{"code": "medtop:11000000", "score": NaN}]}', ["topics[0].score", "not a finite"]),
    ('{"id": "p1", "boilerplate": [{"start": 3, "end": 3}]}', ["boilerplate[0]", "start 3 is not before end 3"]),
    ('{"id": "p1", "boilerplate": [{"start": 0, "end": 14}]}', ["end 14 is outside", "up to 13"]),
    ('{"id": "p1", "attributions": [{"content": "x", "form": "directly"}]}', ["attributions[0].form", "did you mean"]),
    ('{"id": "p1", "topics": ["politics"]}', ["topics[0]", "medtop:"]),
    ('{"id": "p1", "attributions": [{"source": {"start": 1}}]}', ["attributions[0].source", "lacks 'end'"]),
    ("[1, 2]", ["is a list", "allowed: object"]),
    ('{"id": "p1", "offsets": "bytes"}', ["offsets", "allowed: code-points, utf-16, utf-8"]),
    ('{"id": "p1", "main_text": "\\ud800"}', ["no JSON"]),
]


def write(folder, lines) -> str:
    path = folder / "mine.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("line", "named"), FAULTS)
def test_each_fault_is_named_with_file_line_and_what_is_allowed(tmp_path, line, named):
    with pytest.raises(InputError) as caught:
        read_predictions(write(tmp_path, ['{"id": "p2", "main_text": "ok"}', line]), PAGES)
    message = str(caught.value.problems[0])
    assert message.startswith("mine.jsonl:2:")
    for part in named:
        assert part in message


def test_all_faults_are_told_in_one_go(tmp_path):
    lines = [line for line, _ in FAULTS] + ['{"id": "p2"}', '{"id": "p2"}']
    with pytest.raises(InputError) as caught:
        read_predictions(write(tmp_path, lines), PAGES)
    assert {problem.line for problem in caught.value.problems} == {*range(1, len(FAULTS) + 1), len(FAULTS) + 2}
    assert "stands twice, first in line" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"id": "p9", "main_text": 5}', ["main_text: 5 is a number", "id: no page 'p9'"]),
        ('{"id": "", "main_text": "x"}', ["id: "]),
        ('{"id": "p2", "boilerplate": [{"start": 0, "end": 99}]}', ["boilerplate[0]: end 99", "id: stands twice"]),
    ],
)
def test_what_is_wrong_with_a_record_does_not_hide_that_its_page_is(tmp_path, line, told):
    with pytest.raises(InputError) as caught:
        read_predictions(write(tmp_path, ['{"id": "p2", "main_text": "ok"}', line]), PAGES)
    found = [f"{problem.field}: {problem.message}" for problem in caught.value.problems]
    assert [message.startswith(part) for message, part in zip(found, told, strict=True)] == [True] * len(told)


def test_a_file_is_of_one_system(tmp_path):
    lines = [json.dumps({"id": "p1", "main_text": "x"}), *(
        json.dumps({"id": page, "system": system, "main_text": "x"}) for system in "abcb" for page in PAGES
    )]  # fmt: skip
    with pytest.raises(InputError) as refused:
        read_predictions(write(tmp_path, lines), PAGES)
    told = [str(problem) for problem in refused.value.problems]
    assert told[1:3] == [
        "mine.jsonl:4: [p1] system: is 'b', but 'a' in line 2; allowed: one system a file",
        "mine.jsonl:6: [p1] system: is 'c', but 'a' in line 2; allowed: one system a file",
    ]
    assert read_predictions(write(tmp_path, lines), PAGES, skip_invalid=True).skipped == 7


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_told_once(encoding, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_bytes(('{"id": "p1", "main_text": "x"}\n' * 9).encode(encoding))
    with pytest.raises(InputError, match=r"mine\.jsonl: is UTF-16: save it as UTF-8\n1 problem$"):
        read_predictions(path, PAGES)


def test_skipping_keeps_the_sound_records_and_counts_the_rest(tmp_path):
    lines = [line for line, _ in FAULTS] + ['{"id": "p2", "main_text": "ok"}']
    found = read_predictions(write(tmp_path, lines), PAGES, skip_invalid=True)
    assert list(found.predictions) == ["p2"]
    assert found.skipped == len(FAULTS)


def test_a_wrong_answer_for_an_unknown_page_is_told_of_both(tmp_path):
    found = read_predictions(write(tmp_path, ['{"id": "p1x", "main_text": 5}']), PAGES, skip_invalid=True)
    assert [(problem.line, problem.field) for problem in found.problems] == [(1, "main_text"), (1, "id")]
    assert "no page 'p1x' in the gold (did you mean 'p1'?)" in found.problems[1].message
    assert found.skipped == 1


def test_a_flood_of_faults_is_counted_not_listed(tmp_path):
    with pytest.raises(InputError, match="and 300 more"):
        read_predictions(write(tmp_path, ["nope"] * 500), PAGES)


def test_pages_of_other_splits_are_left_out_without_complaint(tmp_path):
    path = write(tmp_path, ['{"id": "p7", "main_text": "x"}', '{"id": "p1", "main_text": "y"}'])
    found = read_predictions(path, PAGES, others={"p7": "train"})
    assert list(found.predictions) == ["p1"]
    assert found.elsewhere == {"train": 1}


@pytest.mark.parametrize("skip", [False, True])
def test_predictions_that_are_all_for_other_splits_are_refused(skip, tmp_path):
    path = write(tmp_path, [f'{{"id": "q{at}", "main_text": "x"}}' for at in range(5)])
    others = {f"q{at}": "train" if at else "validation" for at in range(5)}
    with pytest.raises(InputError) as refused:
        read_predictions(path, PAGES, others=others, skip_invalid=skip)
    assert "all 5 predictions are for pages of train and validation (q0, q1, q2, …)" in str(refused.value)
    with pytest.raises(InputError, match=r"the only prediction is for a page of train \(q1\)"):
        read_predictions([{"id": "q1"}], PAGES, others=others, skip_invalid=skip)
    assert not read_predictions([], PAGES, others=others).elsewhere


def test_blank_lines_and_a_byte_order_mark_are_nothing(tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "p1", "main_text": "x"}\r\n\r\n  \n{"id": "p2"}')
    assert list(read_predictions(path, PAGES).predictions) == ["p1", "p2"]


def test_all_forms_of_a_prediction_come_out_the_same(tmp_path):
    import pandas as pd
    import pyarrow as pa
    from datasets import Dataset
    from pyarrow.parquet import write_table

    rows = [
        {"id": "p1", "main_text": "Hello", "topics": [{"code": "medtop:11000000", "score": 0.5}]},
        {"id": "p2", "main_text": None, "topics": None},
    ]
    table = pa.Table.from_pylist(rows)
    write_table(table, tmp_path / "mine.parquet")
    sources = [
        write(tmp_path, map(json.dumps, rows)), tmp_path / "mine.parquet", rows, table, Dataset(table),
        pd.DataFrame(rows), table.to_pandas(),
    ]  # fmt: skip
    read = [read_predictions(source, PAGES).predictions for source in sources]
    assert all(one == read[0] for one in read)
    assert read[0]["p1"].topics == (Topic("medtop:11000000", False, 0.5),)
    assert read[0]["p2"].main_text is None


def test_offsets_in_other_units_become_code_points():
    for unit, start, end in (("utf-16", 9, 14), ("utf-8", 11, 16), ("code-points", 8, 13)):
        row = {"id": "p1", "offsets": unit, "boilerplate": [{"start": start, "end": end}],
               "attributions": [{"content": {"start": start, "end": end}, "source": ["Hello", {"start": 0, "end": 5}]}]}  # fmt: skip
        found = read_predictions([row], PAGES).predictions["p1"]
        assert found.boilerplate == (Segment(8, 13, "boilerplate"),)
        assert found.attributions[0].content == (Span(8, 13),)
        assert found.attributions[0].source == ("Hello", Span(0, 5))
    with pytest.raises(InputError, match="outside the text; allowed: up to 14"):
        read_predictions([{"id": "p1", "offsets": "utf-16", "boilerplate": [{"start": 0, "end": 15}]}], PAGES)


def test_labels_become_what_they_mean():
    row = {"id": "p1", "story": 17, "topics": ["medtop:11000000"], "system": "mine",
           "attributions": [{"content": "Hello", "entity": "x"}]}  # fmt: skip
    found = read_predictions([row], PAGES)
    assert found.system == "mine"
    one = found.predictions["p1"]
    assert (one.story, one.attributions[0].entity) == ("17", ("x",))
    assert math.isnan(one.topics[0].score)


def test_a_failed_record_answers_nothing_whatever_else_it_says():
    found = read_predictions([{"id": "p1", "main_text": "Hello", "error": "timeout"}], PAGES).predictions["p1"]
    assert (found.error, found.main_text) == ("timeout", None)


def test_offsets_may_be_doubles_as_tables_have_them():
    rows = [
        {
            "id": "p1",
            "boilerplate": [{"start": 0.0, "end": 5.0}],
            "attributions": [{"content": {"start": 0.0, "end": 5.0}}],
        }
    ]
    found = read_predictions(rows, PAGES).predictions["p1"]
    assert found.attributions[0].content == (Span(0, 5),)


def test_a_missing_file_and_a_broken_parquet_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="expected JSON Lines or Parquet"):
        read_predictions(tmp_path / "none.jsonl", PAGES)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 but not really")
    with pytest.raises(InputError, match=r"broken.parquet.*no Parquet"):
        read_predictions(broken, PAGES)


def test_the_quick_and_the_reference_validator_agree():
    import jsonschema

    from newsbench.resources import table
    from newsbench.schema import faults

    reference = jsonschema.Draft202012Validator(table("prediction.schema"))
    for line, _ in FAULTS:
        try:
            record = json.loads(line.replace("NaN", "1"))
        except ValueError:
            continue
        assert quick_check("prediction")(record) == reference.is_valid(record) == (not faults("prediction", record))


@settings(max_examples=300)
@given(
    st.dictionaries(
        st.sampled_from(["id", "system", "main_text", "story_title", "error", "topics", "text", "offsets"]),
        st.one_of(st.text(max_size=3), st.none(), st.integers(), st.just([])),
    )
)
def test_what_is_plain_to_see_is_what_the_schema_says(record):
    problems = record_problems("f", 1, record, None)
    assert bool(problems) == (not quick_check("prediction")(record))


def test_two_primary_topics_are_refused_in_any_order():
    topics = [{"code": "medtop:11000000", "primary": True}, {"code": "medtop:15000000", "primary": True}, "medtop:04000000"]
    for given_order in (topics, topics[::-1]):
        with pytest.raises(InputError, match=r"predictions:1: \[p1\] topics: 2 are primary; allowed: one"):
            read_predictions([{"id": "p1", "topics": given_order}], PAGES)
    assert read_predictions([{"id": "p1", "topics": [topics[0], topics[2], topics[0]]}], PAGES).predictions["p1"].topics


@pytest.mark.parametrize(("label", "read"), [(17, "17"), (17.0, "17"), ("17", "17"), ("a b", "a b"), (0, "0"), ("", None),
                                             (" ", None), (None, None)])  # fmt: skip
def test_labels_of_clusters_are_strings_and_a_blank_one_is_no_answer(label, read):
    one = read_predictions([{"id": "p1", "story": label, "aspect": label}], PAGES).predictions["p1"]
    assert (one.story, one.aspect) == (read, read)


@pytest.mark.parametrize("empty", ["", " ", None])
def test_an_empty_error_is_no_error(empty):
    found = read_predictions([{"id": "p1", "main_text": "Hello", "error": empty}], PAGES).predictions["p1"]
    assert (found.error, found.main_text) == (None, "Hello")


def test_dates_in_tables_are_dates_in_iso_8601(tmp_path):
    import datetime

    import pandas as pd
    import pyarrow as pa
    from pyarrow.parquet import write_table

    day, moment = datetime.date(2026, 3, 14), datetime.datetime(2026, 3, 14, 7, 40)
    for published, read in ((day, "2026-03-14"), (moment, "2026-03-14T07:40:00")):
        rows = [{"id": "p1", "metadata": {"published": published}}, {"id": "p2", "metadata": {"published": None}}]
        table = pa.Table.from_pylist(rows)
        write_table(table, tmp_path / "mine.parquet")
        for source in (rows, table, tmp_path / "mine.parquet", table.to_pandas(), pd.DataFrame(rows)):
            found = read_predictions(source, PAGES).predictions
            assert found["p1"].metadata == {"published": read}
            assert found["p2"].metadata in ({}, {"published": None})
    absent = read_predictions([{"id": "p1", "metadata": {"published": pd.NaT}}], PAGES).predictions["p1"]
    assert absent.metadata == {}


def test_what_json_cannot_hold_is_named_with_its_field():
    with pytest.raises(InputError, match=r"predictions:1: \[p1\] metadata.headline: holds what JSON cannot"):
        read_predictions([{"id": "p1", "metadata": {"byline": "x", "headline": b"bytes"}}], PAGES)


@pytest.mark.parametrize("source", [5, None, {"id": "p1", "main_text": "x"}, b"mine.jsonl", ...])
def test_a_source_of_another_kind_is_a_wrong_call(source):
    with pytest.raises(UsageError, match=f"predictions are of type {type(source).__name__}; allowed: a path, a list"):
        read_predictions(source, PAGES)


@pytest.mark.parametrize("tasks", ["boilerplate", 5, ["poetry"]])
def test_tasks_are_a_list_of_known_names(tasks):
    import newsbench

    with pytest.raises(UsageError, match=r"allowed: (a list of names, such as|boilerplate, )"):
        newsbench.score([{"id": "p1"}], tasks=tasks)
