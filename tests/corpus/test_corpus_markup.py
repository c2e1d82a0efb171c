"""Marks, labels and filters."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from newsbench.corpus import filters
from newsbench.corpus.markup import MarkSet, count_marks, strip_labels

ONE, TWO = "\U000f0000", "\U000f0001"


def test_labels_go_and_the_rest_stays() -> None:
    html = (
        f'<p class="a" data-segment="paragraph"\n  id=b data-hidden>x{ONE} data</p>'
        "<i data-meta='byline' data-x=\"1\">y</i>"
        '<b data-hidden="">z</b>  <hr data-hidden/>'
    )
    expected = '<p class="a"\n  id=b>x data</p><i data-x="1">y</i><b>z</b>  <hr/>'
    assert strip_labels(html) == expected


@pytest.mark.parametrize(
    "html", ["<p data-segment=paragraph>x", "<p\ndata-segment = 'x'>", "<script>'data-meta'</script>"]
)
def test_labels_that_cannot_go_are_refused(html: str) -> None:
    with pytest.raises(ValueError, match="label could not be removed"):
        strip_labels(html)


def test_one_mark_for_each_boundary() -> None:
    marks = MarkSet()
    marks.add(0, 0, 5)
    marks.add(0, 0, 3)
    marks.add(1, 0, 5)
    assert len(set(marks.by_boundary.values())) == 5
    assert sorted(offset for offset, _, _ in marks.of_leaf(0)) == [0, 3, 5]


def test_filters_leave_marks_and_tags_alone() -> None:
    html = Markup(
        f"<a title='internationalisation of it'>inter{ONE}nationali{TWO}sation</a> "
        f"&notarealentityname; 3{ONE} {TWO}km a{ONE} b"
    )
    hyphenated, bound = filters.soft_hyphens(html), filters.nbsp(html)
    assert isinstance(hyphenated, Markup) and isinstance(bound, Markup)
    assert hyphenated.replace("\u00ad", "") == html and hyphenated.count("\u00ad") >= 3
    assert "title='internationalisation of it'" in hyphenated and "title='internationalisation of it'" in bound
    assert bound.replace("\u00a0", " ") == html
    assert f"3{ONE}\u00a0{TWO}km" in bound and f"a{ONE}\u00a0b" in bound
    assert count_marks(hyphenated) == count_marks(html) == count_marks(bound)


def test_soft_hyphens_spare_short_words_and_edges() -> None:
    assert filters.soft_hyphens("harbours and internment") == "harbours and internment"
    word = filters.soft_hyphens("extraordinary")
    assert word.replace("\u00ad", "") == "extraordinary"
    assert all(len(part) >= 2 for part in word.split("\u00ad")) and len(word.split("\u00ad")[0]) >= 3


def test_paragraphs_and_json_escape() -> None:
    assert filters.paragraphs("a <b>\n\n c") == Markup("<p>a &lt;b&gt;</p>\n<p>c</p>")
    written = filters.json({"b": "</script><!-- & \u2028", "a": ["é", None]})
    assert "</" not in written and "<!" not in written and '"é"' in written
    import json

    assert json.loads(written) == {"b": "</script><!-- & \u2028", "a": ["é", None]}
