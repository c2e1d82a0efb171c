"""The whole of `seeds/`, read and checked: takes, their annotation, their layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from newsbench.corpus.annotation import Annotation, is_annotated, read_annotation
from newsbench.corpus.catalogue import Catalogue, Tables, load_catalogue, load_tables, story_ids
from newsbench.corpus.grammar import Grammar
from newsbench.corpus.layers import layer_paths, read_layer
from newsbench.corpus.problems import Problem, Report
from newsbench.corpus.source import read_xml
from newsbench.corpus.take import Take, read_take


@dataclass
class SourcePage:
    """A take with its gold annotation (None where nobody has annotated it) and its layers by annotator.

    `dropped`, filled in once the page is compiled: what an annotator takes for boilerplate, as offsets into its text.
    """

    take: Take
    report: Report
    gold: Annotation | None = None
    layers: dict[str, Annotation] = field(default_factory=dict)
    dropped: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


@dataclass
class Corpus:
    """Everything that was read; `problems` lists what is wrong with it."""

    catalogue: Catalogue
    tables: Tables
    pages: list[SourcePage]
    reports: list[Report]

    @property
    def problems(self) -> list[Problem]:
        """Everything found so far, by file and line."""
        return sorted({problem for report in self.reports for problem in report.problems})


def load_corpus(
    seeds: Path, schema: Path, *, stories: list[str] | None = None, allow_unannotated: bool = False
) -> Corpus:
    """Read all sources under `seeds`, in order of page id; nothing is raised, faults are collected.

    With `stories`, annotation is read and checked for these stories alone (other pages are needed for teasers).
    """
    reports: list[Report] = []
    catalogue, tables = load_catalogue(seeds, reports), load_tables(schema)
    grammar = Grammar(seeds / "page.rng")
    pages: list[SourcePage] = []
    for path in sorted((seeds / "stories").glob("*/*.xml")):
        report = Report(path)
        reports.append(report)
        root = read_xml(path, report)
        if root is None or not grammar.check(root, report):
            continue
        take = read_take(root, path)
        page = SourcePage(take, report)
        pages.append(page)
        _check_page(take, catalogue, report)
        if stories is not None and take.path.parent.name not in stories:
            continue
        story = catalogue.stories.get(take.path.parent.name) or {}
        if is_annotated(take):
            page.gold = read_annotation(take, tables, report, story=story)
        elif not allow_unannotated:
            report.add(root.sourceline, "has no annotation; --allow-unannotated takes such pages")
        for annotator, layer_path in layer_paths(take).items():
            layer_report = Report(layer_path)
            reports.append(layer_report)
            layer = read_layer(layer_path, take, grammar, tables, layer_report)
            if layer is not None:
                page.layers[annotator] = layer
    _check_ids(pages)
    _check_stray_layers(seeds, pages, reports)
    pages.sort(key=lambda page: page.take.id)
    return Corpus(catalogue, tables, pages, reports)


def _check_page(take: Take, catalogue: Catalogue, report: Report) -> None:
    line, folder = take.root.sourceline, take.path.parent.name
    if take.id != take.path.stem:
        report.add(line, f"id is {take.id!r}; it must be the file's name, {take.path.stem!r}")
    if not take.id.startswith(take.outlet + "-"):
        report.add(line, f"id is {take.id!r}; it must start with the outlet's id, {take.outlet}-…")
    if take.story != folder:
        report.add(line, f"story is {take.story!r}; it must be the folder's name, {folder!r}")
    story, outlet = catalogue.stories.get(folder), catalogue.outlets.get(take.outlet)
    if story is None:
        report.add(line, f"story {folder!r} has no sound story.yaml")
    elif take.aspect is not None and take.aspect not in story_ids(story, "aspects"):
        allowed = ", ".join(story_ids(story, "aspects")) or "none"
        report.add(line, f"aspect {take.aspect!r} is not in the brief; allowed are {allowed}")
    if outlet is None:
        report.add(line, f"outlet {take.outlet!r} has no file in outlets/")
    for leaf in take.leaves:
        if not leaf.text:
            report.add(leaf.line, f"<{leaf.element}> is empty")


def _check_ids(pages: list[SourcePage]) -> None:
    first: dict[str, Path] = {}
    for page in pages:
        other = first.setdefault(page.take.id, page.take.path)
        if other != page.take.path:
            line = page.take.root.sourceline
            page.report.add(line, f"id {page.take.id!r} is that of {other} as well; ids are unique")


def _check_stray_layers(seeds: Path, pages: list[SourcePage], reports: list[Report]) -> None:
    known = {path for page in pages for path in layer_paths(page.take).values()}
    sources = {path.with_suffix("") for path in (seeds / "stories").glob("*/*.xml")}
    for path in sorted((seeds / "stories").glob("*/layers/*.xml")):
        if path not in known and path.parent.parent / path.name.split(".")[0] not in sources:
            report = Report(path)
            report.add(0, "is a layer of no take; its name must be <page>.<annotator>.xml")
            reports.append(report)
