"""The edit ratio that the chatnoir benchmark calls Levenshtein: insertions and deletions of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsbench.metrics.base import MACRO, Family, Metric, f_score
from newsbench.metrics.compat.overlap import check_overlap
from newsbench.metrics.compat.texts import COUNTED_AS_EMPTY, applies, output_text, reference_text

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction


class Split(NamedTuple):
    """A page with the words of its gold text."""

    page: Page
    words: list[str]


def prepare(page: Page) -> Split:
    """Split a page's gold text at blanks."""
    return Split(page, reference_text(page).split())


def count(prepared: Split, prediction: Prediction | None) -> list[float]:
    """Count the words of the longest common subsequence, of the output and of the gold text."""
    from rapidfuzz.distance import LCSseq

    output = output_text(prepared.page, prediction).split()
    return [LCSseq.similarity(prepared.words, output), len(output), len(prepared.words)]


FAMILY = Family(
    name="indel",
    task="boilerplate",
    columns=("shared", "output", "gold"),
    prepare=prepare,
    count=count,
    applies=applies,
    metrics=(
        Metric(
            name="indel_ratio",
            score=lambda counts: f_score(counts["shared"], counts["output"], counts["gold"]),
            formula="mean over pages of 1 - D / (output + gold) = 2·shared / (output + gold) in words between blanks; "
            "D: fewest insertions and deletions of words, shared: longest common subsequence",
            empty=f"1 where both are empty, 0 where one is; {COUNTED_AS_EMPTY}",
            source="Levenshtein.ratio on lists of words, chatnoir-eu/web-content-extraction-benchmark, eval.py",
            average=MACRO,
        ),
    ),
    gold=("gold",),
    answer=("shared", "output"),
    check=check_overlap(""),
    peer=True,
)
