"""Trigrams that many pairs of a page and an output share, found by arrays over all of them.

Each pair has a range of slots, and each trigram of its page a slot by a part of its hash: an output's trigram finds
what stands in its slot, and is compared by the whole hash. Slots that more than one trigram of a page wants are left
out, and what would stand there is sorted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.passages import MIN_PASSAGE, MOST_PASSAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Pairs in a batch, words of a text: what the bits of a key hold.
MOST_PAIRS, MOST_WORDS = 1 << 7, 1 << 16
# Shared trigrams of one pair, repetitions multiplied: a pair with more is left to `find_passages`, which has bounds.
_MOST_SHARED = MOST_PASSAGES
_PLACE_BITS, _SIDE_BITS, _PAIR_BITS = 16, 1, 7
_SIDE = 1 << _PLACE_BITS
_HASH_MASK = ((1 << (64 - _PAIR_BITS)) - 1) & ~((1 << (_PLACE_BITS + _SIDE_BITS)) - 1)
_MULTIPLIERS = (0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB)
# A pair has at least so many slots for each trigram of its page, a power of two together.
_SLOTS = 8
_FREE, _WANTED = -1, -2


class Trigrams(NamedTuple):
    """The trigrams of the pages or outputs: codes, the text of each, where texts begin, which cross the end of one."""

    codes: NDArray[Any]
    pairs: NDArray[Any]
    edges: NDArray[Any]
    across: NDArray[Any]


def trigrams_of(words: NDArray[Any], edges: Sequence[int], left_out: Collection[int]) -> Trigrams:
    """Return the trigrams of texts, one behind the other; all of the texts left out count as crossing an end."""
    import numpy as np

    ends = np.asarray(edges, dtype=np.int64)
    codes = _trigram_codes(words)
    pairs = np.arange(len(edges) - 1).repeat(np.diff(ends))[: len(codes)]
    across = (ends[1:, None] - np.arange(1, MIN_PASSAGE)).ravel()
    across = across[(across >= 0) & (across < len(codes))]
    if left_out:
        without = [np.arange(edges[at], min(edges[at + 1], len(codes))) for at in left_out]
        across = np.concatenate([across, *without])
    return Trigrams(codes, pairs, ends, across)


def _trigram_codes(words: NDArray[Any]) -> NDArray[Any]:
    """Return the hash of each word and its two successors, those across the end of a text included."""
    import numpy as np

    if len(words) < MIN_PASSAGE:
        return np.zeros(0, dtype=np.uint64)
    first, second, third = (np.uint64(number) for number in _MULTIPLIERS)
    codes = words[:-2] * first
    codes += words[1:-1] * second
    codes += words[2:] * third
    return codes


def by_slot(page: Trigrams, output: Trigrams) -> tuple[tuple[NDArray[Any], NDArray[Any]], NDArray[Any], NDArray[Any]]:
    """Pair trigrams by slots that one trigram of a page has for itself.

    Return the places of these pairs on pages and in outputs, in the order of the outputs; then the trigrams of both
    sides in slots that more than one trigram wants.
    """
    import numpy as np

    sizes = np.diff(page.edges)
    # Longer texts are always left out.
    _, bits = np.frexp(_SLOTS * sizes * (sizes < MOST_WORDS))
    ends = (1 << bits.astype(np.int64)).cumsum()
    slots = int(ends[-1])
    # What crosses the end of a text has a slot of its own on pages; none of the outputs' is ever filled.
    table = np.full(slots + len(page.across) + 1, _FREE, dtype=np.int32)
    wanted = _slots(page, bits, ends)
    wanted[page.across] = slots + np.arange(len(page.across))
    places = np.arange(len(wanted), dtype=np.int32)
    table[wanted] = places
    held_by = table[wanted]
    (lost,) = (held_by != places).nonzero()
    table[wanted[lost]] = _WANTED
    several = np.zeros(len(places), dtype=bool)
    several[lost] = several[held_by[lost]] = True

    looked_up = _slots(output, bits, ends)
    looked_up[output.across] = slots + len(page.across)
    ours = table[looked_up]
    (theirs,) = (ours >= 0).nonzero()
    found = ours[theirs]
    equal = page.codes[found] == output.codes[theirs]
    return (found[equal], theirs[equal]), several.nonzero()[0], (ours == _WANTED).nonzero()[0]


def _slots(side: Trigrams, bits: NDArray[Any], ends: NDArray[Any]) -> NDArray[Any]:
    """Return the slot of each trigram by the upper bits of its hash: of pair p, the 2^bits before ``ends[p]``."""
    import numpy as np

    slots = (side.codes >> (64 - bits).astype(np.uint64)[side.pairs]).view(np.int64)
    slots += (ends - (1 << bits.astype(np.int64)))[side.pairs]
    return slots


def by_sorting(
    page: Trigrams, of_page: NDArray[Any], output: Trigrams, of_output: NDArray[Any]
) -> tuple[tuple[NDArray[Any], NDArray[Any]], list[int]]:
    """Pair each of some trigrams of outputs with each equal one of some of pages; leave out and name crowded pairs.

    All are sorted as one integer each that holds the pair, a part of its hash, the side and the place; what falls
    together is compared by the whole hash.
    """
    import numpy as np

    keys = np.concatenate([_keys(page, of_page, 0), _keys(output, of_output, _SIDE)])
    keys.sort()
    group = keys >> np.uint64(_PLACE_BITS + _SIDE_BITS)
    (ours, theirs), crowded = _all_pairs(group, (keys & np.uint64(_SIDE)) != 0, keys)
    mask = np.uint64((1 << _PLACE_BITS) - 1)
    pair = (keys[ours] >> np.uint64(64 - _PAIR_BITS)).astype(np.int64)
    ours, theirs = (
        (keys[places] & mask).astype(np.int64) + side.edges[pair] for places, side in ((ours, page), (theirs, output))
    )
    equal = page.codes[ours] == output.codes[theirs]
    return (ours[equal], theirs[equal]), crowded


def _keys(side: Trigrams, places: NDArray[Any], bit: int) -> NDArray[Any]:
    import numpy as np

    pairs = side.pairs[places]
    keys = side.codes[places] >> np.uint64(_PAIR_BITS)
    keys &= np.uint64(_HASH_MASK)
    keys |= (pairs << (64 - _PAIR_BITS) | (places - side.edges[pairs]) | bit).view(np.uint64)
    return keys


def _all_pairs(
    group: NDArray[Any], of_output: NDArray[Any], keys: NDArray[Any]
) -> tuple[tuple[NDArray[Any], NDArray[Any]], list[int]]:
    """Pair each output place of a group with each page place of it; leave out crowded pairs of texts, and name them.

    Within a group the page's places stand before the output's.
    """
    import numpy as np

    nothing = np.zeros(0, dtype=np.int64)
    if not len(group):
        return (nothing, nothing), []
    starts = np.concatenate([[0], (group[1:] != group[:-1]).nonzero()[0] + 1])
    sizes = np.diff(starts, append=len(group))
    outputs = np.add.reduceat(of_output.astype(np.int64), starts)
    pages = sizes - outputs
    shared = pages * outputs
    pair = (keys[starts] >> np.uint64(64 - _PAIR_BITS)).astype(np.int64)
    crowded = (np.bincount(pair, weights=shared) > _MOST_SHARED).nonzero()[0].tolist()
    if crowded:
        shared[np.isin(pair, crowded)] = 0
    many = shared.nonzero()[0]
    if not len(many):
        return (nothing, nothing), crowded
    # Number the combinations of each group: quotient and remainder by its page places.
    number = _counting(shared[many])
    of_group = np.repeat(many, shared[many])
    ours = starts[of_group] + number % pages[of_group]
    theirs = starts[of_group] + pages[of_group] + number // pages[of_group]
    return (ours, theirs), crowded


def _counting(sizes: NDArray[Any]) -> NDArray[Any]:
    """Return 0 … size − 1 for each size, one behind the other."""
    import numpy as np

    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1])) - np.repeat(ends - sizes, sizes)
