"""What articles are like: length, wording, openings, and how far they repeat one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from statistics import pstdev
from typing import Any

from newsbench.corpusreport.tables import Cell, Table, middle, quartiles, share
from newsbench.corpusreport.wording import grams, mtld, repeated, sentences, shared_runs
from newsbench.metrics.pagewords import roles
from newsbench.resources import table
from newsbench.text import words
from newsbench.types import Page, Segment
from newsbench.vocabulary import name_of, top_of

_RUNNING = ("paragraph", "live_entry", "quotation_block")
_EXAMPLES = 8


@dataclass(frozen=True)
class Article:
    """The content segments of a page."""

    page: Page

    @cached_property
    def segments(self) -> list[Segment]:
        """Content segments in page order."""
        role = roles()
        return [segment for segment in self.page.segments or () if role[segment.type] == "content"]

    @cached_property
    def tokens(self) -> list[str]:
        """Normalised words of the article, its headline included."""
        return [word for segment in self.segments for word in words(self.text_of(segment))]

    @cached_property
    def paragraphs(self) -> list[str]:
        """Texts of its paragraphs of running text."""
        return [self.text_of(segment) for segment in self.segments if segment.type in _RUNNING]

    def text_of(self, segment: Segment) -> str:
        """Return the text of a segment."""
        return self.page.text[segment.start : segment.end]


def articles_of(pages: Sequence[Page]) -> list[Article]:
    """Return the articles of the pages that have content."""
    return [article for article in map(Article, pages) if article.segments]


def article_figures(articles: Sequence[Article]) -> dict[str, Cell]:
    """Return length, sentences, diversity, openings and endings by name of figure."""
    sizes = [len(article.tokens) for article in articles]
    numbers = [len(article.paragraphs) for article in articles]
    lengths = [[len(words(s)) for p in article.paragraphs for s in sentences(p)] for article in articles]
    every = [length for found in lengths for length in found]
    spreads = [pstdev(found) for found in lengths if len(found) > 4]
    diversity = [value for article in articles if (value := mtld(article.tokens)) == value]
    openings = [words(article.paragraphs[0]) for article in articles if article.paragraphs]
    closings = [words(article.paragraphs[-1]) for article in articles if article.paragraphs]
    figures: dict[str, Cell] = {
        "articles": len(articles),
        "words an article, median": middle(sizes),
        "words an article, quartiles": quartiles(sizes),
        "words an article, least and most": f"{min(sizes, default=0)} / {max(sizes, default=0)}",
        "paragraphs an article, median": middle(numbers),
        "paragraphs an article, quartiles": quartiles(numbers),
        "words a sentence, quartiles": quartiles(every),
        "standard deviation of sentence length in an article, median": middle(spreads),
        "MTLD, median": middle(diversity),
        "MTLD, quartiles": quartiles(diversity),
        "distinct words by words": share(len({w for a in articles for w in a.tokens}), sum(sizes)),
    }
    for name, found in (
        ("first word", [opening[:1] for opening in openings]),
        ("first three words", [opening[:3] for opening in openings]),
        ("last three words", [closing[-3:] for closing in closings]),
    ):
        again = repeated(found)
        figures[f"{name} as in another article, share"] = share(again.total(), len(found))
        figures[f"{name}, most frequent"] = examples(again)
    return figures


def examples(counts: Counter[str], many: int = _EXAMPLES) -> str:
    """Return the most frequent keys with their counts."""
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda i: (-i[1], i[0]))[:many])


def overlap_figures(articles: Sequence[Article]) -> dict[str, Cell]:
    """Return how many articles of different stories share eight words in a row, and how far takes of one story do."""
    by_id = {article.page.id: article for article in articles}
    runs = between_stories(articles)
    flat = [run for found in runs.values() for run in found]
    takes: dict[str, list[set]] = {}
    for article in by_id.values():
        takes.setdefault(article.page.story or article.page.id, []).append(grams(article.tokens))
    pairs = [pair for found in takes.values() for pair in combinations(found, 2)]
    jaccards = [share(len(one & other), len(one | other)) for one, other in pairs if one | other]
    return {
        "pairs of articles of different stories that share 8 words in a row": len(runs),
        "longest run of words that they share": max(map(len, flat), default=0),
        "most runs that one pair shares": max(map(len, runs.values()), default=0),
        "runs, longest first": "; ".join(" ".join(run) for run in sorted(set(flat), key=lambda r: (-len(r), r))[:5]),
        "pairs of takes of one story": len(pairs),
        "pairs of takes that share 8 words in a row, share": share(sum(value > 0 for value in jaccards), len(jaccards)),
        "8-gram Jaccard of two takes, mean": share(sum(jaccards), len(jaccards)),
        "8-gram Jaccard of two takes, maximum": max(jaccards, default=None),
    }


def between_stories(articles: Sequence[Article]) -> dict[Any, list[tuple[str, ...]]]:
    """Return the runs of words that articles of different stories share, by pair of pages."""
    story = {article.page.id: article.page.story or article.page.id for article in articles}
    found = shared_runs({article.page.id: article.tokens for article in articles})
    return {pair: runs for pair, runs in found.items() if story[pair[0]] != story[pair[1]]}


def names_over_stories(pages: Sequence[Page]) -> Table:
    """Return names of people that come back in another story: whole, first and last names of the sources."""
    whole: dict[str, set[str]] = {}
    first: dict[str, set[str]] = {}
    last: dict[str, set[str]] = {}
    for page in pages:
        for source in page.sources or ():
            parts = source.name.split()
            if source.kind == "person" and source.naming == "named" and len(parts) > 1:
                for names, name in ((whole, source.name), (first, parts[0]), (last, parts[-1])):
                    names.setdefault(name, set()).add(page.story or page.id)
    rows = []
    for kind, names in (("whole name", whole), ("first name", first), ("last name", last)):
        again = Counter({name: len(stories) for name, stories in names.items() if len(stories) > 1})
        rows.append((kind, len(names), len(again), examples(again)))
    return Table("Names of people cited", ("what", "distinct", "in several stories", "which"), rows)


def topics(pages: Sequence[Page]) -> Table:
    """Return stories by top-level primary topic (of most of their pages), beside the proportions that are meant."""
    by_story: dict[str, Counter[str]] = {}
    for page in pages:
        for topic in page.topics or ():
            if topic.primary:
                by_story.setdefault(page.story or page.id, Counter())[top_of(topic.code)] += 1
    found = Counter(min(counts, key=lambda code: (-counts[code], code)) for counts in by_story.values())
    wanted = table("reality")["topics"]
    whole = sum(wanted.values())
    rows = [
        (name_of(code), found[code], share(found[code], found.total()), wanted.get(code, 0) / whole)
        for code in sorted(found.keys() | wanted.keys(), key=lambda code: (-wanted.get(code, 0), code))
    ]
    return Table("Stories by primary topic", ("topic", "stories", "share", "share that is meant"), rows)


def beside(title: str, own: dict[str, Cell], polnear: dict[str, Cell] | None, *, real: bool = True) -> Table:
    """Put figures beside those of PolNeAR's articles at hand and those known of the whole of PolNeAR."""
    known = table("reality")["attributions"] if real else {}
    names = dict.fromkeys([*own, *(polnear or {})])
    rows = [(name, own.get(name), (polnear or {}).get(name), known.get(name)) for name in names]
    return Table(title, ("figure", "value", "PolNeAR, articles at hand", "PolNeAR, whole"), rows)
