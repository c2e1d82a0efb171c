"""Floors of a dataset: what must hold of it, with the value found and the limit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from newsbench.corpusreport.articleside import Article, articles_of, between_stories
from newsbench.corpusreport.markup import Markup, similarities
from newsbench.corpusreport.pageside import site_of
from newsbench.corpusreport.tables import Table, middle, share, show
from newsbench.corpusreport.wording import sentences
from newsbench.metrics.pagewords import roles
from newsbench.text import words
from newsbench.types import Page

MOST_ALIKE = 0.5
#: A furniture sentence of more words is nobody's but its outlet's.
COMMON_WORDS = 6
#: A stock phrase ("at the end of the first quarter of the year"): its length, and how many two articles may share.
STOCK_PHRASE_WORDS = 10
STOCK_PHRASES = 1
LENGTHS = (250, 700)
LEAST_NEW_OUTLETS = 0.5
LEAST_NEW_FAMILIES = 0.2
#: Optional segments whose wording is the site's, not the article's.
_SITE_TYPES = frozenset({"author_box", "translation_notice", "reading_time"})
_EXAMPLES = 5
_LINES = re.compile(r"[\n\t]+")


class Floor(NamedTuple):
    """What must hold, the value found, its limits (None: none) and examples of what breaks it."""

    name: str
    value: float
    least: float | None
    most: float | None
    examples: list[str]

    def __str__(self) -> str:
        limits = [
            f"{name} {limit}" for name, limit in (("at least", self.least), ("at most", self.most)) if limit is not None
        ]
        examples = f": {'; '.join(self.examples)}" if self.examples else ""
        return f"{self.name} is {show(self.value)}, it must be {' and '.join(limits)}{examples}"

    @property
    def holds(self) -> bool:
        """Tell whether the value keeps its limits; a value that there is not (nan) does not."""
        low = self.least is None or self.value >= self.least
        return low and (self.most is None or self.value <= self.most)


def floors(splits: Mapping[str, Sequence[Page]], markup: Mapping[str, Markup]) -> list[Floor]:
    """Return all floors over a dataset's pages by split."""
    pages = [page for found in splits.values() for page in found]
    articles = articles_of(pages)
    return [
        *_likeness(pages, markup),
        _furniture(pages),
        *_wording(articles),
        *_splits(splits),
        Floor("median words an article", middle([len(article.tokens) for article in articles]), *LENGTHS, []),
    ]


def floor_table(found: Sequence[Floor]) -> Table:
    """Return floors as a table."""
    columns = ("floor", "value", "at least", "at most", "", "examples")
    rows = [(f.name, f.value, f.least, f.most, "holds" if f.holds else "BROKEN", "; ".join(f.examples)) for f in found]
    return Table("Floors", columns, rows)


def _likeness(pages: Sequence[Page], markup: Mapping[str, Markup]) -> list[Floor]:
    other = [row for row in similarities(pages, markup) if not row[1]]
    above = [f"{'/'.join(one)} and {'/'.join(two)}: {value:.2f}" for value, _, one, two in other if value > MOST_ALIKE]
    if not other:
        return []
    return [Floor("likeness of two sites of different families", other[0][0], None, MOST_ALIKE, above[:_EXAMPLES])]


def shared_furniture(pages: Sequence[Page]) -> dict[str, set[str]]:
    """Return furniture sentences of more than `COMMON_WORDS` words that two sites share, with the sites.

    Teasers of the dataset's own articles (a headline, with the outlet's name or without, a standfirst or its beginning)
    are not furniture of anybody.
    """
    role = roles()
    teasers = {
        f" {' '.join(words(page.text[segment.start : segment.end]))} "
        for page in pages
        for segment in page.segments or ()
        if segment.type in ("headline", "standfirst")
    }
    found: dict[str, set[str]] = {}
    for page in pages:
        for segment in page.segments or ():
            if role[segment.type] != "boilerplate" and segment.type not in _SITE_TYPES:
                continue
            for sentence in _sentences(page.text[segment.start : segment.end]):
                plain = words(sentence)
                if len(plain) > COMMON_WORDS:
                    found.setdefault(" ".join(plain), set()).add(site_of(page))
    several = {sentence: sites for sentence, sites in found.items() if len(sites) > 1}
    return {s: sites for s, sites in several.items() if not any(_is_teaser(f" {s} ", teaser) for teaser in teasers)}


