"""Systems that the tests of comparisons compare."""

from __future__ import annotations

import numpy as np

from newsbench.metrics import load_family
from newsbench.scoring import GROUPS, CountTable, FamilyCounts
from newsbench.stats import Resampling

FEW = Resampling(resamples=400)


def count_table(system: str, name: str, values, *, stories=None, outlets=None) -> CountTable:
    """A table of one family, of which each row is a page; each page is a story of its own unless told."""
    family = load_family(name)
    values = np.array(values, float)
    pages = [f"p{at}" for at in range(len(values))]
    groups = {group: [None] * len(pages) for group in GROUPS}
    groups["story"] = stories or list(pages)
    groups["outlet"] = outlets or list(pages)
    everywhere = np.ones(len(pages), dtype=bool)
    counts = {name: FamilyCounts(family.columns, np.arange(len(pages)), values, everywhere, family.version)}
    meta = {"name": "made", "version": "1.0.0", "sha256": "ab" * 32, "tokenizer": "words-2", "pages": len(pages)}
    return CountTable(system, pages, groups, ["answered"] * len(pages), counts, meta=meta)


def clusters(system: str, gold, predicted) -> CountTable:
    return count_table(
        system, "stories.clusters", np.column_stack([gold, predicted]), stories=[f"s{story}" for story in gold]
    )


def kept(system: str, rates, *, words: int = 100) -> CountTable:
    """Boilerplate counts of pages of 100 words of paragraphs, of which a share is kept, and 100 of navigation."""
    family = load_family("boilerplate.words")
    values = np.zeros((len(rates), len(family.columns)))
    at = family.index
    values[:, at["words.paragraph"]] = words
    values[:, at["words.navigation"]] = words
    values[:, at["kept.paragraph"]] = np.round(np.array(rates) * words)
    return count_table(system, "boilerplate.words", values)
