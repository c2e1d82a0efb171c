"""Which gold attribution a predicted one is laid beside, however alike several are."""

from __future__ import annotations

import numpy as np
import pytest
from attribution_examples import (
    GOLDS,
    PAGE,
    TEXT,
    as_prediction,
    gold,
    quoted,
    row_of,
    scored,
    spans,
)

from newsbench.types import Attribution, Page, QuotedAttribution, Source, Span


def test_a_part_does_not_steal_the_match_of_the_whole():
    whole = GOLDS[6]
    inner = GOLDS[7]
    truncated = as_prediction(whole, content=spans("Berg reportedly believes the minister"), form="direct")
    page = PAGE._replace(attributions=(whole, inner))
    for claims in ([truncated, as_prediction(whole)], [as_prediction(whole), truncated]):
        counts = row_of(claims, page)
        assert counts["normalized.content"] == counts["exact.content"] == 1
        assert counts["confusion.form.indirect.indirect"] == 1
    # Dice alone would give the whole to the inner one and the part to the outer one: 2/3 + 2/3 > 1.
    text = "aaaa bbbb"
    page = Page("p", text, attributions=(Attribution("x", (Span(0, 9),)), Attribution("y", (Span(5, 9),))))
    counts = row_of([quoted(content=(Span(0, 9),)), quoted(content=(Span(0, 4),))], page)
    assert (counts["aligned"], counts["exact.content"]) == (1, 1)


def test_an_exact_source_settles_equal_contents():
    text = "A and B each say roads wait"
    content = (Span(17, 27),)
    golds = (
        Attribution("x", content, (Span(0, 1),), source_ids=("a",), form="direct"),
        Attribution("y", content, (Span(6, 7),), source_ids=("b",), form="indirect"),
    )
    page = Page("p", text, attributions=golds)
    for order in (golds, golds[::-1]):
        found = scored([as_prediction(one) for one in order], page)
        assert found["joint_strict_f1"] == found["form_accuracy"] == found["source_resolution_accuracy"] == 1
    counts = row_of([as_prediction(golds[1])], page)
    assert (counts["normalized.source"], counts["confusion.form.indirect.indirect"]) == (1, 1)


def test_a_wrong_answer_does_not_take_the_match_of_a_right_one():
    """Of two predictions of one content the one that is right keeps its gold, whatever a third one could have."""
    whole, part = spans("that talks with the port had failed"), spans("the port had failed")
    berg, other = spans("Harbour union leader Ona Berg"), spans("union")
    page = PAGE._replace(
        attributions=(gold(1, content=whole, source=berg, cue=spans("said"), sources=["berg"]),
                      gold(2, content=part, source=berg, cue=spans("on Friday"), sources=["berg"]))
    )  # fmt: skip
    right = QuotedAttribution(content=part, source=berg, cue=spans("on Friday"))
    wrong = right._replace(source=other)
    for claims in ([right, wrong], [wrong, right]):
        assert scored(claims, page)["joint_strict_recall"] == 0.5
    # To name nobody is right where the page names nobody.
    page = PAGE._replace(attributions=(gold(1, content=whole, cue=spans("said")),))
    silent = QuotedAttribution(content=whole)
    for claims in ([silent, silent._replace(source=berg, cue=spans("said"))], [silent]):
        assert scored(claims, page)["joint_relaxed_recall"] == 1


def test_between_contents_equally_alike_the_nearer_and_then_the_earlier_is_meant():
    """Each shares 10 of its 20 characters with the other side; the labels tell which was taken."""
    middle, before, behind, nearer = (Span(10, 30),), (Span(0, 20),), (Span(20, 40),), (Span(15, 25), Span(40, 50))
    for first, second, taken in ((before, nearer, "mixed"), (nearer, behind, "direct"), (before, behind, "direct")):
        several = [Attribution("x", first, form="direct"), Attribution("y", second, form="mixed")]
        one = Attribution("z", middle, form="indirect")
        page = Page("p", "x" * 50, attributions=tuple(several))
        assert row_of([as_prediction(one)], page)[f"confusion.form.{taken}.indirect"] == 1
        page = page._replace(attributions=(one,))
        for claims in (several, several[::-1]):
            assert row_of(map(as_prediction, claims), page)[f"confusion.form.indirect.{taken}"] == 1


def test_a_gold_that_repeats_itself_is_found_by_itself():
    page = PAGE._replace(attributions=(*GOLDS, GOLDS[1]._replace(id="again"), GOLDS[1]._replace(id="and again")))
    claims = [as_prediction(one) for one in page.attributions]
    assert scored(claims, page)["joint_strict_f1"] == scored(claims, page)["form_accuracy"] == 1
    counts = row_of([*claims, claims[1]], page)
    assert (counts["gold"], counts["predicted"], counts["aligned"]) == (10, 11, 10)
    # Two that differ in a label are not one said twice.
    page = PAGE._replace(attributions=(*GOLDS, GOLDS[1]._replace(id="other", form="direct")))
    counts = row_of([as_prediction(one) for one in (*GOLDS, GOLDS[1])], page)
    assert (counts["gold"], counts["predicted"], counts["aligned"]) == (9, 9, 8)


