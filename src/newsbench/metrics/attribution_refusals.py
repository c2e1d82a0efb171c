"""Predicted refusals to comment: neither right nor wrong, as the gold's refusals have no content to be found.

A prediction is a gold refusal if its cue, or its cue and content together ("said", "that it does not comment"), has a
Dice of at least one half with those of the refusal, and so has its source where both have one. Each gold refusal is
one prediction at most, chosen so that there are the most, then the most alike. A predicted refusal without content is
left out whatever the gold has: it claims nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsbench.matching import match
from newsbench.metrics.attribution_claims import Claim
from newsbench.metrics.attribution_text import Element, PageText
from newsbench.spans import union

_STEPS = 1 << 20
# More than the likeness of any one pair.
_ONE_MORE = 1 << 32


def left_out(
    text: PageText, refusals: Sequence[Claim], claims: Sequence[Claim] | Mapping[int, Claim], unmatched: Sequence[int]
) -> set[int]:
    """Return which of the predictions that have no match are refusals to comment."""
    found = {at for at in unmatched if claims[at].no_comment and not claims[at].content.weight}
    likenesses = {
        (number, at): likeness
        for number, refusal in enumerate(refusals)
        for at in unmatched
        if at not in found and (likeness := _likeness(text, refusal, claims[at]))
    }
    # Numbered by what they say: their order must not matter.
    candidates = sorted({at for _, at in likenesses}, key=lambda at: claims[at].key())
    column = {at: number for number, at in enumerate(candidates)}
    weights = {(number, column[at]): _ONE_MORE + likeness for (number, at), likeness in likenesses.items()}
    found.update(candidates[chosen] for _, chosen in match(weights, lambda *pair: weights[pair]))
    return found


def _likeness(text: PageText, refusal: Claim, claim: Claim) -> int:
    """How much a prediction is a refusal, in whole steps; 0 where it is another statement."""
    source = _dice(text, refusal.source, claim.source)
    both = refusal.source.weight and claim.source.weight
    if both and 2 * source < _STEPS:
        return 0
    whole, given = _wording(text, refusal), _wording(text, claim)
    if not whole.weight:
        return source
    wording = max(_dice(text, refusal.cue, claim.cue), _dice(text, whole, given))
    return wording + source if 2 * wording >= _STEPS else 0


def _wording(text: PageText, claim: Claim) -> Element:
    """Cue and content as one element."""
    core = union((*claim.cue.core, *claim.content.core))
    weight, words = text.size(core)
    extra = claim.cue.extra + claim.content.extra
    return Element(core, core, weight + extra, words, extra)


def _dice(text: PageText, first: Element, second: Element) -> int:
    total = first.weight + second.weight
    return 2 * _STEPS * text.overlap(first.core, second.core)[0] // total if total else 0
