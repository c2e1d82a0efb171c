"""Count tables on disk: the same figures after the trip, and nothing impossible comes back."""

from __future__ import annotations

import json
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow.parquet import read_table, write_table

import newsbench
from newsbench.api import count_systems
from newsbench.formats.counts import is_count_table, read_counts, write_counts
from newsbench.problems import InputError
from newsbench.reporting import build_report


@pytest.fixture(scope="module")
def table(gold_pages):
    rows = [
        {
            "id": page.id,
            "main_text": page.text[len(page.text) // 3 :],
            "story": page.story,
            "topics": ["medtop:11000000"],
        }
        for page in gold_pages[2:]
    ]
    return count_systems([rows], split=None)[0][0]


def test_figures_are_the_same_after_the_trip(table, tmp_path):
    write_counts(table, tmp_path / "c.parquet")
    assert is_count_table(tmp_path / "c.parquet")
    again = read_counts(tmp_path / "c.parquet")
    assert build_report([again]).as_json() == build_report([table]).as_json()
    assert newsbench.score(tmp_path / "c.parquet")["boilerplate"]["token_f1"].value > 0


def test_a_count_table_and_predictions_can_be_scored_side_by_side(table, tmp_path, gold_pages):
    write_counts(table, tmp_path / "c.parquet")
    report = newsbench.score(tmp_path / "c.parquet", [{"id": gold_pages[0].id, "main_text": ""}], split=None)
    assert len(report.systems) == 2


def spoil(tmp_path, table, column, change):
    """Write a table with the values of one column changed, in a new list or array."""
    write_counts(table, tmp_path / "c.parquet")
    made = read_table(tmp_path / "c.parquet")
    values = change(made.column(column).to_pylist())
    at = made.column_names.index(column)
    field = made.schema.field(column)
    spoilt = made.set_column(at, column, values if isinstance(values, pa.Array) else pa.array(values, field.type))
    write_table(spoilt, tmp_path / "bad.parquet")
    return tmp_path / "bad.parquet"


def behead(tmp_path, table, change):
    """Write a table with a head that `change` has changed."""
    write_counts(table, tmp_path / "c.parquet")
    made = read_table(tmp_path / "c.parquet")
    head = json.loads(made.schema.metadata[b"newsbench.counts"])
    change(head)
    made = made.replace_schema_metadata({b"newsbench.counts": json.dumps(head).encode()})
    write_table(made, tmp_path / "bad.parquet")
    return tmp_path / "bad.parquet"


def problems_of(path):
    with pytest.raises(InputError) as refused:
        read_counts(path)
    assert all(problem.file == path.name for problem in refused.value.problems)
    return refused.value.problems


def first(value):
    return lambda values: [value, *values[1:]]


@pytest.mark.parametrize(
    ("column", "change", "named"),
    [
        ("boilerplate.words/kept.paragraph", first(1e9), "allowed: at most words.paragraph"),
        ("boilerplate.words/kept.paragraph", first(-1.0), "is -1; allowed: whole numbers from 0"),
        ("boilerplate.words/kept.paragraph", lambda v: [one / 2 for one in v], "allowed: whole numbers"),
        ("boilerplate.words/output", first(float("inf")), "is inf"),
        ("boilerplate.words/output", first(float("nan")), "is nan"),
        ("boilerplate.words/output", lambda v: [0.0] * len(v), "is 0; allowed: kept.* + duplicated + invented = "),
        ("topics.labels/primary_right", first(7.0), "is 7; allowed: 0 or 1"),
        ("topics.labels/pages", first(0.0), "is 0; allowed: 1"),
        ("topics.labels/primary_right", first(None), "is null"),
        ("stories.clusters/gold", lambda v: v[::-1], "is not the number of the page's story"),
        ("status", first("perhaps"), "'perhaps'; allowed: answered"),
        ("status", first(None), "is null"),
        ("page", first(None), "is null; allowed: text"),
    ],
)
def test_impossible_values_are_refused_by_column_and_page(table, tmp_path, column, change, named):
    found = problems_of(spoil(tmp_path, table, column, change))
    named_ones = [problem for problem in found if problem.field == column and named in problem.message]
    assert named_ones, found
    for problem in named_ones:
        # The page whose id is null has none.
        assert problem.page == (table.pages[problem.line - 1] if column != "page" else None)


@pytest.mark.parametrize(
    ("column", "values", "named"),
    [
        ("boilerplate.words/#answered", ["false"], "is a column of string; allowed: true or false"),
        ("boilerplate.words/#answered", [1], "is a column of int64; allowed: true or false"),
        ("boilerplate.words/output", [True], "is a column of bool; allowed: numbers"),
        ("page", [7], "is a column of int64; allowed: text"),
        ("story", [7], "is a column of int64; allowed: text"),
    ],
)
def test_columns_of_other_types_are_refused(table, tmp_path, column, values, named):
    path = spoil(tmp_path, table, column, lambda old: pa.array(values * len(old)))
    assert [named] == [problem.message for problem in problems_of(path) if problem.field == column]


def test_pages_that_answered_nothing_answer_nothing(table, tmp_path):
    found = problems_of(spoil(tmp_path, table, "status", lambda old: ["missing"] * len(old)))
    assert {problem.field for problem in found} == {f"{name}/#answered" for name in table.families}
    assert "is true, but the page is missing; allowed: false; and so on" in found[0].message
    path = spoil(tmp_path, table, "boilerplate.words/#answered", lambda old: [False] * len(old))
    assert any("the task was not answered; allowed: 0" in problem.message for problem in problems_of(path))


def test_a_page_that_stands_twice_is_refused(table, tmp_path):
    found = problems_of(spoil(tmp_path, table, "page", first(table.pages[1])))
    assert [(problem.line, problem.page) for problem in found] == [(2, table.pages[1])]
    assert "stands twice" in found[0].message


def test_everything_that_is_wrong_is_told_at_once(table, tmp_path):
    values = table.families["boilerplate.words"].values.astype(float)
    values[:, :3] += 0.5
    rows = replace(table.families["boilerplate.words"], values=values)
    spoilt = replace(table, families={"boilerplate.words": rows}, status=["perhaps", *table.status[1:]], skipped=0)
    write_counts(spoilt, tmp_path / "c.parquet")
    found = problems_of(tmp_path / "c.parquet")
    names = [f"boilerplate.words/{column}" for column in rows.columns[:3]]
    assert [problem.field for problem in found] == ["status", *names]
    assert all(f"and so on {len(table.pages) - 1} more pages" in problem.message for problem in found[1:])


@pytest.mark.parametrize(
    ("rows", "pages", "named"),
    [(50, None, "holds 50 pages, but was counted on"), (None, 7, "was counted on 7"), (0, 0, "holds no pages")],
)
def test_a_table_has_the_pages_that_it_was_counted_on(table, tmp_path, rows, pages, named):
    path = behead(tmp_path, table, lambda head: head["meta"].update({} if pages is None else {"pages": pages}))
    if rows is not None:
        write_table(read_table(path).slice(0, rows), path)
    assert any(named in problem.message for problem in problems_of(path))


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (lambda head: head.update(meta={}), ["metadata.meta"] * 8),
        (
            lambda head: head["meta"].update(name=["x"], version=None, sha256=5, pages="many", split={}, tokenizer=1),
            [f"metadata.meta.{key}" for key in ("name", "version", "sha256", "split", "pages", "tokenizer")],
        ),
        (lambda head: head["meta"].update(pages=True), ["metadata.meta.pages"]),
        (lambda head: head.update(skipped=-5), ["metadata.skipped"]),
        (lambda head: head.update(elsewhere=5), ["metadata.elsewhere"]),
        (lambda head: head.update(elsewhere={"dev": 1, "train": -1}), ["metadata.elsewhere.train", "metadata.elsewhere"]),
        (lambda head: head.update(skipped=1.5, system=None), ["metadata.system", "metadata.skipped"]),
        (lambda head: head.update(system="half \ud800"), ["metadata.system"]),
        (lambda head: head.update(families={}), ["metadata.families"]),
        (lambda head: head.update(families={"boilerplate.nonsense": 1}), ["boilerplate.nonsense"]),
        (lambda head: head.update(families={"boilerplate.words": "1"}), ["boilerplate.words"]),
        (lambda head: head.update(version=2), ["version"]),
    ],
)
def test_heads_that_do_not_say_what_was_scored_are_refused(table, tmp_path, change, fields):
    assert [problem.field for problem in problems_of(behead(tmp_path, table, change))] == fields


