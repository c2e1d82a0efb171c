"""Words of many texts as 64-bit numbers, found by arrays: what equal words are, without a list of strings.

The hash of a word of UTF-16 units c_0 … c_n is Σ c_j·B^j modulo 2^64 with an odd B, mixed at the end: it depends
on the word alone, and prefix sums over a whole text give it for all words at once. Equal words have equal hashes;
unequal ones collide with a probability of about 2^-64 a pair, unless they are made to: against that it is no defence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.wordunits import (
    BLANK,
    NORMALISED,
    REWRITTEN,
    WordRule,
    fold_units,
    folded_ascii,
    units_of,
    units_of_lines,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BASE = 0x9E3779B97F4A7C15
_MIX = 0xBF58476D1CE4E5B9
# Characters hashed in one go, arrays that fit the processor's cache; and how long a text may be that is not parted.
_CHUNK, _LONG = 1 << 15, 1 << 17
# What surely parts words.
_PARTING = re.compile("[ \n]")
# Powers of the base are kept up to this one.
_KEPT_BITS = 18


class HashedWords(NamedTuple):
    """Hashes of the words of some texts, one text behind the other; `edges` (texts + 1) parts them."""

    hashes: NDArray[Any]
    edges: NDArray[Any]


def hash_texts(texts: Sequence[str], rule: WordRule = NORMALISED, *, lines: bool = False) -> HashedWords:
    """Return the hashes of the words of each text: equal to those that `hash_words` gives for these words.

    `lines` says that no text holds a line feed, which is quicker for many short ones.
    """
    import numpy as np

    pieces, behind = _parted(texts)
    parts = [_hash_chunk(chunk, rule, lines=lines) for chunk in _chunks(pieces)]
    if len(parts) == 1:
        return parts[0]
    before = accumulate((len(part.hashes) for part in parts), initial=0)
    edges = np.concatenate([[0], *(part.edges[1:] + words for part, words in zip(parts, before, strict=False))])
    return HashedWords(np.concatenate([part.hashes for part in parts]), edges[[0, *behind]] if behind else edges)


def _parted(texts: Sequence[str]) -> tuple[Sequence[str], list[int]]:
    """Part long texts at blanks, over which no word is folded: their pieces, and behind which of them each text ends.

    The latter is empty where all stay whole.
    """
    if max(map(len, texts), default=0) <= _LONG:
        return texts, []
    pieces: list[str] = []
    behind = []
    for text in texts:
        at = 0
        while len(text) - at > _LONG and (blank := _PARTING.search(text, at + _CHUNK)):
            pieces.append(text[at : blank.start()])
            at = blank.start()
        pieces.append(text[at:])
        behind.append(len(pieces))
    return pieces, behind


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Part texts by their size; yield at least one part."""
    ends = list(accumulate(map(len, texts), initial=0))
    first = 0
    while True:
        # One text at least.
        behind = max(bisect_right(ends, ends[first] + _CHUNK) - 1, first + 1)
        yield texts[first:behind]
        first = behind
        if first >= len(texts):
            return


def count_words(texts: Sequence[str], rule: WordRule = NORMALISED) -> NDArray[Any]:
    """Return how many words each text has, as `hash_texts` finds them."""
    import numpy as np

    counts: list[int] = []
    pieces, behind = _parted(texts)
    for chunk in _chunks(pieces):
        folded, borders = fold_units(*units_of(chunk), rule)
        begins = np.empty(len(folded), dtype=bool)
        inside = folded > BLANK
        begins[:1] = inside[:1]
        np.greater(inside[1:], inside[:-1], out=begins[1:])
        edges = [0, *borders.tolist()]
        counts += [np.count_nonzero(begins[start:end]) for start, end in pairwise(edges)]
        if folded.max(initial=0) == REWRITTEN:
            odd = _texts_of((folded == REWRITTEN).nonzero()[0], borders)
            other = _hash_rewritten([chunk[at] for at in odd], rule)
            for at, many in zip(odd, np.diff(other.edges).tolist(), strict=True):
                counts[len(counts) - len(chunk) + at] = many
    if behind:
        return np.diff(np.cumsum([0, *counts])[[0, *behind]])
    return np.array(counts, dtype=np.int64)


