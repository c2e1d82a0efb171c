"""Web Content Extraction Benchmark (WCXB): a bag of words, and snippets that must and must not be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.metrics.base import MACRO, Counts, Family, Metric
from newsbench.metrics.bounds import Fault, at_most, fault_on, needs
from newsbench.metrics.compat.overlap import check_overlap, overlap_metrics, shared, zero_ratio
from newsbench.metrics.compat.texts import applies, output_text, reference_text, word_tokens

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

_LISTS = ("with", "without")


class Snippets(NamedTuple):
    """A page with the bag of words of its gold text and its snippets in lower case; None where it has no such list."""

    page: Page
    words: Counter[str]
    many: int
    lists: tuple[Sequence[str] | None, ...]


def prepare(page: Page) -> Snippets:
    """Split a page's gold text and fold its snippets."""
    tokens = word_tokens(reference_text(page).lower())
    lists = (page.reference.get(name) for name in _LISTS)
    return Snippets(
        page,
        Counter(tokens),
        len(tokens),
        tuple([str(one).lower() for one in found] if isinstance(found, list | tuple) else None for found in lists),
    )


def count(prepared: Snippets, prediction: Prediction | None) -> list[float]:
    """Count words shared, and snippets found in the output."""
    text = output_text(prepared.page, prediction).lower()
    tokens = word_tokens(text)
    row: list[float] = [
        shared(prepared.words, Counter(tokens)),
        len(tokens),
        prepared.many,
        not tokens and not prepared.many,
    ]
    for snippets in prepared.lists:
        row += [0, 0, 0] if snippets is None else [sum(one in text for one in snippets), len(snippets), 1]
    return row


def _rate(counts: Counts, *, name: str) -> Any:
    """Share of snippets found: 1 for an empty list (as the peer has it), nan where there is no list."""
    import numpy as np

    found, snippets = counts[f"{name}.found"], counts[f"{name}.snippets"]
    share = np.where(snippets > 0, zero_ratio(found, snippets), 1.0)
    return np.where(counts[f"{name}.pages"] > 0, share, np.nan)


_SOURCE = "Murrough-Foley/web-content-extraction-benchmark, evaluate.py"
_METRICS = (
    *overlap_metrics(
        "wcxb",
        what=r"\w+ words of the text in lower case",
        formula="shared: the intersection of the two bags",
        empty="1 where gold text and output have no word, 0 where one of them has none; a missing or failed page "
        "is an empty output, as with the peer",
        source=_SOURCE,
        agreed="both_empty",
    ),
    *(
        Metric(
            name=f"wcxb_{name}_rate",
            score=partial(_rate, name=name),
            formula="mean over pages of snippets found / snippets of the page; found: it stands in the output as it "
            f"is, letters in lower case; snippets that must {'' if name == 'with' else 'not '}be there",
            empty="undefined (nan) for pages whose gold has no list of snippets; 1 for an empty list, as with the peer",
            source=_SOURCE,
            average=MACRO,
            better="higher" if name == "with" else "lower",
        )
        for name in _LISTS
    ),
)


def _check(counts: Counts) -> list[Fault]:
    """Name what no two texts can give: more found than there is, or an empty text with words."""
    empty = counts["output"] + counts["gold"] == 0
    return [
        *check_overlap("")(counts),
        *fault_on(counts["both_empty"] != empty, "both_empty", "contradicts output and gold"),
        *at_most(counts, *((f"{name}.found", f"{name}.snippets") for name in _LISTS)),
        *needs(counts, *((f"{name}.snippets", f"{name}.pages") for name in _LISTS)),
    ]


FAMILY = Family(
    name="wcxb",
    task="boilerplate",
    columns=(
        "shared",
        "output",
        "gold",
        "both_empty",
        *(f"{name}.{column}" for name in _LISTS for column in ("found", "snippets", "pages")),
    ),
    prepare=prepare,
    count=count,
    applies=applies,
    metrics=_METRICS,
    flags=("both_empty", *(f"{name}.pages" for name in _LISTS)),
    gold=("gold", *(f"{name}.{column}" for name in _LISTS for column in ("snippets", "pages"))),
    answer=("shared", "output"),
    check=_check,
    peer=True,
)
