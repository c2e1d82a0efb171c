"""Turn pages into other people's formats, so that the labels go wherever someone already works.

What a format cannot carry is counted on standard error; `newsbench.exporters.<format>` documents it. The HTML source
of a page is never exported: offsets are into its text.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from newsbench.cli.options import add_gold, split_of
from newsbench.exporters import exporter_table
from newsbench.exporters.base import LAYERS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    formats = "; ".join(f"{name}: {text}" for name, (_, text) in exporter_table().items())
    parser.add_argument("format", metavar="FORMAT", help=formats)
    add_gold(parser)
    parser.add_argument(
        "--layer",
        action="append",
        choices=[*LAYERS, "all"],
        help="what to export; may be repeated (default: all that the format has a place for)",
    )
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, required=True, help="new or empty folder")


def run(options: argparse.Namespace) -> None:
    """Export and say what came of it and what was left behind."""
    from newsbench.exporters.exporting import export

    chosen = options.layer or ["all"]
    layers = LAYERS if "all" in chosen else tuple(dict.fromkeys(chosen))
    done = export(options.format, options.output, gold=options.gold, split=split_of(options), layers=layers)
    print(f"{done.pages} page{'s' if done.pages != 1 else ''} in {options.output}", file=sys.stderr)
    if done.losses:
        print(f"not carried by {options.format}:", file=sys.stderr)
        for kind, many in sorted(done.losses.items()):
            print(f"  {many:>7}  {kind}", file=sys.stderr)
