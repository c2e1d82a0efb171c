"""Titles: words shared with the best reference, and whether a title finds its story."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics.base import Counts
from newsbench.metrics.titles import FAMILY
from newsbench.types import Page, Prediction

PAGES = [
    Page("p1", "", story="ferry", story_title="Gulf Ferry Fire", story_titles=("Blaze On Baltic Ferry",)),
    Page("p2", "", story="dam", story_title="Laos Dam Breach", story_titles=("Mekong Flood Wave",)),
    Page("p3", "", story="port", story_title="Chile Port Strike"),
]


def figures(titles, pages=PAGES) -> dict[str, float]:
    family = FAMILY.bind(FAMILY, pages)
    counted = [
        family.count(family.prepare(page), None if title is None else Prediction(page.id, story_title=title))
        for page, title in zip(pages, titles, strict=True)
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


TITLE = st.lists(st.sampled_from("abcd"), max_size=4).map(" ".join)
REFERENCE = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4).map(" ".join)


def slow_f1(title: str, reference: str) -> Fraction:
    """F1 by taking words out of a list one at a time."""
    rest, shared = reference.split(), 0
    for word in title.split():
        if word in rest:
            rest.remove(word)
            shared += 1
    return Fraction(2 * shared, len(title.split()) + len(reference.split()))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.lists(REFERENCE, min_size=1, max_size=3), TITLE), min_size=1, max_size=5))
def test_figures_are_those_of_plain_loops(rows):
    pages = [
        Page(f"p{at}", "", story=f"s{at}", story_title=references[0], story_titles=tuple(references[1:]))
        for at, (references, _) in enumerate(rows)
    ]
    f1 = mrr = Fraction(0)
    for at, (_, title) in enumerate(rows):
        best = [max(slow_f1(title, reference) for reference in references) for references, _ in rows]
        f1 += best[at]
        if best[at]:
            better = sum(score > best[at] for score in best)
            equal = sum(score == best[at] for score in best) - 1
            mrr += 1 / (1 + better + Fraction(equal, 2))
    found = figures([title for _, title in rows], pages)
    assert found == pytest.approx({"token_f1": float(f1 / len(rows)), "mrr": float(mrr / len(rows))})
