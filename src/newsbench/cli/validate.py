"""Check pages or predictions against the schema and the rules no schema can say; without PATH the packaged dataset."""

from __future__ import annotations

import argparse
import sys

from newsbench.cli.streams import as_files

#: Exit status where the reader of the problems goes away: what has not been told all is not called sound.
CUT_SHORT = 1


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="JSON Lines, Parquet, a folder of page files, or - for standard input",
    )
    parser.add_argument(
        "--gold", metavar="PATH", help="pages that predictions are held against (default: the packaged dataset)"
    )


def run(options: argparse.Namespace) -> int:
    """Print every problem; 1 where there is one."""
    from newsbench.validation import validate

    found = 0
    with as_files(options.paths) as files:
        for given, path in zip(options.paths or [None], files or [None], strict=True):
            problems = validate(path, gold=options.gold)
            found += sum(problem.more or 1 for problem in problems)
            for problem in problems:
                print(problem)
            if not problems:
                print(f"{given or 'the packaged dataset'}: sound", file=sys.stderr)
    if found:
        print(f"{found} problem{'s' if found != 1 else ''}", file=sys.stderr)
    return 1 if found else 0
