"""Show a page in the terminal: segments and attributions of the gold, and what a system got wrong, misses first."""

from __future__ import annotations

import argparse
import sys

from newsbench.cli.streams import as_files
from newsbench.problems import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("page", metavar="PAGE", help="a page's id")
    parser.add_argument("--predictions", metavar="FILE", help="a system's predictions, - for standard input")
    parser.add_argument("--gold", metavar="PATH", help="pages to look in (default: the packaged dataset)")
    parser.add_argument("--color", default="auto", choices=["auto", "always", "never"], help="default: auto")


def run(options: argparse.Namespace) -> None:
    """Find the page and print it."""
    import difflib

    from newsbench.formats.predictions import read_predictions
    from newsbench.gold import load_gold
    from newsbench.showing import show_page

    pages = {page.id: page for page in load_gold(options.gold, split=None).pages}
    if options.page not in pages:
        near = difflib.get_close_matches(options.page, pages, 3) or sorted(pages)[:3]
        raise UsageError(f"no page {options.page!r}; for example: {', '.join(near)}")
    prediction = None
    if options.predictions:
        with as_files([options.predictions]) as (predictions,):
            found = read_predictions(predictions, pages, skip_invalid=True)
        prediction = found.predictions.get(options.page)
        if prediction is None:
            for problem in found.problems:
                if problem.page == options.page or (problem.line is None and problem.more is None):
                    print(problem, file=sys.stderr)
            print(f"{options.predictions} has no valid prediction for this page", file=sys.stderr)
    color = options.color == "always" or (options.color == "auto" and sys.stdout.isatty())
    print(show_page(pages[options.page], prediction, color=color), end="")