def _texts_of(places: NDArray[Any], borders: NDArray[Any]) -> list[int]:
    """Return the texts that hold some places, each once."""
    return sorted(set(borders.searchsorted(places).tolist()))


def _hash_chunk(texts: Sequence[str], rule: WordRule, *, lines: bool) -> HashedWords:
    import numpy as np

    folded, borders = fold_units(*(units_of_lines(texts) if lines else units_of(texts)), rule)
    hashes, edges = _hash_units(folded, borders)
    if folded.max(initial=0) < REWRITTEN:
        return HashedWords(hashes, edges)
    odd = _texts_of((folded == REWRITTEN).nonzero()[0], borders)
    other = _hash_rewritten([texts[at] for at in odd], rule)
    parts, done = [], 0
    for at, start, end in zip(odd, other.edges[:-1], other.edges[1:], strict=True):
        parts += [hashes[done : edges[at]], other.hashes[start:end]]
        done = edges[at + 1]
    sizes = np.diff(edges)
    sizes[odd] = np.diff(other.edges)
    return HashedWords(np.concatenate([*parts, hashes[done:]]), np.append(0, sizes.cumsum()))


def hash_words(found: Sequence[str]) -> NDArray[Any]:
    """Return the hashes of words, none of which holds white space."""
    return hash_lines("\n".join(found))


def hash_lines(text: str) -> NDArray[Any]:
    """Return the hashes of words that line feeds part, none of which holds white space."""
    import numpy as np

    parts, start = [], 0
    while start < len(text):
        end = text.find("\n", start + _CHUNK)
        end = len(text) if end < 0 else end
        parts.append(_hash_units(*units_of([text[start:end]]))[0])
        start = end + 1
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)


def _hash_rewritten(texts: Sequence[str], rule: WordRule) -> HashedWords:
    """Hash texts in which a character folds to several, to none, or to what its neighbours make of it."""
    import numpy as np

    units, borders = units_of([rule.rewrite(text) for text in texts])
    # What is left beyond ASCII are letters that are folded already.
    return HashedWords(*_hash_units(np.where(units < 128, folded_ascii(rule).take(units & 127), units), borders))


def _hash_units(units: NDArray[Any], borders: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hash the words that blanks and line feeds part; return them with the edges of the texts."""
    import numpy as np

    inside = units > BLANK
    steps = (inside[1:] != inside[:-1]).nonzero()[0] + 1
    if len(inside) and inside[0]:
        steps = np.concatenate([[0], steps])
    starts, ends = steps[::2], steps[1::2]
    powers, inverses = _powers(len(units))
    sums = np.empty(len(units) + 1, dtype=np.uint64)
    sums[0] = 0
    np.multiply(units, powers[: len(units)], out=sums[1:])
    np.cumsum(sums, out=sums)
    hashes = (sums[ends] - sums[starts]) * inverses[starts]
    hashes ^= hashes >> np.uint64(29)
    hashes *= np.uint64(_MIX)
    hashes ^= hashes >> np.uint64(32)
    return hashes, np.concatenate([[0], starts.searchsorted(borders)])


def _powers(size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return at least B^0 … B^(size − 1) and their inverses modulo 2^64."""
    bits = max(size - 1, 0).bit_length()
    powers = _kept_powers(min(bits, _KEPT_BITS))
    for done in range(_KEPT_BITS, bits):
        powers = _doubled(powers, 1 << done)
    return powers


@cache
def _kept_powers(bits: int) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    if bits == 0:
        return np.ones(1, dtype=np.uint64), np.ones(1, dtype=np.uint64)
    return _doubled(_kept_powers(bits - 1), 1 << (bits - 1))


def _doubled(known: tuple[NDArray[Any], NDArray[Any]], half: int) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    powers, inverses = (np.concatenate([side, side]) for side in known)
    powers[half:] *= np.uint64(pow(_BASE, half, 1 << 64))
    inverses[half:] *= np.uint64(pow(_BASE, -half, 1 << 64))
    return powers, inverses
