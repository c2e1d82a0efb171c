"""Score predictions against gold pages: figures with intervals, slices, human ceilings."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

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
from newsbench.formats.ids import id_of
from newsbench.formats.notes import explain
from newsbench.formats.reports import FORMATS, render


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument(
        "predictions",
        nargs="+",
        metavar="PREDICTIONS",
        help="JSON Lines or Parquet, one file a system, - for standard input; or count tables",
    )
    add_stored(parser)
    add_gold(parser)
    add_scoring(parser)
    parser.add_argument("--format", default="table", choices=FORMATS, help="how to print (default: table)")
    parser.add_argument("--slices", action="store_true", help="print slices too (json and html always have them)")
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
    check_targets([options.output, options.counts], inputs=[*options.predictions, options.gold])
    keep_freed()
    with as_files(options.predictions) as predictions:
        tables, ceiling = count_systems(predictions, **counting_of(options), resampling=resampling)
    report = build_report(
        tables,
        ceiling=ceiling,
        policy=options.policy,
        resampling=resampling,
        slices=options.slices or options.format in ("json", "html"),
    )
    check_split(options, report.data)
    if options.counts:
        targets = count_files(options.counts, [table.system for table in tables])
        check_targets(targets, inputs=options.predictions)
        for table, target in zip(tables, targets, strict=True):
            write_counts(table, target)
    # CSV is for programs: the table stays plain, what there is to say of it goes elsewhere.
    notes = explain(report) if options.format == "csv" else ()
    write_result(render(report, options.format, slices=options.slices), options.output, notes)


def count_files(name: str, systems: Sequence[str]) -> list[Path]:
    """Return a file for each system's table: `name` for one, else with the system before the ending, never the same."""
    target = Path(name)
    if len(systems) == 1:
        return [target]
    labels: list[str] = []
    for system in systems:
        label = plain = id_of(system)
        while label in labels:
            label = f"{plain}-{len(labels) + 1}"
        labels.append(label)
    return [target.with_suffix(f".{label}{target.suffix}") for label in labels]
