"""What the second annotator marked is the same, whether it is read as predictions or as offsets alone."""

from __future__ import annotations

import pytest

from newsbench.ceiling import load_ceiling, load_furniture
from newsbench.dataset import read_config


@pytest.mark.parametrize("annotators", [("a", "b"), ("b",)])
def test_furniture_is_that_of_the_predictions(annotators, tmp_path):
    """Of the two, only the second one judged furniture: without the first, there is no page without a judgement."""
    import pyarrow.parquet as pq

    rows = read_config("annotations", "test", None)
    rows = rows.filter([one in annotators for one in rows.column("annotator").to_pylist()])
    assert rows.column("boilerplate").null_count == (len(rows) // 2 if len(annotators) == 2 else 0)
    (tmp_path / "annotations").mkdir()
    pq.write_table(rows, tmp_path / "annotations" / "test.parquet")
    found = load_furniture(tmp_path, split="test")
    assert {page: list(map(tuple, bounds.tolist())) for page, bounds in found.items()} == {
        page: [(segment.start, segment.end) for segment in one.boilerplate]
        for page, one in load_ceiling(tmp_path, split="test").items()
    }
    assert len(found) == len(rows) // len(annotators)
