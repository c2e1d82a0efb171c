"""Tables of counts stand side by side only over the same pages of the same gold, counted alike."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from newsbench.api import count_systems
from newsbench.comparison import compare_tables
from newsbench.metrics import families
from newsbench.problems import InputError
from newsbench.samedata import check_same_gold, check_same_pages
from newsbench.scoring import PredictionTable, count_pages
from newsbench.types import Prediction


@pytest.fixture(scope="module")
def tables(gold_pages):
    """Two systems; the tables of one of them were read from a file."""
    pages = gold_pages[:12]
    whole = {page.id: Prediction(page.id, main_text=page.text, story=page.story) for page in pages}
    half = {page.id: Prediction(page.id, main_text=page.text[len(page.text) // 2 :], story="one") for page in pages}
    systems = {"whole": PredictionTable(whole), "half": PredictionTable(half)}
    meta = {"sha256": "0" * 64, "tokenizer": "words-2", "alignment": "passages-1"}
    first, second = count_pages(pages, systems, families(["boilerplate", "stories"]), meta=meta)
    return replace(first, file="a/whole.parquet"), second


def refusal(*tables):
    with pytest.raises(InputError) as refused:
        check_same_pages(tables)
    return refused.value.problems


def changed(table, name, column, change):
    rows = table.families[name]
    values = rows.values.astype(float)
    values[:, rows.columns.index(column)] = change(values[:, rows.columns.index(column)])
    return replace(table, families={**table.families, name: replace(rows, values=values)})


def test_tables_of_the_same_gold_stand_side_by_side(tables):
    check_same_pages(tables)
    check_same_pages([tables[0]])
    check_same_pages([changed(tables[0], "boilerplate.words", "kept.paragraph", lambda kept: kept * 0), tables[1]])


def test_another_order_is_told_from_other_pages(tables):
    whole, half = tables
    backwards = replace(whole, pages=whole.pages[::-1])
    (problem,) = refusal(half, backwards)
    assert str(problem) == "a/whole.parquet: pages: are those of half in another order"
    other = replace(half, pages=["x-1", "x-2", "x-3", "x-4", *half.pages[4:]])
    (problem,) = refusal(whole, other)
    missing = ", ".join(sorted(whole.pages[:4])[:3])
    assert str(problem) == (
        "half: pages: covers other pages than whole (a/whole.parquet): "
        f"4 only here (x-1, x-2, x-3, …), 4 only there ({missing}, …)"
    )


@pytest.mark.parametrize("key", ["sha256", "tokenizer", "alignment"])
def test_tables_counted_otherwise_are_refused(tables, key):
    whole, half = tables
    # That other gold gives other counts goes without saying.
    spoilt = changed(half, "boilerplate.words", "words.paragraph", lambda gold: gold + 1)
    (problem,) = refusal(whole, replace(spoilt, meta={**half.meta, key: "other"}))
    assert problem.field == key
    assert problem.message == f"'other', but whole (a/whole.parquet) has {whole.meta[key]!r}"


@pytest.mark.parametrize(
    ("name", "column"),
    [("boilerplate.words", "words.paragraph"), ("boilerplate.words", "furniture.before"), ("stories.clusters", "gold")],
)
def test_gold_columns_must_agree(tables, name, column):
    whole, half = tables
    spoilt = changed(half, name, column, lambda gold: gold * 100)
    for problem in (*refusal(whole, spoilt), *refusal(spoilt, whole)):
        assert problem.field == f"{name}/{column}"
        assert problem.page in whole.pages
        assert "it depends on the gold alone" in problem.message
    with pytest.raises(InputError, match=column):
        compare_tables([whole, spoilt])


@pytest.mark.parametrize(("many", "more"), [(1, ""), (2, "1 more page)"), (3, "2 more pages)")])
def test_further_pages_that_differ_are_counted(tables, many, more):
    whole, half = tables
    spoilt = changed(half, "boilerplate.words", "words.paragraph", lambda gold: gold + (np.arange(len(gold)) < many))
    (problem,) = refusal(whole, spoilt)
    assert problem.page == half.pages[0]
    assert "".join(re.findall(r"\d+ more pages?\)", problem.message)) == more


def test_tables_must_not_contradict_the_gold_at_hand(tables):
    whole, half = tables
    rows = whole.families["boilerplate.words"]
    some = replace(rows, positions=rows.positions[3:], values=rows.values[3:], answered=rows.answered[3:])
    known = replace(whole, families={"boilerplate.words": some})
    check_same_gold(tables, known)
    # What the gold at hand says nothing of is not looked at.
    check_same_gold([changed(half, "stories.clusters", "gold", lambda gold: gold * 100)], known)
    spoilt = changed(half, "boilerplate.words", "words.paragraph", lambda gold: gold + 1)
    with pytest.raises(InputError, match=r"words.paragraph: is .*, but .* in the gold at hand") as refused:
        check_same_gold([half, spoilt], known)
    assert [problem.page for problem in refused.value.problems] == [half.pages[3]]


def test_a_table_from_elsewhere_is_held_against_the_gold_at_hand(gold_pages):
    aspects = count_systems([[{"id": page.id, "aspect": "x"} for page in gold_pages]])[0][0]
    assert count_systems([aspects])[1] is not None
    spoilt = changed(aspects, "stories.aspects", "gold", lambda gold: gold + 1)
    with pytest.raises(InputError, match=r"stories\.aspects/gold: is .*, but .* in the gold at hand"):
        count_systems([spoilt])
    # Nobody else put pages into stories: there is nothing to hold against.
    stories = count_systems([[{"id": page.id, "story": "s"} for page in gold_pages]])[0][0]
    assert count_systems([stories])[1] is None


def test_properties_of_pages_must_agree(tables):
    whole, half = tables
    groups = {**half.groups, "story": ["one story"] * len(half.pages)}
    (problem,) = refusal(whole, replace(half, groups=groups))
    assert (problem.field, problem.page) == ("story", half.pages[0])


def test_a_family_must_cover_the_same_pages(tables):
    whole, half = tables
    rows = half.families["boilerplate.words"]
    fewer = replace(rows, positions=rows.positions[1:], values=rows.values[1:], answered=rows.answered[1:])
    (problem,) = refusal(whole, replace(half, families={**half.families, "boilerplate.words": fewer}))
    assert (problem.field, problem.page) == ("boilerplate.words", half.pages[0])
