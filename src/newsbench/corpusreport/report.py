"""The whole report: a dataset's pages by split, its tables, PolNeAR's figures beside its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from newsbench.corpusreport import articleside, attributionside, floors, markup, pageside
from newsbench.corpusreport.polnear import NOT_ANNOTATED
from newsbench.corpusreport.tables import Cell, Table
from newsbench.dataset import SPLITS
from newsbench.gold import load_gold
from newsbench.types import Page


def load_splits(source: Path | None = None) -> dict[str, list[Page]]:
    """Return pages by split, of the packaged dataset or a folder; a single file is one split of its own name.

    Errors: FileNotFoundError that says what was expected.
    """
    if source is not None and source.is_file():
        return {source.stem: load_gold(source, split=None).pages}
    found = {}
    for split in SPLITS:
        try:
            found[split] = load_gold(source, split=split).pages
        except FileNotFoundError:
            continue  # A split without pages has no file.
    if not any(found.values()):
        raise FileNotFoundError(f"no pages in {source}: expected {', '.join(f'{split}.parquet' for split in SPLITS)}")
    return found


def read_all(splits: Mapping[str, Sequence[Page]]) -> dict[str, markup.Markup]:
    """Return the markup of all pages by id."""
    return {page.id: markup.read_markup(page.html or "") for pages in splits.values() for page in pages}


def report_tables(
    splits: Mapping[str, Sequence[Page]], found: Mapping[str, markup.Markup], polnear: Sequence[Page] = ()
) -> list[Table]:
    """Return all tables: page side, then article side with PolNeAR's articles beside."""
    pages = [page for members in splits.values() for page in members]
    articles, other = articleside.articles_of(pages), articleside.articles_of(polnear)

    def side_by_side(title: str, figures) -> Table:
        theirs: dict[str, Cell] | None = figures(other) if other else None
        if theirs is not None:
            theirs = {
                name: value for name, value in theirs.items() if name.removesuffix(", share") not in NOT_ANNOTATED
            }
        return articleside.beside(title, figures(articles), theirs)

    return [
        *pageside.page_tables(pages),
        *markup.markup_tables(pages, found),
        floors.split_table(splits),
        side_by_side("Articles", articleside.article_figures),
        side_by_side("Attributions", attributionside.attribution_figures),
        attributionside.sources(pages),
        articleside.names_over_stories(pages),
        side_by_side("What articles share", articleside.overlap_figures),
        articleside.topics(pages),
    ]
