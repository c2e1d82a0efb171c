"""Turn other corpora and texts into pages, so that scoring, running and showing work on them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from newsbench.importers import importer_table


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    formats = "; ".join(f"{name}: {text}" for name, (_, text) in importer_table().items())
    parser.add_argument("format", metavar="FORMAT", help=formats)
    parser.add_argument("source", metavar="SOURCE", type=Path, help="file or folder")
    parser.add_argument(
        "-o", "--output", metavar="DIR", default=".", help="folder to write pages.parquet to (default: here)"
    )


def run(options: argparse.Namespace) -> None:
    """Import and say what came of it."""
    from newsbench.formats.pages import write_pages
    from newsbench.importers import load_importer

    read_pages = load_importer(options.format)
    count = write_pages(read_pages(options.source), options.output)
    target = Path(options.output) / "pages.parquet"
    print(f"{count} page{'s' if count != 1 else ''} in {target}", file=sys.stderr)
