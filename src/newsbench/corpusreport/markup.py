"""What stands in the HTML of pages: data for machines, hidden text, faults; and how alike templates are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import combinations

from newsbench.corpusreport.pageside import site_of
from newsbench.corpusreport.tables import Table, middle, quartiles, share
from newsbench.resources import table
from newsbench.text import words
from newsbench.types import Page

#: Tags in a shingle.
SHINGLE = 4
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905
_NO_END_NEEDED = frozenset(
    "html head body p li dt dd option optgroup tr td th thead tbody tfoot colgroup caption rp rt".split()  # noqa: SIM905
)
_SILENT = frozenset({"script", "style", "title"})
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_OFF_SCREEN = re.compile(
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect|clip-path\s*:\s*inset\(\s*(?:50|100)%"
)
_BREAKS = re.compile(r"<br\s*/?>\s*<br\s*/?>", re.I)
_ENTITY = re.compile(r"&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_CONTROL = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_MEGABYTE = 1_000_000

_TEXT_PROBES = {
    "typographic quotes": re.compile("[“”„«»‘’]"),
    "no-break spaces": re.compile("\u00a0"),
    "soft hyphens": re.compile("\u00ad"),
    "zero-width characters": re.compile("[\u200b-\u200d\u2060\ufeff]"),
    "literal entities": _ENTITY,
    "emoji and dingbats": re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]"),
}


@dataclass
class Markup:
    """What one page's HTML holds: `features` by name, tags in order, class names, words of text nodes."""

    features: Counter[str] = field(default_factory=Counter)
    tags: list[str] = field(default_factory=list)
    classes: set[str] = field(default_factory=set)
    text_words: int = 0

    def shingles(self) -> set[tuple[str, ...]]:
        """Return the distinct runs of `SHINGLE` tags, opening and closing, in the order of the source."""
        return {tuple(self.tags[at : at + SHINGLE]) for at in range(len(self.tags) - SHINGLE + 1)}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Markup()
        self.open: list[str] = []
        self.left_open: Counter[str] = Counter()
        self.script = ""

    def handle_starttag(self, tag, attrs):
        self.found.tags.append(tag)
        self._note(tag, {name: value or "" for name, value in attrs})
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.tags.append(tag)
        self._note(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag):
        if tag in _VOID:
            return
        self.found.tags.append(f"/{tag}")
        if tag in self.open:
            while (last := self.open.pop()) != tag:
                if last not in _NO_END_NEEDED:
                    self.left_open[last] += 1
        elif self.left_open[tag]:
            self.left_open[tag] -= 1
            self.found.features["wrong nesting"] += 1
        elif tag not in _NO_END_NEEDED:
            self.found.features["end tag without a start"] += 1

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            if self.script == "application/ld+json":
                self.found.features["JSON-LD with the article's body"] += '"articleBody"' in data
            elif self.script == "application/json" or re.search(r"__[A-Z_]+__\s*=\s*\{", data):
                self.found.features["state of an app as JSON"] += 1
        elif inside not in _SILENT:
            self.found.text_words += len(words(data))
        if inside == "style":
            self.found.features["off-screen or clipped text"] += bool(_OFF_SCREEN.search(data))

    def handle_comment(self, data):
        self.found.features["comments in the source"] += 1

    def _note(self, tag: str, attributes: Mapping[str, str]) -> None:
        features = self.found.features
        self.found.classes.update(attributes.get("class", "").split())
        if tag == "script":
            self.script = attributes.get("type", "").lower()
            features["JSON-LD"] += self.script == "application/ld+json"
            features["scripts"] += self.script in ("", "module", "text/javascript")
        style = attributes.get("style", "")
        features["Open Graph"] += attributes.get("property", "").startswith("og:")
        features["microdata"] += "itemprop" in attributes or "itemscope" in attributes
        features["hidden by attribute or style"] += "hidden" in attributes or bool(_HIDING.search(style))
        features["off-screen or clipped text"] += bool(_OFF_SCREEN.search(style))
        features["aria-label"] += "aria-label" in attributes
        lazy = attributes.get("loading") == "lazy" or any("data-src" in name or "lazy" in name for name in attributes)
        features["lazy images"] += lazy and tag in ("img", "source", "iframe", "amp-img")
        features["text in SVG"] += tag == "text" and "svg" in self.open
        if tag in ("noscript", "table", "iframe", "template", "details", "dialog", "h1", "article", "pre"):
            features[tag] += 1


