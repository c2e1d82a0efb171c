"""Agreement of annotators: alpha against its definition, and that identical layers agree."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbench.agreement import (
    Layer,
    krippendorff_alpha,
    layers_of,
    page_agreement,
    scores,
    topic_agreement,
    word_alpha,
)
from newsbench.dataset import read_config
from newsbench.types import Topic

ratings = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=12)


def slow_alpha(pairs) -> float:
    """1 − observed / expected disagreement, over every ordered pair of values."""
    values = [value for pair in pairs for value in pair]
    observed = sum(a != b for pair in pairs for a, b in permutations(pair, 2)) / len(values)
    expected = sum(a != b for a, b in permutations(values, 2)) / (len(values) * (len(values) - 1))
    return 1 - observed / expected if expected else 1.0


@given(ratings)
def test_alpha_is_its_definition(pairs):
    assert krippendorff_alpha(pairs) == pytest.approx(slow_alpha(pairs))


@given(ratings)
def test_alpha_does_not_know_who_is_first(pairs):
    assert krippendorff_alpha([pair[::-1] for pair in pairs]) == pytest.approx(krippendorff_alpha(pairs))


def test_alpha_of_nothing_is_undefined():
    assert math.isnan(krippendorff_alpha([]))
    assert krippendorff_alpha([("a", "a")]) == 1


def layer(annotator: str, genre: str, places: tuple[str, ...], aspect: str | None = None, page: str = "p") -> Layer:
    return Layer(page, annotator, (), (), (), genre, aspect, places)


def test_what_a_page_is():
    layers = {
        "p": {"a": layer("a", "report", ("PE", "CL"), "x"), "b": layer("b", "report", ("PE",), "y")},
        "q": {"a": layer("a", "brief", ("MA",)), "b": layer("b", "report", ("ES", "MA"))},
        "not judged": {"a": layer("a", "report", ()), "b": layer("b", "brief", ())},
        "alone": {"a": layer("a", "report", ("PE",))},
    }
    found = page_agreement(layers, "a", "b")
    assert found["pages"] == 2
    assert found["genre_alpha"] == pytest.approx(slow_alpha([("report", "report"), ("brief", "report")]))
    assert found["aspect_alpha"] == pytest.approx(slow_alpha([("x", "y")]))
    assert found["main_place_alpha"] == pytest.approx(slow_alpha([("PE", "PE"), ("MA", "ES")]))
    assert found["places_f1"] == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_topics_of_two_annotators_by_hand():
    def topics(page: str, annotator: str, *codes: str) -> Layer:
        found = tuple(Topic(f"medtop:{code}", at == 0) for at, code in enumerate(codes))
        return Layer(page, annotator, (), (), found)

    # Of the broader topics 11000000 (politics) and 04000000 (economy); the second annotator sees politics everywhere.
    layers = {
        "p": {"a": topics("p", "a", "11000000"), "b": topics("p", "b", "11000000", "04000000")},
        "q": {"a": topics("q", "a", "04000000", "15000000"), "b": topics("q", "b", "11000000")},
        "no topic": {"a": topics("no topic", "a"), "b": topics("no topic", "b", "11000000")},
        "alone": {"a": topics("alone", "a", "11000000")},
    }
    found = topic_agreement(layers, "a", "b")
    assert found["primary_concept_alpha"] == pytest.approx(slow_alpha([("p", "p"), ("e", "p")]))
    assert found["primary_top_level_alpha"] == pytest.approx(slow_alpha([("p", "p"), ("e", "p")]))
    # One of one and two in common, and none of two and one.
    assert found["top_level_f1"] == pytest.approx((2 / 3 + 0) / 2)


def test_a_layer_agrees_with_itself(gold_pages):
    rows = read_config("annotations", None, None).to_pylist()
    rows = [row for row in rows if row["annotator"] == "a"]
    layers = layers_of([*rows, *({**row, "annotator": "b"} for row in rows)])
    pages = [page for page in gold_pages if page.id in layers][:12]
    chosen = {page.id: layers[page.id] for page in pages}
    assert all(value == pytest.approx(1) for value in scores(pages, chosen, "a", "b").values())
    assert all(value == pytest.approx(1) for value in word_alpha(pages, chosen, "a", "b").values())
    assert all(value == pytest.approx(1) for value in topic_agreement(chosen, "a", "b").values())
