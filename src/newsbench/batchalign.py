"""Alignments of many pairs of a page and an output at once: `align.align_passages` with the work of arrays shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.align import tile_rest
from newsbench.batchpassages import BatchPassages
from newsbench.chaining import chain_part
from newsbench.passages import Run

if TYPE_CHECKING:
    from numpy.typing import NDArray


class BatchAlignment(NamedTuple):
    """The words of pages that outputs give: what `Alignment` says, of many pairs.

    `kept`: runs in order and moved, as columns (r,) by pair. `moved`, `repeated`, `invented`: (pairs,) words of the
    outputs. `repeated_words`: (r, 2) pair and page word of each output word that repeats one.
    """

    kept: BatchPassages
    moved: NDArray[Any]
    repeated: NDArray[Any]
    invented: NDArray[Any]
    repeated_words: NDArray[Any]


def align_batch(
    found: BatchPassages,
    page_sizes: Sequence[int],
    output_sizes: Sequence[int],
    worth_of: Callable[[int], Sequence[int]],
) -> BatchAlignment:
    """Align each output of `output_sizes` words to its page, given all passages that they share, in their order.

    `worth_of` gives a pair's sums of worth before each page position, as `best_chain` takes them.
    """
    import numpy as np

    count = len(page_sizes)
    kept = _in_order(found, worth_of)
    aligned = np.bincount(kept.pairs, weights=kept.lengths, minlength=count).astype(np.int64)
    moved, repeated = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    more: list[tuple[int, list[Run]]] = []
    words: list[int] = []
    # Where these are all words that stand in passages, none is moved or given again.
    for pair in (aligned < _in_passages(found, count)).nonzero()[0].tolist():
        runs, again = tile_rest(
            found.of_pair(pair), kept.of_pair(pair), page_sizes[pair], output_sizes[pair], worth_of(pair)
        )
        more.append((pair, runs))
        moved[pair], repeated[pair] = sum(run.length for run in runs), len(again)
        words += again
    invented = np.asarray(output_sizes, dtype=np.int64) - aligned - moved - repeated
    repeated_words = np.column_stack([np.arange(count).repeat(repeated), np.array(words, dtype=np.int64)])
    return BatchAlignment(kept.with_runs(more), moved, repeated, invented, repeated_words)


def _in_passages(found: BatchPassages, count: int) -> NDArray[Any]:
    """Return how many words of each output stand in passages."""
    import numpy as np

    # Pairs are set apart, so that one is behind all of those before it.
    far = int((found.outputs + found.lengths).max(initial=0))
    starts = found.outputs + found.pairs * far
    reached = np.append(0, np.maximum.accumulate(starts + found.lengths))
    added = reached[1:] - np.maximum(starts, reached[:-1])
    return np.bincount(found.pairs, weights=added, minlength=count)


def _in_order(found: BatchPassages, worth_of: Callable[[int], Sequence[int]]) -> BatchPassages:
    """Return `best_chain` of each pair: of most parts it is plain to see by arrays, the others are chained."""
    import numpy as np

    if not len(found.pairs):
        return found
    ordered = found.rows(np.lexsort((found.pages + found.lengths, found.outputs + found.lengths, found.pairs)))
    edges = _cuts(ordered).nonzero()[0]
    plain, chained = _plain_parts(ordered, edges)
    parts: list[tuple[int, list[Run]]] = []
    for first, last in zip(edges[chained].tolist(), edges[chained + 1].tolist(), strict=True):
        pair = int(ordered.pairs[first])
        parts.append((pair, chain_part(ordered.rows(slice(first, last)).runs(), worth_of(pair))))
    return ordered.rows(plain).with_runs(parts)


def _cuts(ordered: BatchPassages) -> NDArray[Any]:
    """Say before which passages, and behind the last, all that comes begins, on both sides, behind all that came.

    Between two cuts is a part: whatever is chosen there can be chosen together with whatever is chosen elsewhere.
    """
    import numpy as np

    pairs, pages, outputs, lengths = ordered
    # Pairs are set apart, so that a new one is behind all that came.
    far = int(max((pages + lengths).max(), (outputs + lengths).max()))
    cuts = np.ones(len(pairs) + 1, dtype=bool)
    for side in (pages, outputs):
        begins = side + pairs * far
        reached = np.maximum.accumulate(begins + lengths)
        cuts[1:-1] &= np.minimum.accumulate(begins[::-1])[::-1][1:] >= reached[:-1]
    return cuts


def _plain_parts(ordered: BatchPassages, edges: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the passages of the best chains of plain parts, and the parts that are not plain.

    Take the passages of a part that lie, in the output, within no other. Where they follow one another on both sides
    without overlap, they are a chain of all output words of the part. No other chain has as many if each of them has
    an output word to itself, which it has where those within it are shorter together: then a chain of all words has
    all of them, and nothing that lies within one of them can follow or precede it.
    """
    import numpy as np

    part = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    order = np.lexsort((-ordered.lengths, ordered.outputs, part))
    pairs, pages, outputs, lengths = ordered.rows(order)
    # Parts are in the order of the outputs: what an earlier one reaches is behind nothing of a later one.
    far = int((outputs + lengths).max())
    ends = outputs + lengths + pairs * far
    outer = np.ones(len(part), dtype=bool)
    outer[1:] = ends[1:] > np.maximum.accumulate(ends)[:-1]
    (outers,) = outer.nonzero()
    within = np.bincount(outer.cumsum() - 1, weights=np.where(outer, 0, lengths))
    follows = part[outers[1:]] != part[outers[:-1]]
    follows |= (pages[outers[1:]] >= (pages + lengths)[outers[:-1]]) & (
        outputs[outers[1:]] >= (outputs + lengths)[outers[:-1]]
    )
    wrong = within >= lengths[outers]
    wrong[1:] |= ~follows
    chained = np.zeros(len(edges) - 1, dtype=bool)
    chained[part[outers[wrong]]] = True
    return order[outers[~chained[part[outers]]]], chained.nonzero()[0]
