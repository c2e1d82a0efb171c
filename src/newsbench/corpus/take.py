"""A take: one article as its source file gives it, in blocks of inline text with the pieces of annotation in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SEGMENT_OF = {
    "headline": "headline", "standfirst": "standfirst", "p": "paragraph", "subheading": "subheading",
    "li": "list_item", "quote": "quotation_block", "pull_quote": "pull_quote", "question": "question",
    "correction": "correction", "dateline": "dateline", "social": "social_embed", "caption": "caption",
    "credit": "credit",
}  # fmt: skip
SLOTS = frozenset(
    "related newsletter advertisement app_promotion subscription share player poll_widget live_ticker weather_markets "  # noqa: SIM905
    "sponsored most_read".split()
)
MARKUP = frozenset(("em", "strong", "a"))

_BREAK = "\x0b"  # stands for <br/>; XML cannot hold it
_WHITE = re.compile(f"[ \t\r\n]*{_BREAK}[ \t\r\n{_BREAK}]*|[ \t\r\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """An annotated stretch `[start, end)` of one leaf's text, without white space at its ends."""

    role: str
    of: tuple[str, ...]
    leaf: int
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """One element of inline text: white space collapsed, `br` as a line feed; `number` counts the leaves of a take.

    `markup` holds (start, end, tag) in document order, outer before inner. `segment` is the type it must stand under.
    """

    number: int
    element: str
    segment: str
    text: str
    markup: tuple[tuple[int, int, str], ...]
    pieces: tuple[Piece, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the article, in page order; which fields are filled depends on `kind`."""

    kind: str
    line: int
    leaf: Leaf | None = None
    items: tuple[Leaf, ...] = ()
    rows: tuple[tuple[tuple[Leaf, bool], ...], ...] = ()  # (cell, whether a header)
    blocks: tuple[Block, ...] = ()
    ordered: bool = False
    time: str | None = None
    alt: str | None = None
    caption: Leaf | None = None
    credit: Leaf | None = None

    def leaves(self) -> Iterator[Leaf]:
        """Give the leaves of the block in order."""
        if self.leaf is not None:
            yield self.leaf
        yield from self.items
        yield from (cell for row in self.rows for cell, _ in row)
        for block in self.blocks:
            yield from block.leaves()
        yield from (leaf for leaf in (self.caption, self.credit) if leaf is not None)


@dataclass(frozen=True)
class Take:
    """A source page; `root` is its XML, from which the annotation is read."""

    path: Path
    id: str
    story: str
    outlet: str
    language: str
    published: str
    genre: str
    time: str | None
    aspect: str | None
    section: str
    view: str | None
    template: str | None
    byline: str | None
    tags: tuple[str, ...]
    comments: tuple[dict[str, str], ...]
    blocks: tuple[Block, ...]
    root: object

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves of all blocks in page order; `leaves[i].number == i`."""
        return tuple(leaf for block in self.blocks for leaf in block.leaves())

    @cached_property
    def headline(self) -> str:
        """The headline as plain text."""
        return self._plain("headline")

    @cached_property
    def standfirst(self) -> str:
        """The standfirst as plain text, empty where there is none."""
        return self._plain("standfirst")

    def _plain(self, kind: str) -> str:
        found = [block.leaf.text for block in self.blocks if block.kind == kind and block.leaf is not None]
        return found[0].replace("\n", " ") if found else ""


def read_take(root, path: Path) -> Take:
    """Read a page element that fits the grammar (lxml element) into a `Take`."""
    article = root.find("article")
    number = 0

    def leaf(element, segment: str) -> Leaf:
        nonlocal number
        number += 1
        return _read_leaf(element, number - 1, segment)

    def block(element) -> Block:
        tag, line = element.tag, element.sourceline
        if tag == "list":
            items = tuple(leaf(item, "list_item") for item in element)
            return Block("list", line, items=items, ordered=element.get("ordered") == "true")
        if tag == "table":
            rows = tuple(tuple((leaf(cell, "table"), cell.tag == "th") for cell in row) for row in element)
            return Block("table", line, rows=rows)
        if tag == "live_entry":
            inner = tuple(Block("paragraph", child.sourceline, leaf=leaf(child, "live_entry")) for child in element)
            return Block("live_entry", line, blocks=inner, time=element.get("time"))
        if tag == "figure":
            caption, credit = element.find("caption"), element.find("credit")
            return Block(
                "figure",
                line,
                alt=element.get("alt"),
                caption=None if caption is None else leaf(caption, "caption"),
                credit=None if credit is None else leaf(credit, "credit"),
            )
        segment = SEGMENT_OF.get(tag, tag)
        empty = tag in SLOTS and not "".join(element.itertext()).strip()
        return Block(segment, line, leaf=None if empty else leaf(element, segment))

    blocks = tuple(block(element) for element in article)
    comments = tuple(
        {
            "author": c.get("author"),
            "date": c.get("date") or "",
            "votes": c.get("votes") or "",
            "text": _plain(c),
        }
        for c in root.iterfind("comments/comment")
    )
    byline = root.find("byline")
    return Take(
        path=path, id=root.get("id"), story=root.get("story"), outlet=root.get("outlet"),
        language=root.get("language"), published=root.get("published"), genre=root.get("genre"),
        time=root.get("time"), aspect=root.get("aspect"), section=root.get("section") or "", view=root.get("view"),
        template=root.get("template"), byline=None if byline is None else _plain(byline),
        tags=tuple(_plain(tag) for tag in root.iterfind("tags/tag")), comments=comments, blocks=blocks, root=root,
    )  # fmt: skip


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Take white space (no-break spaces too) off the ends of a stretch; empty where there is nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _plain(element) -> str:
    return " ".join(re.split("[ \t\r\n]+", "".join(element.itertext()).strip(" \t\r\n")))


def _read_leaf(element, number: int, segment: str) -> Leaf:
    raw: list[str] = []
    size = 0
    opened: list[tuple[object, int, int]] = []  # (element, raw start, raw end), outer before inner

    def add(text: str | None) -> None:
        nonlocal size
        if text:
            raw.append(text)
            size += len(text)

    def walk(parent) -> None:
        add(parent.text)
        for child in parent:
            if child.tag == "br":
                add(_BREAK)
            else:
                slot = len(opened)
                opened.append((child, size, size))
                walk(child)
                opened[slot] = (child, opened[slot][1], size)
            add(child.tail)

    walk(element)
    text, places = _collapse("".join(raw))
    markup, pieces = [], []
    for child, raw_start, raw_end in opened:
        start, end = trim(text, places[raw_start], places[raw_end])
        if child.tag in MARKUP:
            if start < end:
                markup.append((start, end, child.tag))
        else:
            of = child.get("of") or _of_cue(child)
            pieces.append(Piece(child.tag, tuple(of.split()), number, start, end, child.sourceline))
    return Leaf(number, element.tag, segment, text, tuple(markup), tuple(pieces), element.sourceline)


def _of_cue(head) -> str:
    """Give what the cue around a `head` belongs to; empty where there is none."""
    cue = next(head.iterancestors("cue"), None)
    return "" if cue is None else cue.get("of") or ""


def _collapse(raw: str) -> tuple[str, list[int]]:
    """Collapse white space; give the text and, for each place in `raw` and its end, the place in the text."""
    body = raw.rstrip(" \t\r\n" + _BREAK)
    pieces: list[str] = []
    places: list[int] = []
    size = position = 0
    for match in _WHITE.finditer(body):
        kept = body[position : match.start()]
        pieces.append(kept)
        places.extend(range(size, size + len(kept)))
        size += len(kept)
        places.extend([size] * len(match.group()))
        if size:  # white space at the very beginning goes
            breaks = match.group().count(_BREAK)
            white = "\n" * breaks or " "
            pieces.append(white)
            size += len(white)
        position = match.end()
    rest = body[position:]
    pieces.append(rest)
    places.extend(range(size, size + len(rest)))
    size += len(rest)
    places.extend([size] * (len(raw) - len(body) + 1))
    return "".join(pieces), places
