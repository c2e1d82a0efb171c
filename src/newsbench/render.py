"""HTML to the text that a browser shows, with the element that each stretch of it came from.

The text is that of `innerText` (HTML Standard, "the innerText getter"), with differences in white space alone: headings
are set off by blank lines as paragraphs are, table rows count as blocks, a tab between two cells gives way to a line
break where a cell holds blocks of its own, and a `br` next to the edge of a block adds no line to it.

Left out is what is not shown: `script`, `style`, `template`, `noscript`, `head` and the like, the `hidden` attribute,
`display: none` and `visibility: hidden` in a `style` attribute or in a simple rule of the page's own `<style>` (see
`stylesheet`), `dialog` and `details` that are closed (a `summary` shows), the fallback content of `iframe`, `video`,
`canvas`, `object`; and elements that carry `data-hidden`. The options of a `select` show, one a line; what stands in an
`input` or `textarea` does not. No script runs, no other file is loaded.

Characters are never changed: no Unicode normalisation; soft hyphens, no-break spaces, zero-width characters stay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from newsbench.stylesheet import Element, Stylesheet
from newsbench.textflow import Field, Label, Run, TextFlow

HIDDEN = frozenset(
    "area audio base basefont canvas datalist embed head iframe img input link meta metadata noembed "  # noqa: SIM905
    "noframes noscript object param picture rp script source style template textarea title track video".split()
)
PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6".split())  # noqa: SIM905
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt "  # noqa: SIM905
    "fieldset figcaption figure footer form frameset header hgroup hr html legend li listing main "
    "menu nav ol optgroup option plaintext pre search section summary table tbody tfoot thead tr ul xmp".split()
)
INLINE_BLOCKS = frozenset("button marquee meter progress select".split())  # noqa: SIM905
PREFORMATTED = frozenset("listing plaintext pre xmp".split())  # noqa: SIM905
SVG_HIDDEN = frozenset(
    [
        "clippath",
        "defs",
        "desc",
        "filter",
        "lineargradient",
        "marker",
        "mask",
        "pattern",
        "radialgradient",
        "symbol",
    ]
)

_DISPLAY = {
    "none": "none", "inline": "inline", "contents": "inline", "ruby": "inline",
    "inline-block": "inline-block", "inline-flex": "inline-flex", "inline-grid": "inline-flex",
    "inline-table": "inline-block", "table-cell": "cell",
    "block": "block", "flow-root": "block", "list-item": "block", "flex": "flex", "grid": "flex", "table": "block",
    "table-row": "row", "table-row-group": "block", "table-header-group": "block", "table-footer-group": "block",
    "table-caption": "block", "-webkit-box": "flex",
}  # fmt: skip
_KEEPS_LINES = {"pre": "pre", "pre-wrap": "pre", "break-spaces": "pre", "pre-line": "lines"}
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a page shows.

    `runs` cover every non-blank character of `text` in order, begin and end with one, and never touch with the same
    label. `marks` gives the place in `text` of each mark (a code point of plane 15), where marks were asked for.
    """

    text: str
    runs: tuple[Run, ...]
    fields: tuple[Field, ...] = ()
    marks: dict[str, int] = field(default_factory=dict)


class _State(NamedTuple):
    """What an element hands down to its children."""

    label: Label | None
    visible: bool
    keep: str
    flex: bool
    svg: bool
    summary_only: bool


_START = _State(None, True, "", False, False, False)


