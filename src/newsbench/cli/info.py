"""Say what the dataset holds: version, splits, pages, stories, labels."""

from __future__ import annotations

import argparse
from collections import Counter


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    parser.add_argument("--gold", metavar="PATH", help="other gold pages instead of the packaged dataset")


def run(options: argparse.Namespace) -> None:
    """Print a summary by split."""
    from newsbench.dataset import SPLITS, version_folder
    from newsbench.gold import load_gold

    columns = ("id", "text", "story", "outlet", "language", "genre", "template", "segments", "attributions", "topics")
    splits = SPLITS if options.gold is None else (None,)
    golds = {split: load_gold(options.gold, split=split, columns=columns) for split in splits}
    first = next(iter(golds.values()))
    print(f"{first.meta['name']} {first.meta['version']}  ({first.meta['sha256'][:12]})")
    if options.gold is None:
        print(f"in {version_folder()}")
    print()
    head = ("", "pages", "stories", "outlets", "countries", "languages", "templates", "words", "attributions")
    print("  ".join(f"{cell:>12}" for cell in head))
    for split, gold in golds.items():
        pages = gold.pages
        cells = (
            split or "all",
            len(pages),
            len({page.story for page in pages}),
            len({page.outlet for page in pages}),
            len({page.country for page in pages}),
            len({page.language for page in pages}),
            len({page.template for page in pages}),
            sum(len(page.text.split()) for page in pages),
            sum(len(page.attributions or ()) for page in pages),
        )
        print("  ".join(f"{cell:>12}" for cell in cells))
    pages = [page for gold in golds.values() for page in gold.pages]
    kinds = Counter(segment.type for page in pages for segment in page.segments or ())
    print("\nsegments by type: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    genres = Counter(page.genre for page in pages)
    print("pages by genre: " + ", ".join(f"{genre} {count}" for genre, count in genres.most_common()))
