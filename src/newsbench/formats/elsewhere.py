"""Predictions for pages that are not scored: counted by split, and refused where there are no others."""

from __future__ import annotations

from collections import Counter

from newsbench.dataset import SPLITS
from newsbench.problems import Problem

# Ids that a message lists.
_LISTED = 3


class Elsewhere:
    """Sound predictions for pages of other splits: how many of each split, and the first few pages."""

    def __init__(self) -> None:
        self.splits: Counter[str] = Counter()
        self.first: list[str] = []

    def __bool__(self) -> bool:
        return bool(self.splits)

    def add(self, page: str, split: str) -> None:
        """Count a prediction for a page of a split."""
        self.splits[split] += 1
        if len(self.first) < _LISTED:
            self.first.append(page)

    def counts(self) -> dict[str, int]:
        """Return how many predictions there are by split, in the usual order of splits."""
        return {split: self.splits[split] for split in (*SPLITS, *self.splits) if split in self.splits}

    def refusal(self, name: str) -> Problem:
        """Return the problem of a file that holds no prediction for any page that is scored."""
        many = self.splits.total()
        listed = ", ".join(self.first) + (", …" if many > len(self.first) else "")
        said = f"all {many} predictions are for pages" if many > 1 else "the only prediction is for a page"
        message = f"{said} of {' and '.join(self.counts())} ({listed}), none for a page that is scored; see --split"
        return Problem(name, None, "id", message)
