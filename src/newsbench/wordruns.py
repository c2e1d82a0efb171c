"""Runs of words that texts share, as bags, counted on hashed words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.wordlines import LinedWords, common_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Any odd number will do.
_BASE = 0x9E3779B97F4A7C15


class Runs(NamedTuple):
    """Texts, and a code for the run of `size` words that begins at each word; those of `begins` count.

    A text of fewer words is one run, an empty one none. `counts`: how many runs each text has.
    """

    texts: LinedWords
    size: int
    codes: NDArray[Any]
    begins: NDArray[Any]
    counts: NDArray[Any]


def runs_of(texts: LinedWords, size: int) -> Runs:
    """Return the runs of `size` words of each text."""
    import numpy as np

    edges, hashes = texts.words.edges, texts.words.hashes
    sizes = np.diff(edges)
    codes = np.zeros(len(hashes), dtype=np.uint64)
    for step in range(size):
        codes *= np.uint64(_BASE)
        codes[: max(0, len(hashes) - step)] += hashes[step:]
    # The last words of a text begin no run.
    begins = np.ones(len(hashes), dtype=bool)
    behind = edges[1:][sizes >= size]
    for step in range(1, size):
        begins[behind - step] = False
    for text in ((sizes > 0) & (sizes < size)).nonzero()[0].tolist():
        start, end = int(edges[text]), int(edges[text + 1])
        begins[start + 1 : end] = False
        # All of it: words beyond its end stand for nothing.
        code = 0
        for at in range(start, start + size):
            code = (code * _BASE + (int(hashes[at]) if at < end else 0)) & (2**64 - 1)
        codes[start] = code
    return Runs(texts, size, codes, begins, _by_text(begins, edges))


def shared_runs(first: Runs, second: Runs) -> NDArray[Any]:
    """Return for each pair of texts how many runs they share, as bags: Σ min(times in each)."""
    import numpy as np

    # Runs inside of a block of lines that both texts have: taken from both bags, they are in what these share.
    blocks = common_blocks(first.texts, second.texts)
    inside = np.maximum(blocks.sizes - first.size + 1, 0)
    known = np.bincount(blocks.text_of, inside, len(first.texts.words.edges) - 1).astype(np.int64)
    return known + _shared(_without(first, blocks.first, inside), _without(second, blocks.second, inside))


def _without(runs: Runs, starts: NDArray[Any], sizes: NDArray[Any]) -> Runs:
    """Leave out the runs that begin in some ranges, which do not overlap."""
    import numpy as np

    steps = np.zeros(len(runs.begins) + 1, dtype=np.int8)
    steps[starts[sizes > 0]] = 1
    # One range may begin where another ends.
    steps[(starts + sizes)[sizes > 0]] -= 1
    begins = runs.begins & (steps[:-1].cumsum(dtype=np.int8) == 0)
    return runs._replace(begins=begins, counts=_by_text(begins, runs.texts.words.edges))


def _by_text(flags: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Return how many words of each text are flagged."""
    import numpy as np

    return np.diff(flags.nonzero()[0].searchsorted(edges))


def _shared(first: Runs, second: Runs) -> NDArray[Any]:
    import numpy as np

    pairs = len(first.texts.words.edges) - 1
    bits = pairs.bit_length()
    numbers = np.arange(pairs, dtype=np.uint64) << np.uint64(64 - bits)
    keys = []
    # One key holds the pair of texts, most of the run's code and, last, the side.
    for side, runs in enumerate((first, second)):
        codes = runs.codes[runs.begins]
        codes >>= np.uint64(bits)
        codes &= np.uint64(2**64 - 2)
        codes |= np.repeat(numbers | np.uint64(side), runs.counts)
        keys.append(codes)
    joined = np.concatenate(keys)
    joined.sort()
    # A run that both have is where the last of the one side meets the first of the other, however often it is there.
    met = joined[1:][joined[1:] ^ joined[:-1] == 1]
    # Those that both have more than once count that often.
    again = joined[1:][joined[1:] == joined[:-1]]
    often = [_once(again[again & np.uint64(1) == side] | np.uint64(1)) for side in (0, 1)]
    both = np.sort(np.concatenate(often))
    both = both[1:][both[1:] == both[:-1]]
    times = [joined.searchsorted(key, side="right") - joined.searchsorted(key) for key in (both, both ^ np.uint64(1))]
    shared = np.bincount((met >> np.uint64(64 - bits)).astype(np.int64), minlength=pairs)
    np.add.at(shared, (both >> np.uint64(64 - bits)).astype(np.int64), np.minimum(*times) - 1)
    return shared


def _once(keys: NDArray[Any]) -> NDArray[Any]:
    """Return sorted keys without repetitions (`np.unique` imports numpy's masked arrays)."""
    import numpy as np

    return keys[np.append(True, keys[1:] != keys[:-1])] if len(keys) else keys
