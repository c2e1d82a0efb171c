"""From an annotator's shorthand to the marked-up document of a layer, or of the gold."""

from __future__ import annotations

import copy
import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from newsbench.corpus.notation import Marked, Notation, Span
from newsbench.corpus.take import Leaf, Take

WIDTH = 118
# Which of two elements over the same words stands outside.
_RANK = {"content": 0, "medium": 1, "addressee": 2, "source": 3, "cue": 4, "hedge": 5, "quoted": 6, "head": 7}
# Values of attributes, as `quoteattr` writes them, and what stands for a blank in them while lines are broken.
_VALUE = re.compile(r"""(?<==)"[^"<>]*"(?=[\s/>])|(?<==)'[^'<>]*'(?=[\s/>])""")
_HELD = "\U000f0000"
_SKIPPED = ("sources", "topics", "attributions")


def write_layer(take: Take, notation: Notation, *, gold: bool = False) -> str:
    """Write the document of `take` with the marks of `notation`; attributions are numbered in order of the page.

    What the notes say of the page (genre, aspect, places) stands in its attributes; places in a layer alone, since
    those of the gold are the story's.
    """
    numbers = _numbers(notation)
    marks = _marks_by_leaf(notation, numbers)
    root = take.root
    attributes = dict(root.attrib) | notation.page
    if gold:
        attributes.pop("places", None)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines += _wrap("<page" + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items()) + ">", 0)
    leaves = iter(take.leaves)
    for child in root:
        if child.tag in _SKIPPED:
            continue
        if child.tag == "article":
            lines += _head(notation)
            lines.append("  <article>")
            for block in child:
                lines += _block(block, leaves, marks, 4)
            lines.append("  </article>")
        else:
            lines += _plain(child)
    lines.append("  <attributions>")
    for marked in sorted(notation.attributions.values(), key=lambda marked: int(numbers[marked.id][1:])):
        lines += _wrap(_attribution(marked, numbers), 4)
    lines += ["  </attributions>", "</page>", ""]
    return "\n".join(lines)


def _numbers(notation: Notation) -> dict[str, str]:
    def first(marked: Marked) -> tuple:
        spans = marked.spans["content"] or marked.spans["cue"] or [span for s in marked.spans.values() for span in s]
        leaf, start, end = min(spans, default=(0, 0, 0))
        return leaf, start, -end

    ordered = sorted(notation.attributions.values(), key=first)
    return {marked.id: f"a{number}" for number, marked in enumerate(ordered, 1)}


def _marks_by_leaf(notation: Notation, numbers: dict[str, str]) -> dict[int, list[tuple[int, int, str, str]]]:
    """Give (start, end, role, of) by leaf; one stretch in one role for several attributions is one mark."""
    gathered: dict[tuple[Span, str], list[str]] = {}
    for marked in notation.attributions.values():
        for role, spans in marked.spans.items():
            for span in spans:
                of = gathered.setdefault((span, role), [])
                if numbers[marked.id] not in of:
                    of.append(numbers[marked.id])
    by_leaf: dict[int, list[tuple[int, int, str, str]]] = {}
    for ((leaf, start, end), role), of in gathered.items():
        names = " ".join(sorted(of, key=lambda name: int(name[1:])))
        by_leaf.setdefault(leaf, []).append((start, end, role, names))
    return by_leaf


def _head(notation: Notation) -> list[str]:
    lines = ["  <sources>"]
    for name, source in notation.sources.items():
        shown = "".join(f" {key}={quoteattr(value)}" for key, value in source.items() if value)
        lines += _wrap(f"<source id={quoteattr(name)}{shown}/>", 4)
    lines += ["  </sources>", "  <topics>"]
    for number, code in enumerate(notation.topics):
        lines.append(f"    <topic code={quoteattr(code)}{'' if number else ' primary=' + quoteattr('true')}/>")
    return [*lines, "  </topics>"]


