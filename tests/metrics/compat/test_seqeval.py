"""Chunks side by side with seqeval, on tags painted by hand."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import f1_score, precision_score, recall_score

from newsbench.metrics.compat.entities import LABELS, Entity
from newsbench.types import Attribution, Page, Prediction, QuotedAttribution, Span

NAME = "attributions.seqeval"
TEXT = "“Goats are calm,” said Ann Lee.  Bob denied it all."
TOKENS = [match.span() for match in re.finditer(r"\w+|[^\w\s]", TEXT)]


def tags(entities: list[Entity], label: str) -> list[str]:
    """IOB tags of one label: paint the entities from left to right, the longest first; what is painted stays."""
    painted: list[int | None] = [None] * len(TOKENS)
    for number, one in enumerate(sorted((e for e in entities if e.label == label), key=lambda e: (e.start, -e.end))):
        for at, (start, end) in enumerate(TOKENS):
            if painted[at] is None and start < one.end and end > one.start:
                painted[at] = number
    found = []
    for at, number in enumerate(painted):
        if number is None:
            found.append("O")
        else:
            found.append(("I-" if at and painted[at - 1] == number else "B-") + label)
    return found


entity = st.builds(
    lambda start, length, label: Entity(start, min(start + length, len(TEXT)), label),
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 20),
    st.sampled_from(LABELS),
)
document = st.lists(entity, max_size=8)


def attributions_of(entities, kind):
    return tuple(
        kind(id=str(number), **{one.label: (Span(one.start, one.end),)}) for number, one in enumerate(entities)
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(document, document), min_size=1, max_size=3))
def test_scores_are_the_peers(figures, pairs):
    pages, outputs, gold_tags, output_tags = [], {}, [], []
    for number, (gold, predicted) in enumerate(pairs):
        pages.append(Page(str(number), TEXT, attributions=attributions_of(gold, Attribution)))
        outputs[str(number)] = Prediction(str(number), attributions=attributions_of(predicted, QuotedAttribution))
        for label in LABELS:
            gold_tags.append(tags(gold, label))
            output_tags.append(tags(predicted, label))
    found = figures(NAME, pages, outputs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, average in (("seqeval", "micro"), ("seqeval_macro", "macro")):
            for part, peer in (("f1", f1_score), ("precision", precision_score), ("recall", recall_score)):
                empty = not any(tag != "O" for row in gold_tags + output_tags for tag in row)
                wanted = 0.0 if empty else peer(gold_tags, output_tags, average=average, zero_division=0)
                assert found[f"{name}_{part}"] == pytest.approx(wanted, abs=1e-9), (name, part)


def quoted(**parts: str) -> QuotedAttribution:
    return QuotedAttribution(**{name: (string,) for name, string in parts.items()})


def test_by_hand(figures):
    def at(string: str) -> tuple[Span, ...]:
        return (Span(TEXT.index(string), TEXT.index(string) + len(string)),)

    gold = Attribution("1", content=at("“Goats are calm,”"), source=at("Ann Lee"), cue=at("said"))
    page = Page("p", TEXT, attributions=(gold,))
    predicted = (quoted(content="Goats are calm", source="Ann Lee", cue="shouted"), quoted(source="Bob"))
    found = figures(NAME, [page], {"p": Prediction("p", attributions=predicted)})
    # Right: one source. Given: content, two sources, one cue that stands nowhere.
    assert found["seqeval_precision"] == pytest.approx(1 / 4)
    assert found["seqeval_recall"] == pytest.approx(1 / 3)
    assert found["seqeval_f1"] == pytest.approx(2 / 7)
    # Source: 2 / 3; content and cue 0.
    assert found["seqeval_macro_f1"] == pytest.approx(2 / 9)


def test_gold_is_perfect_though_nested(figures):
    golds = (
        Attribution("1", content=(Span(0, 30),), source=(Span(33, 36),)),
        Attribution("2", content=(Span(2, 10), Span(12, 15)), source=(Span(33, 36),)),
    )
    page = Page("p", TEXT, attributions=golds)
    own = tuple(QuotedAttribution(content=one.content, source=one.source) for one in golds)
    assert set(figures(NAME, [page], {"p": Prediction("p", attributions=own)}).values()) == {1.0}


@pytest.mark.parametrize("nothing", [None, Prediction("p"), Prediction("p", error="x")])
def test_nothing_is_0(figures, nothing):
    page = Page("p", TEXT, attributions=(Attribution("1", cue=(Span(18, 22),)),))
    assert set(figures(NAME, [page], {"p": nothing}).values()) == {0}
