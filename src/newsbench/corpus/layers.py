"""An annotator's layer beside its take: the same text, other marks."""

from __future__ import annotations

from pathlib import Path

from newsbench.corpus.annotation import Annotation, read_annotation
from newsbench.corpus.catalogue import Tables
from newsbench.corpus.grammar import Grammar
from newsbench.corpus.problems import Problem, Report
from newsbench.corpus.source import read_xml
from newsbench.corpus.take import Take, read_take

CONTEXT = 30


def layer_paths(take: Take) -> dict[str, Path]:
    """Give the layers of a take by annotator, the letter before `.xml`."""
    found = sorted((take.path.parent / "layers").glob(f"{take.path.stem}.*.xml"))
    return {path.name.removeprefix(take.path.stem + ".").removesuffix(".xml"): path for path in found}


def read_layer(path: Path, take: Take, grammar: Grammar, tables: Tables, report: Report) -> Annotation | None:
    """Read and check a layer of `take`; None, with the reason in `report`, where it does not fit the take."""
    root = read_xml(path, report)
    if root is None or not grammar.check(root, report):
        return None
    layer = read_take(root, path)
    if layer.id != take.id:
        report.add(root.sourceline, f"id is {layer.id!r}; it must be the take's, {take.id!r}")
    before = len(report.problems)
    compare_texts(take, layer, report)
    same = len(report.problems) == before
    annotation = read_annotation(layer, tables, report)
    return annotation if same else None


def compare_texts(take: Take, layer: Take, report: Report) -> None:
    """Note the first place where a layer's text is not its take's, character for character.

    Compared are the blocks and their text; only the amount of white space between words and at the ends of elements,
    which a page does not show either, may differ.
    """
    for ours, theirs in zip(_parts(take), _parts(layer), strict=False):
        if ours == theirs:
            continue
        (element, text, line), (other, other_text, other_line) = ours, theirs
        if (element, text) == (other, other_text):
            continue
        if element != other:
            report.add(
                other_line,
                f"here the take (line {line}) has <{element}> {text[:CONTEXT]!r}, "
                f"the layer has <{other}> {other_text[:CONTEXT]!r}",
            )
        else:
            place = next(
                (i for i, (a, b) in enumerate(zip(text, other_text, strict=False)) if a != b),
                min(len(text), len(other_text)),
            )
            report.add(
                other_line,
                f"<{element}> differs from the take (line {line}) at character {place}: take "
                f"{_context(text, place)}, layer {_context(other_text, place)}",
            )
        return
    ours, theirs = list(_parts(take)), list(_parts(layer))
    if len(ours) != len(theirs):
        longer, whose = (ours, "take") if len(ours) > len(theirs) else (theirs, "layer")
        element, text, line = longer[min(len(ours), len(theirs))]
        report.add(
            line if whose == "layer" else 0,
            f"the {whose} alone goes on (line {line}) with <{element}> {text[:CONTEXT]!r}",
        )


def _parts(take: Take) -> list[tuple[str, str, int]]:
    parts = []
    for block in take.blocks:
        if block.leaf is None:
            parts.append((block.kind, block.time or "", block.line))
        parts.extend((leaf.element, leaf.text, leaf.line) for leaf in block.leaves())
    return parts


def _context(text: str, place: int) -> str:
    before = text[max(0, place - CONTEXT) : place]
    here = text[place : place + 1]
    shown = f"[{here}]" if here else "[end]"
    code = f" U+{ord(here):04X}" if here else ""
    return f"‘…{before}{shown}{text[place + 1 : place + 1 + CONTEXT]}…’{code}"


def check_layer(path: Path, grammar: Grammar, tables: Tables) -> list[Problem]:
    """Give all problems of a layer, those included that keep its take from being read."""
    report = Report(path)
    if path.parent.name != "layers" or path.name.count(".") != 2:
        report.add(0, "must be named layers/<page>.<annotator>.xml, beside the take <page>.xml")
        return report.problems
    take_path = path.parent.parent / f"{path.name.split('.')[0]}.xml"
    if not path.is_file() or not take_path.is_file():
        missing = take_path if path.is_file() else path
        report.add(0, f"{missing} is not there")
        return report.problems
    take_report = Report(take_path)
    root = read_xml(take_path, take_report)
    if root is None or not grammar.check(root, take_report):
        return take_report.problems
    read_layer(path, read_take(root, take_path), grammar, tables, report)
    return sorted(report.problems)
