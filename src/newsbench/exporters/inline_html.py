"""Inline HTML: ``<page>.html`` a page, its text escaped inside ``<pre id="text">`` with marked ``<span>``.

A span has ``data-span``, which all its pieces share (spans that cross are closed and opened again), and either
``data-segment`` (the type), or ``data-attribution``, ``data-element`` and ``data-fragment`` (which fragment of the
element). Labels of attributions, sources, topics, story, outlet, language and printed metadata stand as JSON in
``<script type="application/json" id="newsbench">``. The text is that of the ``<pre>``, carriage returns as character
references; a line feed that HTML drops after ``<pre>`` is written before it.

Not carried, and counted: the character U+0000, which becomes U+FFFD.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from newsbench.exporters.base import LAYERS, facts_of, features_of, page_from, prepare
from newsbench.pagetable import SPAN_FIELDS
from newsbench.problems import InputError, Problem
from newsbench.types import Page, Segment, Topic

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
pre {{ white-space: pre-wrap; font: 1rem/1.5 serif; max-width: 50rem; margin: 2rem auto; }}
[data-segment] {{ box-shadow: -3px 0 #bbb; }}
[data-element=content] {{ background: #fff3b0; }}
[data-element=source] {{ background: #cfe8ff; }}
[data-element=cue] {{ background: #d8f5d0; }}
</style>
<script type="application/json" id="newsbench">{data}</script>
</head>
<body>
<pre id="text">
"""
_FOOT = "</pre>\n</body>\n</html>\n"


def write(pages: Iterable[Page], folder: Path, *, layers: Sequence[str] = LAYERS) -> Counter[str]:
    """Write pages as HTML and return what was left behind."""
    losses: Counter[str] = Counter()
    for page in prepare(pages, layers, carried=LAYERS, losses=losses):
        losses["characters U+0000"] += page.text.count("\0")
        (folder / f"{page.id}.html").write_text(_html(page), encoding="utf-8", newline="")
    return losses


def _html(page: Page) -> str:
    data = {
        **facts_of(page),
        "attributions": [features_of(attribution) for attribution in page.attributions or ()],
        "topics": [{"code": topic.code, "primary": topic.primary} for topic in page.topics or ()],
    }
    # Inside <script> nothing is unescaped: no "<" may stand there.
    plain = json.dumps(data).replace("<", "\\u003c")
    head = _HEAD.format(title=escape(page.id), data=plain)
    return head + "".join(_marked(page.text, list(_marks(page)))) + _FOOT


def _marks(page: Page) -> Iterator[tuple[int, int, str]]:
    """Yield the spans of a page with the attributes of their tags."""
    number = 0
    for start, end, kind in page.segments or ():
        number += 1
        yield start, end, f'data-span="s{number}" data-segment="{escape(kind)}"'
    for attribution in page.attributions or ():
        for name in SPAN_FIELDS:
            for at, (start, end) in enumerate(getattr(attribution, name)):
                number += 1
                owner = f'data-attribution="{escape(attribution.id)}" data-element="{name}" data-fragment="{at}"'
                yield start, end, f'data-span="s{number}" {owner}'


def _marked(text: str, marks: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    """Yield the escaped text with tags: at each edge what ends is closed, and what it closed too early opened again."""
    opening: dict[int, list[int]] = defaultdict(list)
    for number, (start, _, _) in enumerate(marks):
        opening[start].append(number)
    edges = sorted({0, len(text), *(mark[0] for mark in marks), *(mark[1] for mark in marks)})
    stack: list[int] = []
    for at, following in zip(edges, [*edges[1:], len(text)], strict=True):
        ending = [place for place, number in enumerate(stack) if marks[number][1] <= at]
        reopened: list[int] = []
        if ending:
            above = stack[ending[0] :]
            yield "</span>" * len(above)
            del stack[ending[0] :]
            reopened = [number for number in above if marks[number][1] > at]
        # Longer spans outside: fewer of them have to be closed early.
        for number in sorted([*reopened, *opening[at]], key=lambda number: (-marks[number][1], number)):
            yield f"<span {marks[number][2]}>"
            stack.append(number)
        yield escape(text[at:following], quote=False).replace("\r", "&#13;").replace("\0", "\ufffd")


class _Reader(HTMLParser):
    """Collects the text of the page, the places of its spans, and the JSON."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inside: str | None = None
        self.data: list[str] = []
        self.pieces: list[str] = []
        self.size = 0
        self.open: list[Mapping[str, str | None]] = []
        self.spans: dict[str, tuple[Mapping[str, str | None], int, int]] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if (tag, found.get("id")) in (("pre", "text"), ("script", "newsbench")):
            self.inside = tag
        elif tag == "span" and self.inside == "pre":
            self.open.append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = None
        elif tag == "span" and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.data.append(data)
        elif self.inside == "pre":
            if not self.size and not self.pieces:
                # The line feed after <pre> is none of the text.
                data = data.removeprefix("\n")
                self.pieces.append("")
            for attributes in self.open:
                name = attributes.get("data-span") or ""
                known = self.spans.get(name)
                start = known[1] if known else self.size
                self.spans[name] = attributes, start, self.size + len(data)
            self.pieces.append(data)
            self.size += len(data)


def read(folder: Path) -> Iterator[Page]:
    """Yield the pages of an exported folder in order of their ids.

    Errors: FileNotFoundError for a folder without .html files; InputError for a file without the JSON of an export.
    """
    files = sorted(folder.glob("*.html"))
    if not files:
        raise FileNotFoundError(f"no *.html in {folder}")
    for file in files:
        reader = _Reader()
        reader.feed(file.read_bytes().decode("utf-8"))
        reader.close()
        if not reader.data:
            raise InputError([Problem(file.name, None, "", 'no <script id="newsbench">: not written by this export')])
        yield _page_of(reader)


def _page_of(reader: _Reader) -> Page:
    data: dict[str, Any] = json.loads("".join(reader.data))
    segments = []
    spans: dict[str, dict[str, dict[int, tuple[int, int]]]] = defaultdict(lambda: defaultdict(dict))
    for attributes, start, end in reader.spans.values():
        if kind := attributes.get("data-segment"):
            segments.append(Segment(start, end, kind))
        else:
            element = spans[attributes["data-attribution"] or ""][attributes["data-element"] or ""]
            element[int(attributes["data-fragment"] or 0)] = start, end
    attributions = [
        (row, {name: [found[at] for at in sorted(found)] for name, found in spans[row["id"]].items()})
        for row in data["attributions"]
    ]
    topics = [Topic(row["code"], row["primary"]) for row in data["topics"]]
    return page_from(data, "".join(reader.pieces), segments=sorted(segments), attributions=attributions, topics=topics)
