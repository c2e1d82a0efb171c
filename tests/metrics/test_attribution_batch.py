"""Attributions counted for many pages at once are those counted page by page."""

from __future__ import annotations

import random
import tracemalloc

import numpy as np
import pytest
from attribution_examples import GOLDS, PAGE, as_prediction, random_page, random_prediction, seeds, spans
from hypothesis import given, settings

from newsbench.ceiling import quoted
from newsbench.metrics import attribution_batch, attribution_batchalign
from newsbench.metrics.attribution_arrays import Side, Texts
from newsbench.metrics.attribution_batch import count_many
from newsbench.metrics.attribution_columns import feature_values
from newsbench.metrics.attribution_counts import count, prepare
from newsbench.metrics.attribution_kinds import IN_CLAIMS
from newsbench.metrics.attribution_text import PageText
from newsbench.metrics.attributions import FAMILY
from newsbench.spans import EDGE_MARKS
from newsbench.types import Attribution, Page, Prediction, QuotedAttribution, Segment, Source, Span


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


ODD_WORDS = (
    *("that", "That", "he", "They", "both", "Minister", "12%", "_", "don't", "“", "”", "—", "(", "…", "é", "e\u0301"),
    *("\u0301", "漢字", "カナ", "ﬁ", "İ", "½", "שלום", "कि", "😀", "\ud83d", "\udc00", "\x00", "\x80", "\x82", "\u200f"),
    *("th\u00adat", "that\u00a0", "\ufdd0", "&amp;", "\ufeff"),
)
ODD_GAPS = (" ", " ", "", "\n", "\r\n", "\u00a0", ", ", " and ", " that ", "\u2028")
FAR_SPANS = [(-5, 3), (3, 3), (5, 2), (0, 2**70), (-(2**70), 4), (2**63 - 1, 2**63), (0, 2**63 - 1)]


def odd_fragments(rng, size, seen):
    if seen and rng.random() < 0.4:
        return tuple(Span(a + rng.choice([0, 0, 1]), b) for a, b in rng.choice(seen))
    found = []
    for _ in range(rng.choice([0, 1, 1, 1, 1, 2, 3, 40])):
        start = rng.randint(0, size)
        far = rng.random() < 0.1
        found.append(Span(*rng.choice(FAR_SPANS)) if far else Span(start, min(size + 1, start + rng.randint(0, 20))))
    seen.append(tuple(sorted(found) if rng.random() < 0.7 else found))
    return seen[-1]


def odd_attribution(rng, make, size, seen, **fields):
    elements = {kind: odd_fragments(rng, size, seen) for kind in IN_CLAIMS if kind != "hedge" or rng.random() < 0.3}
    labels = {
        feature: rng.choice([None, values[0], values[-1], "", "unheard of", f"{values[0]}.{values[0]}"])
        for feature, values in feature_values().items()
    }
    return make("a", **elements, **labels, parent=rng.choice([None, "a"]), **fields)


def odd_page(rng):
    """A page that no file would be let in with: any segments and fragments, sources that are not given, odd labels."""
    text = "".join(rng.choice(ODD_WORDS) + rng.choice(ODD_GAPS) for _ in range(rng.choice([0, 1, 9, 30])))
    size, seen = len(text), []

    def offset():
        return rng.randint(-3, size + 40)

    def names():
        return tuple(rng.choice(["s", "t", "t", "nobody", "missing"]) for _ in range(rng.choice([0, 1, 1, 2, 3])))

    golds = [
        odd_attribution(rng, Attribution, size, seen, no_comment=rng.random() < 0.1, source_ids=names())
        for _ in range(rng.choice([0, 1, 4, 9]))
    ]
    claims = [
        odd_attribution(
            rng, QuotedAttribution, size, seen, no_comment=rng.choice([None, None, False, True]), entity=names()
        )
        for _ in range(rng.choice([0, 1, 4, 9]))
    ]
    claims += [quoted(one) for one in golds for _ in range(rng.choice([0, 1, 1, 2]))]
    kinds = ["headline", "standfirst", "paragraph", "of no type"]
    segments = tuple(Segment(offset(), offset(), rng.choice(kinds)) for _ in range(rng.randint(0, 5)))
    sources = tuple(Source(one, kind=rng.choice(["person", "unspecified", "?"])) for one in ("s", "t", "s", "nobody"))
    page = Page(
        "odd", text, segments=rng.choice([None, segments]), sources=rng.choice([None, sources]),
        attributions=tuple(golds) or None,
    )  # fmt: skip
    return page, Prediction("odd", attributions=tuple(claims))


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_whatever_pages_hold_they_change_no_other(rng):
    made = [odd_page(rng) for _ in range(rng.randint(1, 5))]
    rng.shuffle(made)
    pages, answers = zip(*made, made[0], strict=True)
    check(pages, [answers, [None, *answers[1:]]])


