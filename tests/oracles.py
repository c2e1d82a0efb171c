"""Slow, obvious versions of the fast functions, to hold them against."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache


def supported_pairs(page: Sequence[str], output: Sequence[str], *, least: int = 3) -> set[tuple[int, int]]:
    """All (page, output) positions that stand in `least` equal words in a row."""
    least = min(least, len(output)) or 1
    pairs = set()
    for p in range(len(page) - least + 1):
        for o in range(len(output) - least + 1):
            if list(page[p : p + least]) == list(output[o : o + least]):
                pairs.update((p + k, o + k) for k in range(least))
    return pairs


def best_in_order(page: Sequence[str], output: Sequence[str], is_content: Sequence[bool]) -> tuple[int, int, int]:
    """(words, -runs, content words) of the best in-order alignment over supported pairs, by plain recursion."""
    pairs = supported_pairs(page, output)

    @cache
    def best(p: int, o: int, running: bool) -> tuple[int, int, int]:
        if p == len(page) or o == len(output):
            return (0, 0, 0)
        options = [best(p + 1, o, False), best(p, o + 1, False)]
        if (p, o) in pairs:
            words, runs, content = best(p + 1, o + 1, True)
            options.append((words + 1, runs - (not running), content + bool(is_content[p])))
        return max(options)

    return best(0, 0, False)