def render(html: str, *, attribute: str = "data-segment", marks: bool = False) -> Rendered:
    """Render HTML to the text a browser shows, with runs labelled by the nearest element that has `attribute`.

    `html` is parsed as browsers parse it (Lexbor); lone surrogates become U+FFFD and NUL is dropped, as there. With
    `marks`, code points U+F0000 to U+FFFFD are places, not characters: the renderer and the collapsing of white space
    treat them as not there, and `Rendered.marks` tells where they were. Iterative: depth is bounded by memory alone.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(_SURROGATES.sub("\ufffd", html))
    sheet = Stylesheet()
    for style in tree.css("style"):
        sheet.add(style.text())
    writer, fields = TextFlow(), []
    if tree.root is not None:
        _walk(tree.root, sheet, writer, fields, attribute, writer.write_marked if marks else writer.write)
    text = "".join(writer.pieces)
    return Rendered(text, _trim(text, writer.runs), _trim(text, fields), writer.marks)


def _walk(root, sheet: Stylesheet, writer: TextFlow, fields: list[Field], attribute: str, write) -> None:
    node, state = root, _START
    stack: list[tuple] = []
    path: list[Element] = []  # the elements of the stack, as selectors see them
    while True:
        tag = node.tag
        if tag == "-text":
            if state.visible and not state.svg and not state.summary_only:
                write(node.text_content or "", state.label, state.keep)
        elif tag == "br":
            if state.visible:
                writer.newline()
        elif tag[0] not in "-!" and tag not in HIDDEN:
            child = node.child
            attributes = node.attributes
            if child is not None or attributes:
                element = _describe(tag, attributes)
                entered = _enter(element, attributes, state, sheet, path, attribute)
                if entered is not None:
                    below, display = entered
                    name = attributes.get("data-meta")
                    before = _open(tag, display, writer)
                    if child is not None:
                        stack.append((node, state, tag, display, before, name, writer.size))
                        path.append(element)
                        node, state = child, below
                        continue
                    _close(tag, display, writer, before)
            elif tag in BLOCKS or tag in PARAGRAPHS or tag in ("td", "th"):
                display = _default_display(tag)
                _close(tag, display, writer, _open(tag, display, writer))
        following = node.next
        while following is None:
            if not stack:
                return
            node, state, tag, display, before, name, size = stack.pop()
            path.pop()
            _close(tag, display, writer, before)
            if name is not None:
                fields.append(Field(name, size, writer.size))
            if state.summary_only and tag == "summary":
                state = state._replace(summary_only=True, visible=False)
            following = node.next
        node = following


def _default_display(tag: str) -> str:
    if tag in ("td", "th"):
        return "cell"
    if tag == "tr":
        return "row"
    if tag in BLOCKS or tag in PARAGRAPHS:
        return "block"
    return "inline-block" if tag in INLINE_BLOCKS else "inline"


def _describe(tag: str, attributes: dict[str, str | None]) -> Element:
    if not attributes:
        return Element(tag, "", None, False)
    return Element(tag, attributes.get("class") or "", attributes.get("id"), "hidden" in attributes)


def _enter(
    element: Element,
    attributes: dict[str, str | None],
    state: _State,
    sheet: Stylesheet,
    path: list[Element],
    attribute: str,
) -> tuple[_State, str] | None:
    """Find what an element hands down and how it is displayed; None where it is not rendered at all."""
    tag = element.tag
    if "data-hidden" in attributes:
        return None
    if state.summary_only and tag != "summary":
        return None
    display = _default_display(tag)
    label, visible, keep, svg = state.label, state.visible, state.keep, state.svg
    if tag in PREFORMATTED:
        keep = "pre"
    if attribute in attributes:
        label = Label(attributes[attribute] or "")
    if element.hidden or (tag == "dialog" and "open" not in attributes):
        display = "none"
    inline = attributes.get("style") or ""
    styles = sheet.style(element, path, inline) if sheet or inline else {}
    taken_out = False
    if styles:
        display = _DISPLAY.get(styles.get("display", ""), display)
        if "visibility" in styles:
            visible = styles["visibility"] in ("visible", "initial") or (styles["visibility"] == "inherit" and visible)
        if "white-space" in styles:
            keep = _KEEPS_LINES.get(styles["white-space"], "")
        taken_out = styles.get("float") in ("left", "right") or styles.get("position") in (
            "absolute",
            "fixed",
        )
    if display == "none":
        return None
    if (state.flex or taken_out) and display in ("inline", "inline-block", "inline-flex"):
        display = "flex" if display == "inline-flex" else "block"
    if tag == "svg":
        svg = True
    elif svg:
        if tag.lower() in SVG_HIDDEN:
            return None
        svg = tag.lower() not in ("text", "foreignobject")
    closed = tag == "details" and "open" not in attributes
    return _State(label, visible, keep, display in ("flex", "inline-flex"), svg, closed), display


def _open(tag: str, display: str, writer: TextFlow) -> tuple[bool, bool, int, bool] | None:
    """Write the white space that an element's start calls for; give what its end needs to know."""
    if tag == "p" or (tag in PARAGRAPHS and display in ("block", "flex")):
        writer.block(2)
    elif display in ("block", "flex"):
        writer.block(1)
    elif display == "row":
        writer.block(1)
        writer.tabs = -1  # the first cell has no tab before it
    elif display == "cell":
        writer.tabs += 1
        writer.space, writer.empty = False, True
    elif display in ("inline-block", "inline-flex"):
        before = (writer.space, writer.empty, writer.size, True)
        writer.empty = True
        return before
    return None


def _close(tag: str, display: str, writer: TextFlow, before: tuple[bool, bool, int, bool] | None) -> None:
    if tag == "p" or (tag in PARAGRAPHS and display in ("block", "flex")):
        writer.block(2)
    elif display in ("block", "flex", "row"):
        writer.block(1)
        writer.tabs = 0
    elif display == "cell":
        writer.space, writer.empty = False, True
    elif before is not None:
        if writer.size == before[2]:
            writer.space, writer.empty = before[0], before[1]
        else:
            writer.space = writer.empty = False


def _trim(text: str, stretches: list) -> tuple:
    """Take white space off the ends of runs or fields; a run of nothing else goes, a field stays as an empty one."""
    trimmed = []
    for stretch in stretches:
        piece = text[stretch.start : stretch.end]
        start = stretch.start + len(piece) - len(piece.lstrip())
        end = max(start, stretch.start + len(piece.rstrip()))
        if start < end or isinstance(stretch, Field):
            trimmed.append(stretch._replace(start=start, end=end))
    return tuple(trimmed)
