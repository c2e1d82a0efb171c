"""Run a baseline or an installed extractor over the pages and write its predictions."""

from __future__ import annotations

import argparse
import sys

from newsbench.cli.options import add_gold, split_of
from newsbench.files import STANDARD_OUTPUT, check_targets


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("system", metavar="SYSTEM", help="a name that `newsbench systems` lists")
    add_gold(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="JSON Lines to write, - to print them (default: SYSTEM.jsonl)"
    )
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: 1)")


def run(options: argparse.Namespace) -> None:
    """Run, write, and say how many pages failed."""
    from newsbench.gold import load_gold
    from newsbench.running import json_lines, run_system, write_records
    from newsbench.systems import load_system

    system = load_system(options.system)
    target = options.output or f"{options.system}.jsonl"
    check_targets([target], inputs=[options.gold])
    pages = load_gold(options.gold, split=split_of(options)).pages
    train = load_gold(split="train").pages if system.trains else None
    failed = 0

    def watched():
        nonlocal failed
        progress = show_progress if sys.stderr.isatty() else None
        for record in run_system(system, pages, train=train, jobs=options.jobs, progress=progress):
            failed += "error" in record
            yield record

    if target == STANDARD_OUTPUT:
        for line in json_lines(watched()):
            sys.stdout.buffer.write(line)
    else:
        write_records(watched(), target)
    note = f", {failed} failed" if failed else ""
    place = "" if target == STANDARD_OUTPUT else f", in {target}"
    print(f"{options.system}: {len(pages)} pages{note}{place}", file=sys.stderr)


def show_progress(done: int, total: int) -> None:
    """Draw how far a run is, on one line of standard error."""
    end = "\n" if done == total else ""
    print(f"\r{done}/{total}", end=end, file=sys.stderr, flush=True)
