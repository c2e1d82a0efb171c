"""The template environment and the context that a page is printed from (FORMAT.md, section 4)."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from newsbench.corpus import filters
from newsbench.corpus.catalogue import Catalogue
from newsbench.corpus.habits import place_furniture
from newsbench.corpus.markup import MarkSet, slug, write_html
from newsbench.corpus.take import SLOTS, Block, Leaf, Take

READER = "reader"
TEASERS = 12
WORDS_A_MINUTE = 200
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class TakeEntry:
    """What other pages may show of a take."""

    id: str
    story: str
    outlet: str
    headline: str
    standfirst: str
    section: str
    url: str
    published: str


def make_environment(folder: Path):
    """Make the Jinja environment: escaping always on, missing keys falsy at any depth, our filters, no clock."""
    import jinja2

    class Environment(jinja2.Environment):
        # furniture has keys such as `items` and `title`: these must not give a method of the mapping or of a text
        def getattr(self, obj, attribute):
            if isinstance(obj, dict) and attribute != "get":
                return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
            if isinstance(obj, str) and attribute == "title":
                return self.undefined(obj=obj, name=attribute)
            return super().getattr(obj, attribute)

        def getitem(self, obj, argument):
            return self.getattr(obj, argument) if isinstance(obj, dict) else super().getitem(obj, argument)

    class Missing(jinja2.ChainableUndefined):
        # a missing number takes the default of the filters `int` and `float`
        def __int__(self):
            raise TypeError("a missing value is no number")

        __float__ = __int__

    environment = Environment(
        loader=jinja2.FileSystemLoader(str(folder), encoding="utf-8"),
        autoescape=True,
        undefined=Missing,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
    )
    for name in ("soft_hyphens", "nbsp", "paragraphs", "json"):
        environment.filters[name] = getattr(filters, name)
    return environment


def view_and_family(take: Take, catalogue: Catalogue) -> tuple[str, str]:
    """Give how a take is shown: ("site", family of its outlet or its own) or ("reader", "reader")."""
    outlet = catalogue.outlets.get(take.outlet) or {}
    family = take.template or outlet.get("family") or ""
    if take.view == READER or family == READER:
        return READER, READER
    return "site", family


def page_url(take: Take, catalogue: Catalogue) -> str:
    """Give the address of a take's page: the outlet's domain, section, day and the words of the id."""
    outlet = catalogue.outlets.get(take.outlet) or {}
    words = take.id.removeprefix(take.outlet + "-") or take.id
    if view_and_family(take, catalogue)[0] == READER:
        domain = (catalogue.aggregator or {}).get("domain") or "reader.example"
        return f"https://{domain}/article/{take.id}"
    domain = outlet.get("domain") or f"{take.outlet}.example"
    section = f"/{slug(take.section)}" if take.section else ""
    return f"https://{domain}{section}/{take.published.replace('-', '/')}/{words}"


def make_entry(take: Take, catalogue: Catalogue) -> TakeEntry:
    """Give what other pages may show of a take."""
    return TakeEntry(
        take.id, take.story, take.outlet, take.headline, take.standfirst, take.section, page_url(take, catalogue),
        take.published,
    )  # fmt: skip


def make_context(take: Take, catalogue: Catalogue, entries: Iterable[TakeEntry], marks: MarkSet) -> dict:
    """Make the context of a page; `marks` must hold every boundary that is to be found in the rendered page."""
    outlet = catalogue.outlets[take.outlet]
    view, _ = view_and_family(take, catalogue)
    site = (catalogue.aggregator or {}) if view == READER else outlet
    furniture = site.get("furniture") or {}
    domain = site.get("domain") or f"{take.outlet}.example"

    def inline(leaf: Leaf) -> dict:
        text = leaf.text.replace("\n", " ")
        return {"html": write_html(leaf, marks.of_leaf(leaf.number), domain=domain), "text": text}

    numbers: dict[str, int] = {}

    def block(given: Block) -> dict:
        index = numbers[given.kind] = numbers.get(given.kind, -1) + 1
        printed = {"kind": given.kind, "html": "", "text": "", "index": index, "data": None}
        if given.leaf is not None:
            printed |= inline(given.leaf)
        elif given.kind in furniture:
            printed["data"] = furniture[given.kind]
        if given.kind == "list":
            printed |= {"items": [inline(leaf) for leaf in given.items], "ordered": given.ordered}
        elif given.kind == "table":
            printed["rows"] = [[inline(cell) | {"header": header} for cell, header in row] for row in given.rows]
        elif given.kind == "live_entry":
            printed |= {"time": given.time, "blocks": [block(inner) for inner in given.blocks]}
        elif given.kind == "figure":
            printed["alt"] = given.alt or ""
            for name, leaf in (("caption", given.caption), ("credit", given.credit)):
                printed[name] = None if leaf is None else inline(leaf)
        if given.kind != "figure" and given.leaf is None:
            printed["text"] = " ".join(leaf.text for leaf in given.leaves()).replace("\n", " ")
        return printed

    printed = {number: block(given) for number, given in enumerate(take.blocks)}
    opening = {
        given.kind: printed[number]
        for number, given in enumerate(take.blocks)
        if given.kind in ("headline", "standfirst")
    }
    blocks = [
        printed[number] for number, given in enumerate(take.blocks) if given.kind not in ("headline", "standfirst")
    ]
    return {
        "outlet": outlet,
        "site": site,
        "f": furniture,
        "page": _page(take, outlet, catalogue, view),
        "headline": opening.get("headline"),
        "standfirst": opening.get("standfirst"),
        "blocks": blocks if view == READER else place_furniture(take.id, blocks, outlet),
        "body_text": body_text(take),
        "teasers": _teasers(take, catalogue, entries, same_story=False),
        "takes": _teasers(take, catalogue, entries, same_story=True) if view == READER else [],
    }


def body_text(take: Take) -> str:
    """Give the article's plain text without headline, standfirst and furniture, a blank line between blocks."""
    skipped = ("headline", "standfirst", "caption", "credit", "social_embed", "pull_quote")
    blocks = (
        " ".join(leaf.text for leaf in block.leaves() if leaf.segment not in skipped)
        for block in take.blocks
        if block.kind not in SLOTS
    )
    return "\n\n".join(text.replace("\n", " ") for text in blocks if text)


