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


def most_in_order(page: Sequence[str], output: Sequence[str]) -> int:
    """Words of the largest set of supported pairs that is increasing on both sides, by plain recursion."""
    pairs = supported_pairs(page, output)

    @cache
    def most(p: int, o: int) -> int:
        if p == len(page) or o == len(output):
            return 0
        paired = most(p + 1, o + 1) + 1 if (p, o) in pairs else 0
        return max(paired, most(p + 1, o), most(p, o + 1))

    return most(0, 0)


def best_chain(passages: Sequence[tuple[int, int, int]], worth: Sequence[int]) -> tuple[int, int, int]:
    """(words, their worth, -runs) of the best chain of passages (page, output, length), by trying all of them.

    `worth` holds the sums before each page position. Where two neighbours overlap, every way to cut them is tried.
    """
    passages = sorted(passages, key=lambda run: (run[1] + run[2], run[0] + run[2]))

    def held(start: int, end: int) -> int:
        return worth[end] - worth[start]

    def best(following: int, last: tuple[int, int, int] | None, start: int) -> tuple[int, int, int]:
        found = (0, 0, 0)
        for at in range(following, len(passages)):
            page, output, length = passages[at]
            overlap = 0
            if last is not None:
                ends = (page + length - last[0] - last[2], output + length - last[1] - last[2])
                if min(page - last[0], output - last[1], *ends) <= 0:
                    continue
                overlap = max(last[0] + last[2] - page, last[1] + last[2] - output, 0)
            for cut in range(overlap + 1):
                begin = page + overlap - cut
                if begin >= page + length or (last is not None and last[0] + last[2] - cut <= start):
                    continue
                rest = best(at + 1, passages[at], begin)
                own = page + length - begin - cut, held(begin, page + length), -1
                if cut and last is not None:
                    own = own[0], own[1] - held(last[0] + last[2] - cut, last[0] + last[2]), -1
                found = max(found, tuple(map(sum, zip(own, rest, strict=True))))
        return found

    return best(0, None, 0)
