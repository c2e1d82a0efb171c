"""What holds of the attribution scorer on any page: against slow ways, and whatever comes in."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from attribution_examples import (
    as_prediction,
    figures,
    random_page,
    random_prediction,
    row_of,
    scored,
    seeds,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from newsbench.gold import load_gold
from newsbench.metrics.attribution_alignment import align
from newsbench.metrics.attribution_claims import prepare_claims, read_claims
from newsbench.metrics.attribution_columns import FEATURES, SOURCE_COLUMNS
from newsbench.metrics.attribution_joining import join_split_sources
from newsbench.metrics.attributions import FAMILY
from newsbench.metrics.base import Counts
from newsbench.types import ELEMENTS, Attribution, Prediction


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_gold_of_any_page_is_one_everywhere(rng):
    page, _ = random_page(rng)
    claims = [as_prediction(one) for one in page.attributions]
    rng.shuffle(claims)
    found = scored(claims, page)
    assert {name: value for name, value in found.items() if not (value == 1 or math.isnan(value))} == {}
    assert all(found[name] == 1 for name in found if name.endswith("_f1") and "bcubed" not in name)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_order_of_predictions_and_names_do_not_matter(rng):
    page, some = random_page(rng)
    claims = random_prediction(rng, page, some)
    row = row_of(claims, page).values
    shuffled = [one._replace(id=f"n{rng.random()}", entity=tuple(f"{name}'" for name in one.entity)) for one in claims]
    rng.shuffle(shuffled)
    golds = [one._replace(id=f"{one.id}'") for one in page.attributions]
    rng.shuffle(golds)
    assert np.array_equal(row, row_of(shuffled, page._replace(attributions=tuple(golds))).values)


def in_strings(claim, text):
    """The same with each range as the words that stand there."""
    return claim._replace(
        **{
            name: tuple(part if isinstance(part, str) else text[part.start : part.end] for part in getattr(claim, name))
            for name in ELEMENTS
        }
    )


def assert_twice_is_no_better(once, twice):
    raised = [name for name in once if name.endswith("_f1") and twice[name] > once[name] + 1e-12]
    changed = [
        name
        for name in once
        if name.endswith(("_recall", "_accuracy", "_kappa")) and twice[name] != pytest.approx(once[name], nan_ok=True)
    ]
    assert raised == changed == []


@settings(max_examples=200, deadline=None)
@given(seeds, st.booleans())
def test_predictions_sent_twice_raise_no_f1(rng, quoted):
    page, some = random_page(rng)
    # A gold that says a thing twice asks for it twice.
    alone = {str(one._replace(id="", parent=one.parent and "g")): one for one in page.attributions}
    page = page._replace(attributions=tuple(alone.values()))
    claims = random_prediction(rng, page, some)
    if quoted:
        claims = [in_strings(claim, page.text) for claim in claims]
    assert_twice_is_no_better(scored(claims, page), scored(claims + claims, page))


@pytest.mark.parametrize("left_out", [{}, {"source": ()}, {"source": (), "cue": (), "entity": ()}])
def test_quotations_from_real_pages_sent_twice_raise_no_f1(left_out):
    once, twice = np.zeros(len(FAMILY.columns)), np.zeros(len(FAMILY.columns))
    repeated = 0
    for page in load_gold(split="test").pages[::4]:
        claims = [as_prediction(one, text=page.text)._replace(**left_out) for one in page.attributions or ()]
        repeated += len(claims) - len(set(claims))
        first, second = row_of(claims, page), row_of(claims + claims, page)
        assert_twice_is_no_better(figures(first), figures(second))
        once += first.values
        twice += second.values
    # Some of what is said stands at more than one place of its page.
    assert repeated
    assert_twice_is_no_better(figures(Counts(FAMILY.index, once)), figures(Counts(FAMILY.index, twice)))


def mirrored(column):
    """The name of a count when gold and prediction change sides; None for what has no other side."""
    side, _, rest = column.partition(".")
    if column in SOURCE_COLUMNS or column.startswith("strings") or rest.startswith(("kind.", "naming.")):
        return None
    if side == "confusion":
        feature, first, second = rest.split(".")
        return f"confusion.{feature}.{second}.{first}"
    other = side.replace("gold", "predicted") if side.startswith("gold") else side.replace("predicted", "gold")
    return other + column[len(side) :]


def test_every_count_of_elements_labels_and_slices_has_a_mirror():
    swapped = [mirrored(column) for column in FAMILY.columns]
    kept = [column for column in swapped if column]
    assert set(kept) <= set(FAMILY.columns) and len(set(kept)) == len(kept) > 180
    assert mirrored("gold_words.source") == "predicted_words.source"
    assert mirrored("predicted_found.property.nested") == "gold_found.property.nested"
    assert mirrored("confusion.form.direct.mixed") == "confusion.form.mixed.direct"


@settings(max_examples=200, deadline=None)
@given(seeds)
def test_swapping_sides_swaps_precision_and_recall(rng):
    page, some = random_page(rng, most=8)
    text = prepare_claims(page).text

    def side(attributions):
        """No refusals, no joint sources, nothing twice: those are treated in another way on the predicted side."""
        found = {}
        for one in attributions:
            elements = {name: tuple(p for p in getattr(one, name) if not isinstance(p, str)) for name in ELEMENTS}
            labels = {name: getattr(one, name) for name in FEATURES}
            parent = "other" if one.parent else None
            core = text.element("content", elements["content"]).core if elements["content"] else ()
            if core:
                found.setdefault(core, Attribution(f"{len(found)}", **elements, **labels, parent=parent))
        return tuple(found.values())

    first, second = side(page.attributions), side(random_prediction(rng, page, some))
    one_way = row_of(map(as_prediction, second), page._replace(attributions=first))
    other_way = row_of(map(as_prediction, first), page._replace(attributions=second))
    assert (one_way["gold"], one_way["predicted"]) == (len(first), len(second))
    different = {
        column: (one_way[column], other_way[mirrored(column)])
        for column in FAMILY.columns
        if mirrored(column) and one_way[column] != other_way[mirrored(column)]
    }
    assert different == {}


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_no_more_predictions_are_left_out_than_there_are_refusals(rng):
    page, some = random_page(rng)
    claims = random_prediction(rng, page, some)
    prepared = prepare_claims(page)
    measured = join_split_sources(prepared, read_claims(prepared, Prediction("r", attributions=tuple(claims)))[0])
    say_nothing = sum(one.no_comment and not one.content.weight for one in measured)
    refusals = sum(one.no_comment or not one.content for one in page.attributions)
    assert row_of(claims, page)["predicted"] >= len(measured) - say_nothing - refusals


@settings(max_examples=200, deadline=None)
@given(seeds)
@example(random.Random(16857))  # A content whose first fragment is nothing but a mark.
def test_alignment_is_optimal(rng):
    """Most equal contents, then most Dice: what scipy finds on the full table of sets of characters."""
    page, some = random_page(rng, most=8)
    prepared = prepare_claims(page)
    claims, _, _ = read_claims(prepared, Prediction("r", attributions=tuple(random_prediction(rng, page, some))))
    # Copies of a prediction are matched at most once; leave them out here.
    claims = list({(c.content.core, c.content.extra): c for c in claims if c.content.core}.values())
    pairs, wrong = align(prepared, claims)

    def visible(core):
        return {
            at for a, b in core for at in range(a, b) if prepared.text.size(((at, at + 1),))[0]
        }  # fmt: skip

    table = np.zeros((len(prepared.golds), max(1, len(claims))))
    for i, one in enumerate(prepared.golds):
        for j, claim in enumerate(claims):
            a, b = visible(one.content.core), visible(claim.content.core)
            table[i, j] = 2 * len(a & b) / (len(a) + len(b)) + 1000 * (one.content.core == claim.content.core)
    rows, columns = linear_sum_assignment(table, maximize=True)
    assert sum(table[g, c] for g, c, _, _ in pairs) == pytest.approx(table[rows, columns].sum(), abs=1e-6)
    assert len({g for g, *_ in pairs}) == len(pairs) == len({c for _, c, *_ in pairs})
    assert not {c for _, c, *_ in pairs} & set(wrong)
    for g, c, characters, words in pairs:
        a, b = prepared.golds[g].content.core, claims[c].content.core
        assert characters == len(visible(a) & visible(b)) > 0
        assert (characters, words) == prepared.text.overlap(a, b)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_ties_go_to_those_who_are_right(rng):
    """Criteria one to four, in order, against every one-to-one choice of pairs that overlap."""
    page, some = random_page(rng, most=4)
    prepared = prepare_claims(page)
    claims, _, _ = read_claims(prepared, Prediction("r", attributions=tuple(random_prediction(rng, page, some))))
    # With other contents beside each other and one content more than once, but no copies.
    claims = list({(c.content.core, c.source.core, c.cue.core): c for c in claims if c.content.core}.values())[:5]
    claims = [c for c in claims if not any(c[at].extra for at in range(3))]
    pairs, _ = align(prepared, claims)

    def visible(core):
        return {at for a, b in core for at in range(a, b) if prepared.text.size(((at, at + 1),))[0]}

    def worth(g, c):
        gold, claim = prepared.golds[g], claims[c]
        sides = [(visible(gold[at].core), visible(claim[at].core)) for at in range(3)]
        dice = [Fraction(2 * len(a & b), len(a) + len(b)) if a or b else Fraction(1) for a, b in sides]
        same = [gold[at].core == claim[at].core or not (a or b) for at, (a, b) in enumerate(sides)]
        alike = [one >= Fraction(1, 2) for one in dice[:2]]
        return dice[0] and (same[0], dice[0], all(same), all(same[:2]), all(alike), dice[1], dice[2])

    def choices(golds, left):
        if not golds:
            yield []
            return
        for rest in choices(golds[1:], left):
            yield rest
        for c in left:
            if worth(golds[0], c):
                for rest in choices(golds[1:], left - {c}):
                    yield [(golds[0], c), *rest]

    def total(chosen):
        return [sum(column) for column in zip(*(worth(g, c) for g, c in chosen), strict=True)] or [0] * 7

    best = max(map(total, choices(list(range(len(prepared.golds))), frozenset(range(len(claims))))))
    assert [float(one) for one in total([pair[:2] for pair in pairs])] == pytest.approx(list(map(float, best)), abs=1e-7)


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_any_counts_are_possible_counts(rng):
    page, some = random_page(rng)
    row_of(random_prediction(rng, page, some), page)
