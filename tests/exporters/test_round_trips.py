"""Labels are the same after the trip, page for page, or the loss is counted."""

from __future__ import annotations

import pytest
from exporters.pagemaking import comparable, flat, pages
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from newsbench.exporters.base import LAYERS, anchor_of
from newsbench.types import Page

WHOLE = ("label-studio", "uima", "spacy", "web-annotation", "inline-html")
quick = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def is_anchored(page: Page) -> bool:
    return all(anchor_of(attribution) is not None for attribution in page.attributions or ())


@pytest.mark.parametrize("name", WHOLE)
@quick
@given(first=pages(), second=pages(name="page-2"))
def test_nothing_is_lost_where_a_format_carries_all(there_and_back, name, first, second):
    if name == "label-studio":
        assume(is_anchored(first) and is_anchored(second))
    if name == "uima":
        assume(not any(mark in page.text for page in (first, second) for mark in "\x0c"))
    found, losses = there_and_back(name, [first, second])
    assert [comparable(page) for page in found] == [comparable(page) for page in (first, second)]
    assert not set(losses) - {"spans off token boundaries (kept in the user data)"}


@quick
@given(page=pages())
def test_brat_keeps_segments_attributions_and_their_sources(there_and_back, page):
    found, losses = there_and_back("brat", [page])
    if not set(losses) & {
        "attributions without a span", "spans of nothing but line breaks and tabs", "parents without a span",
    }:  # fmt: skip
        assert flat(found[0]) == flat(page)
    else:
        # Whatever is left is right.
        assert set(found[0].segments) <= set(page.segments or ())
        known = {attribution.id: attribution for attribution in page.attributions or ()}
        for attribution in found[0].attributions:
            gold = known[attribution.id]
            assert all(getattr(attribution, name) in ((), getattr(gold, name)) for name in ("source", "cue", "content"))
    assert found[0].topics is None
    assert losses.get("topics", 0) == len(page.topics or ())


@quick
@given(page=pages(uncarried=True))
def test_characters_that_xml_forbids_are_replaced_one_for_one_and_counted(there_and_back, page):
    found, losses = there_and_back("uima", [page])
    expected = "".join("\ufffd" if c in "\0\x01\x1e\ufffe\x0c" else c for c in page.text)
    assert found[0].text == expected
    assert losses.get("characters that XML forbids", 0) == sum(a != b for a, b in zip(expected, page.text, strict=True))
    assert (found[0].segments, found[0].attributions) == (page.segments, page.attributions)


@pytest.mark.parametrize("name", ["brat", "label-studio", "spacy", "web-annotation", "inline-html"])
@quick
@given(page=pages(uncarried=True))
def test_other_formats_keep_every_character_but_null_in_html(there_and_back, name, page):
    found, losses = there_and_back(name, [page])
    expected = page.text.replace("\0", "\ufffd") if name == "inline-html" else page.text
    assert found[0].text == expected
    assert ("characters U+0000" in losses) == (name == "inline-html" and "\0" in page.text)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("text", ["", "\nabc\n", "\r\n\rx", "x"])
def test_texts_at_the_edge(there_and_back, name, text):
    page = Page("p", text, segments=(), attributions=(), sources=(), topics=())
    assert there_and_back(name, [page])[0] == [page]


@pytest.mark.parametrize("name", [*WHOLE, "brat"])
@quick
@given(page=pages(), layer=st.sampled_from(LAYERS))
def test_only_the_chosen_layer_is_written(there_and_back, name, page, layer):
    if name == "brat" and layer == "topics":
        with pytest.raises(ValueError, match="no place for topics; it carries segments, attributions"):
            there_and_back(name, [page], layers=[layer])
        return
    found, _ = there_and_back(name, [page], layers=[layer])
    assert not any(getattr(found[0], other) for other in LAYERS if other != layer)
    if layer == "segments" and name != "brat":
        assert found[0].segments == page.segments


def test_packaged_pages_survive_every_whole_format(there_and_back, gold_pages):

    chosen = [page._replace(html=None) for page in gold_pages if page.attributions][:4] or gold_pages[:2]
    assert sum(len(page.segments or ()) for page in chosen) > 20
    for name in WHOLE:
        found, losses = there_and_back(name, chosen)
        expected = {page.id: comparable(page) for page in chosen}
        assert {page.id: comparable(page) for page in found} == expected, name
        assert set(losses) <= {"spans off token boundaries (kept in the user data)"}, name
    found, losses = there_and_back("brat", chosen)
    assert {page.id: flat(page) for page in found} == {page.id: flat(page) for page in chosen}
