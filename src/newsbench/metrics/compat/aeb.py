"""Article Extraction Benchmark: shingles of four words, and texts of equal words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.metrics.base import Counts, Family, Metric, ratio
from newsbench.metrics.bounds import Fault, at_most, equal, fault_on, needs
from newsbench.metrics.compat.overlap import ngrams, shared, zero_ratio
from newsbench.metrics.compat.texts import (
    COUNTED_AS_EMPTY,
    applies,
    fold_token,
    output_text,
    reference_text,
    word_tokens,
)
from newsbench.wordruns import SharedRuns, shared_runs
from newsbench.wordunits import WordRule

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page, Prediction

_SHINGLE = 4
# Pages whose texts are compared together.
_PAGES = 64
#: Runs of `\\w`, case kept; a text with letters beyond the basic plane is split one word at a time.
TOKENS = WordRule(fold_token, lambda text: " ".join(word_tokens(text)))


class Gold(NamedTuple):
    """A page with the words of its gold text."""

    page: Page
    tokens: list[str]


def _many(tokens: list[str]) -> int:
    """Return the number of shingles: runs of four words; a shorter text is one, an empty one none."""
    return max(len(tokens) - _SHINGLE + 1, 1) if tokens else 0


def shared_shingles(gold: list[str], output: list[str]) -> int:
    """Return the size of the intersection of the two bags of shingles.

    What both texts begin or end with adds the same to both bags, hence just as much to the intersection: only what
    lies between is put into bags.
    """
    if len(gold) < _SHINGLE or len(output) < _SHINGLE:
        return int(gold == output and bool(gold))
    least = min(len(gold), len(output))
    before = _common(least, lambda k: gold[:k] == output[:k])
    after = _common(least - before, lambda k: gold[len(gold) - k :] == output[len(output) - k :])
    # A shingle belongs to the beginning or the end only as a whole.
    first, last = max(before - _SHINGLE + 1, 0), max(after - _SHINGLE + 1, 0)
    return (
        first
        + last
        + shared(ngrams(gold[first : len(gold) - last], _SHINGLE), ngrams(output[first : len(output) - last], _SHINGLE))
    )


def _common(most: int, equal: Callable[[int], bool]) -> int:
    """Return the largest k up to `most` for which `equal(k)`, given that it holds for all smaller ones."""
    low = 0
    while low < most:
        middle = (low + most + 1) // 2
        if equal(middle):
            low = middle
        else:
            most = middle - 1
    return low


def prepare(page: Page) -> Gold:
    """Split a page's gold text."""
    return Gold(page, word_tokens(reference_text(page)))


def count(prepared: Gold, prediction: Prediction | None) -> list[float]:
    """Count one page's precision and recall where they are defined, and whether all words are equal."""
    page, gold = prepared
    output = word_tokens(output_text(page, prediction))
    if output == gold:
        defined = float(bool(gold))
        return [defined, defined, defined, defined, 1, 1]
    in_output, in_gold = _many(output), _many(gold)
    matched = shared_shingles(gold, output)
    return [
        matched / in_output if in_output else 0,
        in_output > 0,
        matched / in_gold if in_gold else 0,
        in_gold > 0,
        0,
        1,
    ]


def count_many(pages: Sequence[Page], predictions: Sequence[Sequence[Prediction | None]]) -> list[NDArray[Any]]:
    """Do for many pages and systems at once what `count` does for one."""
    import numpy as np

    parts = []
    for first in range(0, max(len(pages), 1), _PAGES):
        part = pages[first : first + _PAGES]
        gold = list(map(reference_text, part))
        outputs = [list(map(output_text, part, answers[first : first + _PAGES])) for answers in predictions]
        parts.append([_rows(runs) for runs in shared_runs(gold, outputs, _SHINGLE, TOKENS)])
    return [np.concatenate(of_system) for of_system in zip(*parts, strict=True)]


def _rows(runs: SharedRuns) -> NDArray[Any]:
    import numpy as np

    in_gold, in_output, matched, equal = runs
    return np.column_stack(
        [
            zero_ratio(matched, in_output), in_output > 0, zero_ratio(matched, in_gold), in_gold > 0, equal,
            np.ones(len(equal)),
        ]
    )  # fmt: skip


def _precision(counts: Counts) -> Any:
    return ratio(counts["precision"], counts["precision_pages"])


def _recall(counts: Counts) -> Any:
    return ratio(counts["recall"], counts["recall_pages"])


def _f1(counts: Counts) -> Any:
    """Harmonic mean of the two means: 0 where they are 0, or where no page has an output; nan without any gold."""
    import numpy as np

    precision = zero_ratio(counts["precision"], counts["precision_pages"])
    recall = _recall(counts)
    return np.where(np.isnan(recall), np.nan, zero_ratio(2 * precision * recall, precision + recall))


_SOURCE = "scrapinghub/article-extraction-benchmark, evaluate.py"
_WORDS = r"shingles are the runs of four \w+ words, case kept, as a bag"
_METRICS = (
    Metric(
        name="aeb_f1",
        score=_f1,
        formula=f"2PR / (P + R) of aeb_precision and aeb_recall (not the mean of the pages' F1); {_WORDS}",
        empty="0 where precision and recall are 0 or no page has an output (the peer stops there); pages without "
        f"output drop out of precision, as with the peer; {COUNTED_AS_EMPTY}",
        source=_SOURCE,
    ),
    Metric(
        name="aeb_precision",
        score=_precision,
        formula=f"mean over pages with an output of shared shingles / shingles of the output; {_WORDS}",
        empty="pages without output are left out, as with the peer: blanking a bad page raises it; undefined (nan) "
        "where no page has any",
        source=_SOURCE,
    ),
    Metric(
        name="aeb_recall",
        score=_recall,
        formula=f"mean over pages with a gold text of shared shingles / shingles of the gold text; {_WORDS}",
        empty=f"pages without gold text are left out, as with the peer; {COUNTED_AS_EMPTY}",
        source=_SOURCE,
    ),
    Metric(
        name="aeb_accuracy",
        score=lambda counts: ratio(counts["equal"], counts["pages"]),
        formula="pages whose output has the very words of the gold text, in order / pages",
        empty=f"1 for a page where both are empty; {COUNTED_AS_EMPTY}",
        source=_SOURCE,
    ),
)


def _check(counts: Counts) -> list[Fault]:
    """Name what no two texts can give: a share above 1, or equal words with other shares than 1."""
    parts = [counts[column] for column in ("precision", "precision_pages", "recall", "recall_pages")]
    unequal = sum(part != parts[0] for part in parts) > 0
    return [
        *equal(counts, ("pages", 1)),
        *at_most(counts, ("precision", "precision_pages"), ("recall", "recall_pages")),
        *needs(counts, ("precision", "recall"), ("recall", "precision")),
        *fault_on((counts["equal"] > 0) & unequal, "equal", "is 1, but precision or recall is not"),
    ]


FAMILY = Family(
    name="aeb",
    task="boilerplate",
    columns=("precision", "precision_pages", "recall", "recall_pages", "equal", "pages"),
    prepare=prepare,
    count=count,
    count_many=count_many,
    applies=applies,
    metrics=_METRICS,
    fractions=("precision", "recall"),
    flags=("precision_pages", "recall_pages", "equal", "pages"),
    gold=("recall_pages", "pages"),
    answer=("precision", "precision_pages", "recall"),
    check=_check,
    peer=True,
)
