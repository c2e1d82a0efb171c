"""Many pairs tested together: Holm's correction, and the ranks that the corrected tests leave open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number by Holm's step-down procedure (Holm 1979); nan stays nan."""
    order = sorted((at for at, p in enumerate(p_values) if math.isfinite(p)), key=lambda at: p_values[at])
    corrected = [math.nan] * len(p_values)
    largest = 0.0
    for rank, at in enumerate(order):
        largest = max(largest, min(1.0, (len(order) - rank) * p_values[at]))
        corrected[at] = largest
    return corrected


def possible_ranks(systems: Iterable[str], wins: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Return the ranks that each system may have: 1 + the systems that beat it for certain, to n − those it beats.

    `wins` are pairs (winner, loser) of systems that a test tells apart.
    """
    order = list(systems)
    beaten_by, beats = dict.fromkeys(order, 0), dict.fromkeys(order, 0)
    for winner, loser in wins:
        beats[winner] += 1
        beaten_by[loser] += 1
    return {name: (1 + beaten_by[name], len(order) - beats[name]) for name in order}


def best_first(values: Mapping[str, float], better: str) -> list[str]:
    """Return systems in the order of their values, then of their names; undefined values last."""
    sign = -1 if better == "higher" else 1
    return sorted(values, key=lambda name: (sign * values[name] if math.isfinite(values[name]) else math.inf, name))
