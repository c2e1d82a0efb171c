"""PolNeAR's articles as pages, to put their figures beside a dataset's: `text/*.txt` and `attributions/*.ann`.

One annotator's file is read for each article, the first by name. The form of an attribution is not annotated there; it
is told by quotation marks: all of the content inside them is direct, some of it mixed, none indirect.
"""

from __future__ import annotations

import re
from pathlib import Path

from newsbench.types import Attribution, Page, Segment, Span

#: Figures of attributions for which nothing is annotated there.
NOT_ANNOTATED = (
    "form reported", "form free_indirect", "negated", "hypothetical", "hedged", "hearsay or alleged", "no comment",
    "with an addressee", "with a medium",
)  # fmt: skip
_QUOTED = re.compile(r"“[^”\n]*(?:”|$)|\"[^\"\n]*(?:\"|$)", re.M)
_SPAN = re.compile(r"(T\d+)\t\S+ ([\d; ]+)\t")
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\w+")


def read_polnear(folder: Path) -> list[Page]:
    """Return the articles below a folder that holds `text` and `attributions`, in order of name.

    Errors: FileNotFoundError that says what was expected.
    """
    texts = sorted(path for path in folder.rglob("*.txt") if path.parent.name == "text")
    if not texts:
        raise FileNotFoundError(f"no text/*.txt below {folder}: expected the layout of PolNeAR")
    pages = []
    for path in texts:
        found = sorted((path.parents[1] / "attributions").glob(f"{_escape(path.stem)}*.ann"))
        if found:
            text = path.read_text(encoding="utf-8")
            pages.append(_page(path.stem, text, found[0].read_text(encoding="utf-8")))
    return pages


def _escape(stem: str) -> str:
    return re.sub(r"([\[*?])", r"[\1]", stem)


def _page(name: str, text: str, standoff: str) -> Page:
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text) if m[0].strip()]
    segments = tuple(Segment(s, e, "paragraph" if at else "headline") for at, (s, e) in enumerate(lines))
    spans: dict[str, list[Span]] = {}
    attributions = []
    quoted = [(m.start(), m.end()) for m in _QUOTED.finditer(text)]
    events = []
    for line in standoff.splitlines():
        if (match := _SPAN.match(line)) is not None:
            parts = (part.split() for part in match[2].split(";"))
            spans[match[1]] = [Span(int(part[0]), int(part[1])) for part in parts]
        elif line.startswith("E") and "\t" in line:
            events.append([part.partition(":")[::2] for part in line.split("\t")[1].split()])
    for number, arguments in enumerate(events, 1):
        roles: dict[str, list[Span]] = {}
        for role, mark in arguments:
            roles.setdefault(role.rstrip("0123456789"), []).extend(spans.get(mark, []))
        content = tuple(sorted(roles.get("Content", [])))
        source, cue = (tuple(sorted(roles.get(role, []))) for role in ("Source", "Cue"))
        form = _form(text, content, quoted)
        attributions.append(Attribution(id=f"a{number}", content=content, source=source, cue=cue, form=form))
    return Page(id=name, text=text, segments=segments, attributions=tuple(attributions))


def _form(text: str, content: tuple[Span, ...], quoted: list[tuple[int, int]]) -> str:
    """Tell a content's form by how many of its words stand between quotation marks."""
    places = [start + word.start() for start, end in content for word in _WORD.finditer(text[start:end])]
    inside = sum(any(start < place < end for start, end in quoted) for place in places)
    if not inside:
        return "indirect"
    return "direct" if inside == len(places) else "mixed"