def _is_teaser(sentence: str, teaser: str) -> bool:
    return sentence in teaser or (teaser in sentence and teaser.count(" ") > COMMON_WORDS)


def _sentences(text: str) -> list[str]:
    return [sentence for line in _LINES.split(text) for sentence in sentences(line)]


def _furniture(pages: Sequence[Page]) -> Floor:
    shared = shared_furniture(pages)
    name = f"furniture sentences of more than {COMMON_WORDS} words on two sites"
    shown = [f"{sentence!r} ({', '.join(sorted(sites))})" for sentence, sites in sorted(shared.items())]
    return Floor(name, len(shared), None, 0, shown[:_EXAMPLES])


def _wording(articles: Sequence[Article]) -> list[Floor]:
    pairs = between_stories(articles)
    runs = sorted(((len(run), run, pair) for pair, found in pairs.items() for run in found), reverse=True)
    longest = runs[0][0] if runs else 0
    often = max(map(len, pairs.values()), default=0)
    long = [f"{' '.join(run)!r} ({', '.join(pair)})" for size, run, pair in runs if size > STOCK_PHRASE_WORDS]
    many = [", ".join(pair) for pair, found in pairs.items() if len(found) > STOCK_PHRASES]
    return [
        Floor("words in a row shared by two stories", longest, None, STOCK_PHRASE_WORDS, long[:_EXAMPLES]),
        Floor("8-word phrases that articles of two stories share", often, None, STOCK_PHRASES, many[:_EXAMPLES]),
    ]


def only_in_test(splits: Mapping[str, Sequence[Page]], key: str) -> tuple[set[str], set[str]]:
    """Return all values of a field in the test split, and those that no other split has."""
    test = {getattr(page, key) for page in splits.get("test", ())}
    others = {getattr(page, key) for name, pages in splits.items() if name != "test" for page in pages}
    return test, test - others


def split_table(splits: Mapping[str, Sequence[Page]]) -> Table:
    """Return how much of the test split is new to a system that was trained on the others."""
    test = splits.get("test", ())
    (outlets, new_outlets), (families, new_families) = (only_in_test(splits, key) for key in ("outlet", "template"))
    new_pages = sum(page.outlet in new_outlets for page in test)
    rows = [
        ("outlets in test", len(outlets)),
        ("of them in no other split, share", share(len(new_outlets), len(outlets))),
        ("families in test", len(families)),
        ("of them in no other split", ", ".join(sorted(map(str, new_families)))),
        ("of them in no other split, share", share(len(new_families), len(families))),
        ("test pages of outlets that stand in no other split, share", share(new_pages, len(test))),
        (
            "test pages of families that stand in no other split, share",
            share(sum(page.template in new_families for page in test), len(test)),
        ),
    ]
    return Table("Splits", ("figure", "value"), rows)


def _splits(splits: Mapping[str, Sequence[Page]]) -> list[Floor]:
    if len(splits) < 2 or "test" not in splits:
        return []
    outlets, new_outlets = only_in_test(splits, "outlet")
    _, new_families = only_in_test(splits, "template")
    families = {page.template for pages in splits.values() for page in pages}
    places: dict[str | None, set[str]] = {}
    for name, pages in splits.items():
        for page in pages:
            places.setdefault(page.story, set()).add(name)
    torn = sorted(str(story) for story, names in places.items() if len(names) > 1)
    outlet_share, family_share = share(len(new_outlets), len(outlets)), share(len(new_families), len(families))
    return [
        Floor("stories in two splits", len(torn), None, 0, torn[:_EXAMPLES]),
        Floor("test outlets in no other split, share", outlet_share, LEAST_NEW_OUTLETS, None, []),
        Floor("families in test only, share of all families", family_share, LEAST_NEW_FAMILIES, None, []),
    ]
