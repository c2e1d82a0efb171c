"""How much of a page is furniture, of which kinds, and where it stands, beside real pages (`schema/reality.json`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from newsbench.corpusreport.tables import Table, middle, pair, quartiles, share
from newsbench.metrics.pagewords import PLACES, page_words, roles, segment_types
from newsbench.resources import table
from newsbench.types import Page, Segment

READER = "reader"
AGGREGATOR = "aggregator"


class PageFigures(NamedTuple):
    """Words of one page by type of segment and by (role, place); `interruptions`: types of each stretch inside."""

    words: int
    by_type: Counter[str]
    by_place: Counter[tuple[str, str]]
    interruptions: list[tuple[str, ...]]

    def of_role(self, role: str) -> int:
        """Return the page's words of a role."""
        return sum(count for (kind, _), count in self.by_place.items() if kind == role)


def site_of(page: Page) -> str:
    """Return whose furniture a page has: its outlet's, or the aggregator's in the reader view."""
    return AGGREGATOR if page.template == READER else page.outlet or ""


def interruptions(segments: Sequence[Segment]) -> Iterator[tuple[str, ...]]:
    """Yield the types of each stretch of other segments between two content segments, a type once in a row."""
    role = roles()
    content = [number for number, segment in enumerate(segments) if role[segment.type] == "content"]
    if not content:
        return
    inside = segments[content[0] : content[-1] + 1]
    for is_content, stretch in groupby(inside, key=lambda segment: role[segment.type] == "content"):
        if not is_content:
            yield tuple(kind for kind, _ in groupby(segment.type for segment in stretch))


def page_figures(page: Page) -> PageFigures:
    """Count a page's words by type, role and place; words are those of `newsbench.text`."""
    words, role, kinds = page_words(page), roles(), segment_types()
    found = Counter(zip(words.type_codes.tolist(), words.place_codes.tolist(), strict=True))
    by_type: Counter[str] = Counter()
    by_place: Counter[tuple[str, str]] = Counter()
    for (code, place), count in found.items():
        by_type[kinds[code]] += count
        by_place[role[kinds[code]], PLACES[place]] += count
    return PageFigures(len(words.starts), by_type, by_place, list(interruptions(page.segments or ())))


def page_tables(pages: Sequence[Page]) -> list[Table]:
    """Return volume, place, interruptions and kinds of furniture over pages."""
    figures = [page_figures(page) for page in pages if page.segments]
    return [volume(figures), places(figures), interrupting(figures), furniture(figures)]


def volume(figures: Sequence[PageFigures]) -> Table:
    """Return words a page and an article, and the share that is furniture."""
    words = sum(page.words for page in figures)
    by_role = {role: sum(page.of_role(role) for page in figures) for role in ("content", "optional", "boilerplate")}
    articles = [page.of_role("content") for page in figures]
    of_page = [share(page.words - article, page.words) for page, article in zip(figures, articles, strict=True)]
    real = {name: pair(values) for name, values in table("reality")["volume"].items()}
    sizes = [page.words for page in figures]
    rows = [
        ("pages", len(figures), None),
        ("words a page, median", middle(sizes)),
        ("words a page, quartiles", quartiles(sizes)),
        ("words an article, median", middle(articles)),
        ("share of words that are not article", share(words - by_role["content"], words)),
        ("the same a page, quartiles", quartiles(of_page)),
        ("share of words that are boilerplate", share(by_role["boilerplate"], words)),
        ("share of words that are optional", share(by_role["optional"], words)),
    ]
    return Table("Volume", ("figure", "value", "real pages"), [(*row[:2], real.get(row[0])) for row in rows])


def places(figures: Sequence[PageFigures]) -> Table:
    """Return where the words stand that are not article; the article begins and ends with its first and last word."""
    real = table("reality")["places"]
    rows = []
    for place in PLACES:
        other = [sum(page.by_place[role, place] for page in figures) for role in ("optional", "boilerplate")]
        rows.append((place, sum(other), other[1], pair(real[place])))
    totals = [sum(row[column] for row in rows) for column in (1, 2)]
    shares = [(name, share(other, totals[0]), share(own, totals[1]), beside) for name, other, own, beside in rows]
    return Table("Place of words that are not article", ("place", "share", "boilerplate alone", "real pages"), shares)


def interrupting(figures: Sequence[PageFigures]) -> Table:
    """Return how often, and by what, articles are interrupted: `stretches` between content, `parts` of one type."""
    real = table("reality")
    stretches = [len(page.interruptions) for page in figures]
    parts = [sum(map(len, page.interruptions)) for page in figures]
    boilerplate = {kind for kind, role in roles().items() if role == "boilerplate"}
    furniture = [any(boilerplate & set(stretch) for stretch in page.interruptions) for page in figures]
    rows = [
        ("pages with one, share", share(sum(map(bool, parts)), len(figures)), real["interruptions"]["share of pages"]),
        ("pages with one of boilerplate, share", share(sum(furniture), len(figures)), None),
        ("parts a page, mean", share(sum(parts), len(figures)), real["interruptions"]["a page"]),
        ("stretches a page, mean", share(sum(stretches), len(figures)), None),
    ]
    pages_with = Counter(kind for page in figures for kind in {k for parts in page.interruptions for k in parts})
    known = real["interrupting"]
    for kind in sorted(pages_with.keys() | known.keys(), key=lambda kind: (-pages_with[kind], kind)):
        rows.append((f"{kind}, share of pages", share(pages_with[kind], len(figures)), known.get(kind)))
    return Table("Interruptions inside the article", ("what", "value", "real pages"), rows)


def furniture(figures: Sequence[PageFigures]) -> Table:
    """Return how many pages have each kind of furniture, and the median words where they have it."""
    role = roles()
    real = table("reality")["furniture"]
    known = {kind for row in real for kind in row["types"]}
    groups = [(row["name"], row["types"], pair(row["pages"]), row["words"]) for row in real]
    groups += [
        (kind, [kind], None, None)
        for kind in table("segments")["types"]
        if role[kind] != "content" and kind not in known
    ]
    rows = []
    for name, types, on_pages, words in groups:
        counts = [sum(page.by_type[kind] for kind in types) for page in figures]
        there = [count for count in counts if count]
        rows.append((name, share(len(there), len(figures)), on_pages, middle(there), words))
    columns = ("furniture", "share of pages", "real pages", "median words", "real words")
    return Table("Kinds of furniture", columns, rows)
