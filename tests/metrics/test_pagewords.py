"""Words of many pages get the segment, type, place and worth that a look at each of them gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbench.metrics.pagewords import label_pages, roles, segment_types
from newsbench.passages import MIN_PASSAGE

TYPES = segment_types()
WORTH = {"content": 2, "optional": 1, "boilerplate": 0}


@st.composite
def pages(draw):
    """Starts of words, and segments in order, which may be empty or overlap."""
    starts = sorted(draw(st.sets(st.integers(0, 40), max_size=14)))
    bounds = sorted(draw(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=7)))
    kinds = draw(st.lists(st.integers(0, len(TYPES) - 1), min_size=len(bounds), max_size=len(bounds)))
    return starts, [(start, start + size) for start, size in bounds], kinds


def label(starts, bounds, kinds):
    """Label the words of one page, one after the other."""
    owners = [max((at for at, (begin, _) in enumerate(bounds) if begin <= start), default=None) for start in starts]
    owners = [
        at if at is not None and start < bounds[at][1] else None for at, start in zip(owners, starts, strict=True)
    ]
    types = [len(TYPES) - 1 if at is None else kinds[at] for at in owners]
    content = [number for number, kind in enumerate(types) if roles()[TYPES[kind]] == "content"]
    places = [
        0 if not content or number < content[0] else 2 if number > content[-1] else 1 for number in range(len(types))
    ]
    short = []
    for at, kind in enumerate(kinds):
        inside = [number for number, owner in enumerate(owners) if owner == at]
        if 0 < len(inside) < MIN_PASSAGE and WORTH[roles()[TYPES[kind]]]:
            short.append((inside[0], inside[-1] + 1))
    numbers = [len(bounds) if at is None else at for at in owners]
    return types, numbers, places, [WORTH[roles()[TYPES[kind]]] for kind in types], short


@settings(max_examples=400, deadline=None)
@given(st.lists(pages(), min_size=1, max_size=4))
def test_words_of_many_pages_are_labelled_as_each_alone(found):
    words, segments = (np.cumsum([0, *(len(page[side]) for page in found)]).tolist() for side in (0, 1))
    group = label_pages(
        np.array([start for page in found for start in page[0]], dtype=np.int64),
        np.array([bound for page in found for bound in page[1]], dtype=np.int64).reshape(-1, 2),
        np.array([kind for page in found for kind in page[2]], dtype=np.int64),
        words,
        segments,
    )
    types, numbers, places, worth, short = (
        [one for page in found for one in label(*page)[part]] if part < 4 else [label(*page)[4] for page in found]
        for part in range(5)
    )
    sizes = np.diff(group.edges)
    assert group.types.repeat(sizes).tolist() == types
    assert group.segments.repeat(sizes).tolist() == numbers
    assert group.places.repeat(sizes).tolist() == places
    assert group.pages.repeat(sizes).tolist() == [at for at, page in enumerate(found) for _ in page[0]]
    assert np.diff(group.worth_before).tolist() == worth
    assert group.short_segments == short
