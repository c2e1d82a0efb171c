"""Test systems pair by pair over the same pages: paired bootstrap, approximate randomization, Holm's correction."""

from __future__ import annotations

import argparse

from newsbench.cli.options import add_gold, add_scoring, add_stored, resampling_of, split_of, write_result
from newsbench.formats.comparisons import FORMATS, render
from newsbench.problems import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument(
        "predictions", nargs="+", metavar="PREDICTIONS", help="two or more files of predictions or count tables"
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
    parser.add_argument("--peers", action="store_true", help="add the peers' metrics, for --metric")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: 1)")
    parser.add_argument("--format", default="table", choices=FORMATS, help="how to print (default: table)")
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")


def run(options: argparse.Namespace) -> None:
    """Compare and print."""
    from newsbench.api import compare

    if len(options.predictions) < 2:
        raise UsageError("a comparison needs at least two files")
    found = compare(
        options.predictions,
        gold=options.gold,
        split=split_of(options),
        tasks=options.task,
        metrics=options.metric,
        policy=options.policy,
        skip_invalid=options.skip_invalid,
        stored_as=options.stored_as,
        peers=options.peers,
        jobs=options.jobs,
        resampling=resampling_of(options),
    )
    write_result(render(found, options.format), options.output)