def test_segments_and_offsets_outside_a_text_reach_no_other_page():
    """A page of no text may have any segments (`gold` does not look), and what is measured from Python anything."""
    empty = Page("empty", "", segments=(Segment(0, 900, "headline"), Segment(900, 950, "paragraph")), attributions=())
    unsorted = PAGE._replace(segments=PAGE.segments[::-1])
    far = PAGE._replace(attributions=(*GOLDS, GOLDS[0]._replace(content=(Span(4, 2**70),), cue=(Span(-(2**70), 9),))))
    pages = [empty, PAGE, unsorted, far]
    claims = Prediction("p", attributions=tuple(map(as_prediction, GOLDS)))
    check(pages, [[claims] * len(pages)])
    (rows,) = count_many(pages, [[claims] * len(pages)])
    assert np.array_equal(rows[1], rows[2])


def test_values_of_numpy_are_those_of_python():
    """A system that is called from Python may give what it has."""
    string = as_prediction(GOLDS[1], content=(np.str_("that talks with the port had failed"),))
    refusal = as_prediction(GOLDS[4], no_comment=np.True_)
    start, end = np.array(GOLDS[0].content[0])
    competing = [as_prediction(GOLDS[0], content=(Span(start, end - cut),)) for cut in (7, 9)]
    answers = [Prediction("p", attributions=tuple(claims)) for claims in ([string], [refusal], competing)]
    check([PAGE] * 3, [answers])
    page = PAGE._replace(attributions=tuple(one._replace(no_comment=np.bool_(one.no_comment)) for one in GOLDS))
    check([page] * 3, [answers])
    (rows,) = count_many([page] * 3, [answers])
    assert rows[:, FAMILY.index["predicted"]].tolist() == [1, 0, 2]


def test_a_content_over_the_whole_page_costs_no_memory():
    """It makes every pair be looked at: 1,000,000 here, of which 2,000 overlap."""
    text = "word " * 8000
    contents = [(Span(start, start + 14),) for start in range(0, 40_000, 40)]
    golds = [Attribution("all", content=(Span(0, 4), Span(len(text) - 5, len(text))))]
    golds += [Attribution(f"a{at}", content=one) for at, one in enumerate(contents)]
    page = Page("p", text, segments=(), sources=(), attributions=tuple(golds))
    claims = [QuotedAttribution(content=(Span(start + 5, end + 5),)) for ((start, end),) in contents]
    tracemalloc.start()
    (rows,) = count_many([page], [[Prediction("p", attributions=tuple(claims))]])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows[0][FAMILY.index["aligned"]] == 1000
    assert most < 30_000_000


@pytest.mark.parametrize("most", [1, 7, 40])
def test_overlaps_are_the_same_however_many_are_tried_at_once(monkeypatch, most):
    monkeypatch.setattr(attribution_batchalign, "_TRIED_TOGETHER", most)
    rng = random.Random(most)
    for _ in range(20):
        pages, answers = zip(*(odd_page(rng) for _ in range(3)), strict=True)
        check(pages, [answers])


def test_predictions_that_may_be_parts_of_one_are_aligned_once(monkeypatch):
    """Their page is counted alone, and nothing of it is weighed before."""
    for name in ("best_pairs", "settle_equal", "left_out"):
        monkeypatch.setattr(attribution_batchalign, name, None)
    whole = as_prediction(GOLDS[5])
    parts = [whole._replace(source=spans(name)) for name in ("Sweden", "Norway")]
    nested = [whole._replace(content=(Span(start, end - cut),)) for ((start, end),) in [whole.content] for cut in (3, 5)]
    refusal = QuotedAttribution(cue=GOLDS[4].cue, no_comment=True)
    check([PAGE], [[Prediction("p", attributions=(*parts, *nested, refusal))]])


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
    one = len(PAGE.text) + len(FAMILY.columns)
    for size in (1, one, 2 * one, 3 * one + 5):
        monkeypatch.setattr(attribution_batch, "_TOGETHER", size)
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
