"""Pages and scores that the tests of boilerplate share."""

from __future__ import annotations

import numpy as np

from newsbench.metrics.base import Counts
from newsbench.metrics.boilerplate import FAMILY
from newsbench.metrics.pagewords import page_words, roles
from newsbench.types import Page, Prediction, Segment


def content_of(page: Page) -> list[str]:
    return [page.text[s.start : s.end] for s in page.segments if roles()[s.type] == "content"]


def score(pages, output_of) -> dict[str, float]:
    """Figures of a made-up system: `output_of` maps a page to a prediction, or to the text it keeps."""
    rows = []
    for page in pages:
        output = output_of(page)
        prediction = Prediction(page.id, main_text=output) if isinstance(output, str) else output
        rows.append(FAMILY.count(FAMILY.prepare(page), prediction))
    summed = Counts(FAMILY.index, np.array(rows).sum(axis=0))
    assert not FAMILY.check(Counts(FAMILY.index, np.array(rows)))
    return {metric.name: float(metric.score(summed)) for metric in FAMILY.metrics if metric.average == "micro"}


def joined(page: Page) -> str:
    return "\n\n".join(content_of(page))


TEXT = "HOME NEWS\nFerry burns\nby Ann\nThe ferry burned all night long.\nRead also: goats\nWhy?\nFerry burns"


def small_page(text: str = TEXT) -> Page:
    kinds = ["navigation", "headline", "byline", "paragraph", "related", "paragraph", "most_read"]
    segments, at = [], 0
    for line, kind in zip(text.split("\n"), kinds, strict=True):
        start = text.index(line, at)
        segments.append(Segment(start, start + len(line), kind))
        at = start + len(line)
    return Page("p", text, segments=tuple(segments))


def row(output: str, page: Page | None = None) -> dict[str, float]:
    page = page or small_page()
    counted = FAMILY.count(page_words(page), Prediction("p", main_text=output))
    return {name: value for name, value in zip(FAMILY.columns, counted, strict=True) if value}
