"""Interval arithmetic against sets of positions."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from newsbench.spans import (
    EDGE_MARKS,
    contains,
    distance,
    hull,
    intersection,
    join_coordinated,
    length,
    trim,
    trim_fragments,
    union,
)

ranges = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def positions(fragments):
    return {at for start, end in fragments for at in range(start, end)}


@given(ranges)
def test_union_is_the_set_of_positions_in_order_and_apart(fragments):
    found = union(fragments)
    assert positions(found) == positions(fragments)
    assert all(a.end < b.start for a, b in pairwise(found))
    assert all(start < end for start, end in found)
    assert union(found) == found
    assert length(found) == len(positions(fragments))


@given(ranges, ranges)
def test_intersection_containment_and_distance(first, second):
    a, b = union(first), union(second)
    shared = positions(a) & positions(b)
    assert positions(intersection(a, b)) == shared
    assert intersection(a, b) == intersection(b, a)
    assert contains(a, b) == (positions(b) <= positions(a))
    if a and b:
        if shared:
            assert distance(a, b) == 0
        else:
            assert distance(a, b) == min(abs(p - q) for p in positions(a) for q in positions(b)) - 1
        assert positions([hull(a)]) >= positions(a)


@given(st.text(alphabet='ab "“”,.—\u00a0\u00ad', max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_trim_takes_only_marks_and_all_of_them(text, start, end):
    start, end = min(start, len(text)), min(end, len(text))
    if start > end:
        return
    first, last = trim(text, start, end)
    assert start <= first <= last <= end
    assert not text[start:first].strip(EDGE_MARKS)
    assert not text[last:end].strip(EDGE_MARKS)
    assert text[first:last] == text[first:last].strip(EDGE_MARKS)


def test_trimmed_fragments():
    text = "She said that “roads — and bridges,” would wait. … that"

    def core(*pieces, leading_word="that"):
        spans = union((text.index(piece), text.index(piece) + len(piece)) for piece in pieces)
        return [text[a:b] for a, b in trim_fragments(text, spans, leading_word=leading_word)]

    assert core("that “roads — and bridges,”") == ["roads — and bridges"]
    assert core("that “roads — and bridges,”", leading_word="") == ["that “roads — and bridges"]
    assert core("“roads", "and bridges,”") == ["roads — and bridges"]
    assert core("roads", "would wait.") == ["roads", "would wait"]
    # Nothing would be left: the fragments stay as they are.
    assert core(". … ") == [". … "]
    assert core("that") == ["that"]


def test_signs_with_a_meaning_stay():
    text = "(5 %)"
    assert text[slice(*trim(text, 0, len(text)))] == "5 %"


def test_coordinated_fragments_are_joined():
    text = "France, Spain as well as Italy told Peru"
    parts = [(0, 6), (8, 13), (25, 30), (36, 40)]
    assert [text[a:b] for a, b in join_coordinated(text, union(parts))] == ["France, Spain as well as Italy", "Peru"]
