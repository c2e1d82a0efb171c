"""The command line of `scripts/build_dataset.py`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from newsbench.corpus.problems import SourceError


def main(arguments: list[str], *, root: Path, description: str | None = None) -> int:
    """Build, check or preview: exit status 0 done, 1 refused (all problems on standard error), 2 wrong usage."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=Path, default=root / "seeds", help="folder of the sources")
    parser.add_argument("--schema", type=Path, default=root / "schema", help="folder of segments.json, topics.json")
    parser.add_argument("-o", "--output", type=Path, help="with --render: the HTML file; else: the folder to write to")
    parser.add_argument("--version", help="version of the data (default: what the file VERSION in the sources says)")
    parser.add_argument("--allow-unannotated", action="store_true", help="take pages that nobody has annotated yet")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", nargs="*", metavar="STORY", help="print all problems, build nothing")
    what.add_argument("--render", type=Path, metavar="PAGE_XML", help="write the HTML of one page and print its text")
    options = parser.parse_args(arguments)
    try:
        if options.render is not None:
            return _render(options)
        if options.check is not None:
            return _check(options)
        return _build(options, root)
    except SourceError as error:
        print(error, file=sys.stderr)
        print(f"{len(error.problems)} problems", file=sys.stderr)
        return 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


def _render(options: argparse.Namespace) -> int:
    from newsbench.corpus.page import describe
    from newsbench.corpus.preview import preview_page

    page, problems = preview_page(options.render, seeds=options.seeds, schema=options.schema)
    if page is not None:
        if options.output is not None:
            options.output.write_text(page.html, encoding="utf-8")
        print(describe(page))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _check(options: argparse.Namespace) -> int:
    from newsbench.corpus.build import check_corpus

    stories = options.check or None
    problems = check_corpus(options.seeds, options.schema, stories=stories, allow_unannotated=options.allow_unannotated)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


def _build(options: argparse.Namespace, root: Path) -> int:
    from newsbench.corpus.build import build_dataset

    version = options.version or (options.seeds / "VERSION").read_text(encoding="utf-8").strip()
    manifest = build_dataset(
        options.seeds,
        options.schema,
        options.output or root,
        version=version,
        allow_unannotated=options.allow_unannotated,
    )
    for name, count in manifest["totals"].items():
        print(f"{name}: {count}", file=sys.stderr)
    return 0


def check_layers(arguments: list[str], *, root: Path, description: str | None = None) -> int:
    """Check layers one by one; exit status 0 sound, 1 problems (all on standard output), 2 wrong usage."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layers", nargs="+", type=Path, metavar="LAYER", help="stories/S/layers/PAGE.ANNOTATOR.xml")
    parser.add_argument("--seeds", type=Path, default=root / "seeds", help="folder of the grammar")
    parser.add_argument("--schema", type=Path, default=root / "schema", help="folder of segments.json, topics.json")
    options = parser.parse_args(arguments)

    from newsbench.corpus.catalogue import load_tables
    from newsbench.corpus.grammar import Grammar
    from newsbench.corpus.layers import check_layer

    grammar, tables = Grammar(options.seeds / "page.rng"), load_tables(options.schema)
    problems = [problem for path in options.layers for problem in check_layer(path, grammar, tables)]
    for problem in problems:
        print(problem)
    print(f"{len(options.layers)} layers, {len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


def mark_layer(arguments: list[str], *, root: Path, description: str | None = None) -> int:
    """Write a layer (or the gold) from shorthand; status 0 written, 1 problems (nothing written), 2 wrong usage."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("take", type=Path, metavar="TAKE", help="stories/S/PAGE.xml")
    parser.add_argument("notes", nargs="*", type=Path, metavar="NOTES", help="shorthand; later files correct earlier")
    parser.add_argument("-o", "--output", type=Path, help="the document to write")
    parser.add_argument(
        "--gold", action="store_true", help="the notes settle the gold: entities and statements allowed"
    )
    parser.add_argument("--seeds", type=Path, default=root / "seeds", help="folder of the grammar")
    parser.add_argument("--schema", type=Path, default=root / "schema", help="folder of segments.json, topics.json")
    options = parser.parse_args(arguments)
    if options.notes and options.output is None:
        parser.error("say with -o where to write what the notes mark")

    from newsbench.corpus.marking import mark_take

    problems, printed = mark_take(
        options.take, options.notes, options.output, options.seeds, options.schema, gold=options.gold
    )
    for line in [*printed, *problems]:
        print(line)
    return 1 if problems else 0


def judge_page(arguments: list[str], *, root: Path, description: str | None = None) -> int:
    """Print a page's lines, or write which of them are kept; status 0 done, 1 problems, 2 wrong usage."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("take", type=Path, metavar="TAKE", help="stories/S/PAGE.xml")
    parser.add_argument("--keep", metavar="LINES", help="numbers of the lines to keep, such as '12-30 32'")
    parser.add_argument("--annotator", default="b", metavar="LETTER", help="whose opinion it is (default: b)")
    parser.add_argument("--seeds", type=Path, default=root / "seeds", help="folder of the sources")
    parser.add_argument("--schema", type=Path, default=root / "schema", help="folder of segments.json, topics.json")
    options = parser.parse_args(arguments)

    from newsbench.corpus.build import put_file
    from newsbench.corpus.keptlines import kept_path, page_lines, read_numbers, write_kept
    from newsbench.corpus.preview import preview_page

    page, problems = preview_page(options.take, seeds=options.seeds, schema=options.schema)
    for problem in problems:
        print(problem, file=sys.stderr)
    if page is None:
        return 1
    lines = page_lines(page.text)
    if options.keep is None:
        for number, (start, end) in enumerate(lines, 1):
            print(f"{number:>4} {page.text[start:end]}")
        return 0
    try:
        numbers = read_numbers(options.keep, len(lines))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    put_file(kept_path(options.take, options.annotator), write_kept(page.text, numbers).encode())
    return 0
