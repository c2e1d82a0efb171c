"""The report on a dataset: figures of small pages by hand, and all tables for the packaged one."""

from __future__ import annotations

import math

import pytest
from report_examples import SENTENCE, make_page, span, values

from newsbench.corpusreport import articleside, attributionside, markup, pageside, wording
from newsbench.corpusreport.floors import shared_furniture
from newsbench.corpusreport.report import read_all, report_tables
from newsbench.corpusreport.tables import Table, markdown, show
from newsbench.types import Attribution, Page, Source, Topic


@pytest.fixture
def small() -> Page:
    return make_page(
        "one",
        ("navigation", "Home Sport Weather"),
        ("headline", "Four words of headline"),
        ("byline", "Ana Kos"),
        ("date", "Monday"),
        ("paragraph", "Six words make up this paragraph."),
        ("advertisement", "Buy shoes"),
        ("advertisement", "Now"),
        ("paragraph", "Two more."),
        ("footer", "All of it is ours"),
    )


def test_words_by_type_and_place(small):
    found = pageside.page_figures(small)
    assert found.words == 3 + 4 + 2 + 1 + 6 + 2 + 1 + 2 + 5
    assert (found.of_role("content"), found.of_role("optional"), found.of_role("boilerplate")) == (12, 3, 11)
    assert found.interruptions == [("byline", "date"), ("advertisement",)]
    volume = values(pageside.volume([found]))
    assert volume["share of words that are not article"] == pytest.approx(14 / 26)
    assert volume["share of words that are boilerplate"] == pytest.approx(11 / 26)
    rows = {row[0]: row[1:3] for row in pageside.places([found]).rows}
    assert rows["before"] == pytest.approx((3 / 14, 3 / 11))
    assert rows["inside"] == pytest.approx((6 / 14, 3 / 11))
    assert rows["after"] == pytest.approx((5 / 14, 5 / 11))


def test_kinds_of_furniture_and_interruptions_over_pages(small):
    plain = make_page("two", ("headline", "One"), ("paragraph", "Two"), ("footer", "Only three words"))
    figures = [pageside.page_figures(page) for page in (small, plain)]
    rows = {row[0]: row for row in pageside.furniture(figures).rows}
    assert rows["footer, legal"][1] == 1.0
    assert rows["footer, legal"][3] == 4.0
    assert rows["navigation"][1:4:2] == (0.5, 3.0)
    assert rows["newsletter"][1] == 0.0
    assert math.isnan(rows["newsletter"][3])
    found = values(pageside.interrupting(figures))
    assert found["pages with one, share"] == 0.5
    assert found["parts a page, mean"] == 1.5
    assert found["stretches a page, mean"] == 1.0
    assert found["advertisement, share of pages"] == 0.5
    assert found["caption, share of pages"] == 0.0


def test_every_type_that_is_no_content_stands_in_the_table_of_furniture():
    from newsbench.metrics.pagewords import roles
    from newsbench.resources import table

    listed = {kind for row in table("reality")["furniture"] for kind in row["types"]}
    assert listed <= set(roles())
    shown = {row[0] for row in pageside.furniture([]).rows}
    missing = {kind for kind in table("segments")["types"] if roles()[kind] != "content"} - listed - shown
    assert not missing


@pytest.mark.parametrize(
    ("html", "feature", "count"),
    [
        ("<div><b>x</b>", "unclosed tags", 1),
        ("<ul><li>x<li>y</ul><p>z", "unclosed tags", 0),
        ("<div><b>x<i>y</b></i></div>", "wrong nesting", 1),
        ("<div>x</div></div>", "end tag without a start", 1),
        ('<script type="application/ld+json">{"articleBody": "x"}</script>', "JSON-LD with the article's body", 1),
        ('<script type="application/ld+json">{"headline": "x"}</script>', "JSON-LD with the article's body", 0),
        ('<script type="application/ld+json">{"headline": "x"}</script>', "JSON-LD", 1),
        ("<script>window.__STATE__ = {}</script>", "state of an app as JSON", 1),
        ('<meta property="og:title" content="x">', "Open Graph", 1),
        ('<p itemprop="name">x</p>', "microdata", 1),
        ('<p hidden>x</p><p style="display: none">y</p>', "hidden by attribute or style", 2),
        ("<style>.a{position:absolute;left:-9999px}</style>", "off-screen or clipped text", 1),
        ('<img loading="lazy"><img data-src="x">', "lazy images", 2),
        ('<nav aria-label="x"></nav>', "aria-label", 1),
        ("<article>x</article><article>y</article>", "two <article>s or more", 1),
        ("<p>x</p>", "no <article>", 1),
        ("<article>x</article>", "no <article>", 0),
        ("x\0y", "NUL", 1),
        ("x\x07y", "control characters", 1),
        ("x<br>\n<br/>y", "<br><br> for paragraphs", 1),
        ("x" * 1_000_001, "over 1 MB of HTML", 1),
    ],
)
def test_markup_features(html, feature, count):
    assert markup.read_markup(html).features[feature] == count


