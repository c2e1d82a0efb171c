"""What an outlet's site does from page to page: furniture between paragraphs, and markup that is not in order.

Every decision is drawn from a hash of the page's id, so that the same sources give the same pages, and adding a page
changes no other.
"""

from __future__ import annotations

import hashlib
import json
import re

from newsbench.corpus.problems import Report
from newsbench.corpus.take import SLOTS

BREAKAGE = ("nul", "unclosed", "misnested", "truncated", "bloat")
LEAST_PARAGRAPHS = 3  # before the first and between two pieces of furniture that the site sets by itself
MOST_NULS = 4
BLOAT = 1_150_000  # characters of state that a page of over a megabyte carries

# An end tag that the parser supplies by itself where the next tag opens a block or closes the list.
_CLOSED_ANYWAY = re.compile(
    r"</p>(?=\s*<(?:p|div|ul|ol|table|h[1-6]|figure|section|aside|blockquote)\b)|</li>(?=\s*(?:<li\b|</[uo]l>))"
)
_PARAGRAPH_END = re.compile(r"</p>")
_BLOCK_END = re.compile(r"</(?:p|div)>")
_TAIL = re.compile(r"(?:\s*</(?:div|main|section|article|footer|center|td|tr|tbody|table|body|html)>)+\s*\Z")


def chance(*parts: object) -> float:
    """Draw a number from [0, 1) by a hash of `parts`."""
    digest = hashlib.sha256(" ".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def check_habits(outlet: dict, report: Report) -> None:
    """Check an outlet's `habits`: kinds it has furniture for, chances between 0 and 1."""
    habits = outlet.get("habits", {})
    if not isinstance(habits, dict) or set(habits) - {"inside", "broken"}:
        report.add(0, f"habits is read as {habits!r}; it must be a mapping with inside and broken, each optional")
        return
    furniture = outlet.get("furniture") or {}
    for name, allowed in (("inside", SLOTS), ("broken", BREAKAGE)):
        found = habits.get(name) or {}
        if not isinstance(found, dict):
            report.add(0, f"habits.{name} must be a mapping of kinds to chances")
            continue
        for kind, value in found.items():
            if kind not in allowed:
                report.add(0, f"habits.{name} holds {kind!r}; allowed are {', '.join(sorted(allowed))}")
            elif name == "inside" and kind not in furniture:
                report.add(0, f"habits.inside holds {kind!r}, and the outlet has no furniture of this name")
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
                report.add(0, f"habits.{name}.{kind} is {value!r}; it must be a number from 0 to 1")


def place_furniture(page: str, blocks: list[dict], outlet: dict) -> list[dict]:
    """Set the site's own furniture between the paragraphs of an article, as `habits.inside` gives the chances.

    A kind that the article holds already is left alone. Nothing is set before the third paragraph, after the last one,
    or beside other furniture.
    """
    chances = (outlet.get("habits") or {}).get("inside") or {}
    furniture = outlet.get("furniture") or {}
    present = {block["kind"] for block in blocks}
    wanted = [
        kind for kind, value in chances.items()
        if kind not in present and furniture.get(kind) and chance(page, "inside", kind) < value
    ]  # fmt: skip
    placed = list(blocks)
    for kind in sorted(wanted, key=lambda kind: chance(page, "order", kind)):
        free = [at for at in range(1, len(placed)) if _is_free(placed, at)]
        if free:
            at = free[int(chance(page, "place", kind) * len(free))]
            placed.insert(at, {"kind": kind, "html": "", "text": "", "index": 0, "data": furniture[kind]})
    return placed


def _is_free(blocks: list[dict], at: int) -> bool:
    if blocks[at - 1]["kind"] != "paragraph" or blocks[at]["kind"] not in ("paragraph", "subheading"):
        return False
    around = blocks[max(0, at - LEAST_PARAGRAPHS) : at + LEAST_PARAGRAPHS]
    before = sum(block["kind"] == "paragraph" for block in blocks[:at])
    return before >= LEAST_PARAGRAPHS - 1 and not any(block["kind"] in SLOTS for block in around)


def break_markup(page: str, html: str, outlet: dict, teasers: list[dict]) -> str:
    """Put a page's HTML out of order, as `habits.broken` gives the chances; what a browser shows stays the same.

    `nul`: NUL bytes between paragraphs. `unclosed`: end tags left out. `misnested`: stray and crossing tags.
    `truncated`: the end of the document is missing. `bloat`: a megabyte of state in a script.
    """
    chances = (outlet.get("habits") or {}).get("broken") or {}
    wanted = {kind for kind, value in chances.items() if chance(page, "broken", kind) < value}
    if "unclosed" in wanted:
        html = _thin(html, _CLOSED_ANYWAY, page, "unclosed", share=0.6, new="")
        html = _thin(html, _PARAGRAPH_END, page, "span", share=0.3, new="<span></p>")
    if "misnested" in wanted:
        html = _thin(html, _PARAGRAPH_END, page, "stray", share=0.15, new="</font></p><b><i></b></i></tt>")
    if "nul" in wanted:
        ends = [match.end() for match in _BLOCK_END.finditer(html)]
        ends.sort(key=lambda end: chance(page, "nul", end))
        for end in sorted(ends[: 1 + int(chance(page, "nuls") * MOST_NULS)], reverse=True):
            html = f"{html[:end]}\0{html[end:]}"
    if "bloat" in wanted:
        html = html.replace("</head>", f"<script>window.__FEED__={_feed(teasers)}</script>\n</head>", 1)
    if "truncated" in wanted:
        html = _TAIL.sub("\n", html)
    return html


def _thin(html: str, pattern: re.Pattern, page: str, key: str, *, share: float, new: str) -> str:
    return pattern.sub(lambda match: new if chance(page, key, match.start()) < share else match.group(), html)


def _feed(teasers: list[dict]) -> str:
    """Give a long list of the site's items, as feeds that are delivered with each page hold them."""
    items, size = [], 0
    while size < BLOAT:
        number = len(items)
        teaser = teasers[number % len(teasers)] if teasers else {"headline": "", "url": ""}
        item = {
            "id": number, "kind": "teaser", "t": teaser["headline"], "u": teaser["url"], "rank": number * 7919 % 1000,
            "flags": {"video": False, "paid": number % 3 == 0}, "img": None,
        }  # fmt: skip
        items.append(item)
        size += len(teaser["headline"]) + len(teaser["url"]) + 100
    return json.dumps(items).replace("</", "<\\/")
