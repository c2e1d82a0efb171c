"""The edit ratio against a plain dynamic programme."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

NAME = "boilerplate.indel"


def ratio(first: list[str], second: list[str]) -> float:
    """1 - D / (n + m), D by the usual table of insertions and deletions."""
    row = list(range(len(second) + 1))
    for i, one in enumerate(first, 1):
        above, row = row, [i]
        for j, other in enumerate(second, 1):
            row.append(above[j - 1] if one == other else 1 + min(above[j], row[-1]))
    both = len(first) + len(second)
    return 1 - row[-1] / both if both else 1.0


texts = st.text(st.sampled_from("ab \n\u00a0"), max_size=20)


@settings(deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_any_texts_agree_with_the_definition(figures, pairs):
    gold = {str(k): pair[0] for k, pair in enumerate(pairs)}
    outputs = {str(k): pair[1] for k, pair in enumerate(pairs)}
    wanted = sum(ratio(one.split(), other.split()) for one, other in pairs) / len(pairs)
    assert figures(NAME, gold, outputs)["indel_ratio"] == pytest.approx(wanted, abs=1e-9)


GOLDEN = {
    "goose3": 0.8776819203002401,
    "justext": 0.6969594308393409,
    "readability": 0.9319398631820544,
    "trafilatura": 0.9606771073640886,
}


@pytest.mark.parametrize("system", GOLDEN)
def test_stored_outputs_have_golden_numbers(aeb_gold, aeb_outputs, figures, system):
    assert figures(NAME, aeb_gold, aeb_outputs[system])["indel_ratio"] == pytest.approx(GOLDEN[system], abs=1e-9)


def test_stored_outputs_agree_with_the_definition(aeb_gold, aeb_outputs, figures):
    some = {name: aeb_gold[name] for name in sorted(aeb_gold, key=lambda one: len(aeb_gold[one]))[:10]}
    for outputs in aeb_outputs.values():
        wanted = sum(ratio(text.split(), outputs[name].split()) for name, text in some.items()) / len(some)
        assert figures(NAME, some, outputs)["indel_ratio"] == pytest.approx(wanted, abs=1e-9)


def test_it_is_the_ratio_of_the_package(aeb_gold, aeb_outputs, figures):
    indel = pytest.importorskip("rapidfuzz.distance").Indel
    outputs = aeb_outputs["goose3"]
    wanted = sum(
        indel.normalized_similarity(text.split(), outputs[name].split()) for name, text in aeb_gold.items()
    ) / len(aeb_gold)
    assert figures(NAME, aeb_gold, outputs)["indel_ratio"] == pytest.approx(wanted, abs=1e-9)


def test_by_hand(figures):
    # "ferry burned" is common: 1 - (1 + 2) / 7.
    found = figures(NAME, {"x": "the ferry burned"}, {"x": "a ferry slowly burned"})
    assert found["indel_ratio"] == pytest.approx(4 / 7)
    assert figures(NAME, {"x": "", "y": "a"}, {"x": "", "y": None})["indel_ratio"] == 0.5
