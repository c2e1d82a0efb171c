"""Metadata fields: exact, normalised, absent."""

from __future__ import annotations

import numpy as np
import pytest

from newsbench.metrics.base import Counts
from newsbench.metrics.metadata import FAMILY, normalized
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