def _attribution(marked: Marked, numbers: dict[str, str]) -> str:
    features = dict(marked.features)
    if features.get("parent") in numbers:
        features["parent"] = numbers[features["parent"]]
    shown = "".join(f" {key}={quoteattr(value)}" for key, value in features.items())
    of = quoteattr(" ".join(marked.sources))
    return f"<attribution id={quoteattr(numbers[marked.id])} form={quoteattr(marked.form)} source={of}{shown}/>"


def _block(element, leaves, marks, depth: int) -> list[str]:
    """Write one block; elements that hold text directly are leaves, in the order in which `read_take` counts them."""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in element.attrib.items())
    if element.tag in ("list", "table", "tr", "live_entry", "figure"):
        inner = [line for child in element for line in _block(child, leaves, marks, depth + 2)]
        if not inner:
            return _wrap(f"<{element.tag}{attributes}/>", depth)
        return [*_wrap(f"<{element.tag}{attributes}>", depth), *inner, " " * depth + f"</{element.tag}>"]
    if not "".join(element.itertext()).strip():
        return _wrap(f"<{element.tag}{attributes}/>", depth)
    leaf = next(leaves)
    return _wrap(f"<{element.tag}{attributes}>{_inline(leaf, marks.get(leaf.number, []))}</{element.tag}>", depth)


def _inline(leaf: Leaf, marks: list[tuple[int, int, str, str]]) -> str:
    """Nest marks and inline markup; of two marks that cross, the later is written in two pieces that touch.

    Markup is never cut, since the page shows it: a mark that crosses it is.
    """
    waiting = [
        (start, end, _RANK[role], role, of)
        for first, last, role, of in marks
        for start, end in _cut(first, last, leaf.markup)
    ]
    waiting += [(start, end, 9, tag, "") for start, end, tag in leaf.markup]
    waiting.sort(key=lambda mark: (mark[0], -mark[1], mark[2]), reverse=True)
    out: list[str] = []
    opened: list[tuple[int, str, str]] = []  # (end, tag, of), outer before inner
    position = 0

    def text_to(place: int) -> None:
        nonlocal position
        out.append(escape(leaf.text[position:place]).replace("\n", "<br/>"))
        position = place

    while waiting or opened:
        if opened and (not waiting or opened[-1][0] <= waiting[-1][0]):
            end, tag, _ = opened.pop()
            text_to(end)
            out.append(f"</{tag}>")
            continue
        start, end, rank, tag, of = waiting.pop()
        text_to(start)
        if opened and end > opened[-1][0]:
            cut = opened[-1][0]
            rest = (cut, end, rank, tag, of)
            waiting.append(rest)
            waiting.sort(key=lambda mark: (mark[0], -mark[1], mark[2]), reverse=True)
            end = cut
        out.append(_open(tag, of, opened))
        opened.append((end, tag, of))
    text_to(len(leaf.text))
    return "".join(out)


def _cut(start: int, end: int, markup: Sequence[tuple[int, int, str]]) -> Iterator[tuple[int, int]]:
    """Give a stretch in the pieces that cross no inline markup."""
    crossed = {first for first, last, _ in markup if start < first < end < last}
    crossed |= {last for first, last, _ in markup if first < start < last < end}
    edges = [start, *sorted(crossed), end]
    yield from pairwise(edges)


def _open(tag: str, of: str, opened: list[tuple[int, str, str]]) -> str:
    if tag not in _RANK:
        return f"<{tag}>"
    if tag == "head":
        around = next((names for _, name, names in reversed(opened) if name == "cue"), None)
        if around == of:
            return "<head>"
    return f"<{tag} of={quoteattr(of)}>"


def _plain(element) -> list[str]:
    from lxml import etree

    shown = copy.deepcopy(element)
    shown.tail = None
    etree.indent(shown, "  ", level=1)
    return ["  " + etree.tostring(shown, encoding="unicode")]


def _wrap(text: str, depth: int) -> list[str]:
    """Break lines at blanks, but not within the values of attributes, of which the blanks are a part."""
    held = _VALUE.sub(lambda match: match.group().replace(" ", _HELD), text)
    lines = textwrap.wrap(
        held, WIDTH, initial_indent=" " * depth, subsequent_indent=" " * (depth + 2), break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(_HELD, " ") for line in lines]
