"""AEB's numbers against a plain restatement, stored outputs and cases worked by hand."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics.compat.aeb import FAMILY, shared_shingles
from newsbench.types import Page, Prediction

NAME = "boilerplate.aeb"


def shingles_of(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    if not words:
        return []
    return [tuple(words[k : k + 4]) for k in range(max(1, len(words) - 3))]


def by_definition(gold: dict[str, str], outputs: dict[str, str]) -> tuple[float, float, float, float]:
    """F1, precision, recall, accuracy: shares of each page's true and false shingles, one list element at a time."""
    precisions, recalls, equal = [], [], 0
    for name, text in gold.items():
        wanted, given_ = shingles_of(text), shingles_of(outputs[name])
        rest, hits = list(wanted), 0
        for shingle in given_:
            if shingle in rest:
                rest.remove(shingle)
                hits += 1
        if given_:
            precisions.append(Fraction(hits, len(given_)))
        if wanted:
            recalls.append(Fraction(hits, len(wanted)))
        equal += re.findall(r"\w+", text) == re.findall(r"\w+", outputs[name])
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    f1 = 2 * precision * recall / (precision + recall)
    return float(f1), float(precision), float(recall), equal / len(gold)


def four(found: dict[str, float]) -> tuple[float, ...]:
    return tuple(found[f"aeb_{part}"] for part in ("f1", "precision", "recall", "accuracy"))


GOLDEN = {
    "goose3": (0.8913850527367506, 0.9346090625307582, 0.8519823802968388, 0.23333333333333334),
    "justext": (0.7924400008567688, 0.8657623044810786, 0.7305674860211859, 0.08333333333333333),
    "readability": (0.9365349555058369, 0.9252498338559675, 0.9480987618115831, 0.36666666666666664),
    "trafilatura": (0.9656308609662596, 0.9499251823766670, 0.9818646131808612, 0.31666666666666665),
}


@pytest.mark.parametrize("system", GOLDEN)
def test_stored_outputs_have_the_peers_numbers(aeb_gold, aeb_outputs, figures, system):
    found = four(figures(NAME, aeb_gold, aeb_outputs[system]))
    assert found == pytest.approx(GOLDEN[system], abs=1e-9)


def test_stored_outputs_agree_with_the_definition(aeb_gold, aeb_outputs, figures):
    some = dict(list(aeb_gold.items())[:15])
    for outputs in aeb_outputs.values():
        assert four(figures(NAME, some, outputs)) == pytest.approx(by_definition(some, outputs), abs=1e-9)


texts = st.text(st.sampled_from("ab .“"), max_size=30)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_any_texts_agree_with_the_definition(figures, pairs):
    gold = {str(k): pair[0] for k, pair in enumerate(pairs)}
    outputs = {str(k): pair[1] for k, pair in enumerate(pairs)}
    found = four(figures(NAME, gold, outputs))
    try:
        assert found == pytest.approx(by_definition(gold, outputs), abs=1e-9)
    except ZeroDivisionError:
        # The peer stops here: no page with an output, none with a gold text, or nothing right at all.
        assert found[0] == 0 or math.isnan(found[0])


@settings(deadline=None)
@given(st.lists(st.sampled_from("ab")), st.lists(st.sampled_from("ab")))
def test_ends_that_both_texts_have_are_counted_too(gold, output):
    wanted, given_ = shingles_of(" ".join(gold)), shingles_of(" ".join(output))
    assert shared_shingles(gold, output) == sum(min(wanted.count(one), given_.count(one)) for one in set(wanted))


def test_by_hand(figures):
    # Shingles abcd bcde | bcde cdef: one of two on either side; the second page has no output.
    found = figures(NAME, {"x": "a b c d e", "y": "a b c d"}, {"x": "b c d e f", "y": ""})
    assert found == pytest.approx({"aeb_precision": 1 / 2, "aeb_recall": 1 / 4, "aeb_f1": 1 / 3, "aeb_accuracy": 0})


def test_four_words_are_one_shingle(figures):
    longer, shorter = {"x": "a b c d e"}, {"x": "b c d e"}
    for gold, output, precision, recall in ((longer, shorter, 1, 1 / 2), (shorter, longer, 1 / 2, 1)):
        assert four(figures(NAME, gold, output)) == pytest.approx((2 / 3, precision, recall, 0))


def test_a_blanked_page_raises_precision_as_it_does_with_the_peer(figures):
    gold = {"x": "a b c d e", "y": "a b c d"}
    blanked = figures(NAME, gold, {"x": "a b c d e", "y": ""})
    assert blanked["aeb_precision"] == 1.0
    assert blanked["aeb_recall"] == 0.5
    assert figures(NAME, gold, {"x": "a b c d e", "y": "q r s t"})["aeb_precision"] == 0.5


def test_where_the_peer_stops(figures):
    nothing = figures(NAME, {"x": "a b c d e"}, {"x": None})
    assert (nothing["aeb_f1"], nothing["aeb_recall"]) == (0, 0)
    assert math.isnan(nothing["aeb_precision"])
    wrong = figures(NAME, {"x": "a b c d e"}, {"x": "q"})
    assert four(wrong) == (0, 0, 0, 0)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5))
def test_many_pages_and_systems_at_once_are_each_page_alone(rows):
    pages = [Page(str(k), "", reference={"text": row[0]}) for k, row in enumerate(rows)]
    systems = [[Prediction(page.id, main_text=row[at]) for page, row in zip(pages, rows, strict=True)] for at in (1, 2)]
    systems.append([None] * len(pages))
    for predictions, counted in zip(systems, FAMILY.count_many(pages, systems), strict=True):
        alone = [FAMILY.count(FAMILY.prepare(page), one) for page, one in zip(pages, predictions, strict=True)]
        assert counted.tolist() == [list(map(float, row)) for row in alone]


def test_real_texts_at_once_are_each_alone(aeb_gold, aeb_outputs):
    pages = [Page(name, "", reference={"text": text}) for name, text in aeb_gold.items()]
    systems = [[Prediction(name, main_text=outputs[name]) for name in aeb_gold] for outputs in aeb_outputs.values()]
    for predictions, counted in zip(systems, FAMILY.count_many(pages, systems), strict=True):
        for page, one, row in zip(pages, predictions, counted.tolist(), strict=True):
            alone = [float(value) for value in FAMILY.count(FAMILY.prepare(page), one)]
            assert row == pytest.approx(alone, abs=1e-12), page.id
