"""What stored counts can be: every real count, and nothing that contradicts it."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.formats.conversion import prediction_of
from newsbench.metrics import FAMILIES, PEER_FAMILIES, TASKS, families, load_family
from newsbench.metrics.base import Counts, Family, Metric
from newsbench.metrics.bounds import Total, at_most, equal, fault_on, impossible, needs, total, value_of
from newsbench.scoring import PredictionTable, bind_families, count_pages
from newsbench.types import Page, Topic
from newsbench.vocabulary import concepts

ALL = sorted({**FAMILIES, **PEER_FAMILIES})
CODES = sorted(concepts())[::9]


@pytest.fixture(scope="module")
def odd_pages(gold_pages):
    """Short pages of the dataset, and pages with nothing on one side or the other."""
    short = sorted(gold_pages, key=lambda page: len(page.text))[:3]
    bare = Page(
        "bare", "", story="s", story_title="?!", segments=(), attributions=(), sources=(), topics=(), metadata={},
        aspect="a", reference={"with": ["", "x"], "without": []},
    )  # fmt: skip
    unlabelled = short[0]._replace(
        id="unlabelled", segments=short[0].segments[:2], topics=(Topic("medtop:made-up", True),)
    )
    return [*short, bare, unlabelled]


def some_text(rng: random.Random, page: Page) -> str:
    words = page.text.split(" ")
    pieces = []
    for _ in range(rng.randrange(4)):
        first = rng.randrange(len(words))
        pieces.append(" ".join(words[first : first + rng.choice((1, 4, 12, 80, 400))]))
    pieces += rng.sample(["", " ", "nothing of the kind", "\u00ad", "漢字", "x y z " * 9], rng.randrange(3))
    pieces += pieces[: rng.randrange(2)]
    rng.shuffle(pieces)
    return rng.choice(("\n", " ", "")).join(pieces)


def some_spans(rng: random.Random, page: Page) -> list[dict[str, int]]:
    edges = sorted(rng.sample(range(len(page.text) + 1), 2 * rng.randrange(1, 3))) if len(page.text) > 9 else []
    return [{"start": a, "end": b} for a, b in zip(edges[::2], edges[1::2], strict=True)]


def some_attribution(rng: random.Random, page: Page) -> dict:
    found = {}
    if page.attributions and rng.random() < 0.7:
        gold = rng.choice(page.attributions)
        for name in ("source", "cue", "content"):
            spans = [{"start": span.start, "end": span.end} for span in getattr(gold, name)]
            if spans and rng.random() < 0.2:
                spans[-1]["end"] = max(spans[-1]["start"] + 1, spans[-1]["end"] - rng.randrange(5))
            found[name] = spans
        found |= {"form": gold.form, "channel": gold.channel, "entity": gold.source_ids[:1]}
    for name in ("source", "cue", "content", "hedge", "addressee"):
        if rng.random() < 0.2:
            found[name] = rng.choice((some_text(rng, page)[:80], some_spans(rng, page), "he", "—"))
    if rng.random() < 0.3:
        found |= {"form": rng.choice(("direct", "indirect")), "polarity": "affirmed", "no_comment": rng.random() < 0.2}
    return found


def some_topics(rng: random.Random, page: Page) -> list:
    codes = rng.sample(CODES, rng.randrange(3)) + [topic.code for topic in page.topics or () if rng.random() < 0.5]
    codes += ["medtop:made-up"][: rng.randrange(2)]
    if rng.random() < 0.5:
        return list(dict.fromkeys(codes))
    return [{"code": code, "score": rng.choice((0.0, 0.5, rng.random()))} for code in dict.fromkeys(codes)]


def some_prediction(rng: random.Random, page: Page):
    if rng.random() < 0.1:
        return None
    record = {"id": page.id}
    if rng.random() < 0.1:
        return prediction_of({**record, "error": "out of time"}, page.text)
    if rng.random() < 0.6:
        record["main_text"] = rng.choice((page.text, some_text(rng, page), some_text(rng, page)))
    elif rng.random() < 0.7:
        record["boilerplate"] = [{**span, "type": "navigation"} for span in some_spans(rng, page)]
    if rng.random() < 0.7:
        record["attributions"] = [some_attribution(rng, page) for _ in range(rng.randrange(7))]
    if rng.random() < 0.7:
        record["topics"] = some_topics(rng, page)
    if rng.random() < 0.7:
        record |= {
            "story": rng.choice("ab"),
            "story_title": rng.choice(("", "?", page.story_title or "", "Ferry fire")),
        }
    if rng.random() < 0.5:
        record["aspect"] = rng.choice("ab")
    if rng.random() < 0.7:
        printed = page.metadata or {}
        fields = ("headline", "byline", "outlet", "country", "published")
        record["metadata"] = {name: rng.choice((None, "", "By", printed.get(name))) for name in fields}
    return prediction_of(record, page.text)


def count_all(pages, predictions):
    measured = bind_families(families(TASKS, peers=True), pages)
    return count_pages(pages, {"s": PredictionTable(predictions)}, measured)[0]


def faults(table, name):
    rows = table.families[name]
    stories = np.array([table.groups["story"][at] or "" for at in rows.positions])
    family = load_family(name)
    return impossible(family, Counts(family.index, rows.values, groups={"story": stories}), rows.answered)


@pytest.fixture(scope="module")
def unanswered(odd_pages):
    """Counts of every family for a system that says nothing."""
    return count_all(odd_pages, {})


def check_table(pages, nothing, seed):
    rng = random.Random(seed)
    predictions = {page.id: some_prediction(rng, page) for page in pages}
    table = count_all(pages, {name: one for name, one in predictions.items() if one is not None})
    for name in ALL:
        assert [str(fault) for fault in faults(table, name)] == [], name
        for term in load_family(name).gold:
            mine, theirs = (value_of(one.families[name].counts(), term) for one in (table, nothing))
            assert (mine == theirs).all(), (name, term)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_counted_is_possible_and_gold_columns_depend_on_gold_alone(odd_pages, unanswered, seed):
    check_table(odd_pages, unanswered, seed)


@pytest.fixture(scope="module")
def counted(odd_pages):
    """Counts of every family for a system that is right about half of each page."""
    pages = [page for page in odd_pages if page.id != "bare"]
    predictions = {
        page.id: prediction_of(
            {
                "id": page.id,
                "main_text": page.text[: len(page.text) // 2],
                "attributions": [
                    {name: [tuple_of(span) for span in getattr(gold, name)] for name in ("source", "cue", "content")}
                    for gold in page.attributions[::2]
                ],
                "topics": [{"code": page.topics[0].code, "score": 0.9}, {"code": "medtop:15000000", "score": 0.8}],
                "story": page.story,
                "aspect": page.aspect,
                "story_title": page.story_title,
                "metadata": page.metadata,
            }
        )
        for page in pages[1:]
    }
    return count_all(pages, predictions)


def tuple_of(span):
    return {"start": span.start, "end": span.end}


@pytest.mark.parametrize(
    ("name", "column", "change", "named"),
    [
        # Fractions and more than one where whole numbers and flags are counted.
        ("boilerplate.words", "kept.paragraph", 0.5, "allowed: whole numbers"),
        ("boilerplate.wcxb", "shared", -0.25, "allowed: whole numbers"),
        ("topics.labels", "matched.medtop:15000000", 1, "allowed: 0 or 1"),
        ("metadata.fields", "exact.byline", 1, "allowed: 0 or 1"),
        ("boilerplate.aeb", "equal", 2, "allowed: 0 or 1"),
        ("boilerplate.words", "invented", 1e300, "allowed: whole numbers"),
        ("boilerplate.aeb", "precision", -9, "allowed: numbers from 0"),
        ("boilerplate.aeb", "precision", float("inf"), "allowed: numbers from 0"),
        # What a page gives to a counter.
        ("topics.labels", "pages", -1, "pages is 0; allowed: 1"),
        ("topics.labels", "primary", -1, "allowed: ranked_pages = 1"),
        ("titles.words", "pages", -1, "allowed: 1"),
        ("metadata.fields", "pages", -1, "allowed: 1"),
        ("boilerplate.aeb", "pages", -1, "allowed: 1"),
        # Words that nothing accounts for, and the other way round.
        ("boilerplate.words", "output", -1, "allowed: kept.* + duplicated + invented"),
        ("boilerplate.words", "duplicated", 1, "allowed: kept.* + duplicated + invented"),
        ("boilerplate.words", "duplicated.paragraph", 1, "allowed: duplicated.* = 1"),
        ("boilerplate.words", "duplicated.poll_widget", 1, "allowed: 0 where words.poll_widget is 0"),
        ("boilerplate.words", "moved", 10**6, "allowed: at most kept.*"),
        ("boilerplate.words", "furniture.before", 1, "furniture.* is"),
        ("boilerplate.words", "furniture_kept.before", -1, "furniture_kept.* is"),
        ("boilerplate.words", "segments_kept.headline", -1, "allowed: at most words.headline + segments_kept"),
        ("boilerplate.words", "segments.poll_widget", 1, "allowed: at most words.poll_widget"),
        ("topics.labels", "sets_equal", -1, "contradicts"),
        ("topics.labels", "tree_matched", 90, "allowed: at most tree_predicted"),
        ("topics.labels", "lrap", 0.9, "allowed: at most scored"),
        ("titles.words", "reciprocal_rank", 1, "allowed: at most 1"),
        ("stories.clusters", "gold", 1, "is not the number of the page's story"),
        ("stories.aspects", "story", 1, "is not the number of the page's story"),
        ("attributions.elements", "dice.content", 90, "allowed: at most gold.content"),
        ("attributions.elements", "predicted_found.form.direct", 90, "allowed: at most joint_relaxed"),
        ("attributions.elements", "confusion.form.direct.indirect", 90, "allowed: at most aligned"),
        ("attributions.elements", "known_sources", 90, "allowed: at most gold"),
        ("attributions.elements", "bcubed_recall", 90, "allowed: at most found_known"),
        ("boilerplate.rouge", "rouge_2.output", 1, "is not one less than rouge_1.output"),
        ("boilerplate.rouge", "rouge_lsum.gold", 1, "allowed: rouge_1.gold"),
        ("boilerplate.webmainbench", "both_empty", 1, "output or gold has tokens"),
        ("boilerplate.wcxb", "both_empty", 1, "contradicts output and gold"),
        ("boilerplate.indel", "shared", 10**6, "allowed: at most"),
        ("boilerplate.cleaneval", "shared", 10**6, "allowed: at most"),
        ("attributions.nervaluate", "type.spurious", 1, "allowed: strict.correct"),
        ("attributions.nervaluate", "exact.partial", 1, "allowed: 0"),
        ("attributions.seqeval", "shared.cue", 10**6, "allowed: at most"),
    ],
)
def test_what_contradicts_the_rest_of_a_page_is_named(counted, name, column, change, named):
    many = len(counted.families[name].positions)
    found = [str(fault) for fault in faults(changed(counted, name, column, change, row=min(1, many - 1)), name)]
    assert any(named in fault for fault in found), found


def changed(table, name, column, change, *, row):
    rows = table.families[name]
    values = rows.values.astype(float)
    values[row, rows.columns.index(column)] += change
    return replace(table, families={**table.families, name: replace(rows, values=values)})


@pytest.mark.parametrize("name", [name for name in ALL if load_family(name).answer])
def test_a_page_that_was_not_answered_has_no_answers(counted, name):
    answer = load_family(name).answer
    rows = counted.families[name]
    values = rows.values.astype(float)
    values[0, [rows.columns.index(column) for column in answer]] = 1
    silent = replace(rows, values=values, answered=np.zeros(len(values), dtype=bool))
    found = faults(replace(counted, families={name: silent}), name)
    assert {fault.column for fault in found if "was not answered" in fault.message} == set(answer)


@pytest.mark.parametrize("name", ALL)
def test_declared_columns_are_columns(name):
    family = load_family(name)
    gold = [column for term in family.gold for column in (term.columns if isinstance(term, Total) else [term])]
    assert {*family.fractions, *family.flags, *family.answer, *gold} <= set(family.columns)
    assert not set(family.fractions) & set(family.flags)
    assert not {term for term in family.gold if isinstance(term, str)} & set(family.answer)


def test_a_figure_beyond_its_range_is_named_even_where_the_columns_are_sound():
    share = Metric(
        name="share", score=lambda counts: counts["a"] / counts["b"], formula="a / b", empty="nan", source="made up"
    )
    family = Family(
        name="made", task="topics", columns=("a", "b"), count=lambda page, prediction: [0, 1],
        applies=lambda page: True, metrics=(share,),
    )  # fmt: skip
    counts = Counts(family.index, np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 2.0], [6.0, 2.0]]))
    (fault,) = impossible(family, counts, np.ones(4, dtype=bool))
    assert (str(fault), fault.rows.tolist()) == ("share would be 1.5; allowed: 0 to 1", [1, 3])


def test_terms_are_compared_page_by_page():
    counts = Counts({"a": 0, "b": 1}, np.array([[1, 2], [3, 2], [4, 0]]))
    first = at_most(counts, ("a", "b"))[0]
    assert (str(first), first.rows.tolist()) == ("a is 3; allowed: at most b = 2", [1, 2])
    assert [fault.rows.tolist() for fault in equal(counts, (total("a", "b"), 4))] == [[0, 1]]
    assert [str(fault) for fault in needs(counts, ("a", "b"))] == ["a is 4; allowed: 0 where b is 0"]
    assert at_most(counts, ("b", 2)) == equal(counts, ("a", "a")) == fault_on(np.zeros(3, bool), "a", "") == []
