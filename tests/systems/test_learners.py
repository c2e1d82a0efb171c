"""Systems that learn: lines, topics, stories. They learn, they answer the same every time, they say what they miss."""

from __future__ import annotations

import pytest

from newsbench.formats.predictions import read_predictions
from newsbench.systems import load_system
from newsbench.systems.articletext import article_lines, article_text
from newsbench.systems.linefeatures import page_features, split_lines
from newsbench.types import Segment, Topic
from newsbench.vocabulary import top_level


def trained(name, pages):
    system = load_system(name)
    system.fit(pages)
    return system


def kept_text(page, fields):
    kept = list(page.text)
    for span in fields["boilerplate"]:
        kept[span["start"] : span["end"]] = " " * (span["end"] - span["start"])
    return "".join(kept)


def test_lines_learns(labelled_pages, bare_page):
    fields = trained("lines", labelled_pages).run(bare_page)
    read_predictions([{"id": bare_page.id, **fields}], {bare_page.id: bare_page})
    kept = kept_text(bare_page, fields)
    for segment in bare_page.segments:
        words = bare_page.text[segment.start : segment.end]
        if segment.type == "paragraph":
            assert words in kept
    assert "Log in" not in kept
    assert "We use cookies" not in kept


def test_lines_follows_its_labels(labelled_pages, bare_page):
    """With roles exchanged it learns the opposite: nothing is built in."""
    exchanged = {"paragraph": "footer", "headline": "footer"}
    pages = [
        p._replace(segments=tuple(Segment(s.start, s.end, exchanged.get(s.type, "paragraph")) for s in p.segments))
        for p in labelled_pages
    ]
    kept = kept_text(bare_page, trained("lines", pages).run(bare_page))
    assert "Log in" in kept
    assert "a gust tore" not in kept


def test_lines_is_deterministic(labelled_pages, page):
    assert trained("lines", labelled_pages).run(page) == trained("lines", labelled_pages).run(page)


def test_lines_leaves_optional_lines_out_of_training(labelled_pages):
    pages = [p._replace(segments=tuple(s._replace(type="byline") for s in p.segments)) for p in labelled_pages]
    with pytest.raises(ValueError, match="boilerplate and content"):
        trained("lines", pages)


@pytest.mark.parametrize("text", ["", "\n\n", "   ", "one line"])
def test_lines_on_pages_without_much(labelled_pages, page, text):
    fields = trained("lines", labelled_pages).run(page._replace(text=text))
    assert all(text[s["start"] : s["end"]].strip() for s in fields["boilerplate"])


def test_line_features_have_one_length():
    text = "Menu\n\n  A sentence that goes on for a while, and then ends.  \n• x"
    lines = split_lines(text)
    assert [text[line.start : line.end] for line in lines] == [
        "Menu", "A sentence that goes on for a while, and then ends.", "• x",
    ]  # fmt: skip
    dense, buckets = page_features(text, lines)
    assert len({len(row) for row in dense}) == 1
    assert len(buckets) == 3


def test_untrained_systems_say_so(page):
    for name in ("lines", "tfidf"):
        with pytest.raises(ValueError, match="fit"):
            load_system(name).run(page)


def test_majority(labelled_pages, page):
    other = (Topic("medtop:20000587", True), Topic("medtop:04000000"))
    pages = [*labelled_pages, labelled_pages[0]._replace(topics=other)]
    system = trained("majority", pages)
    # Three stories have three pages each: the smallest code wins.
    assert system.run(page) == {"topics": [{"code": "medtop:07000000", "primary": True}]}
    with pytest.raises(ValueError, match="no training page has topics"):
        trained("majority", [page._replace(topics=None)])


def test_majority_counts_top_level_sets(page):
    pages = [page._replace(topics=(Topic("medtop:20000587", True), Topic("medtop:04000000")))]
    topics = trained("majority", pages).run(page)["topics"]
    assert [topic["primary"] for topic in topics] == [True, False]
    assert all(topic["code"] in top_level() for topic in topics)


def test_tfidf_learns(labelled_pages):
    test = [page for page in labelled_pages if page.id.endswith("-2")]
    train = [page for page in labelled_pages if not page.id.endswith("-2")]
    system = trained("tfidf", train)
    for page in test:
        fields = system.run(page)
        read_predictions([{"id": page.id, **fields}], {page.id: page})
        best = fields["topics"][0]
        assert best["code"] == page.topics[0].code
        assert best["primary"]
        assert len(fields["topics"]) <= 3
        assert set(fields["meta"]["scores"]) == set(top_level())
        assert all(0 <= score <= 1 for score in fields["meta"]["scores"].values())


def test_tfidf_predicts_what_training_lacks(labelled_pages, page):
    text = "The weather forecast names rain, storms and snow; meteorologists expect more weather warnings. " * 4
    system = trained("tfidf", labelled_pages)
    assert system.run(page._replace(text=text))["topics"][0]["code"] == "medtop:17000000"


def test_tfidf_is_deterministic(labelled_pages, page):
    assert trained("tfidf", labelled_pages).run(page) == trained("tfidf", labelled_pages).run(page)


def test_average_link_finds_the_stories(labelled_pages):
    system = trained("average-link", labelled_pages)
    mixed = labelled_pages[::2] + labelled_pages[1::2]
    found = system.run_all(mixed)
    groups = {}
    for page, fields in zip(mixed, found, strict=True):
        read_predictions([{"id": page.id, **fields}], {page.id: page})
        groups.setdefault(fields["story"], set()).add(page.story)
        assert fields["story_title"]
    assert sorted(map(sorted, groups.values())) == [["match"], ["strike"], ["virus"]]


def test_average_link_title_has_the_salient_words(labelled_pages):
    found = load_system("average-link")
    found.fit(labelled_pages)
    titles = {page.story: fields["story_title"].lower() for page, fields in zip(
        labelled_pages, found.run_all(labelled_pages), strict=True)}  # fmt: skip
    assert {"strike", "union", "dockers", "wages", "shift", "port", "roster", "crane"} & set(titles["strike"].split())


@pytest.mark.parametrize("count", [0, 1, 2])
def test_average_link_on_few_pages(labelled_pages, count):
    assert len(load_system("average-link").run_all(labelled_pages[:count])) == count


def test_average_link_on_empty_texts(page):
    found = load_system("average-link").run_all([page._replace(id=str(at), text="") for at in range(3)])
    assert len(found) == 3


def test_average_link_keeps_its_threshold_without_stories(labelled_pages):
    system = load_system("average-link")
    before = system.threshold
    system.fit([page._replace(story=None) for page in labelled_pages])
    assert system.threshold == before


def test_article_lines(page):
    found = article_lines(page.text)
    kinds = [line.kind for line in found]
    assert kinds == ["headline", "paragraph", "paragraph", "paragraph", "paragraph"]
    assert page.text[found[0].start : found[0].end] == "Wind park stands still after storm night"
    assert "cookies" not in article_text(page.text)


@pytest.mark.parametrize("text", ["", "\n", "Menu\nHome\nLog in"])
def test_article_text_without_an_article_is_the_page(text):
    assert article_lines(text) == []
    assert article_text(text) == text
