"""WCXB's numbers against a plain restatement and its own gold."""

from __future__ import annotations

import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.types import Page

NAME = "boilerplate.wcxb"


def by_definition(output: str, gold: str) -> tuple[float, float, float]:
    """(precision, recall, F1) of one page by taking words out of a list one at a time."""
    given_, wanted = re.findall(r"\w+", output.lower()), re.findall(r"\w+", gold.lower())
    if not given_ and not wanted:
        return 1.0, 1.0, 1.0
    if not given_ or not wanted:
        return 0.0, 0.0, 0.0
    rest, hits = list(wanted), 0
    for word in given_:
        if word in rest:
            rest.remove(word)
            hits += 1
    precision, recall = hits / len(given_), hits / len(wanted)
    return precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0


def three(found: dict[str, float]) -> tuple[float, float, float]:
    return found["wcxb_precision"], found["wcxb_recall"], found["wcxb_f1"]


def mean(rows) -> tuple[float, ...]:
    rows = list(rows)
    return tuple(sum(column) / len(rows) for column in zip(*rows, strict=True))


def test_stored_outputs_agree_with_the_definition(aeb_gold, aeb_outputs, figures):
    for outputs in aeb_outputs.values():
        wanted = mean(by_definition(outputs[name], text) for name, text in aeb_gold.items())
        assert three(figures(NAME, aeb_gold, outputs)) == pytest.approx(wanted, abs=1e-9)


GOLDEN = {
    "goose3": 0.8814185933557038,
    "justext": 0.7015230437024226,
    "readability": 0.9324039102995992,
    "trafilatura": 0.9641748362907416,
}


@pytest.mark.parametrize("system", GOLDEN)
def test_stored_outputs_have_golden_numbers(aeb_gold, aeb_outputs, figures, system):
    assert figures(NAME, aeb_gold, aeb_outputs[system])["wcxb_f1"] == pytest.approx(GOLDEN[system], abs=1e-9)


texts = st.text(st.sampled_from("aAbİ .“"), max_size=20)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_any_texts_agree_with_the_definition(figures, pairs):
    gold = {str(k): pair[0] for k, pair in enumerate(pairs)}
    outputs = {str(k): pair[1] for k, pair in enumerate(pairs)}
    wanted = mean(by_definition(outputs[name], gold[name]) for name in gold)
    assert three(figures(NAME, gold, outputs)) == pytest.approx(wanted, abs=1e-9)


def test_snippets_of_the_corpus(corpora, figures):
    pages, outputs, rates = [], {}, []
    for path in sorted((corpora / "wcxb" / "dev" / "ground-truth").glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))["ground_truth"]
        text = row["main_content"] or ""
        lists = {name: row.get(name) or [] for name in ("with", "without")}
        pages.append(Page(path.stem, "", reference={"text": text, **lists}))
        half = outputs[path.stem] = text[: len(text) // 2]
        rates.append(
            tuple(
                sum(one.lower() in half.lower() for one in lists[name]) / len(lists[name]) if lists[name] else 1.0
                for name in ("with", "without")
            )
        )
    assert len(pages) == 97
    found = figures(NAME, pages, outputs)
    assert (found["wcxb_with_rate"], found["wcxb_without_rate"]) == pytest.approx(mean(rates), abs=1e-9)
    assert found["wcxb_with_rate"] == pytest.approx(0.5395189003436426, abs=1e-9)
    assert figures(NAME, pages, {page.id: page.reference["text"] for page in pages})["wcxb_f1"] == 1.0


def test_snippets_by_hand(figures):
    reference = {"text": "The ferry burned.", "with": ["FERRY B", "goat"], "without": []}
    found = figures(NAME, [Page("x", "", reference=reference)], {"x": "the Ferry burned"})
    assert (found["wcxb_with_rate"], found["wcxb_without_rate"]) == (0.5, 1.0)
    found = figures(NAME, [Page("x", "", reference=reference)], {"x": None})
    assert (found["wcxb_with_rate"], found["wcxb_without_rate"]) == (0.0, 1.0)


def test_without_lists_the_rates_are_undefined(figures):
    found = figures(NAME, {"x": "a"}, {"x": "a"})
    assert math.isnan(found["wcxb_with_rate"])
    assert math.isnan(found["wcxb_without_rate"])


def test_the_metric_does_not_see_order(figures):
    assert figures(NAME, {"x": "one two three"}, {"x": "Three, one: two"})["wcxb_f1"] == 1.0


def test_a_missing_page_is_said_to_count_as_with_the_peer():
    from newsbench.metrics import load_family

    said = next(metric.empty for metric in load_family(NAME).metrics if metric.name == "wcxb_f1")
    assert "is an empty output, as with the peer" in said
    assert "skips" not in said
