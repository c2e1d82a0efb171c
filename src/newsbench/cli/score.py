"""Score predictions against gold pages: figures with intervals, slices, human ceilings."""

from __future__ import annotations

import argparse
from pathlib import Path

from newsbench.cli.options import add_gold, add_scoring, add_stored, counting_of, resampling_of, write_result
from newsbench.formats.ids import id_of
from newsbench.formats.reports import FORMATS, render


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument(
        "predictions",
        nargs="+",
        metavar="PREDICTIONS",
        help="JSON Lines or Parquet, one file a system; or count tables",
    )
    add_stored(parser)
    add_gold(parser)
    add_scoring(parser)
    parser.add_argument("--format", default="table", choices=FORMATS, help="how to print (default: table)")
    parser.add_argument("--slices", action="store_true", help="print slices too (json always has them)")
    parser.add_argument(
        "--counts",
        metavar="FILE",
        help="also write the table of counts (Parquet); with several systems, NAME is put before the ending",
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="write there instead of printing")


def run(options: argparse.Namespace) -> None:
    """Score and print."""
    from newsbench.api import count_systems
    from newsbench.formats.counts import write_counts
    from newsbench.reporting import build_report

    resampling = resampling_of(options)
    tables, ceiling = count_systems(options.predictions, **counting_of(options))
    report = build_report(
        tables,
        ceiling=ceiling,
        policy=options.policy,
        resampling=resampling,
        slices=options.slices or options.format == "json",
    )
    if options.counts:
        target = Path(options.counts)
        for table in tables:
            name = target if len(tables) == 1 else target.with_suffix(f".{id_of(table.system)}{target.suffix}")
            write_counts(table, name)
    write_result(render(report, options.format, slices=options.slices), options.output)
