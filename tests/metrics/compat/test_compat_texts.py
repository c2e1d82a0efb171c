"""What is compared: gold text, kept text, words."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics import PEER_FAMILIES, families, load_family
from newsbench.metrics.compat.overlap import shared
from newsbench.metrics.compat.texts import applies, output_text, reference_text, word_tokens
from newsbench.types import Page, Prediction, Segment

TEXT = "HOME NEWS\nFerry burns\nby Ann\nAll night long.\nRead also: goats\nWhy?"
KINDS = ["navigation", "headline", "byline", "paragraph", "related", "paragraph"]


def page(**more) -> Page:
    segments, at = [], 0
    for line, kind in zip(TEXT.split("\n"), KINDS, strict=True):
        segments.append(Segment(at, at + len(line), kind))
        at += len(line) + 1
    return Page("p", TEXT, segments=tuple(segments), **more)


def test_gold_text_is_the_corpus_own_or_the_content_segments():
    assert reference_text(page()) == "Ferry burns\nAll night long.\nWhy?"
    assert reference_text(page(reference={"text": "own"})) == "own"
    assert reference_text(page(reference={"text": ""})) == ""
    assert reference_text(page(reference={"text": None})) == "Ferry burns\nAll night long.\nWhy?"


def test_a_page_without_segments_and_text_is_not_judged():
    assert not applies(Page("p", TEXT))
    assert applies(page())
    assert applies(Page("p", TEXT, reference={"text": ""}))


def test_spans_leave_the_text_between_them():
    gold = page()
    removed = tuple(s for s in gold.segments if s.type in ("navigation", "byline", "related"))
    assert output_text(gold, Prediction("p", boilerplate=removed)) == reference_text(gold)
    twice = Prediction("p", boilerplate=(*removed, *removed, Segment(0, 21, "navigation")))
    assert output_text(gold, twice) == "All night long.\nWhy?"
    assert output_text(gold, Prediction("p", boilerplate=())) == TEXT


@pytest.mark.parametrize(
    "nothing", [None, Prediction("p"), Prediction("p", error="timeout"), Prediction("p", main_text="")]
)
def test_missing_failed_and_empty_predictions_are_an_empty_text(nothing):
    assert output_text(page(), nothing) == ""


ODD = st.sampled_from("aé_9 .“”\u00a0\u0301\x1c½İß中🚢\ud800-")


@settings(deadline=None)
@given(st.text(st.characters(), max_size=40) | st.text(ODD, max_size=60))
def test_words_are_those_of_re(text):
    assert word_tokens(text) == re.findall(r"\w+", text)


def test_words_of_a_text_of_many_signs():
    text = "".join(f"w{chr(0x2500 + k)}" for k in range(200))
    assert word_tokens(text) == re.findall(r"\w+", text)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)))
def test_shared_is_the_intersection_of_bags(first, second):
    assert shared(Counter(first), Counter(second)) == (Counter(first) & Counter(second)).total()


@pytest.mark.parametrize("name", PEER_FAMILIES)
def test_every_entry_of_the_table_loads_and_is_a_peer(name):
    family = load_family(name)
    task, _, short = name.partition(".")
    assert (family.task, family.name, family.peer) == (task, short, True)
    assert all(metric.source != "NewsBench" and metric.empty for metric in family.metrics)


def test_names_of_metrics_are_unique_in_a_task():
    for task in ("boilerplate", "attributions"):
        names = [metric.name for family in families([task], peers=True) for metric in family.metrics]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("name", [name for name in PEER_FAMILIES if name.startswith("boilerplate.")])
def test_gold_is_perfect_and_nothing_is_worthless(name, figures):
    outputs = {"a": "One two three four five, six.\nSeven eight.", "b": "Nine ten eleven twelve thirteen."}
    found = figures(name, outputs, outputs)
    judged = {metric: value for metric, value in found.items() if "with" not in metric}
    assert judged == pytest.approx(dict.fromkeys(judged, 1.0), abs=1e-12)
    empty = figures(name, outputs, {"a": "", "b": None})
    for metric, value in empty.items():
        if "with" not in metric and metric != "aeb_precision":
            assert value == 0, metric
