"""One take through its template: released HTML, visible text, segments, printed metadata, and where each leaf went."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from newsbench.corpus.catalogue import Catalogue, Tables
from newsbench.corpus.habits import break_markup
from newsbench.corpus.markup import MarkSet, count_marks, strip_labels
from newsbench.corpus.problems import Report
from newsbench.corpus.take import SLOTS, Take, trim
from newsbench.corpus.templates import TakeEntry, make_context, view_and_family
from newsbench.render import Rendered, render

FIELDS = ("byline", "outlet", "country", "published")

LeafSpan = tuple[int, int, int]  # leaf number, start, end in the leaf's text


@dataclass
class CompiledPage:
    """What a page shows. `segments` are (start, end, type); `rendered` keeps the runs without a type, too."""

    html: str
    text: str
    rendered: Rendered
    segments: list[tuple[int, int, str]]
    metadata: dict[str, str | None]
    url: str
    view: str
    template: str
    marks: dict[str, int]
    boundaries: dict[tuple[int, int, bool], str] = field(repr=False, default_factory=dict)

    def place(self, span: LeafSpan) -> tuple[int, int]:
        """Give the stretch of `text` that a stretch of a leaf became."""
        leaf, start, end = span
        first = self.marks[self.boundaries[(leaf, start, False)]]
        last = self.marks[self.boundaries[(leaf, end, True)]]
        return trim(self.text, first, max(first, last))


def compile_page(
    take: Take,
    catalogue: Catalogue,
    entries: Iterable[TakeEntry],
    environment,
    tables: Tables,
    report: Report,
    *,
    spans: Iterable[LeafSpan] = (),
) -> CompiledPage | None:
    """Render a take with its outlet's template and find each of `spans` in the text; faults go to `report`.

    Checked are that every block is printed exactly once, in order, unchanged and under its own segment type; that every
    visible character has a known type; that no label and no mark is left in the released HTML; and that printed
    metadata say what the source says. None where the page cannot be rendered at all.
    """
    if take.outlet not in catalogue.outlets:
        report.add(take.root.sourceline, f"outlet {take.outlet!r} has no file in outlets/")
        return None
    view, family = view_and_family(take, catalogue)
    if view == "reader" and catalogue.aggregator is None:
        report.add(1, "a page of the reader view needs outlets/aggregator.yaml, which is not there")
        return None
    marks = MarkSet()
    for leaf in take.leaves:
        marks.add(leaf.number, 0, len(leaf.text))
    for span in spans:
        marks.add(*span)
    context = make_context(take, catalogue, entries, marks)
    labelled = _print(environment, family, context, report)
    if labelled is None:
        return None
    if view == "site":
        labelled = break_markup(take.id, labelled, context["outlet"], context["teasers"])
    try:
        html = strip_labels(labelled)
    except ValueError as error:
        report.add(0, f"template {family}: {error}")
        return None
    rendered = render(labelled, marks=True)
    page = CompiledPage(
        html=html, text=rendered.text, rendered=rendered, metadata={}, url=context["page"]["url"], view=view,
        segments=[(run.start, run.end, run.label.type) for run in rendered.runs if run.label is not None],
        template=family, marks=rendered.marks, boundaries=marks.by_boundary,
    )  # fmt: skip
    _check_slots(take, context, report)
    _check_types(page, tables, report)
    sound = _check_leaves(take, page, labelled, report)
    page.metadata = _read_metadata(take, page, context, report) if sound else {}
    return page if sound else None


def _print(environment, family: str, context: dict, report: Report) -> str | None:
    import jinja2

    try:
        return environment.get_template(f"{family}.html.j2").render(context)
    except jinja2.TemplateNotFound as error:
        report.add(0, f"template {error.name} is not in templates/")
    except jinja2.TemplateSyntaxError as error:
        report.add(0, f"template {error.filename}, line {error.lineno}: {error.message}")
    except (
        jinja2.TemplateError,
        TypeError,
        ValueError,
        AttributeError,
        KeyError,
        ZeroDivisionError,
    ) as error:
        report.add(0, f"template {family} cannot print the page: {type(error).__name__}: {error}")
    return None


def _check_slots(take: Take, context: dict, report: Report) -> None:
    if context["page"]["view"] == "reader":
        return  # the reader view shows an outlet's article without the outlet's furniture
    for block in take.blocks:
        if block.kind in SLOTS and block.leaf is None and not context["f"].get(block.kind):
            report.add(block.line, f"<{block.kind}/> is empty and {take.outlet} has no furniture of this name")


def _check_types(page: CompiledPage, tables: Tables, report: Report) -> None:
    unlabelled = [run for run in page.rendered.runs if run.label is None]
    for run in unlabelled[:20]:
        shown = _shorten(page.text[run.start : run.end])
        report.add(0, f"template {page.template}: visible text without a data-segment: {shown!r}")
    for kind in sorted({kind for _, _, kind in page.segments if kind not in tables.roles}):
        report.add(0, f"template {page.template}: data-segment={kind!r}; allowed are {', '.join(tables.roles)}")


def _check_leaves(take: Take, page: CompiledPage, labelled: str, report: Report) -> bool:
    """Check that each leaf is shown once, whole, in order, under its type."""
    counts, sound, position = count_marks(labelled), True, 0
    segment_of = sorted(page.segments)
    for leaf in take.leaves:
        mine = [mark for (number, _, _), mark in page.boundaries.items() if number == leaf.number]
        often = {counts.get(mark, 0) for mark in mine}
        name = f"template {page.template}: {leaf.element} ({_shorten(leaf.text)!r})"
        if often != {1} or any(mark not in page.marks for mark in mine):
            wrong = "is not printed" if often == {0} else "is printed more than once (copies use .text)"
            wrong = "stands in text that is not shown" if often == {1} else wrong
            report.add(leaf.line, f"{name} {wrong}; its html must be printed exactly once")
            sound = False
            continue
        start, end = page.place((leaf.number, 0, len(leaf.text)))
        if _squeeze(page.text[start:end]) != _squeeze(leaf.text):
            report.add(leaf.line, f"{name} is printed as {_shorten(page.text[start:end])!r}; it must stay unchanged")
        if start < position:
            report.add(leaf.line, f"{name} is printed before the block that it follows in the article")
        position = max(position, end)
        types = {kind for first, last, kind in segment_of if first < end and start < last}
        if types != {leaf.segment}:
            found = ", ".join(sorted(types)) or "no type"
            report.add(leaf.line, f"{name} is printed under {found}; it must be {leaf.segment}")
    return sound


def _read_metadata(take: Take, page: CompiledPage, context: dict, report: Report) -> dict[str, str | None]:
    headline = next(leaf for leaf in take.leaves if leaf.element == "headline")
    start, end = page.place((headline.number, 0, len(headline.text)))
    metadata: dict[str, str | None] = {"headline": " ".join(page.text[start:end].split())}
    for name in FIELDS:
        shown = {" ".join(page.text[f.start : f.end].split()) for f in page.rendered.fields if f.name == name} - {""}
        if len(shown) > 1:
            report.add(0, f"template {page.template}: data-meta={name!r} shows several values: {sorted(shown)}")
        metadata[name] = min(shown) if shown else None
    for name in sorted({f.name for f in page.rendered.fields} - set(FIELDS)):
        report.add(0, f"template {page.template}: data-meta={name!r}; allowed are {', '.join(FIELDS)}")
    dates = (context["page"]["date"], take.published)
    if metadata["published"] is not None:
        if not any(_squeeze(date) in _squeeze(metadata["published"]) for date in dates):
            report.add(
                0,
                f"template {page.template}: data-meta='published' shows {metadata['published']!r}; it must "
                f"hold page.date ({dates[0]!r}) or page.published",
            )
        metadata["published"] = take.published
    if metadata["byline"] is not None and (take.byline is None or take.byline not in metadata["byline"]):
        report.add(
            0,
            f"template {page.template}: data-meta='byline' shows {metadata['byline']!r}, the take has {take.byline!r}",
        )
    return metadata


def _squeeze(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


def _shorten(text: str, length: int = 60) -> str:
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= length else text[: length - 1] + "…"


def describe(page: CompiledPage) -> str:
    """Print a page's text line by line, each segment with its type in front: for those who write templates."""
    lines = []
    for start, end, label in page.rendered.runs:
        kind = "NO TYPE" if label is None else label.type
        for line in page.text[start:end].splitlines() or [""]:
            if line.strip():
                lines.append(f"{kind:>20} | {line}")
                kind = ""
    lines += ["", *(f"{name:>20} = {value}" for name, value in page.metadata.items())]
    return "\n".join(lines)
