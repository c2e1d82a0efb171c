"""Attributions counted for many pages at once are those counted page by page."""

from __future__ import annotations

import random

import numpy as np
import pytest
from attribution_examples import GOLDS, PAGE, as_prediction, random_page, random_prediction, seeds
from hypothesis import given, settings

from newsbench.ceiling import quoted
from newsbench.metrics import attribution_batch
from newsbench.metrics.attribution_arrays import Side, Texts
from newsbench.metrics.attribution_batch import count_many
from newsbench.metrics.attribution_counts import count, prepare
from newsbench.metrics.attribution_kinds import IN_CLAIMS
from newsbench.metrics.attribution_text import PageText
from newsbench.metrics.attributions import FAMILY
from newsbench.spans import EDGE_MARKS
from newsbench.types import Attribution, Page, Prediction, Segment, Span


def check(pages, of_systems):
    """Every row is the one that counting the page alone gives."""
    counted = count_many(pages, of_systems)
    assert len(counted) == len(of_systems)
    for rows, answers in zip(counted, of_systems, strict=True):
        assert rows.shape == (len(pages), len(FAMILY.columns))
        for page, answer, row in zip(pages, answers, rows, strict=True):
            alone = dict(zip(FAMILY.columns, map(float, count(prepare(page), answer)), strict=True))
            assert dict(zip(FAMILY.columns, row.tolist(), strict=True)) == alone, page.id


def marked(rng, page):
    """The page with marks, "that" and odd characters before some words: elements are moved along and made to touch them."""
    pieces, moved = [], []
    size = 0
    for at, char in enumerate(page.text):
        if char.isalpha() and (at == 0 or not page.text[at - 1].isalpha()) and rng.random() < 0.4:
            added = rng.choice(["“", "that ", "T", "— ", "\u200b", "€", "and ", "漢", "e\u0301", "ﬁ", "\u1680"])
            pieces.append(added)
            moved.append(size + rng.choice([0, len(added)]))
            size += len(added)
        else:
            moved.append(size)
        pieces.append(char)
        size += 1
    moved.append(size)
    text = "".join(pieces)

    def move(one):
        names = ("content", "source", "cue", "hedge")
        return one._replace(**{n: tuple(Span(moved[a], moved[b]) for a, b in getattr(one, n)) for n in names})

    segments = tuple(Segment(moved[a], moved[b], kind) for a, b, kind in page.segments)
    return page._replace(text=text, segments=segments, attributions=tuple(map(move, page.attributions)))


def without_strings(claims):
    return [one for one in claims if not any(isinstance(part, str) for kind in IN_CLAIMS for part in getattr(one, kind))]


def random_answer(rng, page, some):
    if rng.random() < 0.1:
        return None
    claims = random_prediction(rng, page, some)
    if rng.random() < 0.8:
        claims = without_strings(claims)
    if rng.random() < 0.2 and claims:
        # Offsets that no page has.
        claims[0] = claims[0]._replace(content=(Span(*rng.choice([(-5, 9), (7, 7), (9, 3), (5, 10**6), (0, 2**70)])),))
    if rng.random() < 0.2:
        claims = [one._replace(no_comment=rng.random() < 0.5) for one in claims]
    return Prediction(page.id, attributions=tuple(claims))


@settings(max_examples=250, deadline=None)
@given(seeds)
def test_random_pages(rng):
    pages, answers = [], ([], [])
    for number in range(rng.randint(1, 5)):
        page, some = random_page(rng, most=9)
        page = (marked(rng, page) if rng.random() < 0.5 else page)._replace(id=f"p{number}")
        pages.append(page)
        for own in answers:
            own.append(random_answer(rng, page, some))
    check(pages, answers)


