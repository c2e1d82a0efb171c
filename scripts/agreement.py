"""Print how far the two annotators of the packaged dataset agree, with the scorers that systems are scored with.

The package must be installed (an editable install will do: python -m pip install -e .).
"""

from __future__ import annotations

import argparse

from newsbench.agreement import by_form, by_group, layers_of, page_agreement, scores, topic_agreement, word_alpha
from newsbench.dataset import SPLITS, read_config
from newsbench.gold import load_gold


def main() -> None:
    """Print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=SPLITS, help="only this split (default: all)")
    parser.add_argument("--first", default="a", help="annotator taken for gold (default: a)")
    parser.add_argument("--second", default="b", help="annotator scored against it (default: b)")
    options = parser.parse_args()
    pages = load_gold(split=options.split).pages
    layers = layers_of(read_config("annotations", options.split, None).to_pylist())
    pair = (options.first, options.second)
    both = sum(set(pair) <= set(found) for found in layers.values())
    print(f"{both} of {len(pages)} pages were annotated by both {pair[0]} and {pair[1]}.\n")
    print_table("figure", scores(pages, layers, *pair))
    print_table("Krippendorff's alpha over words", word_alpha(pages, layers, *pair))
    print_table("topics", topic_agreement(layers, *pair))
    print_table("what the page is", page_agreement(layers, *pair))
    print_table("recall of the second by form in the first (relaxed)", by_form(pages, layers, *pair))
    relaxed = by_group(pages, layers, *pair, key=lambda page: page.genre)
    print_table("joint relaxed F1 by genre", {genre: found["joint_relaxed_f1"] for genre, found in relaxed.items()})


def print_table(title: str, rows: dict[str, float]) -> None:
    """Print one table."""
    print(f"| {title} | |\n| --- | --- |")
    for name, value in rows.items():
        print(f"| {name} | {'–' if value != value else f'{value:.3f}'} |")
    print()


if __name__ == "__main__":
    main()
