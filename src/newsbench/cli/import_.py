"""Turn other corpora and texts into pages, so that scoring, running and showing work on them."""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from newsbench.importers import importer_table


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    formats = "; ".join(f"{name}: {text}" for name, (_, text) in importer_table().items())
    parser.add_argument("format", metavar="FORMAT", help=formats)
    parser.add_argument("source", metavar="SOURCE", type=Path, help="file or folder")
    parser.add_argument(
        "-o", "--output", metavar="DIR", default=".", help="folder to write pages.parquet to (default: here)"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="stop after N pages")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: 1)")
    parser.add_argument(
        "--map",
        nargs="+",
        action="extend",
        default=[],
        metavar="COLUMN=FIELD",
        help="for jsonl: what the columns are, such as body=gold page=html meta.lang=language",
    )


def run(options: argparse.Namespace) -> None:
    """Import, tell what is odd about the source, and say what came of it."""
    from newsbench.formats.pages import write_pages
    from newsbench.importers import load_importer
    from newsbench.importers.base import Notice, import_rows

    kinds: Counter[str] = Counter()
    progress = Progress()

    def report(notice: Notice) -> None:
        kinds[notice.kind] += 1
        progress.clear()
        print(notice, file=sys.stderr)

    rows = import_rows(
        load_importer(options.format),
        options.source,
        report=report,
        columns=columns_of(options.map),
        limit=options.limit,
        jobs=options.jobs,
    )
    stop = Stop()
    # Where an interrupt is ignored (in the background of a shell), it stays so.
    heard = [signal.SIGTERM, *([signal.SIGINT] if signal.getsignal(signal.SIGINT) != signal.SIG_IGN else [])]
    before = {number: signal.signal(number, stop) for number in heard}
    try:
        count = write_pages(progress.watch(stop.watch(rows)), options.output)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        progress.clear()
        for kind, times in sorted(kinds.items()):
            print(f"{kind}: {times}", file=sys.stderr)
    left_out = f", {progress.left_out} of them left out of scoring" if progress.left_out else ""
    target = Path(options.output) / "pages.parquet"
    print(f"{count} page{'s' if count != 1 else ''} in {target}{left_out}", file=sys.stderr)


def columns_of(pairs: Iterable[str]) -> dict[str, str]:
    """Return the mapping that `--map` gives. Errors: ValueError for what has no ``=``, for a column named twice."""
    found: dict[str, str] = {}
    for pair in pairs:
        column, equals, field = pair.rpartition("=")
        if not (column and equals and field):
            raise ValueError(f"--map {pair!r}: expected COLUMN=FIELD")
        if column in found:
            raise ValueError(f"--map {pair!r}: the column is already mapped to {found[column]!r}")
        found[column] = field
    return found


class Stop:
    """Ends the work on a signal as Ctrl-C does, so that what is half-written is removed.

    What a handler raises can be lost in code that calls back from C: then the work ends before the next row.
    """

    def __init__(self) -> None:
        self.wanted = False

    def __call__(self, *_: object) -> None:
        self.wanted = True
        raise KeyboardInterrupt

    def watch(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Give the rows as long as nobody wants to stop."""
        for row in rows:
            if self.wanted:
                raise KeyboardInterrupt
            yield row


class Progress:
    """How many pages there are so far, on one line of a terminal."""

    def __init__(self) -> None:
        self.done = 0
        self.left_out = 0
        self._shown = sys.stderr.isatty()
        self._drawn = False

    def watch(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield rows and draw how many there were."""
        for row in rows:
            self.done += 1
            self.left_out += bool((row.get("reference") or {}).get("left_out"))
            if self._shown:
                print(f"\r{self.done} pages", end="", file=sys.stderr, flush=True)
                self._drawn = True
            yield row

    def clear(self) -> None:
        """Take the line away, so that something else can be said."""
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._drawn = False