def shaken(rng, page):
    """The gold with some attributions missing, doubled, split by source, and with other spans and labels."""
    claims = []
    for one in map(quoted, page.attributions):
        rate = rng.random()
        if rate < 0.1:
            continue
        for kind in ("content", "source", "cue"):
            if rng.random() < 0.25:
                spans = tuple(
                    Span(max(0, start + rng.randint(-9, 9)), min(len(page.text), end + rng.randint(-9, 9)))
                    for start, end in getattr(one, kind)
                )
                one = one._replace(**{kind: spans})
        if rng.random() < 0.2:
            one = one._replace(entity=rng.choice([(), ("x",), ("y", "z")]), form="direct", no_comment=rng.random() < 0.2)
        claims += [one] * rng.choice([1, 1, 1, 1, 2])
        if rng.random() < 0.1:
            claims += [one._replace(source=(span,), entity=(str(span),)) for span in one.source]
    rng.shuffle(claims)
    return Prediction(page.id, attributions=tuple(claims))


@pytest.mark.parametrize("seed", range(3))
def test_real_pages(gold_pages, seed):
    rng = random.Random(seed)
    pages = rng.sample([page for page in gold_pages if page.attributions], 40)
    gold = [Prediction(page.id, attributions=tuple(map(quoted, page.attributions))) for page in pages]
    check(pages, [gold, [shaken(rng, page) for page in pages], [None] * len(pages)])


def test_pages_without_attributions_or_predictions():
    bare = Page("bare", "Nobody says anything.", segments=(), sources=(), attributions=())
    claims = Prediction("p", attributions=tuple(map(as_prediction, GOLDS)))
    check([bare, PAGE], [[None, None], [claims, claims], [Prediction("p", attributions=()), None]])
    assert [rows.shape for rows in count_many([], [[], []])] == [(0, len(FAMILY.columns))] * 2


def test_pages_are_counted_in_parts_that_fit(monkeypatch):
    """However pages are put together, the rows are the same, and in their order."""
    pages = [PAGE._replace(id=f"p{number}", attributions=GOLDS[:number]) for number in range(8)]
    claims = Prediction("p", attributions=tuple(map(as_prediction, GOLDS)))
    answers = [claims if number % 2 else None for number in range(8)]
    (whole,) = count_many(pages, [answers])
    for size in (1, len(PAGE.text), 2 * len(PAGE.text), 3 * len(PAGE.text) + 5):
        monkeypatch.setattr(attribution_batch, "_CHARACTERS", size)
        (rows,) = count_many(pages, [answers])
        assert np.array_equal(rows, whole)
    assert [row[FAMILY.index["gold"]] for row in whole] == [sum(bool(one.content) for one in GOLDS[:n]) for n in range(8)]


@pytest.mark.parametrize("mark", sorted(set(EDGE_MARKS)))
def test_elements_at_every_mark_are_measured_as_on_their_own(mark):
    text = f"One {mark}two{mark} three{mark}{mark}four"
    fragments = [(Span(a, b),) for a in range(len(text)) for b in range(a + 1, len(text) + 1)]
    fragments += [(Span(4, 6), Span(b, b + 3)) for b in range(6, len(text) - 2)]
    page = Page("p", text, segments=(Segment(0, 5, "headline"), Segment(5, len(text), "paragraph")))
    side = Side(Texts([page]), [0] * len(fragments), [Attribution("a", *(one,) * 3) for one in fragments])
    alone = PageText(text, page.segments)
    for kind in ("content", "source", "cue"):
        arrays = side.elements[kind]
        numbers = {}
        for at, one in enumerate(fragments):
            element = alone.element(kind, one)
            assert (arrays.weight[at], arrays.words[at], arrays.traits[at]) == (
                element.weight, element.words, element.traits,
            )  # fmt: skip
            assert (arrays.start[at], arrays.end[at]) == (element.core[0][0], element.core[-1][1])
            # Equal numbers for equal fragments, and for these only.
            assert numbers.setdefault(element.core, arrays.core[at]) == arrays.core[at]
            assert numbers.setdefault(element.spans, arrays.spans[at]) == arrays.spans[at]
        assert len(set(numbers.values())) == len(numbers)
