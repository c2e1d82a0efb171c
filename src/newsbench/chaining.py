"""The best in-order chain of shared passages."""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence

from newsbench.passages import Run

# Passages up to here are chained by a plain loop, beyond by arrays.
_FEW_PASSAGES = 200


def best_chain(passages: list[Run], worth: Sequence[int] | None = None) -> list[Run]:
    """Return the in-order chain of passages, trimmed where they overlap, that pairs the most words.

    Ties go to words of more worth, then to fewer runs, then to the earlier page position. `worth` holds the sums of the
    words' worth before each page position. O(r²) for r passages.
    """
    if len(passages) == 1:
        return passages
    passages = sorted(passages, key=lambda run: (run.output + run.length, run.page + run.length))
    found: list[Run] = []
    for part in _parts(passages):
        found += chain_part(part, worth) if len(part) > 1 else part
    return found


def chain_part(passages: list[Run], worth: Sequence[int] | None) -> list[Run]:
    """Do the same for passages by output end, then page end, that are not cut where nothing crosses."""
    chain = _chain_loop if len(passages) <= _FEW_PASSAGES else _chain_arrays
    return _trim(chain(passages, worth), worth)


def _parts(passages: list[Run]) -> list[list[Run]]:
    """Cut the passages where all that come later begin, on both sides, behind all that came before.

    Whatever is chosen in one part can be chosen together with whatever is chosen in the next.
    """
    # What begins first among this passage and the later ones.
    page = output = 1 << 62
    begins = []
    for run in reversed(passages):
        page, output = min(page, run.page), min(output, run.output)
        begins.append((page, output))
    begins.reverse()
    parts, first = [], 0
    page = output = 0
    for at, run in enumerate(passages):
        if at > first and begins[at][0] >= page and begins[at][1] >= output:
            parts.append(passages[first:at])
            first = at
        page, output = max(page, run.page + run.length), max(output, run.output + run.length)
    parts.append(passages[first:])
    return parts


def _chain_loop(passages: list[Run], worth: Sequence[int] | None) -> list[Run]:
    # Scores are (words, their worth, -runs): compared in this order.
    best: list[tuple[int, int, int]] = []
    back: list[int] = []
    # Chains so far, the one with the most words first: once that is too few even without overlap, so are the rest.
    ranked: list[tuple[int, int]] = []
    for j, (page, output, length) in enumerate(passages):
        page_end, output_end = page + length, output + length
        held = worth[page_end] - worth[page] if worth is not None else 0
        score = (length, held, -1)
        source = -1
        for negative_words, i in ranked:
            if length - negative_words < score[0]:
                break
            p, o, n = passages[i]
            p_end, o_end = p + n, o + n
            # The later one must begin and end later on both sides; what overlaps counts once.
            if p >= page or o >= output or p_end >= page_end or o_end >= output_end:
                continue
            overlap = max(p_end - page, o_end - output, 0)
            before = best[i]
            gain = held
            if overlap and worth is not None:
                gain -= _least_lost(worth, p_end, page, overlap)
            candidate = (before[0] + length - overlap, before[1] + gain, before[2] - 1)
            if candidate > score:
                score, source = candidate, i
        best.append(score)
        back.append(source)
        insort(ranked, (-score[0], j))
    return _walk_back(passages, max(range(len(best)), key=lambda i: (best[i], -i)), back)


def _least_lost(worth: Sequence[int], end: int, start: int, overlap: int) -> int:
    """The least worth given up when `overlap` words are cut off the end of one run or start of the next."""
    if not overlap:
        return 0
    return min(
        worth[end] - worth[end - cut] + worth[start + overlap - cut] - worth[start] for cut in range(overlap + 1)
    )


def _chain_arrays(passages: list[Run], worth: Sequence[int] | None) -> list[Run]:
    """The same as `_chain_loop` with arrays."""
    import numpy as np

    runs = np.asarray(passages, dtype=np.int64)
    page, output, length = runs.T
    page_end, output_end = page + length, output + length
    prefix = np.zeros(int(page_end.max()) + 1, np.int64) if worth is None else np.asarray(worth, np.int64)
    held = prefix[page_end] - prefix[page]
    # One integer orders (words, their worth, -runs): each part has its own range of bits.
    unit_worth = 1 << 20
    unit_word = unit_worth << 22
    best = np.zeros(len(runs), np.int64)
    back = np.full(len(runs), -1)
    for j in range(len(runs)):
        best[j] = length[j] * unit_word + held[j] * unit_worth - 1
        if not j:
            continue
        fits = (page[:j] < page[j]) & (output[:j] < output[j])
        fits &= (page_end[:j] < page_end[j]) & (output_end[:j] < output_end[j])
        (candidates,) = np.nonzero(fits)
        if not candidates.size:
            continue
        overlap = np.maximum(np.maximum(page_end[candidates] - page[j], output_end[candidates] - output[j]), 0)
        gain = np.full(len(candidates), held[j])
        if worth is not None:
            for at in np.nonzero(overlap)[0]:
                end, cut = int(page_end[candidates[at]]), int(overlap[at])
                gain[at] = held[j] - _least_lost(worth, end, int(page[j]), cut)
        scores = best[candidates] + (length[j] - overlap) * unit_word + gain * unit_worth - 1
        at = int(np.argmax(scores))
        if scores[at] > best[j]:
            best[j] = scores[at]
            back[j] = candidates[at]
    return _walk_back(passages, int(np.argmax(best)), back)


def _walk_back(passages: list[Run], last: int, back: Sequence[int]) -> list[Run]:
    chain = []
    while last >= 0:
        chain.append(passages[last])
        last = back[last]
    chain.reverse()
    return chain


def _trim(chain: list[Run], worth: Sequence[int] | None) -> list[Run]:
    """Cut overlaps of neighbours where this gives up the least worth, as late as possible."""
    trimmed = [chain[0]]
    for run in chain[1:]:
        before = trimmed[-1]
        end = before.page + before.length
        overlap = max(end - run.page, before.output + before.length - run.output, 0)
        cut = 0
        if overlap and worth is not None:
            cut = min(
                range(min(overlap, before.length - 1) + 1),
                key=lambda cut: worth[end] - worth[end - cut] + worth[run.page + overlap - cut] - worth[run.page],
            )
            trimmed[-1] = Run(before.page, before.output, before.length - cut)
        start = overlap - cut
        trimmed.append(Run(run.page + start, run.output + start, run.length - start))
    return trimmed
