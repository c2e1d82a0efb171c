"""One page alone, from sources that may still have gaps elsewhere."""

from __future__ import annotations

from pathlib import Path

from newsbench.corpus.catalogue import load_catalogue, load_tables
from newsbench.corpus.grammar import Grammar
from newsbench.corpus.page import CompiledPage, compile_page
from newsbench.corpus.problems import Problem, Report
from newsbench.corpus.source import read_xml
from newsbench.corpus.take import read_take
from newsbench.corpus.templates import make_entry, make_environment


def preview_page(path: Path, *, seeds: Path, schema: Path) -> tuple[CompiledPage | None, list[Problem]]:
    """Render one page; give it (None where that cannot be done) with the problems of its own files alone."""
    report, reports = Report(path), []
    catalogue, tables = load_catalogue(seeds, reports), load_tables(schema)
    grammar = Grammar(seeds / "page.rng")
    root = read_xml(path, report)
    if root is None or not grammar.check(root, report):
        return None, report.problems
    take = read_take(root, path)
    entries = []
    for other in sorted((seeds / "stories").glob("*/*.xml")):
        passing = Report(other)
        other_root = read_xml(other, passing)
        if other_root is not None and grammar.check(other_root, passing):
            entries.append(make_entry(read_take(other_root, other), catalogue))
    page = compile_page(take, catalogue, entries, make_environment(seeds / "templates"), tables, report)
    outlet = f"{take.outlet}.yaml"
    own = [p for r in reports if Path(r.path).name in (outlet, "aggregator.yaml") for p in r.problems]
    return page, own + report.problems
