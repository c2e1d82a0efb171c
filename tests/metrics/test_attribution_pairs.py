"""The pairs that `newsbench show` tells of, and what a system put out for each."""

from __future__ import annotations

from attribution_examples import COUNTED, GOLDS, PAGE, TEXT, as_prediction, quoted, spans

from newsbench.metrics.attribution_pairs import pair_claims
from newsbench.types import Prediction


def pairs_of(*claims):
    return pair_claims(PAGE, Prediction(PAGE.id, attributions=claims))


def test_found_missed_and_made_up_are_told_apart():
    made_up = quoted(content=spans("on Friday"), source=spans("reporters"))
    pairs = pairs_of(made_up, *map(as_prediction, COUNTED[:2:-1]))
    assert [(ours.content.spans, theirs.content.spans) for ours, theirs in pairs.found] == [
        (one.content, one.content) for one in COUNTED[3:]
    ]
    assert [one.content.spans for one in pairs.missed] == [one.content for one in COUNTED[:3]]
    assert [one.content.spans for one in pairs.spurious] == [made_up.content]


def test_what_was_given_is_known_of_strings_beside_spans():
    claims = [as_prediction(one, text=TEXT if at % 2 == 0 else None) for at, one in enumerate(COUNTED)]
    pairs = pairs_of(*claims)
    assert [pairs.as_given(claim) for _, claim in pairs.found] == claims


def test_nothing_was_given_for_what_was_made_one():
    parts = [as_prediction(GOLDS[5], source=spans(name), entity=(name,)) for name in ("Sweden", "Norway")]
    pairs = pairs_of(*parts, as_prediction(GOLDS[1]))
    assert [pairs.as_given(claim) for _, claim in pairs.found] == [as_prediction(GOLDS[1]), None]
