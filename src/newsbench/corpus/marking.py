"""Reading a take and an annotator's notes, checking the result as the build will, and writing it if it is sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from newsbench.corpus.annotation import read_annotation
from newsbench.corpus.build import put_file
from newsbench.corpus.catalogue import load_catalogue, load_tables
from newsbench.corpus.grammar import Grammar
from newsbench.corpus.layers import compare_texts
from newsbench.corpus.notate import write_layer
from newsbench.corpus.notation import Notation, print_elements, read_notation
from newsbench.corpus.problems import Problem, Report
from newsbench.corpus.source import read_xml
from newsbench.corpus.take import read_take


def mark_take(
    path: Path, notes: Sequence[Path], output: Path | None, seeds: Path, schema: Path, *, gold: bool = False
) -> tuple[list[Problem], list[str]]:
    """Write the take at `path` with what `notes` mark to `output`; give all problems, and lines to print.

    Nothing is written where there is a problem. `gold` allows what stands in the gold alone. Without notes the lines
    are the take's elements with their numbers.
    """
    from lxml import etree

    grammar, tables = Grammar(seeds / "page.rng"), load_tables(schema)
    report = Report(path)
    root = read_xml(path, report)
    if root is None or not grammar.check(root, report):
        return report.problems, []
    take = read_take(root, path)
    if not notes:
        return [], list(print_elements(take.leaves))
    notation, problems = Notation(), []
    for note in notes:
        read = Report(note)
        notation = read_notation(note.read_text(encoding="utf-8"), take.leaves, read, onto=notation)
        problems += read.problems
    if problems:
        return sorted(problems), notation.choices
    story = load_catalogue(seeds, []).stories.get(take.story, {}) if gold else None
    document = write_layer(take, notation, gold=gold).encode()
    report = Report(output)
    marked = etree.fromstring(document)
    if grammar.check(marked, report):
        layer = read_take(marked, output)
        compare_texts(take, layer, report)
        read_annotation(layer, tables, report, story=story)
    if not report.problems:
        put_file(output, document)
    return report.problems, notation.choices
