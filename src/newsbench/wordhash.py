"""Words of many texts as 64-bit numbers, found by arrays: what equal words are, without a list of strings.

The hash of a word of UTF-16 units c_0 … c_n is Σ c_j·B^j modulo 2^64 with an odd B, mixed at the end: it depends
on the word alone, and prefix sums over a whole text give it for all words at once. Equal words have equal hashes;
unequal ones collide with a probability of about 2^-64 a pair.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.text import folded_alone, in_plain_letters

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BASE = 0x9E3779B97F4A7C15
_MIX = 0xBF58476D1CE4E5B9
_BLANK = 32
# A unit folds to one unit, or is one of these: it folds to several or none, its text is rewritten first, or nobody has
# looked yet.
_REPLACED, _UNSEEN, _REWRITTEN = 0xFFFD, 0xFFFE, 0xFFFF
_UNITS = 1 << 16
# Characters hashed in one go: arrays that fit the processor's cache.
_CHUNK = 1 << 15


class WordRule(NamedTuple):
    """What a word is: how one character folds (None: it depends on others), and how a text is rewritten so that what is
    not ASCII in it are the letters of its words.
    """

    fold: Callable[[str], str | None]
    rewrite: Callable[[str], str]


#: The words of `newsbench.text`.
NORMALISED = WordRule(folded_alone, in_plain_letters)


class HashedWords(NamedTuple):
    """Hashes of the words of some texts, one text behind the other; `edges` (texts + 1) parts them."""

    hashes: NDArray[Any]
    edges: NDArray[Any]


def hash_texts(texts: Sequence[str], rule: WordRule = NORMALISED, *, lines: bool = False) -> HashedWords:
    """Return the hashes of the words of each text: equal to those that `hash_words` gives for these words.

    `lines` says that no text holds a line feed, which is quicker for many short ones.
    """
    import numpy as np

    parts = [_hash_chunk(chunk, rule, lines=lines) for chunk in _chunks(texts)]
    if len(parts) == 1:
        return parts[0]
    before = accumulate((len(part.hashes) for part in parts), initial=0)
    edges = [[0], *(part.edges[1:] + words for part, words in zip(parts, before, strict=False))]
    return HashedWords(np.concatenate([part.hashes for part in parts]), np.concatenate(edges))


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
    for chunk in _chunks(texts):
        folded, borders = _fold(*_units(chunk), rule)
        begins = np.empty(len(folded), dtype=bool)
        inside = folded > _BLANK
        begins[:1] = inside[:1]
        np.greater(inside[1:], inside[:-1], out=begins[1:])
        edges = [0, *borders.tolist()]
        counts += [np.count_nonzero(begins[start:end]) for start, end in pairwise(edges)]
        if folded.max(initial=0) == _REWRITTEN:
            odd = _texts_of((folded == _REWRITTEN).nonzero()[0], borders)
            other = _hash_rewritten([chunk[at] for at in odd], rule)
            for at, many in zip(odd, np.diff(other.edges).tolist(), strict=True):
                counts[len(counts) - len(chunk) + at] = many
    return np.array(counts, dtype=np.int64)


def _texts_of(places: NDArray[Any], borders: NDArray[Any]) -> list[int]:
    """Return the texts that hold some places, each once."""
    return sorted(set(borders.searchsorted(places).tolist()))


def _fold(units: NDArray[Any], borders: NDArray[Any], rule: WordRule) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return what the UTF-16 units of texts fold to, and where these end then."""
    table = _table(rule)
    folded = table.take(units)
    if folded.max(initial=0) < _REPLACED:
        return folded, borders
    # Not `np.unique`, which imports numpy's masked arrays.
    unseen = set(units[folded == _UNSEEN].tolist())
    for unit in unseen:
        table[unit] = _folded_unit(unit, rule)
    folded = table.take(units) if unseen else folded
    _blank_pairs(units, folded, rule)
    return _replace(units, folded, borders, rule)


