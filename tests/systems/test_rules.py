"""Attributions by rules: exact spans on sentences of every kind, then what must hold on any text."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.formats.predictions import read_predictions
from newsbench.systems import load_system
from newsbench.systems.attribution.lexicon import inflect, lexicon
from newsbench.systems.rules import attributions
from newsbench.types import Page

CASES = json.loads(Path(__file__).with_name("rule_cases.json").read_text(encoding="utf-8"))
ELEMENTS = ("source", "cue", "content", "addressee", "hedge")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_exact_spans(case):
    text = case["text"]
    found = attributions(text, whole=True)
    shown = [
        {name: [text[span["start"] : span["end"]] for span in record.get(name, [])] for name in ELEMENTS}
        for record in found
    ]
    wanted = [{name: one.get(name, []) for name in ELEMENTS} for one in case["expected"]]
    assert shown == wanted
    for record, one in zip(found, case["expected"], strict=True):
        for label in ("form", "channel", "polarity", "modality", "evidential", "no_comment"):
            if label in one:
                assert record[label] == one[label], label
        parent = found[one["parent"]]["id"] if "parent" in one else None
        assert record.get("parent") == parent


def entities(text):
    return [record.get("entity") for record in attributions(text, whole=True)]


def test_pronoun_means_the_last_person():
    labels = entities("Minister Ana Reis said that the law was ready. She added that it was short.")
    assert labels[0] is not None
    assert labels[0] == labels[1]


def test_surname_and_full_name_are_one_source():
    labels = entities("Ana Reis said that the law was ready. “It is short,” said Reis.")
    assert len(labels) == 2
    assert len(set(labels)) == 1


def test_two_people_are_two_sources():
    labels = entities("Ana Reis said that the law was ready. Jon Berg said that it was not.")
    assert len(set(labels)) == 2


def test_uncued_quotation_has_the_last_speaker():
    labels = entities("“It rained,” Ana Reis said. The field was empty. “We went home.”")
    assert labels == [labels[0], labels[0]]
    assert labels[0] is not None


def test_headline_with_an_office():
    text = "Interior minister: No date for the vote\n" + "The vote was postponed by a week after the storm. " * 3
    first = attributions(text, whole=True)[0]
    assert text[first["source"][0]["start"] : first["source"][0]["end"]] == "Interior minister"
    assert text[first["content"][0]["start"] : first["content"][0]["end"]] == "No date for the vote"
    assert "cue" not in first


def test_place_before_a_colon_is_no_source():
    assert attributions("Valparaíso: two ships wait for a berth\nThe port stood still.", whole=True) == []


def test_furniture_is_left_out(page):
    records = load_system("rules").run(page)["attributions"]
    shown = [page.text[span["start"] : span["end"]] for record in records for span in record.get("content", [])]
    assert any("turbines had been stopped" in content for content in shown)
    assert not any("cookies" in content or "pumpkin" in content for content in shown)


def test_same_answer_every_time(page):
    system = load_system("rules")
    assert system.run(page) == system.run(page) == load_system("rules").run(page)


PIECES = [
    "said",
    "says",
    "“",
    "”",
    '"',
    "«",
    "»",
    "'",
    "’",
    "–",
    ",",
    ".",
    "?",
    ":",
    ";",
    "that",
    "he",
    "The",
    "minister",
    "according",
    "to",
    "is",
    "told",
    "not",
    "\n",
    "Ana",
    "allegedly",
    "by",
    "who",
    "and",
    "🎈",
    "\u00ad",
    "''",
    "as",
    "her",
    "promise",
    "accused",
    "of",
    "did",
    "respond",
    "comment",
    "in",
    "a",
    "letter",
    "",
    "\xa0",
    "(",
    "-",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from([" ", ""]))
def test_any_text_gives_valid_predictions(pieces, joint):
    text = joint.join(pieces)
    records = attributions(text, whole=True)
    page = Page(id="p", text=text)
    read_predictions([{"id": "p", "attributions": records}], {"p": page})
    for record in records:
        for name in ELEMENTS:
            spans = record.get(name, [])
            assert all(a["end"] <= b["start"] for a, b in pairwise(spans))
        assert record.get("parent") != record["id"]


def test_no_cycle_of_parents():
    text = "Radio Sul says that Ana Reis believes that the mayor told reporters that the bridge is safe."
    records = {record["id"]: record for record in attributions(text, whole=True)}
    assert len(records) == 3
    for record in records.values():
        seen = set()
        while record.get("parent"):
            assert record["id"] not in seen
            seen.add(record["id"])
            record = records[record["parent"]]


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("deny", {"deny", "denies", "denied", "denying"}),
        ("admit", {"admit", "admits", "admitted", "admitting"}),
        ("write", {"write", "writes", "wrote", "written", "writing"}),
        ("agree", {"agree", "agrees", "agreed", "agreeing"}),
        ("stress", {"stress", "stresses", "stressed", "stressing"}),
    ],
)
def test_inflection(lemma, forms):
    assert {form for form, _ in inflect(lemma)} == forms


def test_lexicon_is_large_and_sound():
    table = lexicon()
    assert len({lemma for lemma, _ in table.verbs}) > 200
    assert all(verb.takes and verb.classes for verb in table.verbs.values())
    assert all(lemma.isalpha() or lemma == "e-mail" for lemma, _ in table.verbs)