def test_words_that_are_not_shown_and_class_names():
    html = '<title>t</title><style>a b</style><p class="x y">one two</p><p hidden class="y">three</p>'
    page = make_page("one", ("paragraph", "one two"), html=html)
    found = {page.id: markup.read_markup(html)}
    assert found["one"].text_words == 3
    assert values(markup.class_names([page], found))["distinct names"] == 2
    rows = {row[0]: row for row in markup.inventory([page], found).rows}
    assert rows["words in the HTML that are not shown"][1:3] == (1.0, 1.0)


def test_text_probes():
    page = make_page(
        "one", ("paragraph", "a\u00a0b \u201cc\u201d"), ("paragraph", "d\u00ade"), ("paragraph", "d\u00ade")
    )
    found = values(markup.text_inventory([page, make_page("two", ("paragraph", "plain e\u0301"))]))
    assert found["no-break spaces"] == found["soft hyphens"] == found["typographic quotes"] == 0.5
    assert found["not in NFC"] == found["an article's paragraph twice"] == 0.5
    assert found["zero-width characters"] == found["literal entities"] == 0.0


def test_likeness_of_templates_by_hand():
    """8 tags, 5 shingles; 10 tags, 7 shingles; 4 of them in both: 4 / 8."""
    one = make_page("one", ("paragraph", "x"), html="<div><ul><em><b></b></em></ul></div>", template="a")
    two = make_page("two", ("paragraph", "x"), html="<div><ul><em><b></b></em></ul><i></i></div>", template="b")
    found = markup.similarities([one, two], read_all({"test": [one, two]}))
    assert found == [(0.5, False, ("one", "a"), ("two", "b"))]


def test_pages_of_the_reader_view_are_one_site():
    pages = [make_page(name, ("paragraph", "x"), html="<p>x</p>", template="reader") for name in ("one", "two")]
    assert markup.similarities(pages, read_all({"test": pages})) == []


def test_sentences():
    text = "Dr. Kos left. “Why?” asked J. Novak. He said: “No.” Then 12 of 3.5 million stayed… St. Patrick came."
    assert [len(s.split()) for s in wording.sentences(text)] == [3, 4, 3, 6, 3]


def test_diversity_by_hand():
    assert wording.mtld(["a"] * 50) == 2.0
    assert math.isnan(wording.mtld(["a"] * 49))
    assert math.isnan(wording.mtld([str(n) for n in range(60)]))
    assert wording.entropy([2, 2]) == 1.0
    assert wording.entropy([5]) == 0.0
    assert math.isnan(wording.entropy([]))


@pytest.mark.parametrize(
    "forms",
    [
        "say says said saying", "tell tells told telling", "argue argues argued arguing", "deny denies denied denying",
        "add adds added adding", "admit admits admitted admitting", "stress stresses stressed stressing",
        "recall recalls recalled recalling", "write writes wrote written writing", "believe believes believed",
        "agree agrees agreed", "think thinks thought", "announce announces announced announcing",
    ],
)  # fmt: skip
def test_forms_of_a_verb_have_one_stem(forms):
    assert len({wording.stem(form) for form in forms.split()}) == 1


def test_stems_keep_verbs_apart():
    verbs = "say tell ask argue deny add admit stress recall write believe agree think announce insist claim"
    assert len({wording.stem(verb) for verb in verbs.split()}) == 16


def test_heads_of_cues():
    assert wording.head_of(["has", "not", "indicated"]) == "indicated"
    assert wording.head_of(["according", "to"]) == "according"
    assert wording.head_of(["to"]) == "to"


def test_shared_runs_at_full_length():
    shared = [f"w{n}" for n in range(10)]
    articles = {"a": ["x", *shared, "y"], "b": [*shared, "z"], "c": shared[:7]}
    assert wording.shared_runs(articles) == {("a", "b"): [tuple(shared)]}


@pytest.fixture
def cited() -> Page:
    page = make_page(
        "one",
        ("headline", "Kos: no vote this week"),
        ("paragraph", "He did not say that the law would pass. It was said that others might."),
        ("paragraph", "“We stay,” Maja Kos told reporters, “and"),
        ("paragraph", "we fight.”"),
    )
    text = page.text

    def made(name: str, content: tuple[str, ...], **more) -> Attribution:
        spans = {key: (span(text, value),) for key, value in more.items() if key in ("source", "cue", "cue_head")}
        labels = {key: value for key, value in more.items() if key not in spans}
        return Attribution(id=name, content=tuple(span(text, c) for c in content), **spans, **labels)

    attributions = (
        made("a1", ("no vote this week",), source="Kos", form="indirect"),
        made("a2", ("that the law would pass",), source="He", cue="did not say", cue_head="say", form="indirect",
             polarity="negated"),
        made("a3", ("that others might",), cue="was said", cue_head="said", form="indirect"),
        made("a4", ("We stay", "and\nwe fight"), source="Maja Kos", cue="told", form="direct"),
        made("a5", ("the law",), form="reported"),
    )  # fmt: skip
    sources = (Source("s1", "Maja Kos", "person", "named"), Source("s2", "", "unspecified", "anonymous"))
    topics = (Topic("medtop:15000000", True),)
    columns = {name: getattr(page, name) for name in ("id", "text", "segments", "outlet", "template", "story", "html")}
    return Page(**columns, attributions=attributions, sources=sources, topics=topics)