def test_tables_that_do_not_say_what_was_for_other_splits_can_be_read(table, tmp_path):
    assert read_counts(behead(tmp_path, table, lambda head: head.pop("elsewhere"))).elsewhere == {}


def test_a_table_without_any_counts_is_refused(table, tmp_path):
    write_counts(table, tmp_path / "c.parquet")
    made = read_table(tmp_path / "c.parquet")
    emptied = {
        name: pa.nulls(len(made), made.schema.field(name).type) if "/" in name else made.column(name)
        for name in made.column_names
    }
    write_table(pa.table(emptied).replace_schema_metadata(made.schema.metadata), tmp_path / "bad.parquet")
    assert "holds no counts" in problems_of(tmp_path / "bad.parquet")[0].message


@pytest.mark.parametrize("column", ["page", "boilerplate.words/invented"])
def test_a_column_that_stands_twice_is_refused(table, tmp_path, column):
    write_counts(table, tmp_path / "c.parquet")
    made = read_table(tmp_path / "c.parquet")
    write_table(made.append_column(column, made.column(column)), tmp_path / "bad.parquet")
    assert [(p.field, p.message) for p in problems_of(tmp_path / "bad.parquet")] == [
        (column, "stands 2 times; allowed: once")
    ]


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 10**6), byte=st.integers(0, 255), length=st.integers(1, 40))
def test_damaged_files_are_refused_by_name(whole, tmp_path_factory, at, byte, length):
    path = tmp_path_factory.getbasetemp() / "damaged.parquet"
    at %= len(whole)
    path.write_bytes(whole[:at] + bytes([byte]) * length + whole[at + length :])
    if not is_count_table(path):
        return
    try:
        read_counts(path)
    except InputError as refused:
        assert {problem.file for problem in refused.problems} == {path.name}


