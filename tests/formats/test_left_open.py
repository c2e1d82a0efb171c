"""What systems leave empty, or answer for other splits: counted, and said in reports."""

from __future__ import annotations

import json

import jsonschema

import newsbench
from newsbench.formats import reports
from newsbench.gold import load_gold
from newsbench.resources import table
from newsbench.stats import Resampling


def test_empty_answers_are_counted_by_task_and_said(gold_pages, tmp_path):
    from newsbench.api import count_systems
    from newsbench.formats.counts import read_counts, write_counts
    from newsbench.reporting import build_report

    whole = [{"start": 0, "end": 10**6}]
    rows = [
        {"id": page.id, "main_text": " \n", "attributions": [], "topics": [], "story_title": "", "metadata": {}}
        if at % 4
        else {"id": page.id, "boilerplate": [span | {"end": len(page.text)} for span in whole],
              "attributions": [{"content": [{"start": 0, "end": 3}]}], "topics": ["medtop:11000000"],
              "story_title": "Ferry burns", "metadata": {"headline": "Ferry"}}
        for at, page in enumerate(gold_pages[:12])
    ]  # fmt: skip
    tables = count_systems([[*rows, {"id": gold_pages[12].id, "error": "boom"}]], split=None)[0]
    write_counts(tables[0], tmp_path / "c.parquet")
    for given in (tables, [read_counts(tmp_path / "c.parquet")]):
        found = build_report(given, resampling=Resampling(resamples=0), slices=False)
        empty = {task: report.empty for task, report in found.systems[0].tasks.items()}
        # Boilerplate that is the whole page leaves nothing either.
        assert empty == {"boilerplate": 12, "attributions": 9, "topics": 9, "titles": 9, "metadata": 9}
        made = reports.render(found, "table")
        for said in ("12 answered with an empty text", "9 answered without any topic", "9 answered with an empty title"):
            assert said in made
        document = json.loads(reports.render(found, "json"))
        jsonschema.validate(document, table("report.schema"))
        assert document["systems"][0]["tasks"]["topics"]["empty"] == 9


def test_empty_is_absent_where_counts_do_not_tell(gold_pages):
    found = newsbench.score([{"id": p.id, "story": "s"} for p in gold_pages], split=None, resampling=Resampling(resamples=0))
    assert "empty" not in found.as_json()["systems"][0]["tasks"]["stories"]


def test_predictions_for_other_splits_are_counted_by_split(gold_pages, tmp_path):
    from newsbench.api import count_systems
    from newsbench.formats.counts import read_counts, write_counts
    from newsbench.reporting import build_report

    rows = [{"id": page.id, "topics": []} for page in gold_pages]
    tables = count_systems([rows])[0]
    found = build_report(tables, slices=False, resampling=Resampling(resamples=0))
    splits = {name: len(load_gold(split=name, columns=["id"]).pages) for name in ("train", "validation")}
    assert found.systems[0].elsewhere == splits
    assert f"{sum(splits.values())} predictions for none of these pages (of train and validation)" in reports.render(found, "table")
    document = json.loads(reports.render(found, "json"))
    jsonschema.validate(document, table("report.schema"))
    assert document["systems"][0]["elsewhere"] == splits
    write_counts(tables[0], tmp_path / "c.parquet")
    assert read_counts(tmp_path / "c.parquet").elsewhere == splits