def _replace(
    units: NDArray[Any], folded: NDArray[Any], borders: NDArray[Any], rule: WordRule
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Put in what stands for a unit that folds to several (ligatures) or none (soft hyphens)."""
    import numpy as np

    places = (folded == _REPLACED).nonzero()[0]
    if not len(places):
        return folded, borders
    others = [_units_for(unit, rule) for unit in units[places].tolist()]
    sizes = np.array([len(other) for other in others])
    times = np.ones(len(folded), dtype=np.int64)
    times[places] = sizes
    folded = folded.repeat(times)
    folded[folded == _REPLACED] = [unit for other in others for unit in other]
    return folded, borders + np.append(0, (sizes - 1).cumsum())[places.searchsorted(borders)]


def _blank_pairs(units: NDArray[Any], folded: NDArray[Any], rule: WordRule) -> None:
    """Make blanks of the pairs of units that no word holds: emoji above all, for which no text need be rewritten."""
    high = ((units[:-1] & 0xFC00) == 0xD800).nonzero()[0]
    high = high[(units[high + 1] & 0xFC00) == 0xDC00]
    if not len(high):
        return
    codes = ((units[high].astype(int) & 0x3FF) << 10) + (units[high + 1] & 0x3FF) + 0x10000
    blank = {code for code in set(codes.tolist()) if (rule.fold(chr(code)) or "x").isspace()}
    pairs = high[[code in blank for code in codes.tolist()]]
    folded[pairs] = folded[pairs + 1] = _BLANK


def _hash_chunk(texts: Sequence[str], rule: WordRule, *, lines: bool) -> HashedWords:
    import numpy as np

    folded, borders = _fold(*(_units_of_lines(texts) if lines else _units(texts)), rule)
    hashes, edges = _hash_units(folded, borders)
    if folded.max(initial=0) < _REWRITTEN:
        return HashedWords(hashes, edges)
    odd = _texts_of((folded == _REWRITTEN).nonzero()[0], borders)
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
        parts.append(_hash_units(*_units([text[start:end]]))[0])
        start = end + 1
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)


def _hash_rewritten(texts: Sequence[str], rule: WordRule) -> HashedWords:
    """Hash texts in which a character folds to several, to none, or to what its neighbours make of it."""
    import numpy as np

    units, borders = _units([rule.rewrite(text) for text in texts])
    # What is left beyond ASCII are letters that are folded already.
    return HashedWords(*_hash_units(np.where(units < 128, _ascii(rule).take(units & 127), units), borders))


def _units(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the UTF-16 units of texts, each text closed by a line feed, and where these stand."""
    import numpy as np

    # A text may hold lone halves of a pair, which must not become a pair with what follows: a line feed parts them.
    encoded = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    borders = np.cumsum([len(text) // 2 + 1 for text in encoded]) - 1
    joined = b"\n\0".join([*encoded, b""])
    return np.frombuffer(joined, dtype="<u2"), borders


def _units_of_lines(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Do the same where a line feed is the end of a text."""
    import numpy as np

    units = np.frombuffer("\n".join([*texts, ""]).encode("utf-16-le", "surrogatepass"), dtype="<u2")
    return units, (units == ord("\n")).nonzero()[0]


def _folded_unit(unit: int, rule: WordRule) -> int:
    folded = None if 0xD800 <= unit < 0xE000 else rule.fold(chr(unit))
    if folded is None or any(ord(letter) >= _REPLACED for letter in folded):
        return _REWRITTEN
    if folded and folded.isspace():
        return _BLANK
    return ord(folded) if len(folded) == 1 else _REPLACED


@cache
def _units_for(unit: int, rule: WordRule) -> tuple[int, ...]:
    """Return what a unit folds to that folds to several or none."""
    return tuple(_BLANK if letter.isspace() else ord(letter) for letter in rule.fold(chr(unit)) or "")


def _hash_units(units: NDArray[Any], borders: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hash the words that blanks and line feeds part; return them with the edges of the texts."""
    import numpy as np

    inside = units > _BLANK
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


@cache
def _table(rule: WordRule) -> NDArray[Any]:
    """Return what each UTF-16 unit folds to; filled in as characters are seen."""
    import numpy as np

    table = np.full(_UNITS, _UNSEEN, dtype=np.uint16)
    table[:128] = _ascii(rule)
    return table


@cache
def _ascii(rule: WordRule) -> NDArray[Any]:
    """Return what each character of ASCII folds to."""
    import numpy as np

    return np.array([_folded_unit(code, rule) for code in range(128)], dtype=np.uint16)


def _powers(size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return at least B^0 … B^(size − 1) and their inverses modulo 2^64."""
    return _powers_of_two(max(size - 1, 0).bit_length())


@cache
def _powers_of_two(bits: int) -> tuple[NDArray[Any], NDArray[Any]]:
    import numpy as np

    if bits == 0:
        return np.ones(1, dtype=np.uint64), np.ones(1, dtype=np.uint64)
    half = 1 << (bits - 1)
    powers, inverses = (np.concatenate([known, known]) for known in _powers_of_two(bits - 1))
    powers[half:] *= np.uint64(pow(_BASE, half, 1 << 64))
    inverses[half:] *= np.uint64(pow(_BASE, -half, 1 << 64))
    return powers, inverses
