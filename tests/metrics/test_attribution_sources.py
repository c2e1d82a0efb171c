"""Sources: several as one, several behind one mention, and the clusters that they make."""

from __future__ import annotations

import math

import pytest
from attribution_examples import (
    GOLDS,
    PAGE,
    SOURCES,
    as_prediction,
    figures,
    gold,
    row_of,
    scored,
    spans,
)

from newsbench.types import Attribution, Page, Source, Span


def test_several_sources_as_one_or_as_several():
    one = GOLDS[5]
    page = PAGE._replace(attributions=GOLDS)
    split = [
        as_prediction(one, source=spans("Sweden"), entity=("S",)),
        as_prediction(one, source=spans("Norway"), entity=("N",)),
    ]
    rest = [as_prediction(other) for other in GOLDS if other is not one]
    for claims in (split, split[::-1], [own._replace(entity=()) for own in split]):
        found = scored(claims + rest)
        assert {n: v for n, v in found.items() if not (v == 1 or math.isnan(v))} == {}
    fragments = as_prediction(one, source=(*spans("Sweden"), *spans("Norway")), entity=("S", "N"))
    assert scored([fragments, *rest])["source_exact_f1"] == 1
    together = as_prediction(one, entity=("both",))
    assert scored([together, *rest])["source_resolution_accuracy"] == 1
    # Twice each is two answers, one of them wrong; one of the two alone is half an answer.
    assert row_of(split + split, page)["predicted"] == 2
    counts = row_of(split[:1], page)
    assert (counts["normalized.source"], counts["resolved"]) == (0, 0)
    # What is said in another frame is another attribution.
    apart = [split[0], split[1]._replace(cue=spans("said"))]
    assert row_of(apart, page)["predicted"] == 2


def test_several_sources_behind_one_mention():
    text = "Ada and Bo came. Both said that roads wait. Cy said no."
    both = Attribution(
        "a", (Span(27, 42),), (Span(17, 21),), (Span(22, 26),), source_ids=("ada", "bo"), form="indirect"
    )
    sources = tuple(Source(name, name, "person", "named") for name in ("ada", "bo"))
    page = Page("p", text, sources=sources, attributions=(both,))
    split = [as_prediction(both, entity=(name,)) for name in ("A", "B")]
    for claims in (split, split[::-1], [as_prediction(both, entity=("A", "B"))]):
        found = scored(claims, page)
        assert found["predicted_per_gold"] == 1
        assert found["joint_strict_f1"] == found["source_exact_f1"] == found["source_resolution_accuracy"] == 1
    # A copy is no other source, nor is a mention without a name or a third name for two.
    for claims, many in (
        (split * 2, 2),
        (split[:1] * 2, 2),
        ([one._replace(entity=()) for one in split], 2),
        ([*split, split[0]._replace(entity=("C",))], 2),
        ([*split, split[0]._replace(cue=())], 2),
    ):
        assert row_of(claims, page)["predicted"] == many, claims
        assert scored(claims, page)["joint_strict_f1"] == pytest.approx(2 / 3)
    # Where the gold has one source, two are two answers.
    page = page._replace(attributions=(both._replace(source_ids=("ada",)),))
    assert row_of(split, page)["predicted"] == 2


def test_a_source_named_twice_is_one_source():
    found = scored([as_prediction(one, entity=one.source_ids * 2) for one in GOLDS])
    assert found["source_resolution_accuracy"] == found["source_resolution_given_span"] == 1


def test_sources_without_entity_are_clusters_of_equal_mentions():
    claims = [as_prediction(one, named=False) for one in GOLDS]
    counts = row_of(claims)
    # "Berg" twice is one cluster and maps to her; "Harbour union leader Ona Berg" and "she" are others. "The port"
    # and the rest stand once each; "Sweden and Norway" is one name for two.
    assert counts["known_sources"] == 8
    assert counts["resolved"] == 8 - 2
    assert counts["right_spans"] == 8
    found = figures(counts)
    assert found["source_resolution_given_span"] == 6 / 8
    assert found["source_bcubed_precision"] == 1
    # Berg: two mentions find two of four, two find one of four.
    assert found["source_bcubed_recall"] == pytest.approx((4 + (2 * 2 + 1 + 1) / 4) / 8)


@pytest.mark.parametrize("names", [(("q",), ("a", "zz")), (("a", "zz"), ("q",))])
def test_sources_are_mapped_so_that_most_can_agree(names):
    """Two names for one source agree with it nowhere, so it is left to the one that can."""
    golds = [gold(1, content=spans("that talks with the port had failed"), source=spans("Ona Berg"), sources=["berg"]),
             gold(2, content=spans("“Nobody wants this strike."), source=spans("Berg", after="failed"), sources=["berg"])]  # fmt: skip
    page = PAGE._replace(attributions=tuple(golds))
    claims = [as_prediction(one)._replace(entity=name) for one, name in zip(golds, names, strict=True)]
    assert scored(claims, page)["source_resolution_accuracy"] == 0.5


def test_most_agree_before_spans_are_right():
    """Berg is said four times; three times one name with a wrong span stands for her, then one with the right one."""
    golds = [one for one in GOLDS if one.source_ids == ("berg",)]
    page = PAGE._replace(attributions=tuple(golds))

    def resolved(*answers):
        claims = [
            as_prediction(one, entity=(name,), source=one.source if right else spans("reporters"))
            for one, (name, right) in zip(golds, answers, strict=True)
        ]
        counts = row_of(claims, page)
        return counts["resolved"], counts["right_spans"], counts["right_spans_resolved"]

    assert resolved(("p", False), ("p", False), ("p", False), ("q", True)) == (3, 1, 0)
    # Of two names for as many, the one that is right about the span is hers.
    assert resolved(("p", False), ("p", False), ("q", True), ("q", False)) == (2, 1, 1)
    assert resolved(("q", True), ("q", False), ("p", True), ("p", True)) == (2, 3, 2)


def test_an_attribution_counts_for_each_kind_of_its_sources():
    for ids in (("sweden", "pilot"), ("sweden", "norway", "pilot")):
        page = PAGE._replace(attributions=(GOLDS[5]._replace(source_ids=ids),))
        for claims, found in (([], 0), ([as_prediction(GOLDS[5])], 1)):
            counts = row_of(claims, page)
            for key in ("kind.state", "kind.person", "naming.named", "naming.anonymous"):
                assert (counts[f"gold.{key}"], counts[f"gold_found.{key}"]) == (1, found), key
            assert counts["gold.kind.organisation"] == 0


def test_unspecified_sources_are_left_out_of_resolution():
    sources = tuple(one._replace(kind="unspecified") if one.id == "berg" else one for one in SOURCES)
    counts = row_of([as_prediction(one, named=False) for one in GOLDS], PAGE._replace(sources=sources))
    assert counts["known_sources"] == counts["resolved"] == 4


def test_one_cluster_for_all_sources_finds_one_source():
    counts = row_of([as_prediction(one, entity=("everybody",)) for one in GOLDS])
    assert counts["resolved"] == 4
