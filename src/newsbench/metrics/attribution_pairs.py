"""The alignment of one page for people to look at: what was found, missed, and made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsbench.metrics.attribution_alignment import align
from newsbench.metrics.attribution_claims import Claim, prepare_claims, read_claims
from newsbench.metrics.attribution_joining import join_split_sources

if TYPE_CHECKING:
    from newsbench.types import Page, Prediction, QuotedAttribution


class PagePairs(NamedTuple):
    """Aligned claims as (gold, predicted), gold claims without a partner, predicted ones that count as wrong."""

    found: list[tuple[Claim, Claim]]
    missed: list[Claim]
    spurious: list[Claim]
    given: list[tuple[Claim, QuotedAttribution]]

    def as_given(self, claim: Claim) -> QuotedAttribution | None:
        """Return what the system put out for a predicted claim; None where several predictions were joined to it."""
        return next((quoted for one, quoted in self.given if one is claim), None)


def pair_claims(page: Page, prediction: Prediction) -> PagePairs:
    """Align a prediction to a page as the scorer does."""
    prepared = prepare_claims(page)
    read = read_claims(prepared, prediction)[0]
    claims = join_split_sources(prepared, read)
    pairs, wrong = align(prepared, claims)
    taken = {pair[0] for pair in pairs}
    return PagePairs(
        [(prepared.golds[pair[0]], claims[pair[1]]) for pair in pairs],
        [gold for at, gold in enumerate(prepared.golds) if at not in taken],
        [claims[at] for at in wrong],
        list(zip(read, prediction.attributions or (), strict=True)),
    )
