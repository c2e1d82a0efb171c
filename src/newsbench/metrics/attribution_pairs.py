"""The alignment of one page for people to look at: what was found, missed, and made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsbench.metrics.attribution_alignment import align
from newsbench.metrics.attribution_claims import Claim, prepare_claims, read_claims
from newsbench.metrics.attribution_joining import join_split_sources

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction


class PagePairs(NamedTuple):
    """Aligned claims as (gold, predicted), gold claims without a partner, predicted ones that count as wrong."""

    found: list[tuple[Claim, Claim]]
    missed: list[Claim]
    spurious: list[Claim]


def pair_claims(page: Page, prediction: Prediction) -> PagePairs:
    """Align a prediction to a page as the scorer does."""
    prepared = prepare_claims(page)
    claims = join_split_sources(prepared, read_claims(prepared, prediction)[0])
    pairs, wrong = align(prepared, claims)
    taken = {pair[0] for pair in pairs}
    return PagePairs(
        [(prepared.golds[pair[0]], claims[pair[1]]) for pair in pairs],
        [gold for at, gold in enumerate(prepared.golds) if at not in taken],
        [claims[at] for at in wrong],
    )