def test_attributions_by_hand(cited):
    found = attributionside.attribution_figures(articleside.articles_of([cited]))
    assert found["attributions"] == 5
    assert found["attributions per 750 words"] == pytest.approx(750 * 5 / 29)
    assert found["form indirect, share"] == 0.6
    assert found["without a source, share"] == 0.4
    assert found["source a pronoun only, share"] == 0.2
    assert found["content in several fragments, share"] == 0.2
    assert found["content across paragraphs, share"] == 0.2
    assert found["content inside another's content, share"] == 0.2
    assert found["negated, share"] == 0.2
    assert found["hedged, share"] == 0.0
    assert found["without a cue, share"] == 0.4
    assert found["in the headline, share of articles"] == 1.0
    assert found["content words, median"] == 4.0
    assert found["cue lemmas"] == 2
    assert found["cues of say, share"] == pytest.approx(2 / 3)
    assert found["the cue word said, share"] == pytest.approx(1 / 3)
    rows = values(attributionside.sources([cited]))
    assert rows["named, share"] == rows["anonymous, share"] == 0.5


def test_articles_by_hand(cited):
    other = make_page("two", ("paragraph", "He did it. Then he went."), story="story-one")
    found = articleside.article_figures(articleside.articles_of([cited, other]))
    assert found["words an article, median"] == (29 + 6) / 2
    assert found["paragraphs an article, median"] == 2.0
    assert found["first word as in another article, share"] == 1.0
    assert found["first word, most frequent"] == "he 2"
    assert found["first three words as in another article, share"] == 0.0


def test_names_and_topics_by_hand(cited):
    again = Page(id="two", text="", story="story-two", sources=(Source("s", "Ana Kos", "person", "named"),))
    rows = {row[0]: row[1:] for row in articleside.names_over_stories([cited, again]).rows}
    assert rows["whole name"] == (2, 0, "")
    assert rows["last name"] == (1, 1, "Kos 2")
    topics = {row[0]: row[1:] for row in articleside.topics([cited]).rows}
    assert topics["sport"] == (1, 1.0, pytest.approx(9 / 112))
    assert len(topics) == 17


def test_takes_of_one_story_may_share_what_different_stories_may_not():
    run = "nine plain words that stand in both of them"
    pages = [
        make_page("one", ("paragraph", f"First {run}"), story="s"),
        make_page("two", ("paragraph", f"Second {run}"), story="s"),
        make_page("six", ("paragraph", f"Third {run}"), story="t"),
    ]
    found = articleside.overlap_figures(articleside.articles_of(pages))
    assert found["pairs of articles of different stories that share 8 words in a row"] == 2
    assert found["longest run of words that they share"] == 9
    assert found["pairs of takes of one story"] == 1
    assert found["8-gram Jaccard of two takes, maximum"] == pytest.approx(2 / 4)


def test_shared_furniture_knows_sites_lengths_and_teasers():
    def two(text: str, kind: str = "footer", **columns) -> list[Page]:
        return [make_page(name, ("paragraph", "x"), (kind, text), **columns) for name in ("one", "two")]

    assert shared_furniture(two(SENTENCE)) == {"we never sell what you read here": {"one", "two"}}
    assert shared_furniture(two(f"Hello. {SENTENCE} Bye.", "author_box"))
    assert not shared_furniture(two("We sell what you read here."))
    assert not shared_furniture(two(SENTENCE, "caption"))
    assert not shared_furniture(two(SENTENCE, template="reader"))
    assert not shared_furniture(two(SENTENCE, outlet="same"))
    teased = make_page("six", ("headline", SENTENCE))
    assert not shared_furniture([*two(SENTENCE, "related"), teased])


def test_the_report_on_the_packaged_dataset_has_figures_in_every_table(packaged):
    tables = report_tables(packaged, read_all(packaged))
    assert len(tables) == 15
    for table in tables:
        assert table.rows, table.title
        assert all(len(row) == len(table.columns) for row in table.rows), table.title
        assert any(isinstance(cell, float | int) and cell > 0 for row in table.rows for cell in row[1:]), table.title


def test_cells():
    assert [show(cell) for cell in (0.5, 12.34, 3, None, math.nan, "a|b", 1.0)] == [
        "0.5", "12.3", "3", "–", "–", "a\\|b", "1"
    ]  # fmt: skip
    assert markdown(Table("T", ("a", "b"), [("x", 1)])).splitlines()[2:] == ["| a | b |", "| --- | --- |", "| x | 1 |"]
