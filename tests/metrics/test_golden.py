"""Every version of every metric has its golden values: a changed definition needs a new version and new values.

The inputs are written out here, so that neither the dataset nor a baseline can move them. To add a version, add its
values to `golden.json` (`python tests/metrics/test_golden.py` prints them); values of old versions stay as they are.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from newsbench.metrics import TASKS, families
from newsbench.metrics.base import MACRO, CorpusMetric, Counts, Family
from newsbench.scoring import PredictionTable, bind_families, count_pages
from newsbench.types import Attribution, Page, Prediction, QuotedAttribution, Segment, Source, Span, Topic

GOLDEN = Path(__file__).with_name("golden.json")

TEXT = """Home News Sport
Minister: no money left
The finance minister said on Monday that the reserves were empty. “We are counting coins”, he told reporters.
Read also: The coins that nobody wants
According to an aide, who asked not to be named, the bank had warned him twice.
Terms of use and privacy policy"""


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


def segments() -> tuple[Segment, ...]:
    kinds = ("navigation", "headline", "paragraph", "related", "paragraph", "legal")
    found, position = [], 0
    for kind, line in zip(kinds, TEXT.split("\n"), strict=True):
        found.append(Segment(position, position + len(line), kind))
        position += len(line) + 1
    return tuple(found)


def page(number: int) -> Page:
    tops = ("medtop:11000000", "medtop:04000000", "medtop:02000000")
    return Page(
        f"p{number}",
        TEXT,
        story=f"s{number // 2}",
        story_title=("Reserves Run Empty", "Harbour Strike Ends")[number // 2],
        aspect=f"a{number % 2}",
        outlet=f"o{number % 3}",
        language="en",
        genre="report",
        segments=segments(),
        sources=(Source("m", "minister", "person", "described"), Source("a", "aide", "person", "anonymous")),
        attributions=(
            Attribution(
                "a1",
                content=(span("that the reserves were empty"),),
                source=(span("The finance minister"),),
                cue=(span("said"),),
                form="indirect",
                channel="speech",
                polarity="asserted",
                modality="actual",
                evidential="plain",
                source_ids=("m",),
            ),
            Attribution(
                "a2",
                content=(span("“We are counting coins”"),),
                source=(span("he"),),
                cue=(span("told"),),
                addressee=(span("reporters"),),
                form="direct",
                channel="speech",
                polarity="asserted",
                modality="actual",
                evidential="plain",
                source_ids=("m",),
            ),
            Attribution(
                "a3",
                content=(span("the bank had warned him twice"),),
                source=(span("an aide"),),
                cue=(span("According to"),),
                form="indirect",
                channel="unknown",
                polarity="asserted",
                modality="actual",
                evidential="plain",
                source_ids=("a",),
            ),
        ),
        topics=(Topic(tops[number % 3], True), Topic("medtop:20000574")),
        metadata={"headline": "Minister: no money left", "byline": None, "outlet": "The Day", "country": None,
                  "published": "2026-03-14"},
        reference={"with": ["counting coins"], "without": ["Terms of use"]},
    )  # fmt: skip


def prediction(number: int) -> Prediction | None:
    if number == 3:
        return None
    kept = TEXT.split("\n")[1:4] if number else TEXT.split("\n")[2:5]
    return Prediction(
        f"p{number}",
        main_text="\n".join([*kept, "words that nobody wrote"][: 3 + number]),
        attributions=(
            QuotedAttribution(content=("the reserves were empty",), source=("The finance minister",), cue=("said",),
                              form="indirect", channel="speech", entity=("x",)),
            QuotedAttribution(content=("We are counting coins",), source=("reporters",), cue=("told",),
                              form="indirect", channel="speech", entity=("x",)),
            QuotedAttribution(content=("never said by anybody at all",), form="direct"),
        )[: 2 + number % 2],
        topics=(Topic("medtop:11000000", False, 0.7), Topic("medtop:04000000", False, 0.4)),
        story=f"c{number % 2}",
        aspect="left",
        story_title=("Empty Reserves", "Strike In Harbour", "Strike Ends")[number],
        metadata={"headline": "MINISTER: No money left", "outlet": "The Day", "published": "2026-03-15"},
    )  # fmt: skip


def values() -> dict[str, float | None]:
    pages = [page(number) for number in range(4)]
    predictions = {p.id: found for p in pages if (found := prediction(int(p.id[1:]))) is not None}
    measured = bind_families(families(TASKS, peers=True), pages)
    table = count_pages(pages, {"system": PredictionTable(predictions)}, measured)[0]
    return {
        f"{family.task}.{metric.name} v{metric.version}": value(family, metric, table)
        for family in measured
        for metric in (*family.metrics, *family.corpus_metrics)
    }


def value(family: Family, metric, table) -> float | None:
    rows = table.families[f"{family.task}.{family.name}"]
    if isinstance(metric, CorpusMetric):
        groups = {"outlet": np.array([table.groups["outlet"][at] for at in rows.positions])}
        found = metric.score(Counts(family.index, rows.values, "strict", groups))
    elif metric.average == MACRO:
        scores = np.asarray(metric.score(Counts(family.index, rows.values)), float)
        found = float(np.nanmean(scores)) if np.isfinite(scores).any() else math.nan
    else:
        found = float(metric.score(Counts(family.index, rows.values.sum(axis=0))))
    return None if math.isnan(found) else float(found)


@pytest.fixture(scope="module")
def measured() -> dict[str, float | None]:
    return values()


def test_every_metric_gives_its_golden_value(measured):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    unknown = sorted(set(measured) - set(golden))
    assert not unknown, f"no golden values for {unknown}: a new metric or version needs them"
    for name, found in measured.items():
        assert found == (None if golden[name] is None else pytest.approx(golden[name], abs=1e-12)), name


if __name__ == "__main__":
    print(json.dumps(values(), indent=1, sort_keys=True))
