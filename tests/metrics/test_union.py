"""Counts add up: what a report says of pages is the score of the summed counts of any parts of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from newsbench.metrics import TASKS, families
from newsbench.metrics.base import MACRO, Counts
from newsbench.reporting import build_report
from newsbench.scoring import PredictionTable, bind_families, count_pages
from newsbench.stats import Resampling
from newsbench.types import ELEMENTS, Prediction, QuotedAttribution, Topic

PARTS = ("even", "odd")


def prediction(number, page, pages) -> Prediction:
    """What a system might say that is right here and wrong there."""
    kept = [page.text[s.start : s.end] for at, s in enumerate(page.segments) if s.type == "paragraph" or at % 5 == 1]
    attributions = []
    for at, one in enumerate(page.attributions):
        if at % 4 == 3:
            continue
        elements = {name: getattr(one, name) for name in ELEMENTS}
        if at % 3 == 1:
            elements = {name: tuple(page.text[a:b] for a, b in spans) for name, spans in elements.items()}
        if at % 5 == 2:
            elements["source"] = ()
        attributions.append(
            QuotedAttribution(
                **elements,
                form=one.form if at % 3 else "direct",
                channel=one.channel if at % 4 else "speech",
                polarity=one.polarity if at % 6 else "negated",
                modality=one.modality,
                evidential=one.evidential,
                no_comment=one.no_comment,
                entity=one.source_ids if at % 2 else (),
            )
        )
    other = pages[(number + 1) % len(pages)]
    topics = page.topics if number % 2 else other.topics
    return Prediction(
        page.id,
        main_text="\n".join([*kept, "and some words of its own"]),
        attributions=tuple(attributions),
        topics=tuple(Topic(topic.code, topic.primary, 1 / (2 + at)) for at, topic in enumerate(topics)),
        story=page.story if number % 3 else other.story,
        aspect=f"{page.aspect}" if number % 4 else "left",
        story_title=page.story_title if number % 2 else other.story_title,
        metadata={**page.metadata, "byline": None} if number % 3 else dict(other.metadata),
    )


@pytest.fixture(scope="module")
def counted(gold_pages):
    """Families, and the tables of the even pages, of the odd ones, and of all."""
    pages = sorted(gold_pages, key=lambda page: (page.story, page.id))[:14]
    answers = {page.id: prediction(at, page, pages) for at, page in enumerate(pages) if at != 5}
    own = bind_families(families(TASKS, peers=True), pages)
    sets = {"even": pages[::2], "odd": pages[1::2], "all": pages}
    return own, {name: count_pages(part, {"s": PredictionTable(answers)}, own)[0] for name, part in sets.items()}


def test_the_score_of_a_union_is_the_score_of_summed_counts(counted):
    own, tables = counted
    report = build_report([tables["all"]], resampling=Resampling(resamples=0))["s"]
    undefined = []
    for family in own:
        name = f"{family.task}.{family.name}"
        parts = [tables[part].families[name] for part in PARTS]
        said = report[family.task]
        sums = Counts(family.index, sum(rows.values.sum(axis=0) for rows in parts))
        joined = np.concatenate([rows.values for rows in parts])
        groups = {
            group: np.array([tables[part].groups[group][at] or "" for part in PARTS for at in tables[part].families[name].positions])
            for group in ("outlet", "genre", "language", "template")
        }
        for metric in family.metrics:
            if metric.average == MACRO:
                scores = np.asarray(metric.score(Counts(family.index, joined)))
                expected = scores[np.isfinite(scores)].mean() if np.isfinite(scores).any() else math.nan
            else:
                expected = metric.score(sums)
            assert said[metric.name].value == pytest.approx(float(expected), nan_ok=True, abs=1e-12), metric.name
            undefined += [metric.name] if math.isnan(expected) else []
        for metric in family.corpus_metrics:
            expected = metric.score(Counts(family.index, joined, "strict", groups))
            assert said[metric.name].value == pytest.approx(float(expected), nan_ok=True, abs=1e-12), metric.name
            undefined += [metric.name] if math.isnan(expected) else []
        for part in family.slices:
            for key in part.keys_under():
                for metric, score in part.metrics.items():
                    expected = float(score(sums, key))
                    found = said.slices[part.dimension].get(key, {}).get(metric)
                    assert (found is None) == (not math.isfinite(expected)), (part.dimension, key, metric)
                    assert found is None or found.value == pytest.approx(expected, abs=1e-12)
    # These answers have something for every figure but those of snippets, which this gold has none of.
    assert undefined == ["wcxb_with_rate", "wcxb_without_rate"]
