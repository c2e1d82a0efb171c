"""The row of counts of one page: how its predicted attributions compare with the gold ones."""

from __future__ import annotations

from collections.abc import Sequence
from operator import add
from typing import TYPE_CHECKING

from newsbench.metrics.attribution_alignment import Pair, align
from newsbench.metrics.attribution_claims import Claim, PageClaims, prepare_claims, read_claims
from newsbench.metrics.attribution_columns import AT, MAIN_ELEMENTS, MATCHES
from newsbench.metrics.attribution_joining import join_split_sources
from newsbench.metrics.attribution_kinds import IN_CLAIMS, add_up, ones, ones_of_cited, ones_of_labels
from newsbench.metrics.attribution_sources import count_sources

if TYPE_CHECKING:
    from newsbench.metrics.attribution_text import PageText
    from newsbench.types import Page, Prediction

_EXACT, _NORMALIZED, _DICE = ([ones([f"{how}.{name}"]) for name in MAIN_ELEMENTS] for how in MATCHES)
_OTHERS = [(at, ones([f"normalized.{name}"])) for at, name in enumerate(IN_CLAIMS) if name not in MAIN_ELEMENTS]
_SOURCE_CONTENT, _RELAXED = ones(["joint_source_content"]), ones(["joint_relaxed"])
_STRICT = _SOURCE_CONTENT + ones(["joint_strict"])
_MAIN = range(len(MAIN_ELEMENTS))
_CONTENT = MAIN_ELEMENTS.index("content")
_STRINGS, _MISSING = AT["strings"], AT["strings_missing"]
_SHARED, _GOLD, _PREDICTED = (
    [AT[f"{side}.{name}"] for name in MAIN_ELEMENTS] for side in ("words", "gold_words", "predicted_words")
)


def prepare(page: Page) -> PageClaims:
    """Measure a page's gold attributions and count what does not depend on a prediction."""
    prepared = prepare_claims(page)
    cited = [ones_of_cited(one) for one in prepared.cited]
    rows = [gold.kind.gold + of_sources for gold, (of_sources, _) in zip(prepared.golds, cited, strict=True)]
    prepared.if_found = [
        gold.kind.gold_found + of_sources for gold, (_, of_sources) in zip(prepared.golds, cited, strict=True)
    ]
    row = add_up(rows)
    row[AT["known_sources"]] = sum(map(bool, prepared.known_sources))
    _count_words(row, prepared.golds, _GOLD)
    prepared.base = row
    return prepared


def count(page: PageClaims, prediction: Prediction | None) -> list[float]:
    """Count agreement on elements, attributions, sources and labels over the page's alignment."""
    claims, given, missing = read_claims(page, prediction)
    row = page.base.copy()
    if claims:
        claims = join_split_sources(page, claims)
        pairs, wrong = align(page, claims)
        rows, words, alike, source_right = _compare_pairs(page, claims, pairs)
        rows += [claims[at].kind.predicted for at in wrong]
        # Gold and predicted attributions fill different columns.
        row = list(map(add, row, add_up(rows)))
        row[AT["aligned"]] = len(pairs)
        for at, shared in zip(_SHARED, words, strict=True):
            row[at] = shared
        _count_words(row, [claims[pair[1]] for pair in pairs] + [claims[at] for at in wrong], _PREDICTED)
        count_sources(row, page, claims, alike, source_right)
    row[_STRINGS], row[_MISSING] = given, missing
    return row


def _count_words(row: list[float], claims: Sequence[Claim], columns: Sequence[int]) -> None:
    for element, at in enumerate(columns):
        row[at] = sum([claim[element].words for claim in claims])


def _compare_pairs(
    page: PageClaims, claims: Sequence[Claim], pairs: Sequence[Pair]
) -> tuple[list[int], list[int], list[Pair], list[bool]]:
    """Count the predicted side of aligned pairs, their equal elements, and labels of those whose contents are alike.

    Return packed rows, the words that the three main elements share, the pairs whose contents are alike, and for each
    of these whether the source is right.
    """
    rows: list[int] = []
    words = [0, 0, 0]
    alike, source_right = [], []
    for pair in pairs:
        gold, claim = page.golds[pair[0]], claims[pair[1]]
        if gold.elements() == claim.elements():
            # Most pairs are so, and add what is known of their kind.
            for element in _MAIN:
                words[element] += gold[element].words
            content, source, relaxed = True, True, True
            if gold.kind is claim.kind:
                alike.append(pair)
                source_right.append(True)
                rows += (gold.kind.all_right, page.if_found[pair[0]])
                continue
            rows += (claim.kind.predicted, gold.kind.same)
        else:
            rows.append(claim.kind.predicted)
            content, source, relaxed = _compare_elements(rows, words, page.text, gold, claim, pair)
        if content:
            alike.append(pair)
            source_right.append(source)
            rows.append(ones_of_labels(gold.kind.labels, claim.kind.labels))
        if relaxed:
            rows += (page.if_found[pair[0]], claim.kind.predicted_found)
    return rows, words, alike, source_right


def _compare_elements(
    rows: list[int], words: list[int], text: PageText, gold: Claim, claim: Claim, pair: Pair
) -> tuple[bool, bool, bool]:
    """Count the elements of a pair; say whether the contents are alike, the sources equal, and contents and sources
    alike.
    """
    equal, alike = [], []
    for element in _MAIN:
        first, second = gold[element], claim[element]
        if not (first.weight and second.weight):
            # Absent on both sides: agreement, but nothing that was found.
            same = near = first.weight == second.weight
        elif first.core == second.core and not second.extra:
            same = near = True
            rows += (_NORMALIZED[element], _DICE[element])
            if first.spans == second.spans:
                rows.append(_EXACT[element])
            words[element] += first.words
        else:
            same = False
            characters, shared = pair[2:] if element == _CONTENT else text.overlap(first.core, second.core)
            near = 4 * characters >= first.weight + second.weight
            if near:
                rows.append(_DICE[element])
            words[element] += shared
        equal.append(same)
        alike.append(near)
    for element, normalized in _OTHERS:
        first, second = gold[element], claim[element]
        if first.weight and first.core == second.core and not second.extra:
            rows.append(normalized)
    if equal[0] and equal[1]:
        rows.append(_STRICT if equal[2] else _SOURCE_CONTENT)
    relaxed = alike[0] and alike[1]
    if relaxed:
        rows.append(_RELAXED)
    return alike[0], equal[1], relaxed
