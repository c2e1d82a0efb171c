"""Metadata fields: exact, normalised, absent."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics.base import Counts
from newsbench.metrics.metadata import FAMILY, FIELDS, matches, normalized
from newsbench.types import Page, Prediction

GOLD = {"headline": "Minister: “No money left”", "byline": "Maja Kos", "outlet": "Jutranjik", "country": None,
        "published": "2026-03-14"}  # fmt: skip


def figures(predicted) -> dict[str, float]:
    page = Page("p", "", metadata=GOLD)
    prediction = None if predicted is None else Prediction("p", metadata=predicted)
    counted = Counts(FAMILY.index, np.array(FAMILY.count(page, prediction), float))
    return {metric.name: float(metric.score(counted)) for metric in FAMILY.metrics}


def test_gold_is_perfect():
    assert set(figures(GOLD).values()) == {1.0}


def test_no_answer_is_wrong_in_every_field_even_where_the_page_prints_none():
    assert set(figures(None).values()) == {0.0}


def test_normalisation_forgives_quotes_case_and_by():
    found = figures({"headline": 'MINISTER: "no money left"', "byline": "By Maja Kos", "published": "2026-03-14T07:40"})
    assert (found["headline_match"], found["headline_exact"]) == (1.0, 0.0)
    assert (found["byline_match"], found["published_match"], found["country_match"]) == (1.0, 1.0, 1.0)
    assert found["outlet_match"] == 0.0


def test_an_invented_value_is_wrong():
    assert figures({**GOLD, "country": "Slovenia"})["country_match"] == 0.0


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_blank_is_absent(empty):
    assert normalized("byline", empty) is None


@pytest.mark.parametrize("printed", ["Saturday, 14. March 2026, 11:02", "14.03.2026, 18:00", "March 14, 2026", "14 March"])
def test_a_date_as_printed_is_the_day_that_it_names(printed):
    found = figures({**GOLD, "published": printed})
    assert (found["published_match"], found["published_exact"]) == (1.0, 0.0)


@pytest.mark.parametrize("wrong", ["15 March 2026", "2026-03-145", "14 April 2026", "14 March 2025", "yesterday", None])
def test_another_day_is_wrong(wrong):
    assert figures({**GOLD, "published": wrong})["published_match"] == 0.0


def test_every_date_that_a_page_of_the_dataset_prints_is_its_gold(gold_pages):
    for page in gold_pages:
        printed = [page.text[part.start : part.end] for part in page.segments if part.type == "date"]
        if printed and page.metadata["published"]:
            assert matches("published", page.metadata["published"], printed[0], page.country), printed[0]


def test_a_date_that_nobody_can_read_matches_itself():
    assert matches("published", "early in the third week", "Early in the third week")
    assert not matches("published", "2026-03-04", "03/04/2026")
    assert matches("published", "2026-03-04", "03/04/2026", "US")


#: What may stand in a field, by what it means there: equal meanings match, whatever the letters.
MEANINGS = {
    None: "nothing", "": "nothing", "  ": "nothing", "Maja Kos": "kos", "maja  KOS!": "kos", "“Maja Kos”": "kos",
    "Maja Kos and others": "others", "MAJA KOS, and others": "others", "…": "dots",
}  # fmt: skip
DAYS = st.dates(datetime.date(2026, 2, 27), datetime.date(2026, 3, 2))
DATES = st.tuples(DAYS, st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%A, %b %d, %Y", "%d.%m.%Y"]))


@st.composite
def metadata(draw):
    """A page's fields as printed, and what each means."""
    values = {field: draw(st.sampled_from([*MEANINGS])) for field in FIELDS if field != "published"}
    meant = {field: MEANINGS[value] for field, value in values.items()}
    if draw(st.booleans()):
        day, form = draw(DATES)
        values["published"], meant["published"] = day.strftime(form), day
    else:
        values["published"], meant["published"] = None, "nothing"
    if draw(st.booleans()):
        values["byline"], meant["byline"] = "By maja kos", "kos"
    return values, meant


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(metadata(), st.none() | metadata()), min_size=1, max_size=5))
def test_figures_are_those_of_plain_loops(rows):
    right = {f"{field}_{kind}": 0 for field in FIELDS for kind in ("match", "exact")}
    counted = np.zeros(len(FAMILY.columns))
    for (gold, gold_means), answer in rows:
        predicted, means = answer or (None, None)
        prediction = None if predicted is None else Prediction("p", metadata=predicted)
        counted += FAMILY.count(Page("p", "", country="SI", metadata=gold), prediction)
        for field in FIELDS if predicted is not None else ():
            right[f"{field}_match"] += gold_means[field] == means[field]
            right[f"{field}_exact"] += (gold[field] or "") == (predicted[field] or "")
    found = {metric.name: float(metric.score(Counts(FAMILY.index, counted))) for metric in FAMILY.metrics}
    assert found == pytest.approx({name: number / len(rows) for name, number in right.items()})
