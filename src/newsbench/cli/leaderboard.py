"""Write a static site that ranks systems on the headline figures and shows every figure and slice, task by task.

Inputs are predictions, tables of counts (`newsbench score --counts`) or reports (`newsbench score --format json`), of
one or more systems each; a report is known by its content. Only predictions and tables of counts can be tested pair by
pair: with reports among the inputs the systems are ordered by value and have no rank.
"""

from __future__ import annotations

import argparse
import sys

from newsbench.cli.options import add_gold, add_scoring, counting_of, resampling_of
from newsbench.cli.streams import as_files
from newsbench.files import check_folder
from newsbench.problems import UsageError

#: What decides how predictions are scored; a report has its figures already.
_SCORING = (
    "gold", "split", "task", "policy", "peers", "jobs", "skip_invalid", "resamples", "interval", "level", "seed",
)  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="reports, tables of counts or predictions, - for standard input",
    )
    add_gold(parser)
    add_scoring(parser)
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="folder of the site; made if need be")
    # None where an option was not given, so that one given in vain is seen.
    usual = {name: parser.get_default(name) for name in _SCORING}
    parser.set_defaults(usual=usual, **dict.fromkeys(_SCORING))


def run(options: argparse.Namespace) -> None:
    """Write the site and say where it is."""
    from newsbench.formats.savedreports import is_report
    from newsbench.leaderboard import make_leaderboard

    given = [name for name in _SCORING if getattr(options, name) is not None]
    check_folder(options.output)
    with as_files(options.inputs) as inputs:
        if given and all(map(is_report, inputs)):
            named = ", ".join(f"--{name.replace('_', '-')}" for name in given)
            raise UsageError(f"{named}: no effect on reports, whose figures are made already; give predictions")
        vars(options).update({name: value for name, value in options.usual.items() if name not in given})
        files = make_leaderboard(inputs, options.output, **counting_of(options), resampling=resampling_of(options))
    print(f"{len(files)} files; open {files[0]}", file=sys.stderr)