def test_the_same_words_said_at_two_places():
    text = "He came in. “Roads close,” he said. Nobody spoke. “Roads close,” he said."
    second = text.index("“Roads", 30)
    golds = [
        Attribution(f"a{at}", (Span(at, at + 14),), (Span(at + 15, at + 17),), (Span(at + 18, at + 22),))
        for at in (12, second)
    ]
    page = Page("p", text, attributions=tuple(golds))
    said = as_prediction(golds[0], text=text)
    # A copy is no second guess: it stands where the first does.
    assert scored([said], page)["joint_strict_f1"] == pytest.approx(2 / 3)
    assert scored([said, said], page)["joint_strict_f1"] == 1 / 2
    # Who means the other place says something else of it, or where it is.
    for other in (said._replace(form="direct"), as_prediction(golds[1])):
        assert scored([said, other], page)["joint_strict_f1"] == 1
        assert scored([said, other] * 2, page)["joint_strict_f1"] == pytest.approx(2 / 3)


def test_a_quotation_given_twice_does_not_reach_a_second_place():
    text = (
        "Officials confirmed it. The tunnel will close in May. That was news to most. Rok Vesenjak said: The tunnel "
        "will close in May. It surprised many."
    )
    again = text.rindex("The tunnel")
    gold = Attribution("a", (Span(again, again + 28),), source_ids=("rok",))
    page = Page("p", text, sources=(Source("rok", "Rok Vesenjak", "person", "named"),), attributions=(gold,))
    for own in (
        quoted(content=("The tunnel will close in May",)),
        quoted(content=("The tunnel will close in May",), source=("Officials",)),
    ):
        once, twice = scored([own], page), scored([own, own._replace(id="other")], page)
        assert once["content_exact_f1"] == twice["content_exact_f1"] == twice["content_token_f1"] == 0
        assert once["source_bcubed_f1"] == twice["source_bcubed_f1"] == 0


def test_refusals_to_comment_are_neither_right_nor_wrong():
    refusal = GOLDS[4]
    nothing = row_of([])
    for claim in (
        as_prediction(refusal),
        as_prediction(refusal, no_comment=None),
        as_prediction(refusal, no_comment=None, cue=spans("declined"), content=spans("to comment")),
        quoted(source=spans("Ona Berg"), cue=spans("told"), no_comment=True),
    ):
        assert np.array_equal(row_of([claim]).values, nothing.values)
    assert row_of([quoted(source=spans("Ona Berg"), cue=spans("told"))])["predicted"] == 1
    assert nothing["gold"] == 8


def test_only_a_refusal_is_left_out_and_each_once():
    refusal = as_prediction(GOLDS[4], no_comment=None)
    content = spans("the islands")
    nothing = row_of([])
    for claim in (
        refusal._replace(content=spans("on Friday")),
        refusal._replace(source=()),
        refusal._replace(source=spans("spokesman")),
        # The wording of the refusal as a content of its own, with a cue before it or without one.
        refusal._replace(cue=(), content=refusal.cue),
        refusal._replace(cue=spans("declined"), content=spans("to comment")),
    ):
        assert np.array_equal(row_of([claim]).values, nothing.values), claim
        assert row_of([claim, claim._replace(content=content)])["predicted"] == 1
    for claim in (
        refusal._replace(cue=(Span(0, len(TEXT)),)),
        refusal._replace(cue=spans("to")),
        refusal._replace(source=spans("Sweden")),
        refusal._replace(cue=(), content=spans("on Friday")),
        refusal._replace(cue=("declined to come in time",)),
    ):
        assert row_of([claim])["predicted"] == 1, claim


def test_half_of_a_refusal_is_enough():
    text = "My port had no word on it"

    def at(string):
        return (Span(text.index(string), text.index(string) + len(string)),)

    refusal = Attribution("r", source=at("My port"), cue=at("no word"), no_comment=True)
    page = Page("p", text, attributions=(refusal,))
    # Of 6 visible characters: 2 are exactly half alike, 2 of 5 are less, as are 4 of 13.
    for source, cue, counted in (
        (at("My"), at("no"), 0),
        (at("My port"), at("had no"), 1),
        (at("port had no word"), at("no word"), 1),
        (at("My port"), (*at("no"), "never"), 1),
    ):
        assert row_of([quoted(source=source, cue=cue)], page)["predicted"] == counted, (source, cue)


def test_nonsense_is_not_free_where_somebody_declines_to_comment():
    gold_claims = [as_prediction(one) for one in GOLDS]
    nonsense = [
        quoted(content=(Span(at, at + 3),), source=(Span(at + 5, at + 8),), cue=(Span(0, len(TEXT)),))
        for at in range(0, 200, 4)
    ]
    counts = row_of(gold_claims + nonsense)
    assert (counts["aligned"], counts["predicted"]) == (8, 58)
