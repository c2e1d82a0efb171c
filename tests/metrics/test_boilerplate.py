"""The boilerplate scorer over real pages: perturbed gold costs what the damage is, and mere encoding costs nothing."""

from __future__ import annotations

import html
import random
import unicodedata

import numpy as np
import pytest
from boilerplate_examples import content_of, joined, score

from newsbench.metrics.base import Counts
from newsbench.metrics.boilerplate import FAMILY
from newsbench.metrics.pagewords import roles
from newsbench.text import words
from newsbench.types import Page, Prediction, Segment


def shuffled(page: Page) -> str:
    split = joined(page).split()
    random.Random(7).shuffle(split)
    return " ".join(split)


def as_markdown(page: Page) -> str:
    head, *rest = content_of(page)
    marked = []
    for at, part in enumerate(rest):
        first, _, others = part.partition(" ")
        marked.append(f"**{part}**" if at % 3 else f"- [{first}](https://x.example/{at}_(a)) {others}")
    return "\n\n".join([f"# {head}", *marked])


ENCODINGS = {
    "NFD": lambda page: unicodedata.normalize("NFD", joined(page)),
    "NFKC": lambda page: unicodedata.normalize("NFKC", joined(page)),
    "no-break spaces": lambda page: joined(page).replace(" ", "\u00a0"),
    "soft hyphens": lambda page: "".join(c + "\u00ad" * c.isalpha() for c in joined(page)),
    "zero-width spaces": lambda page: joined(page).replace("e", "e\u200b"),
    "straight quotes": lambda page: joined(page).translate(str.maketrans("“”„‘’‚«»", '"""\'\'\'""')),
    "CRLF": lambda page: joined(page).replace("\n", "\r\n"),
    "one line": lambda page: " ".join(joined(page).split()),
    "capitals": lambda page: joined(page).upper(),
    "small letters": lambda page: joined(page).lower(),
    "entities": lambda page: html.escape(joined(page)).replace("’", "&rsquo;").replace("—", "&#8212;"),
    "markdown": as_markdown,
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_mere_encoding_costs_nothing(gold_pages, name):
    found = score(gold_pages, ENCODINGS[name])
    plain = score(gold_pages, joined)
    # Upper case is no round trip for a handful of letters (ß, ŉ); everything else is exact.
    assert found["token_f1"] == pytest.approx(plain["token_f1"], abs=1e-3 if name == "capitals" else 0)
    assert plain["token_f1"] == 1.0


def test_gold_is_perfect_in_every_figure(gold_pages):
    found = score(gold_pages, joined)
    perfect = {name: 0.0 if name.endswith("_rate") else 1.0 for name in found}
    assert found == perfect


def test_gold_spans_are_perfect_too(gold_pages):
    def spans(page):
        return Prediction(page.id, boilerplate=tuple(s for s in page.segments if roles()[s.type] == "boilerplate"))

    assert score(gold_pages, spans)["token_f1"] == 1.0


def test_half_missing_halves_recall(gold_pages):
    def half(page):
        split = joined(page).split(" ")
        return " ".join(split[: len(split) // 2])

    found = score(gold_pages, half)
    assert found["token_recall"] == pytest.approx(0.5, abs=0.02)
    assert found["token_precision"] == pytest.approx(1, abs=0.005)
    assert found["token_f1"] == pytest.approx(2 / 3, abs=0.02)


def test_doubled_text_halves_precision(gold_pages):
    found = score(gold_pages, lambda page: joined(page) + "\n\n" + joined(page))
    assert found["token_recall"] == 1.0
    assert found["token_precision"] == pytest.approx(0.5, abs=0.03)
    assert found["duplicated_rate"] == pytest.approx(0.5, abs=0.03)


REPEATED = Page(
    "p",
    "A ferry burned at night\nBy Ana Reis in Porto\nThe crew of twelve reached the shore.\nA photo shows the burning ship"
    "\nThe crew of twelve",
    segments=(
        Segment(0, 23, "headline"), Segment(24, 44, "byline"), Segment(45, 81, "paragraph"), Segment(82, 112, "caption"),
        Segment(113, 131, "pull_quote"),
    ),
)  # fmt: skip
LINES = REPEATED.text.split("\n")


@pytest.mark.parametrize(
    ("again", "strict", "lenient"),
    [
        ([LINES[1]], 0, 0),
        ([LINES[3], LINES[1], LINES[3]], 0, 0),
        # A headline is optional for the lenient alone.
        ([LINES[0]], 5, 0),
        ([LINES[2]], 7, 7),
        # What the article says too repeats the article.
        ([LINES[4]], 4, 4),
        # The longest passage says what is repeated: the end of a caption, not the article of a headline.
        (["shows the burning ship"], 0, 0),
    ],
)
def test_optional_text_counts_neither_way_however_often_it_is_given(again, strict, lenient):
    row = np.array(FAMILY.count(FAMILY.prepare(REPEATED), Prediction("p", main_text="\n".join([*LINES, *again]))))
    precision = {metric.name: metric.score for metric in FAMILY.metrics}["token_precision"]
    rate = {metric.name: metric.score for metric in FAMILY.metrics}["duplicated_rate"]
    assert not FAMILY.check(Counts(FAMILY.index, row[None]))
    assert precision(Counts(FAMILY.index, row)) == pytest.approx(12 / (12 + strict))
    assert precision(Counts(FAMILY.index, row, "lenient")) == pytest.approx(7 / (7 + lenient))
    more = sum(len(words(line)) for line in again)
    assert rate(Counts(FAMILY.index, row)) == pytest.approx(more / (len(words(REPEATED.text)) + more))


def test_optional_text_given_twice_costs_next_to_nothing(gold_pages):
    def twice(page):
        optional = [page.text[s.start : s.end] for s in page.segments if roles()[s.type] == "optional"]
        whole = [page.text[s.start : s.end] for s in page.segments if roles()[s.type] != "boilerplate"]
        return "\n\n".join([*whole, *optional])

    found = score(gold_pages, twice)
    assert found["duplicated_rate"] > 0.03
    # Pull quotes in the article's words repeat the article.
    assert found["token_precision"] > 0.995


def test_a_foreign_sentence_after_each_paragraph_costs_its_words(gold_pages):
    sentence = "Subscribers receive zyx quarterly bulletins absolutely gratis wherever postmen deliver."
    many = len(words(sentence))

    def salted(page):
        return f"\n{sentence}\n".join(content_of(page))

    found = score(gold_pages, salted)
    content = sum(len(words(joined(page))) for page in gold_pages)
    added = sum(many * (len(content_of(page)) - 1) for page in gold_pages)
    assert found["token_recall"] == 1.0
    assert found["token_precision"] == pytest.approx(content / (content + added), abs=0.002)
    assert found["invented_rate"] == pytest.approx(added / (content + added), abs=0.002)


def test_reversed_paragraphs_are_an_order_error_and_nothing_else(gold_pages):
    found = score(gold_pages, lambda page: "\n\n".join(reversed(content_of(page))))
    assert found["token_f1"] == pytest.approx(1, abs=0.01)
    assert found["order_error_rate"] > 0.5


def test_shuffled_words_are_worth_nothing(gold_pages):
    found = score(gold_pages, shuffled)
    assert found["token_f1"] < 0.02
    assert found["invented_rate"] > 0.97


def test_another_page_is_worth_next_to_nothing(gold_pages):
    other = dict(zip([page.id for page in gold_pages], [*gold_pages[7:], *gold_pages[:7]], strict=True))
    pages = [page for page in gold_pages if other[page.id].story != page.story]
    assert score(pages, lambda page: joined(other[page.id]))["token_f1"] < 0.02


def test_empty_missing_and_failed_pages_stay_in_the_denominator(gold_pages):
    for nothing in ("", None, Prediction("x", error="timeout")):
        found = score(gold_pages, lambda page, nothing=nothing: nothing)
        assert (found["token_f1"], found["token_recall"]) == (0.0, 0.0)
        assert np.isnan(found["token_precision"])
    first = gold_pages[0].id
    some = score(gold_pages, lambda page: joined(page) if page.id != first else "")
    assert some["token_recall"] < 1


def test_blanking_the_worst_pages_never_helps_the_means_over_pages(gold_pages):
    """A figure of summed words may rise when a bad page is given up: the text of its definition sends to the means."""

    def means(output_of) -> dict[str, float]:
        rows = np.array([FAMILY.count(FAMILY.prepare(p), Prediction(p.id, main_text=output_of(p))) for p in gold_pages])
        macro = [metric for metric in FAMILY.metrics if metric.average == "macro"]
        return {metric.name: float(np.nanmean(metric.score(Counts(FAMILY.index, rows)))) for metric in macro}

    worst = sorted(gold_pages, key=lambda page: score([page], lambda page: page.text)["token_f1"])
    whole = means(lambda page: page.text)
    assert set(whole) == {"token_f1_macro", "token_precision_macro", "token_recall_macro"}
    for many in (1, 10, 40):
        blanked = {page.id for page in worst[:many]}
        found = means(lambda page, blanked=blanked: "" if page.id in blanked else page.text)
        assert all(found[name] < whole[name] for name in whole)


def test_the_whole_page_leaks_everything(gold_pages):
    found = score(gold_pages, lambda page: page.text)
    assert (found["token_recall"], found["boilerplate_recall"]) == (1.0, 0.0)


def test_content_with_all_optional_text_is_perfect(gold_pages):
    def output(page: Page) -> str:
        return "\n".join(page.text[s.start : s.end] for s in page.segments if roles()[s.type] != "boilerplate")

    def parts_a_word(page: Page) -> bool:
        """Some templates set a byline and a date side by side without a blank."""
        return any(s.start and page.text[s.start - 1 : s.start + 1].isalnum() for s in page.segments)

    whole = [page for page in gold_pages if not parts_a_word(page)]
    assert len(whole) > 150
    found = score(whole, output)
    assert (found["token_f1"], found["invented_rate"]) == (1.0, 0.0)
