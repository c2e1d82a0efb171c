"""Count tables on disk: the same figures after the trip, and nothing impossible comes back."""

from __future__ import annotations

import pyarrow as pa
import pytest
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


def spoil(tmp_path, table, column, value, *, row=0):
    write_counts(table, tmp_path / "c.parquet")
    made = read_table(tmp_path / "c.parquet")
    values = made.column(column).to_pylist()
    values[row] = value
    at = made.column_names.index(column)
    spoilt = made.set_column(at, column, pa.array(values, made.schema.field(column).type))
    write_table(spoilt, tmp_path / "bad.parquet")
    return tmp_path / "bad.parquet"


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("boilerplate.words/kept.paragraph", 1e9, "kept.paragraph is larger"),
        ("boilerplate.words/kept.paragraph", -1.0, "negative"),
        ("boilerplate.words/output", float("inf"), "not finite"),
        ("boilerplate.words/output", float("nan"), "not finite"),
        ("status", "perhaps", "allowed: answered"),
        ("topics.labels/primary_right", 7.0, "primary_right is larger"),
        ("topics.labels/primary_right", None, "lacks others"),
    ],
)
def test_impossible_values_are_refused_by_name(table, tmp_path, column, value, named):
    with pytest.raises(InputError, match=named):
        read_counts(spoil(tmp_path, table, column, value))


def test_a_page_that_stands_twice_is_refused(table, tmp_path):
    with pytest.raises(InputError, match="a page stands twice"):
        read_counts(spoil(tmp_path, table, "page", table.pages[1]))


def test_a_table_of_another_metric_version_is_refused(table, tmp_path, monkeypatch):
    import dataclasses

    from newsbench.metrics import boilerplate

    write_counts(table, tmp_path / "c.parquet")
    monkeypatch.setattr(boilerplate, "FAMILY", dataclasses.replace(boilerplate.FAMILY, version=99))
    newsbench.metrics.load_family.cache_clear()
    try:
        with pytest.raises(InputError, match="version 1, this package has version 99"):
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