def print_date(take: Take, form: str) -> str:
    """Print a take's day and hour in an outlet's form, with English names whatever the locale."""
    day = datetime.date.fromisoformat(take.published)
    printed = form.format(
        day=day.day, day2=f"{day.day:02}", month=day.month, month2=f"{day.month:02}", year=day.year,
        month_name=_MONTHS[day.month - 1], month_abbr=_MONTHS[day.month - 1][:3], weekday=_WEEKDAYS[day.weekday()],
        time=take.time or "",
    )  # fmt: skip
    return printed if take.time else printed.strip(" ,|·–—-")


def _page(take: Take, outlet: dict, catalogue: Catalogue, view: str) -> dict:
    words = sum(len(leaf.text.split()) for leaf in take.leaves)
    authors = outlet.get("authors") or {}
    author = authors.get(take.byline) if take.byline else None
    byline = (outlet.get("byline_format") or "{name}").format(name=take.byline) if take.byline else ""
    return {
        "id": take.id, "url": page_url(take, catalogue), "section": take.section, "genre": take.genre,
        "language": take.language, "headline": take.headline, "standfirst": take.standfirst, "byline": byline,
        "author": {"name": take.byline, "role": "", "bio": ""} | author if isinstance(author, dict) else None,
        "published": take.published, "time": take.time or "", "tags": list(take.tags),
        "date": print_date(take, str(outlet.get("date_format") or "{day} {month_name} {year}")),
        "comments": [dict(comment) for comment in take.comments], "view": view,
        "minutes": max(1, round(words / WORDS_A_MINUTE)),
    }  # fmt: skip


def _teasers(take: Take, catalogue: Catalogue, entries: Iterable[TakeEntry], *, same_story: bool) -> list[dict]:
    """Choose takes by a hash of both ids, so that the choice changes little when takes are added."""
    fitting = [
        entry
        for entry in entries
        if entry.id != take.id
        and (entry.story == take.story) == same_story
        and (not same_story or entry.outlet != take.outlet)
    ]
    fitting.sort(key=lambda entry: hashlib.sha256(f"{take.id} {entry.id}".encode()).digest())
    chosen = []
    for entry in fitting[: None if same_story else TEASERS]:
        outlet = catalogue.outlets.get(entry.outlet) or {}
        chosen.append({
            "headline": entry.headline, "standfirst": entry.standfirst, "section": entry.section, "url": entry.url,
            "outlet": outlet.get("name") or entry.outlet, "country": outlet.get("country_name") or "",
            "published": entry.published,
        })  # fmt: skip
    return chosen
