"""Titles: words shared with the best reference, and whether a title finds its story."""

from __future__ import annotations

import numpy as np
import pytest

from newsbench.metrics.base import Counts
from newsbench.metrics.titles import FAMILY
from newsbench.types import Page, Prediction

PAGES = [
    Page("p1", "", story="ferry", story_title="Gulf Ferry Fire", story_titles=("Blaze On Baltic Ferry",)),
    Page("p2", "", story="dam", story_title="Laos Dam Breach", story_titles=("Mekong Flood Wave",)),
    Page("p3", "", story="port", story_title="Chile Port Strike"),
]


def figures(titles) -> dict[str, float]:
    family = FAMILY.bind(FAMILY, PAGES)
    counted = [
        family.count(family.prepare(page), None if title is None else Prediction(page.id, story_title=title))
        for page, title in zip(PAGES, titles, strict=True)
    ]
    values = np.array(counted, float)
    mrr = float(FAMILY.metrics[1].score(Counts(FAMILY.index, values.sum(axis=0))))
    return {"token_f1": float(FAMILY.metrics[0].score(Counts(FAMILY.index, values)).mean()), "mrr": mrr}


def test_any_reference_title_is_perfect():
    assert figures(["blaze on baltic FERRY", "Laos Dam Breach", "Chile port strike"]) == {"token_f1": 1.0, "mrr": 1.0}


def test_shared_words_by_hand():
    # "Ferry Fire Probe" shares two words of three with "Gulf Ferry Fire".
    assert figures(["Ferry Fire Probe", None, ""])["token_f1"] == pytest.approx(2 / 3 / 3)


def test_a_title_that_fits_another_story_better_ranks_behind_it():
    assert figures(["Laos Dam Ferry", "Laos Dam Breach", "Chile Port Strike"])["mrr"] == pytest.approx(
        (0.5 + 1 + 1) / 3
    )


def test_equals_count_half_and_no_shared_word_nothing():
    found = figures(["Ferry Dam Port", "nothing shared", None])
    assert found["mrr"] == pytest.approx(1 / 2 / 3)
