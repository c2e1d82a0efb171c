"""`newsbench metrics`: definitions say all that a figure rests on."""

from __future__ import annotations

import json
import re

import pytest

from newsbench.cli import main
from newsbench.metrics import TASKS, families


def printed(capsys, *arguments: str) -> str:
    assert main(["metrics", *arguments]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_a_task_gives_all_its_figures_and_once_what_they_speak_of(capsys):
    found = printed(capsys, "attributions")
    assert found == printed(capsys, "--task", "attributions")
    assert "attributions.joint_strict_f1" in found
    assert "boilerplate." not in found
    for term in ("aligned", "copies", "joined sources", "refusals to comment", "known source", "B-cubed"):
        assert found.count(f"* {term}: ") == 1, term


@pytest.mark.parametrize(
    ("figure", "told", "untold"),
    [
        ("attributions.content_exact_f1", ["to the character", "aligned", "refusals to comment"], ["B-cubed", "class"]),
        ("attributions.source_normalized_recall", ["marks at the edges", "joined sources"], ["B-cubed"]),
        ("attributions.cue_token_f1", ["words", "marks at the edges"], ["known source"]),
        ("attributions.source_bcubed_f1", ["B-cubed", "known source", "predicted source", "Dice"], ["class"]),
        ("attributions.source_resolution_accuracy", ["mapped one to one", "predicted source"], ["B-cubed"]),
        ("attributions.recall", ["class", "gold"], ["B-cubed"]),
        ("attributions.ungrounded_rate", [], ["aligned", "gold"]),
        ("topics.lrap", ["rank", "top-level"], []),
        ("metadata.country_match", ["absent", "normalised"], []),
    ],
)
def test_a_figure_says_what_it_speaks_of(figure, told, untold, capsys):
    found = printed(capsys, figure)
    assert figure in found
    for term in told:
        assert f"* {term}: " in found, term
    for term in untold:
        assert f"* {term}: " not in found, term
    (row, *_) = json.loads(printed(capsys, figure, "--format", "json"))
    assert set(told) <= set(row["terms"])


def test_every_term_is_used_by_a_figure():
    for family in families(TASKS, peers=True):
        texts = [text for metric in (*family.metrics, *family.corpus_metrics) for text in (metric.formula, metric.empty)]
        texts += [formula for part in family.slices for formula in part.formulas.values()]
        assert family.terms_in(" ".join(texts)) == family.terms
        for term, what in family.terms.items():
            assert not re.search(r"[.;,]$", what), term


def test_the_marks_at_the_edges_are_all_named(capsys):
    found = printed(capsys, "attributions.content_normalized_f1")
    assert "\"'`´‘’‚‛“”„‟‹›«»" in found
    assert 'the word "that"' in found


def test_what_scores_nothing_is_said(capsys):
    assert "any other page with gold topics and without scores gives 0" in printed(capsys, "topics.ndcg")
    assert "not even one that the page does not print" in printed(capsys, "metadata.byline_exact")
