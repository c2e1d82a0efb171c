"""A line classifier: is this line of the visible text boilerplate? It never sees HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from newsbench.resources import table
from newsbench.systems.base import Fields, System
from newsbench.systems.linefeatures import BUCKETS, TextLine, page_features, split_lines

if TYPE_CHECKING:
    from newsbench.types import Page

# The pull to zero (scikit-learn's C), and the scale of the hashed words, so that they get less room than the shape of a
# line. Chosen on the training stories, each held out once.
_C = 5.0
_HASH_SCALE = 0.6


class Lines(System):
    """Logistic regression over the shape, place, neighbours and words of each line of a page's text.

    Trained on the segments of labelled pages: a line is boilerplate where most of its characters are; lines of optional
    text are left out of training. Deterministic: no random numbers, the same pages in the same order give the same
    weights.
    """

    name = "lines"
    tasks = ("boilerplate",)
    description = "logistic regression over the lines of the visible text: shape, place, neighbours, hashed words"
    needs_training = True
    trains = True

    def __init__(self) -> None:
        self.weights: Any = None
        self.bias = 0.0

    def fit(self, pages: Sequence[Page]) -> None:
        """Learn from pages with segments. Errors: ValueError where there are none, or of one kind only."""
        import numpy as np
        from sklearn.linear_model import LogisticRegression

        blocks, labels = [], []
        for page in pages:
            if not page.segments:
                continue
            lines = split_lines(page.text)
            known = [(at, role) for at, role in enumerate(_roles(page, lines)) if role is not None]
            blocks.append(_matrix(page.text, lines)[[at for at, _ in known]])
            labels += [role == "boilerplate" for _, role in known]
        if len(set(labels)) < 2:
            raise ValueError("lines: training needs pages with segments, boilerplate and content among them")
        model = LogisticRegression(C=_C, class_weight="balanced", max_iter=2000)
        model.fit(np.concatenate(blocks), np.array(labels))
        self.weights, self.bias = model.coef_[0], float(model.intercept_[0])

    def run(self, page: Page) -> Fields:
        """Return the spans of the lines that look like boilerplate."""
        if self.weights is None:
            raise ValueError("lines: call fit first")
        lines = split_lines(page.text)
        if not lines:
            return {"boilerplate": []}
        removed = _matrix(page.text, lines) @ self.weights + self.bias > 0
        return {
            "boilerplate": [
                {"start": line.start, "end": line.end} for line, out in zip(lines, removed, strict=True) if out
            ]
        }


def _matrix(text: str, lines: Sequence[TextLine]) -> Any:
    """Return lines x features, float64; hashed words last."""
    import numpy as np

    dense, buckets = page_features(text, list(lines))
    shape = np.array(dense, dtype=np.float64).reshape(len(lines), -1)
    words = np.zeros((len(lines), BUCKETS))
    for at, found in enumerate(buckets):
        words[at, found] = _HASH_SCALE
    return np.hstack([shape, words])


def _roles(page: Page, lines: Sequence[TextLine]) -> list[str | None]:
    """Return the role that most characters of each line have; None for optional text and where there is no segment."""
    types = table("segments")["types"]
    found: list[str | None] = []
    segments = page.segments or ()
    at = 0
    for line in lines:
        while at < len(segments) and segments[at].end <= line.start:
            at += 1
        shares: dict[str, int] = {}
        for segment in segments[at:]:
            if segment.start >= line.end:
                break
            role = types[segment.type]["role"] if segment.type in types else "optional"
            shares[role] = shares.get(role, 0) + min(segment.end, line.end) - max(segment.start, line.start)
        best = max(shares, key=lambda role: (shares[role], role), default=None)
        found.append(None if best == "optional" else best)
    return found
