"""Test systems pair by pair over the same pages: random swaps of stories or leaving one out, Holm's correction."""

from __future__ import annotations

import argparse

from newsbench.cli.memory import keep_freed
from newsbench.cli.options import (
    add_gold,
    add_scoring,
    add_stored,
    check_split,
    counting_of,
    resampling_of,
    write_result,
)
from newsbench.cli.streams import as_files
from newsbench.files import check_targets
from newsbench.formats.comparisons import FORMATS, explain, render
from newsbench.problems import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument(
        "predictions",
        nargs="+",
        metavar="PREDICTIONS",
        help="two or more files of predictions or count tables, - for standard input",
    )
    add_stored(parser)
    add_gold(parser)
    add_scoring(parser)
    parser.add_argument(
        "--metric",
        action="append",
        metavar="NAME",
        help="such as boilerplate.token_f1; may be repeated (default: the headline figures)",
    )
    parser.add_argument("--format", default="table", choices=FORMATS, help="how to print (default: table)")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")


def run(options: argparse.Namespace) -> None:
    """Compare and print."""
    from newsbench.api import compare

    if len(options.predictions) < 2:
        raise UsageError("a comparison needs at least two files")
    check_targets([options.output], inputs=[*options.predictions, options.gold])
    keep_freed()
    resampling = resampling_of(options)
    with as_files(options.predictions) as predictions:
        found = compare(predictions, **counting_of(options), metrics=options.metric, resampling=resampling)
    check_split(options, found.data)
    notes = explain(found) if options.format == "csv" else ()
    write_result(render(found, options.format), options.output, notes)
