"""ROUGE-1, ROUGE-2 and ROUGE-Lsum as `rouge-score` gives them without stemming."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.metrics.base import Counts, Family
from newsbench.metrics.bounds import Fault, equal, fault_on
from newsbench.metrics.compat.overlap import check_overlap, ngrams, overlap_metrics, shared
from newsbench.metrics.compat.texts import COUNTED_AS_EMPTY, applies, output_text, reference_text
from newsbench.metrics.compat.union_lcs import union_hits

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction

_ALPHANUMERIC = bytes(b if chr(b) in "abcdefghijklmnopqrstuvwxyz0123456789" else 32 for b in range(256))
_STOP = re.compile(r"([.!?…]+)[\"'”’»)\]]*\s+[\"'“‘«(\[]*(?=(\w))")
_LAST_WORD = re.compile(r"(?:\w|(?<=\w)\.(?=\w))+$")
_ABBREVIATIONS = frozenset(
    {
        "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "sen", "rep", "gov", "gen", "col", "lt", "sgt", "capt",
        "cmdr", "adm", "rev", "hon", "pres", "messrs", "mt", "ft", "vs", "no", "nos", "inc", "ltd", "co", "corp",
        "bros", "dept", "fig", "vol", "pp", "ed", "eds", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept",
        "oct", "nov", "dec",
    }
)  # fmt: skip

_KINDS = ("rouge_1", "rouge_2", "rouge_lsum")


class Gold(NamedTuple):
    """A page with its gold text as bags of words and of pairs, and as lists of words a sentence."""

    page: Page
    words: list[str]
    bags: tuple[Counter[Any], Counter[Any]]
    sentences: list[list[str]]


def tokenize(text: str) -> list[str]:
    """Return the runs of a-z and 0-9 in the text's lower case; every other character divides."""
    return text.lower().encode("ascii", "replace").translate(_ALPHANUMERIC).decode().split()


def split_sentences(text: str) -> list[str]:
    """Return the lines of a text or, where only one has words, the sentences of that line.

    A sentence ends with ``.``, ``!``, ``?`` or ``…`` (closing marks may follow) before a blank and a capital or a
    digit; not after an initial, a frequent abbreviation (Mr, Dr, Gov, Inc, Sept) or letters with stops inside (U.S.).
    """
    lines = [line for line in text.split("\n") if line]
    worded = [line for line in lines if tokenize(line)]
    if len(worded) != 1:
        return lines
    line = worded[0]
    sentences = []
    start = 0
    for found in _STOP.finditer(line):
        follows = found[2]
        if not (follows.isupper() or follows.isdigit()):
            continue
        if found[1] == "." and _is_abbreviation(line[max(start, found.start() - 20) : found.start()]):
            continue
        end = found.end(1)
        while not line[end].isspace():
            end += 1
        sentences.append(line[start:end])
        start = end + 1
    sentences.append(line[start:])
    return sentences


def _is_abbreviation(before: str) -> bool:
    found = _LAST_WORD.search(before)
    if not found:
        return False
    word = found[0]
    if "." in word or len(word) == 1:
        return word[-1].isalpha()
    return word.lower() in _ABBREVIATIONS


def _bags(words: list[str]) -> tuple[Counter[Any], Counter[Any]]:
    return Counter(words), ngrams(words, 2)


def prepare(page: Page) -> Gold:
    """Split a page's gold text."""
    text = reference_text(page)
    words = tokenize(text)
    return Gold(page, words, _bags(words), [tokenize(sentence) for sentence in split_sentences(text)])


def count(prepared: Gold, prediction: Prediction | None) -> list[float]:
    """Count words, pairs of words, and words in the union of longest common subsequences."""
    text = output_text(prepared.page, prediction)
    words = tokenize(text)
    row: list[float] = []
    for n, (gold, output) in enumerate(zip(prepared.bags, _bags(words), strict=True)):
        row += [shared(gold, output), max(len(words) - n, 0), max(len(prepared.words) - n, 0)]
    hits = 0
    if words and prepared.words:
        hits = union_hits(prepared.sentences, [tokenize(sentence) for sentence in split_sentences(text)])
    return [*row, hits, len(words), len(prepared.words)]


_WHAT = {
    "rouge_1": ("words", "shared: the intersection of the two bags"),
    "rouge_2": ("pairs of neighbouring words", "shared: the intersection of the two bags"),
    "rouge_lsum": (
        "words",
        "shared: for each sentence of the gold text the union of its longest common subsequences with the sentences of "
        "the output, no word counted more often than the output has it; sentences are lines, or found by stops in a "
        "text of one line",
    ),
}


def _check(counts: Counts) -> list[Fault]:
    """Name what no two texts can give: more shared than there is, or other words for one figure than for another."""
    found = check_overlap(*(f"{kind}." for kind in _KINDS))(counts)
    for side in ("output", "gold"):
        words, pairs = counts[f"rouge_1.{side}"], counts[f"rouge_2.{side}"]
        found += equal(counts, (f"rouge_lsum.{side}", f"rouge_1.{side}"))
        found += fault_on(pairs != (words - 1).clip(0), f"rouge_2.{side}", f"is not one less than rouge_1.{side}")
    return found


FAMILY = Family(
    name="rouge",
    task="boilerplate",
    columns=tuple(f"{kind}.{column}" for kind in _KINDS for column in ("shared", "output", "gold")),
    prepare=prepare,
    count=count,
    applies=applies,
    metrics=tuple(
        metric
        for kind in _KINDS
        for metric in overlap_metrics(
            kind,
            what=_WHAT[kind][0],
            formula=f"{_WHAT[kind][1]}; words are runs of a-z and 0-9 in lower case, not stemmed",
            empty=f"0 where either side has no word, both included, as with the peer; {COUNTED_AS_EMPTY}",
            source="rouge-score 0.1.2, RougeScorer(use_stemmer=False) on the default tokenizer; Lin 2004",
            prefix=f"{kind}.",
        )
    ),
    gold=tuple(f"{kind}.gold" for kind in _KINDS),
    answer=tuple(f"{kind}.{column}" for kind in _KINDS for column in ("shared", "output")),
    check=_check,
    peer=True,
)
