"""Write a static site that ranks systems on the headline figures and shows every figure and slice, task by task.

Inputs are predictions, tables of counts (`newsbench score --counts`) or reports (`newsbench score --format json`, files
that end in .json), of one or more systems each. Only predictions and tables of counts can be tested pair by pair: with
reports among the inputs the systems are ordered by value and have no rank.
"""

from __future__ import annotations

import argparse
import sys

from newsbench.cli.options import add_gold, add_scoring, counting_of, resampling_of


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("inputs", nargs="+", metavar="REPORT", help="reports, tables of counts or predictions")
    add_gold(parser)
    add_scoring(parser)
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="folder of the site; made if need be")


def run(options: argparse.Namespace) -> None:
    """Write the site and say where it is."""
    from newsbench.leaderboard import make_leaderboard

    files = make_leaderboard(
        options.inputs,
        options.output,
        **counting_of(options),
        resampling=resampling_of(options),
    )
    print(f"{len(files)} files; open {files[0]}", file=sys.stderr)
