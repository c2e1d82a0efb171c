"""Where on the page the words of an output come from: a word-level alignment by shared passages.

A page word and an output word may be paired when both stand in a *passage* that occurs in both texts: at least
`MIN_PASSAGE` equal words in a row, or all of an output, or of a segment of content or optional text, that is shorter
than that. Chance matches of single words are thus no matches. The alignment takes, in this order:

1. **in order**: the chain of maximal passages, each of which begins and ends behind the one before on both sides (what
   overlaps is cut off), that pairs the most words: no other choice of pairs increasing on both sides has more. Among
   equals the one whose page words are worth most, among these the one with the fewest runs;
2. **moved**: from what is left on both sides, the longest shared passage, again and again; among equals that of most
   worth;
3. **repeated**: output words that stand in a shared passage whose page words are taken; each repeats the page word
   of the longest such passage, among equals of that of most worth;
4. **invented**: the rest of the output.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.chaining import best_chain
from newsbench.passages import MIN_PASSAGE, Run, find_passages, word_ids

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Named in every signature: another rule is another name. The second one is that of attributions.
ALIGNMENT = "passages-2"
ATTRIBUTION_ALIGNMENT = "dice-3"


class Alignment(NamedTuple):
    """Runs in page order that keep the output's order, runs out of order, and what the page does not explain.

    `repeated` are the page words (positions) that further output words repeat, one for each of these.
    """

    in_order: list[Run]
    moved: list[Run]
    repeated: list[int]
    invented: int

    @property
    def duplicated(self) -> int:
        """Number of output words that repeat words already paired."""
        return len(self.repeated)


def align_words(
    page: Sequence[str],
    output: Sequence[str],
    *,
    worth: Sequence[int] | None = None,
    short_segments: Sequence[tuple[int, int]] = (),
) -> Alignment:
    """Align the words of an output to the words of a page by shared passages (see the module).

    `worth` holds, for each page position and one past the end, what the words before it are worth together (a content
    word more than an optional one, that more than furniture); it breaks ties. `short_segments` are the word ranges of
    segments of fewer than `MIN_PASSAGE` words that may be found alone.
    """
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(page))}
    return align_ids(
        word_ids(page, vocabulary), word_ids(output, vocabulary), worth=worth, short_segments=short_segments
    )


def align_ids(
    page: NDArray[Any],
    output: NDArray[Any],
    *,
    worth: Sequence[int] | None = None,
    short_segments: Sequence[tuple[int, int]] = (),
) -> Alignment:
    """Align words given as integers (n,) and (m,), -1 for a word that the page does not have; see `align_words`."""
    if len(page) == len(output) and (page == output).all():
        return Alignment([Run(0, 0, len(page))] if len(page) else [], [], [], 0)
    passages = find_passages(page, output, short_segments=short_segments)
    if worth is not None and not isinstance(worth, list):
        worth = worth.tolist()
    return align_passages(passages, len(page), len(output), worth=worth)


def align_passages(
    passages: list[Run], page_size: int, output_size: int, *, worth: Sequence[int] | None = None
) -> Alignment:
    """Align an output of `output_size` words to a page of `page_size`, given all passages that they share."""
    if not passages:
        return Alignment([], [], [], output_size)
    in_order = best_chain(passages, worth)
    aligned = sum(run.length for run in in_order)
    if aligned == output_size:
        return Alignment(in_order, [], [], 0)
    moved, repeated = tile_rest(passages, in_order, page_size, output_size, worth)
    aligned += sum(run.length for run in moved)
    return Alignment(in_order, moved, repeated, output_size - aligned - len(repeated))


def tile_rest(
    passages: list[Run], in_order: list[Run], page_size: int, output_size: int, worth: Sequence[int] | None
) -> tuple[list[Run], list[int]]:
    """Return runs out of order, and the page words that further output words repeat: steps 2 and 3 of the module."""
    page_free = bytearray(b"\1") * page_size
    output_free = bytearray(b"\1") * output_size
    for page, output, length in in_order:
        page_free[page : page + length] = bytes(length)
        output_free[output : output + length] = bytes(length)
    rest = [run for run in passages if output_free.find(1, run.output, run.output + run.length) >= 0]
    moved: list[Run] = []

    def ranked(run: Run) -> tuple[int, int, int, int]:
        held = 0 if worth is None else worth[run.page + run.length] - worth[run.page]
        return -run.length, -held, run.output, run.page

    pending = list(map(ranked, rest))
    heapq.heapify(pending)
    while pending:
        size, _, output, page = heapq.heappop(pending)
        pieces = list(_free_pieces(Run(page, output, -size), page_free, output_free))
        if len(pieces) == 1 and pieces[0].length == -size:
            run = pieces[0]
            moved.append(run)
            page_free[run.page : run.page + run.length] = bytes(run.length)
            output_free[run.output : run.output + run.length] = bytes(run.length)
        else:
            for run in pieces:
                heapq.heappush(pending, ranked(run))
    repeated: list[int] = []
    for run in sorted(rest, key=ranked) if 1 in output_free else ():
        repeated += _repeated_by(run, output_free)
    moved.sort()
    return moved, repeated


def _repeated_by(run: Run, output_free: bytearray) -> Iterator[int]:
    """Take the output words of a passage that are free, and yield the page words that they repeat."""
    end = run.output + run.length
    start = output_free.find(1, run.output, end)
    while start >= 0:
        taken = output_free.find(0, start, end)
        stop = end if taken < 0 else taken
        output_free[start:stop] = bytes(stop - start)
        yield from range(run.page + start - run.output, run.page + stop - run.output)
        start = output_free.find(1, stop, end)


def _free_pieces(run: Run, page_free: bytearray, output_free: bytearray) -> Iterator[Run]:
    """The parts of a passage that are free on both sides and still long enough to be a passage."""
    least = min(MIN_PASSAGE, run.length)
    start = None
    for k in range(run.length + 1):
        if k < run.length and page_free[run.page + k] and output_free[run.output + k]:
            if start is None:
                start = k
        elif start is not None:
            if k - start >= least:
                yield Run(run.page + start, run.output + start, k - start)
            start = None
