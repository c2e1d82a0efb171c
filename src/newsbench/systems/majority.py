"""The topics that most training pages have, for every page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsbench.systems.base import Fields, System
from newsbench.vocabulary import top_of

if TYPE_CHECKING:
    from newsbench.types import Page


class Majority(System):
    """Predict the most frequent set of top-level topics with its primary one; ties are broken by code."""

    name = "majority"
    tasks = ("topics",)
    description = "the most frequent set of top-level topics in training, for every page"
    needs_training = True
    trains = True

    def __init__(self) -> None:
        self.topics: list[Fields] = []

    def fit(self, pages: Sequence[Page]) -> None:
        """Count sets of top-level topics, primary first. Errors: ValueError where no page has topics."""
        counts: Counter[tuple[str, ...]] = Counter()
        for page in pages:
            primary = [top_of(topic.code) for topic in page.topics or () if topic.primary][:1]
            others = {top_of(topic.code) for topic in page.topics or ()}.difference(primary)
            if primary or others:
                counts[(*primary, *sorted(others))] += 1
        if not counts:
            raise ValueError("majority: no training page has topics")
        best = min(counts, key=lambda codes: (-counts[codes], codes))
        self.topics = [{"code": code, "primary": at == 0} for at, code in enumerate(best)]

    def run(self, page: Page) -> Fields:
        """Return the same topics for every page."""
        return {"topics": [dict(topic) for topic in self.topics]}
