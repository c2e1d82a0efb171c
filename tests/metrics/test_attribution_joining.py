"""Sources of one gold attribution that a system gives one by one are made one prediction, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from attribution_examples import GOLDS, PAGE, as_prediction, gold, row_of, spans

from newsbench.metrics.attribution_batch import count_many
from newsbench.types import Prediction

WARNED = GOLDS[5]


def one_by_one(*names, **changes):
    return [as_prediction(WARNED, source=spans(name), entity=(f"X {name.lower()} X",), **changes) for name in names]


@pytest.mark.parametrize("content", [WARNED.content, spans("Ferry crews", "the islands"), GOLDS[8].content])
def test_split_sources_count_as_the_whole(content):
    """What contents, hedges and labels are like stays as it is, in the headline, in pieces or across paragraphs."""
    page = PAGE._replace(attributions=(WARNED._replace(content=content, hedge=spans("reportedly"), parent="a7"),))
    whole = as_prediction(page.attributions[0])
    parts = [whole._replace(source=spans(name), entity=(f"X {name.lower()} X",)) for name in ("Sweden", "Norway")]
    assert row_of(parts, page).values.tolist() == row_of([whole], page).values.tolist()
    # Nor does it matter that every attribution of the page has several sources.
    (rows,) = count_many([page], [[Prediction(page.id, attributions=tuple(parts))]])
    assert np.array_equal(rows[0], row_of([whole], page).values)


def test_mentions_that_overlap_are_not_made_one():
    for names in (("Sweden", "Sweden and Norway"), ("Sweden and", "and Norway")):
        assert row_of(one_by_one(*names))["predicted"] == 2


def test_the_same_sources_of_another_statement_are_not_made_one():
    assert row_of(one_by_one("Sweden", "Norway", content=spans("on Friday")))["predicted"] == 2
    # Nor do others of what several said take their place.
    longer = spans("the islands would run out of fuel. According to")
    pilots = gold(10, content=longer, source=spans("a harbour pilot"), sources=["pilot", "berg"])
    page = PAGE._replace(attributions=(WARNED, pilots))
    assert row_of(one_by_one("Sweden", "Norway", content=longer), page)["predicted"] == 1