@pytest.fixture(scope="module")
def whole(table, tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "c.parquet"
    write_counts(replace(table, families={"topics.labels": table.families["topics.labels"]}), path)
    return path.read_bytes()


def test_a_damaged_file_is_named(whole, tmp_path):
    (tmp_path / "c.parquet").write_bytes(whole[:200] + b"\xff" * 3000 + whole[3200:])
    assert problems_of(tmp_path / "c.parquet")[0].message.startswith("is damaged: ")


def test_tables_that_other_programs_wrote_again_are_read(table, tmp_path):
    """Text as large strings or dictionaries, counts as integers: the values decide."""
    write_counts(table, tmp_path / "c.parquet")
    made = read_table(tmp_path / "c.parquet")
    fields = [
        pa.field(field.name, pa.large_string())
        if field.name == "page"
        else pa.field(field.name, pa.dictionary(pa.int32(), pa.string()))
        if field.name == "outlet"
        else pa.field(field.name, pa.int64())
        if field.name == "boilerplate.words/output"
        else field
        for field in made.schema
    ]
    again = pa.table([made.column(f.name).cast(f.type) for f in fields], schema=pa.schema(fields))
    write_table(again.replace_schema_metadata(made.schema.metadata), tmp_path / "again.parquet")
    read = read_counts(tmp_path / "again.parquet")
    assert (read.pages, read.groups, read.status) == (table.pages, table.groups, table.status)
    for name, rows in table.families.items():
        assert (read.families[name].values == rows.values).all()


def test_a_table_counted_with_other_words_has_no_ceiling(table, tmp_path):
    write_counts(table, tmp_path / "c.parquet")
    other = behead(tmp_path, table, lambda head: head["meta"].update(tokenizer="words-1"))
    with_ceiling, without = (count_systems([path], split=None) for path in (tmp_path / "c.parquet", other))
    assert with_ceiling[1] is not None
    assert without[1] is None
    assert [one.system for one in without[0]] == [table.system]
    with pytest.raises(InputError, match="tokenizer: 'words-1', but"):
        count_systems([tmp_path / "c.parquet", other], split=None)


def test_a_table_of_another_metric_version_is_refused(table, tmp_path, monkeypatch):
    import dataclasses

    from newsbench.metrics import boilerplate

    write_counts(table, tmp_path / "c.parquet")
    monkeypatch.setattr(boilerplate, "FAMILY", dataclasses.replace(boilerplate.FAMILY, version=99))
    newsbench.metrics.load_family.cache_clear()
    try:
        with pytest.raises(InputError, match="version 2, this package has version 99"):
            read_counts(tmp_path / "c.parquet")
    finally:
        newsbench.metrics.load_family.cache_clear()


def test_nothing_half_written_takes_the_name(table, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr("pyarrow.parquet.write_table", fail)
    with pytest.raises(OSError, match="disk full"):
        write_counts(table, tmp_path / "c.parquet")
    assert list(tmp_path.iterdir()) == []