def read_markup(html: str) -> Markup:
    """Read a page's HTML as it is written, faults included."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found, features = reader.found, reader.found.features
    features["unclosed tags"] += sum(reader.left_open.values())
    features["unclosed tags"] += sum(tag not in _NO_END_NEEDED for tag in reader.open)
    features["<br><br> for paragraphs"] += len(_BREAKS.findall(html))
    features["entities"] += len(_ENTITY.findall(html))
    features["NUL"] += html.count("\0")
    features["control characters"] += len(_CONTROL.findall(html))
    features["over 1 MB of HTML"] += len(html.encode("utf-8", "replace")) > _MEGABYTE
    features["no <article>"] += not features["article"]
    features["two <article>s or more"] += features.pop("article", 0) > 1
    features["no <h1>"] += not features.pop("h1", 0)
    return found


def markup_tables(pages: Sequence[Page], markup: Mapping[str, Markup]) -> list[Table]:
    """Return what the HTML and the text of pages hold, class names, and templates' likeness."""
    return [inventory(pages, markup), text_inventory(pages), class_names(pages, markup), likeness(pages, markup)]


def inventory(pages: Sequence[Page], markup: Mapping[str, Markup]) -> Table:
    """Return the share of pages whose HTML has each feature, and how many where it has."""
    real = table("reality")["markup"]
    found = [markup[page.id].features for page in pages]
    names = sorted({name for features in found for name in features})
    rows = []
    for name in names:
        counts = [features[name] for features in found if features[name]]
        rows.append((name, share(len(counts), len(found)), middle(counts), real.get(name)))
    rows.sort(key=lambda row: -row[1])
    hidden = [max(0, markup[page.id].text_words - len(words(page.text))) for page in pages]
    rows.append(
        ("words in the HTML that are not shown", share(sum(map(bool, hidden)), len(pages)), middle(hidden), None)
    )
    sizes = [len((page.html or "").encode("utf-8", "replace")) / 1000 for page in pages]
    rows.append(("kB of HTML, quartiles", quartiles(sizes), middle(sizes), None))
    return Table("Markup", ("feature", "share of pages", "median where there", "real pages"), rows)


def text_inventory(pages: Sequence[Page]) -> Table:
    """Return the share of pages whose visible text has what troubles comparisons."""
    real = table("reality")["text"]
    counts = Counter(name for page in pages for name, probe in _TEXT_PROBES.items() if probe.search(page.text))
    counts["not in NFC"] = sum(not unicodedata.is_normalized("NFC", page.text) for page in pages)
    for page in pages:
        paragraphs = [page.text[s.start : s.end] for s in page.segments or () if s.type == "paragraph"]
        counts["an article's paragraph twice"] += len(set(paragraphs)) < len(paragraphs)
    rows = [(name, share(counts[name], len(pages)), real.get(name)) for name in real]
    return Table("Text", ("feature", "share of pages", "real pages"), rows)


def class_names(pages: Sequence[Page], markup: Mapping[str, Markup]) -> Table:
    """Return how many names of classes there are, and how many stand on the pages of one site only."""
    sites: dict[str, set[str]] = {}
    for page in pages:
        for name in markup[page.id].classes:
            sites.setdefault(name, set()).add(site_of(page))
    sizes = [len(markup[page.id].classes) for page in pages]
    rows = [
        ("distinct names", len(sites)),
        ("of them on one site only, share", share(sum(len(found) == 1 for found in sites.values()), len(sites))),
        ("names a page, median", middle(sizes)),
        ("names a page, quartiles", quartiles(sizes)),
    ]
    return Table("Class names", ("figure", "value"), rows)


def similarities(
    pages: Sequence[Page], markup: Mapping[str, Markup]
) -> list[tuple[float, bool, tuple[str, str], tuple[str, str]]]:
    """Return (Jaccard, whether of one family, site, site) for each pair of sites' templates, the most alike first.

    A site's template is (site, family); its shingles are those of all its pages. J = |A ∩ B| / |A ∪ B|.
    """
    templates: dict[tuple[str, str], set] = {}
    for page in pages:
        templates.setdefault((site_of(page), page.template or ""), set()).update(markup[page.id].shingles())
    found = []
    for (one, first), (other, second) in combinations(sorted(templates.items()), 2):
        if one[0] != other[0]:
            found.append((share(len(first & second), len(first | second)), one[1] == other[1], one, other))
    return sorted(found, key=lambda row: (-row[0], row[2:]))


def likeness(pages: Sequence[Page], markup: Mapping[str, Markup]) -> Table:
    """Return how alike two sites' templates are, of one family and of two."""
    rows = []
    for same, name in ((True, "one family"), (False, "two families")):
        found = [row for row in similarities(pages, markup) if row[1] == same]
        values = [row[0] for row in found]
        most = f"{'/'.join(found[0][2])} and {'/'.join(found[0][3])}" if found else ""
        rows.append((name, len(values), middle(values), max(values, default=None), most))
    return Table(
        f"Likeness of templates (Jaccard of {SHINGLE}-tag shingles)",
        ("sites of", "pairs", "median", "maximum", "most alike"),
        rows,
    )
