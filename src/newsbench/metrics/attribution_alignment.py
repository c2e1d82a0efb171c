"""Which predicted attribution stands for which gold one: one optimal one-to-one alignment a page.

Among all one-to-one choices of pairs whose contents share at least one visible character, the alignment is the one
with, in this order,

1. the most pairs with equal contents (marks at the edges aside): an exact answer never loses its match to a part of it;
2. the largest sum of content Dice (2·shared / (gold + predicted) visible characters, in steps of 2^-30);
3. the most pairs that are wholly right, then those with equal contents and sources, then those with both alike (the
   joint figures: strict, source and content, relaxed): a wrong answer never takes the match of a right one;
4. the largest sum of source Dice, then of cue Dice, which is 1 where both sides have none;
5. the most contents equal to the character; contents that begin near each other; earlier contents.

It does not depend on the order of predictions. A prediction repeated with the same content, source and cue is matched
as often as the gold has these: once for each gold attribution that differs elsewhere if the copies differ too, and for
each that does not if the gold repeats itself. The rest are wrong predictions. Copies in quoted strings stand at one
place (`grounding`), however often the page prints their words.

Where a system splits the sources of a gold attribution, its predictions are first made one (`attribution_joining`).
Gold attributions without a content of their own (refusals to comment) are not aligned; of the predictions without a
match, those that are these refusals are left out (`attribution_refusals`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate

from newsbench.matching import best_assignment, match
from newsbench.metrics.attribution_claims import Claim, PageClaims
from newsbench.metrics.attribution_refusals import left_out
from newsbench.metrics.attribution_text import Element, PageText

#: (gold, prediction, shared visible characters, shared words)
Pair = tuple[int, int, int, int]
Claims = Sequence[Claim] | Mapping[int, Claim]

# Weights are whole numbers with a field of bits for each criterion, wide enough for a sum over 2^16 pairs.
_DICE_BITS = 30
_OFFSET_BITS = 24
_PAIR_BITS = 16
_ONE = 1 << _DICE_BITS
_DICE_FIELD = _DICE_BITS + _PAIR_BITS + 1
_NEAR_FIELD = 2 * _OFFSET_BITS + _PAIR_BITS
_EARLY_FIELD = _OFFSET_BITS + _PAIR_BITS
_JOINT_FIELD = _PAIR_BITS + 1
_TIE_FIELD = 3 * _JOINT_FIELD + 2 * _DICE_FIELD + _JOINT_FIELD + _NEAR_FIELD + _EARLY_FIELD
_FARTHEST = (1 << _OFFSET_BITS) - 1
_SOURCE, _CUE = Claim._fields.index("source"), Claim._fields.index("cue")


def align(page: PageClaims, claims: list[Claim]) -> tuple[list[Pair], list[int]]:
    """Return the aligned pairs, in order of gold, and the predictions that have none and count as wrong."""
    pairs, open_golds, rest = _take_equal(page, claims)
    if rest and open_golds:
        pairs += _match_rest(page, claims, open_golds, rest)
    pairs.sort()
    if len(pairs) == len(claims):
        return pairs, []
    taken = {pair[1] for pair in pairs}
    unmatched = [at for at in range(len(claims)) if at not in taken]
    refusals = left_out(page.text, page.ignored, claims, unmatched)
    return pairs, [at for at in unmatched if at not in refusals] if refusals else unmatched


def _take_equal(page: PageClaims, claims: list[Claim]) -> tuple[list[Pair], list[int], list[int]]:
    """Pair claims of equal content where no choice is open; return the pairs and what remains on both sides.

    By the first criterion every alignment has these pairs, so they need not compete.
    """
    groups: dict[tuple, int] = {}
    several: dict[tuple, list[int]] = {}
    for at, claim in enumerate(claims):
        content = claim.content
        if content.core:
            key = (content.core, content.extra) if content.extra else content.core
            first = groups.setdefault(key, at)
            if first != at:
                several.setdefault(key, [first]).append(at)
    pairs: list[Pair] = []
    taken: set[int] = set()
    rest: list[list[int]] = []
    for key, first in groups.items():
        golds = page.by_content.get(key, ())
        if len(golds) == 1 and not (several and key in several):
            gold = page.golds[golds[0]].content
            pairs.append((golds[0], first, gold.weight, gold.words))
            taken.add(golds[0])
            continue
        settled, left = settle_equal(page.text, page.golds, claims, golds, several.get(key, [first]))
        if left:
            rest.append(left)
        else:
            pairs += [(g, c, page.golds[g].content.weight, page.golds[g].content.words) for g, c in settled]
            taken.update(golds)
    # Groups in the order of their contents: the order of predictions must not matter.
    rest.sort(key=lambda members: (claims[members[0]].content.core, claims[members[0]].content.extra))
    return pairs, [g for g in range(len(page.golds)) if g not in taken], [c for m in rest for c in m]


def settle_equal(
    text: PageText, golds: Claims, claims: Claims, of_gold: Sequence[int], members: Sequence[int]
) -> tuple[list[tuple[int, int]], list[int]]:
    """Pair golds and claims (`members`) of one content; where they are not as many, return what has to compete."""
    if len(members) > 1:
        members = _without_copies(golds, claims, of_gold, members)
    if not of_gold or len(of_gold) != len(members):
        return [], list(members)
    if len(of_gold) == 1:
        return [(of_gold[0], members[0])], []
    weights = [[_tie_weight(text, golds[g], claims[c], _ONE, equal=True) for c in members] for g in of_gold]
    return [(of_gold[i], members[j]) for i, j in best_assignment(weights)], []


def _without_copies(golds: Claims, claims: Claims, of_gold: Sequence[int], members: Sequence[int]) -> list[int]:
    """Sort claims of equal content by all they say; keep of each, and of equal source and cue, what the gold has."""

    def what(claim: Claim) -> tuple:
        return claim.source.core, claim.source.extra, claim.cue.core, claim.cue.extra

    room = Counter(what(golds[gold]) for gold in of_gold)
    repeated: dict[tuple, int] = {}
    for (key, _), times in Counter((what(golds[gold]), golds[gold].key()) for gold in of_gold).items():
        repeated[key] = max(times, repeated.get(key, 1))
    kept = []
    seen: Counter[tuple] = Counter()
    full = {at: claims[at].key() for at in members}
    for at in sorted(members, key=full.__getitem__):
        key = what(claims[at])
        if seen[full[at]] < repeated.get(key, 1) and seen[key] < max(1, room[key]):
            seen.update((full[at], key))
            kept.append(at)
    return kept


def _match_rest(page: PageClaims, claims: list[Claim], golds: list[int], rest: list[int]) -> list[Pair]:
    """Align what is not settled, by connected components of overlapping contents."""
    text = page.text
    # By their beginnings without marks at the edges, which may be others than those with them.
    golds = sorted(golds, key=lambda g: page.golds[g].content.core[0][0])
    gold_contents = [page.golds[g].content for g in golds]
    # No content before `low` reaches a prediction that starts later.
    starts = [content.core[0][0] for content in gold_contents]
    reach = list(accumulate((content.core[-1][1] for content in gold_contents), max))
    shared: dict[tuple[int, int], tuple[int, int]] = {}
    for row, at in enumerate(rest):
        core = claims[at].content.core
        low = bisect_right(reach, core[0][0])
        high = bisect_left(starts, core[-1][1])
        for column in range(low, high):
            found = text.overlap(gold_contents[column].core, core)
            if found[0]:
                shared[column, row] = found

    chosen = best_pairs(text, [page.golds[g] for g in golds], [claims[c] for c in rest], shared)
    return [(golds[g], rest[c], *shared[g, c]) for g, c in chosen]


def best_pairs(
    text: PageText, golds: Sequence[Claim], claims: Sequence[Claim], shared: Mapping[tuple[int, int], tuple[int, int]]
) -> list[tuple[int, int]]:
    """Choose among pairs of overlapping contents, `shared` being their characters and words in common.

    Golds go by the beginnings of their contents, claims by their contents: their order decides where all else is equal.
    """

    def weight(column: int, row: int) -> int:
        gold, claim = golds[column], claims[row]
        equal = _same(gold.content, claim.content)
        dice = (shared[column, row][0] << (_DICE_BITS + 1)) // (gold.content.weight + claim.content.weight)
        return (((equal << _DICE_FIELD) + dice) << _TIE_FIELD) + _tie_weight(text, gold, claim, dice, equal=equal)

    return match(shared, weight)


def _tie_weight(text: PageText, gold: Claim, claim: Claim, content: int, *, equal: bool) -> int:
    """Weigh a pair by all but its contents, of which the Dice (`content`) and whether they are `equal` is known."""
    source, cue = (_dice_steps(text, gold[at], claim[at]) for at in (_SOURCE, _CUE))
    right = equal and _same(gold.source, claim.source)
    found = int(right and _same(gold.cue, claim.cue))
    found = (found << _JOINT_FIELD) + right
    found = (found << _JOINT_FIELD) + (2 * content >= _ONE and 2 * source >= _ONE)
    found = (found << _DICE_FIELD) + source
    found = (found << _DICE_FIELD) + cue
    found = (found << _JOINT_FIELD) + (gold.content.spans == claim.content.spans)
    # Whole numbers of numpy, which a system may give, would not hold these weights.
    first, second = int(gold.content.core[0][0]), int(claim.content.core[0][0])
    apart = min(abs(first - second), _FARTHEST)
    found = (found << _NEAR_FIELD) + _FARTHEST * _FARTHEST - apart * apart
    return (found << _EARLY_FIELD) + max(1, _FARTHEST - first - second)


def _same(gold: Element, claim: Element) -> bool:
    """Say whether elements are equal but for marks at the edges; both may be absent."""
    return (gold.core == claim.core and not claim.extra) or gold.weight == claim.weight == 0


def _dice_steps(text: PageText, gold: Element, claim: Element) -> int:
    total = gold.weight + claim.weight
    if not total:
        return _ONE
    return (text.overlap(gold.core, claim.core)[0] << (_DICE_BITS + 1)) // total
