"""Does a story's title say what the reference titles say, and only of this story? (task `titles`)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from newsbench.metrics.base import MACRO, Counts, Family, Metric, f_score, ratio
from newsbench.metrics.bounds import Fault, at_most, equal, needs
from newsbench.text import words

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

Bag = Counter


class Titles(NamedTuple):
    """Words of the reference titles of a page's story, and of all stories by id."""

    story: str
    stories: dict[str, list[Bag]]


def _references(page: Page) -> list[Bag]:
    titles = [title for title in (page.story_title, *page.story_titles) if title]
    return [Counter(words(title)) for title in titles]


def bind(family: Family, pages: Sequence[Page]) -> Family:
    """Collect the titles of all stories, among which a title has to find its own."""
    stories = {page.story: _references(page) for page in pages if page.story is not None and page.story_title}
    return replace(family, prepare=lambda page: Titles(page.story, stories))


def _best(title: Bag, references: Sequence[Bag]) -> tuple[int, int]:
    """Return (shared words, words of the reference) for the reference with the highest F1, the first of equals."""
    shared = [((title & reference).total(), reference.total()) for reference in references]
    size = title.total()
    return max(shared, key=lambda found: 2 * found[0] / (size + found[1]) if size + found[1] else 0.0)


def count(page: Titles, prediction: Prediction | None) -> list[float]:
    """Count words shared with the best reference, and find the rank of the page's own story by title F1."""
    title = Counter(words((prediction.story_title if prediction is not None else None) or ""))
    own = _best(title, page.stories[page.story])
    size = title.total()
    if not own[0]:
        return [0, size, own[1], 0.0, 1]
    own_score = 2 * own[0] / (size + own[1])
    rank = 1.0
    for story, references in page.stories.items():
        if story == page.story:
            continue
        shared, length = _best(title, references)
        score = 2 * shared / (size + length)
        # Among equals the expected rank: half of them stand before.
        rank += 1.0 if score > own_score else 0.5 if score == own_score else 0.0
    return [own[0], size, own[1], 1 / rank, 1]


def _f1(counts: Counts) -> object:
    return f_score(counts["shared"], counts["predicted"], counts["reference"])


def _check(counts: Counts) -> list[Fault]:
    """Name what no title can give: a rank beyond the first, one without shared words, more shared than there is."""
    return [
        *equal(counts, ("pages", 1)),
        *at_most(counts, ("shared", "predicted"), ("shared", "reference"), ("reciprocal_rank", 1)),
        *needs(counts, ("shared", "reciprocal_rank"), ("reciprocal_rank", "shared")),
    ]


FAMILY = Family(
    name="words",
    task="titles",
    columns=("shared", "predicted", "reference", "reciprocal_rank", "pages"),
    count=count,
    applies=lambda page: page.story is not None and bool(page.story_title),
    bind=bind,
    metrics=(
        Metric(
            name="token_f1",
            score=_f1,
            formula="mean over pages of 2·shared words / (words of the title + words of the reference title), with the "
            "reference title that gives most",
            empty="0 for an empty title",
            source="SQuAD token F1 over several references",
            average=MACRO,
            headline=True,
        ),
        Metric(
            name="mrr",
            score=lambda counts: ratio(counts["reciprocal_rank"], counts["pages"]),
            formula="mean over pages of 1 / rank of the page's own story among all stories by title F1; equals count "
            "half, no shared word gives 0",
            empty="nan without pages",
            source="mean reciprocal rank",
            headline=True,
        ),
    ),
    fractions=("reciprocal_rank",),
    flags=("pages",),
    gold=("pages",),
    answer=("shared", "predicted", "reciprocal_rank"),
    filled=("predicted",),
    check=_check,
)
