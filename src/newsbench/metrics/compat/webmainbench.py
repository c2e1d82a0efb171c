"""WebMainBench: runs of five tokens, with and without its tokeniser's blanks."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.metrics.base import Counts, Family
from newsbench.metrics.bounds import Fault, fault_on
from newsbench.metrics.compat.overlap import check_overlap, ngrams, overlap_metrics, shared
from newsbench.metrics.compat.texts import COUNTED_AS_EMPTY, applies, output_text, reference_text

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

_N = 5
_HAN = re.compile(r"[\u4e00-\u9fd5]")
# Without Han characters the peer's tokeniser knows five words of its dictionary, numbers, runs of letters and digits,
# runs of the other signs that it takes for parts of words, and single characters.
_DICTIONARY = re.compile(r"(AT&T|[cC](?:\+\+|#))")
_TOKEN = re.compile(r"[a-zA-Z0-9]+(?:\.[0-9]+)?%?|[+#&._%\-]+|\r\n|[\s\S]")


class Gold(NamedTuple):
    """A page with the runs of five of its gold text: with blanks, and without."""

    page: Page
    blank: bool
    bags: tuple[Counter[Any], Counter[Any]]


def tokenize(text: str) -> list[str]:
    """Cut a text as `jieba.lcut` does, every blank a token.

    Text with Han characters is cut by jieba itself where it is installed; else each of them is a token, with a warning,
    since that is not the peer's number.
    """
    if _HAN.search(text):
        if find_spec("jieba") is not None:
            return _jieba().lcut(text)
        warnings.warn(
            "webmainbench: text with Han characters is cut character by character; for the peer's own numbers "
            "install jieba",
            stacklevel=2,
        )
    tokens: list[str] = []
    for at, piece in enumerate(_DICTIONARY.split(text)):
        if at % 2:
            tokens.append(piece)
        else:
            tokens += _TOKEN.findall(piece)
    return tokens


@lru_cache(maxsize=1)
def _jieba() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba


def _bags(text: str) -> tuple[Counter[Any], Counter[Any]]:
    tokens = tokenize(text)
    return ngrams(tokens, _N), ngrams([token for token in tokens if not token.isspace()], _N)


def prepare(page: Page) -> Gold:
    """Cut a page's gold text."""
    text = reference_text(page)
    return Gold(page, not text.strip(), _bags(text))


def count(prepared: Gold, prediction: Prediction | None) -> list[float]:
    """Count runs of five tokens on both sides and those they share, with blanks and without."""
    text = output_text(prepared.page, prediction)
    row: list[float] = [prepared.blank and not text.strip()]
    for gold, output in zip(prepared.bags, _bags(text), strict=True):
        row += [shared(gold, output), output.total(), gold.total()]
    return row


_KINDS = {
    "webmainbench_rouge5": ("blanks.", "each blank is a token"),
    "webmainbench_rouge5_no_blanks": ("", "blanks are no tokens (the peer counts them)"),
}


def _check(counts: Counts) -> list[Fault]:
    """Name what no two texts can give: more shared than there is, or blank texts with tokens that are no blanks."""
    tokens = (counts["both_empty"] > 0) & (counts["output"] + counts["gold"] > 0)
    return [
        *check_overlap("blanks.", "")(counts),
        *fault_on(tokens, "both_empty", "is 1, but output or gold has tokens"),
    ]


FAMILY = Family(
    name="webmainbench",
    task="boilerplate",
    columns=("both_empty", "blanks.shared", "blanks.output", "blanks.gold", "shared", "output", "gold"),
    prepare=prepare,
    count=count,
    applies=applies,
    metrics=tuple(
        metric
        for name, (prefix, blanks) in _KINDS.items()
        for metric in overlap_metrics(
            name,
            what="runs of five tokens",
            formula=f"shared: the intersection of the two bags; tokens are those of jieba.lcut, {blanks}",
            empty="1 where both texts are blank, 0 where one of them has fewer than five tokens; " + COUNTED_AS_EMPTY,
            source="opendatalab/WebMainBench, TextRougeNgramMetric (n = 5)",
            prefix=prefix,
            agreed="both_empty",
        )
    ),
    flags=("both_empty",),
    gold=("blanks.gold", "gold"),
    answer=("blanks.shared", "blanks.output", "shared", "output"),
    check=_check,
    peer=True,
)
