"""Four schemas side by side with nervaluate, and attributions as entities."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator

from newsbench.metrics.compat.entities import LABELS, Entity
from newsbench.metrics.compat.nervaluate import SCHEMAS, classify
from newsbench.types import Attribution, Page, Prediction, QuotedAttribution, Segment, Span

NAME = "attributions.nervaluate"
PEER_NAMES = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}
CLASSES = ("correct", "incorrect", "partial", "missed", "spurious")


def peer(gold: list[list[Entity]], predicted: list[list[Entity]]):
    """The peer's overall results; its ends are inclusive."""

    def rows(documents):
        return [[{"label": one.label, "start": one.start, "end": one.end - 1} for one in each] for each in documents]

    return Evaluator(rows(gold), rows(predicted), tags=list(LABELS), loader="dict").evaluate()["overall"]


entity = st.builds(
    lambda start, length, label: Entity(start, start + length, label),
    st.integers(0, 20),
    st.integers(1, 8) | st.just(150),
    st.sampled_from(LABELS),
)
document = st.lists(entity, max_size=9, unique=True).map(sorted)


@settings(max_examples=1000, deadline=None)
@given(document, document)
def test_classes_of_any_entities_are_the_peers(gold, predicted):
    found = classify(gold, predicted)
    wanted = peer([gold], [predicted])
    for number, schema in enumerate(SCHEMAS):
        row = dict(zip(CLASSES, found[5 * number :], strict=False))
        assert row == {name: getattr(wanted[PEER_NAMES[schema]], name) for name in CLASSES}, schema


@settings(max_examples=300, deadline=None)
@given(document, st.permutations(range(5)))
def test_predictions_are_taken_in_the_order_given(gold, order):
    predicted = [Entity(start, start + 6, LABELS[start % 3]) for start in order]
    wanted = peer([gold], [predicted])
    found = classify(gold, predicted)
    for number, schema in enumerate(SCHEMAS):
        assert found[5 * number] == wanted[PEER_NAMES[schema]].correct


def attributions_of(entities, kind):
    parts = [{entity.label: (Span(entity.start, entity.end),)} for entity in entities]
    return tuple(kind(id=str(number), **part) for number, part in enumerate(parts))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(document, document), min_size=1, max_size=4))
def test_scores_over_several_pages_are_the_peers(figures, pairs):
    pages, outputs = [], {}
    for number, (gold, predicted) in enumerate(pairs):
        pages.append(Page(str(number), "x" * 200, attributions=attributions_of(gold, Attribution)))
        outputs[str(number)] = Prediction(str(number), attributions=attributions_of(predicted, QuotedAttribution)[::-1])
    found = figures(NAME, pages, outputs)
    wanted = peer(*map(list, zip(*pairs, strict=True)))
    for schema in SCHEMAS:
        score = wanted[PEER_NAMES[schema]]
        three = tuple(found[f"nervaluate_{schema}_{part}"] for part in ("precision", "recall", "f1"))
        assert three == pytest.approx((score.precision, score.recall, score.f1), abs=1e-9)


TEXT = "“Goats are calm,” said Ann Lee. Bob denied it."


def ann_and_bob() -> Page:
    def at(string: str) -> tuple[Span, ...]:
        return (Span(TEXT.index(string), TEXT.index(string) + len(string)),)

    return Page(
        "p",
        TEXT,
        segments=(Segment(0, len(TEXT), "paragraph"),),
        attributions=(
            Attribution("1", content=at("“Goats are calm,”"), source=at("Ann Lee"), cue=at("said")),
            Attribution("2", content=at("it"), source=at("Bob"), cue=at("denied")),
        ),
    )


def test_by_hand_with_strings(figures):
    predicted = QuotedAttribution(content=("Goats are calm",), source=("Ann Lee",), cue=("shouted madly",))
    found = figures(NAME, [ann_and_bob()], {"p": Prediction("p", attributions=(predicted,))})
    # Gold: six entities. The source is right, the content lacks its marks, the cue stands nowhere.
    assert found["nervaluate_strict_precision"] == pytest.approx(1 / 3)
    assert found["nervaluate_strict_recall"] == pytest.approx(1 / 6)
    assert found["nervaluate_partial_precision"] == pytest.approx(1.5 / 3)
    assert found["nervaluate_type_recall"] == pytest.approx(2 / 6)
    assert found["nervaluate_exact_f1"] == pytest.approx(2 / 9)


def test_gold_is_perfect_and_doubling_or_shuffling_changes_nothing(figures):
    page = ann_and_bob()
    own = tuple(QuotedAttribution(content=one.content, source=one.source, cue=one.cue) for one in page.attributions)
    for predicted in (own, own[::-1], own + own):
        found = figures(NAME, [page], {"p": Prediction("p", attributions=predicted)})
        assert set(found.values()) == {1.0}


def test_the_whole_page_as_one_quote(figures):
    whole = QuotedAttribution(content=(Span(0, len(TEXT)),))
    found = figures(NAME, [ann_and_bob()], {"p": Prediction("p", attributions=(whole,))})
    assert found["nervaluate_strict_f1"] == 0
    # An overlap of one character in a hundred is a match of type for the peer.
    assert found["nervaluate_type_precision"] == 1.0


@pytest.mark.parametrize(
    "nothing", [None, Prediction("p"), Prediction("p", attributions=()), Prediction("p", error="x")]
)
def test_nothing_is_0(figures, nothing):
    assert set(figures(NAME, [ann_and_bob()], {"p": nothing}).values()) == {0}
