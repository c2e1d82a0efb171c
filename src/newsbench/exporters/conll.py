"""CoNLL with BIO labels: one file a layer (``segments``, ``source``, ``cue``, ``content``), one token a line.

Columns, parted by tabs and named in the first line: the token, where it begins and ends in the page's text (code
points), the unit that its label belongs to (an attribution's id; ``_`` for segments and outside), the label. A page
begins with ``# page = <id>``; an empty line ends each line of the page's text. A label that goes on after a line end
goes on with ``I-``; fragments of one element have ``B-`` each and share a unit.

Tokens do not depend on the labels: a run of letters, digits and marks, or any other single character but white space.
A token is in a span if its first character is.
A layer is flat: where two elements want the same token, the one that begins first stands, the longer one where both
begin together, and the other one is lost.

Not carried, and counted: elements that overlap or are nested in another; edges of spans inside a token or in white
space (the span is widened or narrowed to whole tokens); spans without a token; other elements (addressee, medium,
hedge, cue head, quoted fragments) and labels of attributions, sources, topics; the page's white space; story, outlet,
language and printed metadata.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from newsbench.exporters.base import LABELS, LAYERS, count_facts, prepare
from newsbench.pagetable import SPAN_FIELDS
from newsbench.problems import InputError, Problem
from newsbench.types import Page, Span

CARRIED = ("segments", "attributions")
ELEMENTS = ("source", "cue", "content")
_HEADER = "# global.columns = FORM START END UNIT LABEL\n"
_NONE, _OUTSIDE = "_", "O"


class Unit(NamedTuple):
    """A labelled element: whose it is (an attribution's id, ``_`` for a segment), its label, its fragments."""

    owner: str
    label: str
    spans: tuple[Span, ...]


def tokens_of(text: str) -> list[Span]:
    """Cut a text into runs of letters, digits and marks and single other characters; white space is left out."""
    found: list[Span] = []
    start = None
    for at, character in enumerate(text):
        inside = character.isalnum() or unicodedata.category(character)[0] == "M"
        if inside:
            start = at if start is None else start
            continue
        if start is not None:
            found.append(Span(start, at))
            start = None
        if not character.isspace():
            found.append(Span(at, at + 1))
    if start is not None:
        found.append(Span(start, len(text)))
    return found


def write(pages: Iterable[Page], folder: Path, *, layers: Sequence[str] = LAYERS) -> Counter[str]:
    """Write a file a layer and return what was left behind."""
    losses: Counter[str] = Counter()
    names = [*(["segments"] if "segments" in layers else []), *(ELEMENTS if "attributions" in layers else [])]
    with ExitStack() as stack:
        files = {
            name: stack.enter_context((folder / f"{name}.conll").open("w", encoding="utf-8", newline=""))
            for name in names
        }
        for file in files.values():
            file.write(_HEADER)
        for page in prepare(pages, layers, carried=CARRIED, losses=losses):
            count_facts(page, losses)
            _count_rest(page, losses)
            tokens = tokens_of(page.text)
            for name, file in files.items():
                if (units := units_of(page, name)) is not None:
                    file.write(_block(page, tokens, _labels(name, units, tokens, losses)))
    return losses


def units_of(page: Page, layer: str) -> list[Unit] | None:
    """Return what a page's layer wants labelled, None where the page does not have it."""
    if layer == "segments":
        if page.segments is None:
            return None
        return [Unit(_NONE, segment.type, (Span(*segment[:2]),)) for segment in page.segments]
    if page.attributions is None:
        return None
    elements = ((attribution.id, getattr(attribution, layer)) for attribution in page.attributions)
    return [Unit(owner, layer, spans) for owner, spans in elements if spans]


def _count_rest(page: Page, losses: Counter[str]) -> None:
    for attribution in page.attributions or ():
        for name in SPAN_FIELDS:
            if name not in ELEMENTS and getattr(attribution, name):
                losses[name] += 1
        losses["labels of attributions"] += sum(
            getattr(attribution, name) is not None for name in (*LABELS, "parent", "statement")
        ) + bool(attribution.no_comment)
    losses["sources"] += len(page.sources or ())


def _labels(
    layer: str, units: Iterable[Unit], tokens: Sequence[Span], losses: Counter[str]
) -> dict[int, tuple[str, str]]:
    """Give tokens their unit and label."""
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    labels: dict[int, tuple[str, str]] = {}
    for unit in sorted(units, key=lambda unit: (unit.spans[0].start, -unit.spans[-1].end)):
        ranges: list[range] = []
        narrowed = False
        for start, end in unit.spans:
            covered = range(bisect_left(starts, start), bisect_left(starts, end))
            if covered:
                ranges.append(covered)
            narrowed |= not covered or (starts[covered.start], ends[covered.stop - 1]) != (start, end)
        if not ranges:
            losses[f"{layer}: spans without a token"] += 1
        elif any(at in labels for covered in ranges for at in covered):
            losses[f"{layer}: overlapping or nested spans"] += 1
        else:
            if narrowed:
                losses[f"{layer}: edges off token boundaries"] += 1
            for covered in ranges:
                labels.update((at, (unit.owner, f"I-{unit.label}")) for at in covered)
                labels[covered.start] = (unit.owner, f"B-{unit.label}")
    return labels


def _block(page: Page, tokens: Sequence[Span], labels: dict[int, tuple[str, str]]) -> str:
    """Return the lines of one page."""
    lines = [f"# page = {page.id}\n"]
    previous = 0
    for at, (start, end) in enumerate(tokens):
        if at and "\n" in page.text[previous:start]:
            lines.append("\n")
        owner, label = labels.get(at, (_NONE, _OUTSIDE))
        lines.append(f"{page.text[start:end]}\t{start}\t{end}\t{owner}\t{label}\n")
        previous = end
    return "".join([*lines, "\n"])


def read(file: Path) -> Iterator[tuple[str, list[Unit]]]:
    """Yield each page's id and labelled elements from one layer's file, in order of their first token.

    Errors: InputError that names the line that cannot be read.
    """
    page: str | None = None
    fragments: list[tuple[str, str, int, int]] = []
    with file.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            line = line.removesuffix("\n")
            if line.startswith("# page = "):
                if page is not None:
                    yield page, _joined(fragments)
                page, fragments = line.removeprefix("# page = "), []
            elif line and not line.startswith("# global.columns"):
                try:
                    _, start, end, owner, label = line.split("\t")
                    prefix, _, kind = label.partition("-")
                    if prefix == "B":
                        fragments.append((owner, kind, int(start), int(end)))
                    elif prefix == "I" and fragments and fragments[-1][:2] == (owner, kind):
                        fragments[-1] = (*fragments[-1][:3], int(end))
                    elif label != _OUTSIDE:
                        raise ValueError(f"{label!r} continues nothing")
                except ValueError as error:
                    raise InputError([Problem(file.name, number, "", str(error), page)]) from error
    if page is not None:
        yield page, _joined(fragments)


def _joined(fragments: Iterable[tuple[str, str, int, int]]) -> list[Unit]:
    """Put the fragments of one element together; each segment is an element of its own."""
    found: dict[object, Unit] = {}
    for owner, label, start, end in fragments:
        key = (owner, label) if owner != _NONE or label in ELEMENTS else start
        known = found.get(key)
        found[key] = Unit(owner, label, (*(known.spans if known else ()), Span(start, end)))
    return list(found.values())
