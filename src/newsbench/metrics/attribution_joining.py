"""One statement with several sources, which a system may give source by source.

Where the gold has one attribution for "France and Germany said" or "both said", and a system one for each of the
sources, with equal content and cue, these are made one: mentions inside that of the gold that do not overlap, or one
mention with another `entity` each; never more than the gold has sources. A copy makes no part.
"""

from __future__ import annotations

from newsbench.metrics.attribution_claims import Claim, PageClaims
from newsbench.metrics.attribution_kinds import kind_of
from newsbench.metrics.attribution_text import PageText
from newsbench.spans import contains, hull


def join_split_sources(page: PageClaims, claims: list[Claim]) -> list[Claim]:
    """Make predictions one that give the sources of one gold attribution separately."""
    if not page.coordinated or len(claims) < 2:
        return claims
    groups: dict[tuple, list[Claim]] = {}
    for claim in claims:
        key = (claim.content.core, claim.content.extra, claim.cue.core, claim.cue.extra)
        groups.setdefault(key, []).append(claim)
    found: list[Claim] = []
    for members in groups.values():
        gold = _coordinated_gold(page, members) if len(members) > 1 and members[0].content.core else None
        found.extend(members if gold is None else _joined(page, gold, members))
    return found


def _coordinated_gold(page: PageClaims, members: list[Claim]) -> Claim | None:
    """The gold attribution with several sources that these predictions may give one by one."""
    best, most = None, 0
    for gold in page.coordinated:
        inside = [claim for claim in members if _names_part(gold, claim)]
        overlap = page.text.overlap(gold.content.core, members[0].content.core)[0]
        if len(inside) > 1 and overlap > most:
            best, most = gold, overlap
    return best


def _names_part(gold: Claim, claim: Claim) -> bool:
    whole = (hull(gold.source.core),)
    return bool(claim.source.core) and not claim.source.extra and contains(whole, claim.source.core)


def _joined(page: PageClaims, gold: Claim, members: list[Claim]) -> list[Claim]:
    found, parts = [], []
    for claim in sorted(members, key=lambda claim: (claim.source.core, claim.key())):
        (parts if _names_part(gold, claim) else found).append(claim)
    fits = _is_another if len({claim.source.core for claim in parts}) == 1 else _stands_behind
    while parts:
        # One of each; what is left makes another.
        bundle, left = [parts[0]], []
        for claim in parts[1:]:
            (bundle if len(bundle) < len(gold.sources or ()) and fits(bundle, claim) else left).append(claim)
        found.append(_one_of(page.text, bundle) if len(bundle) > 1 else bundle[0])
        parts = left
    return found


def _stands_behind(bundle: list[Claim], claim: Claim) -> bool:
    """Say whether a mention follows those of a bundle."""
    return claim.source.core[0][0] >= bundle[-1].source.core[-1][1]


def _is_another(bundle: list[Claim], claim: Claim) -> bool:
    """Say whether a claim names by `entity` somebody else than a bundle that shares its mention."""
    named = {name for other in bundle for name in other.sources or ()}
    return bool(named) and bool(claim.sources) and named.isdisjoint(claim.sources)


def _one_of(text: PageText, bundle: list[Claim]) -> Claim:
    """One prediction with the sources of all; a label on which they differ is none."""
    first = bundle[0]
    source = text.element("source", tuple(span for claim in bundle for span in claim.source.spans))
    labels = zip(*(claim.kind.labels for claim in bundle), strict=True)
    agreed = tuple(own[0] if len(set(own)) == 1 else None for own in labels)
    names = [name for claim in bundle for name in claim.sources or (text.surface(claim.source.core),)]
    traits = first.kind.traits
    kind = kind_of(agreed, first.kind.nested, (traits[0], source.traits, *traits[2:]))
    return first._replace(source=source, kind=kind, sources=tuple(dict.fromkeys(names)))
