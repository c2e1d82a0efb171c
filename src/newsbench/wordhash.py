"""Words of many texts as 64-bit numbers, found by arrays: what equal words are, without a list of strings.

The hash of a word of UTF-16 units c_0 … c_n is Σ (c_j + 1)·B^j modulo 2^64 with an odd B, mixed at the end: it depends
on the word alone, and prefix sums over a whole text give it for all words at once. Equal words have equal hashes;
unequal ones collide with a probability of about 2^-64 a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.text import folded_alone, in_plain_letters, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BASE = 0x9E3779B97F4A7C15
_MIX = 0xBF58476D1CE4E5B9
_BLANK = 32
# A unit folds to one unit, or is one of these: its text is rewritten first, or nobody has looked yet.
_REWRITTEN, _UNSEEN = 0xFFFF, 0xFFFE
_UNITS = 1 << 16


class WordRule(NamedTuple):
    """What a word is: how one character folds (None: it depends on others), how a text is rewritten so that each
    character stands alone (None: it cannot be), and the words of a text, one by one.
    """

    fold: Callable[[str], str | None]
    rewrite: Callable[[str], str | None]
    split: Callable[[str], list[str]]


#: The words of `newsbench.text`.
NORMALISED = WordRule(folded_alone, in_plain_letters, words)


class HashedWords(NamedTuple):
    """Hashes of the words of some texts, one text behind the other; `edges` (texts + 1) parts them."""

    hashes: NDArray[Any]
    edges: NDArray[Any]


def hash_texts(texts: Sequence[str], rule: WordRule = NORMALISED) -> HashedWords:
    """Return the hashes of the words of each text: equal to those that `hash_words` gives for ``rule.split(text)``."""
    import numpy as np

    units, borders = _units(texts)
    table = _table(rule)
    folded = table.take(units)
    if (folded == _UNSEEN).any():
        for unit in np.unique(units[folded == _UNSEEN]).tolist():
            table[unit] = _folded_unit(unit, rule)
        folded = table.take(units)
    hashes, edges = _hash_units(folded, borders)
    odd = np.unique(borders.searchsorted((folded == _REWRITTEN).nonzero()[0])).tolist()
    if not odd:
        return HashedWords(hashes, edges)
    found = dict(zip(odd, _hash_odd([texts[at] for at in odd], rule), strict=True))
    parts = [found[at] if at in found else hashes[edges[at] : edges[at + 1]] for at in range(len(texts))]
    return HashedWords(np.concatenate(parts), np.cumsum([0, *map(len, parts)]))


def hash_words(found: Sequence[str]) -> NDArray[Any]:
    """Return the hashes of words, none of which holds white space."""
    return _hash_units(*_units([" ".join(found)]))[0]


def _hash_odd(texts: Sequence[str], rule: WordRule) -> list[NDArray[Any]]:
    """Hash texts in which a character folds to several, to none, or to what its neighbours make of it."""
    import numpy as np

    plain = [rule.rewrite(text) for text in texts]
    # What is left beyond ASCII are letters that are folded already.
    units, borders = _units([text for text in plain if text is not None])
    units = np.where(units < 128, _ascii(rule).take(units & 127), units)
    hashes, edges = _hash_units(units, borders)
    parts = iter([hashes[start:end] for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)])
    return [next(parts) if text is not None else hash_words(rule.split(texts[at])) for at, text in enumerate(plain)]


def _units(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the UTF-16 units of texts, each text closed by a line feed, and where these stand."""
    import numpy as np

    # A text may hold lone halves of a pair, which must not become a pair with what follows: a line feed parts them.
    encoded = [text.encode("utf-16-le", "surrogatepass") for text in texts]
    borders = np.cumsum([len(text) // 2 + 1 for text in encoded]) - 1
    joined = b"\n\0".join([*encoded, b""])
    return np.frombuffer(joined, dtype="<u2"), borders


def _folded_unit(unit: int, rule: WordRule) -> int:
    if 0xD800 <= unit < 0xE000:
        return _REWRITTEN
    folded = rule.fold(chr(unit))
    if folded is None or folded == "":
        return _REWRITTEN
    if folded.isspace():
        return _BLANK
    return ord(folded) if len(folded) == 1 and ord(folded) < _UNSEEN else _REWRITTEN


def _hash_units(units: NDArray[Any], borders: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hash the words that blanks and line feeds part; return them with the edges of the texts."""
    import numpy as np

    inside = units > _BLANK
    steps = (inside[1:] != inside[:-1]).nonzero()[0] + 1
    if len(inside) and inside[0]:
        steps = np.concatenate([[0], steps])
    starts, ends = steps[::2], steps[1::2]
    powers, inverses = _powers(1 << len(units).bit_length())
    sums = np.empty(len(units) + 1, dtype=np.uint64)
    sums[0] = 0
    weighed = units.astype(np.uint64)
    weighed += np.uint64(1)
    weighed *= powers[: len(units)]
    np.cumsum(weighed, out=sums[1:])
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


@cache
def _powers(size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return B^0 … B^(size − 1) and their inverses modulo 2^64."""
    import numpy as np

    found = []
    for base in (_BASE, pow(_BASE, -1, 1 << 64)):
        powers = np.full(size, np.uint64(base))
        powers[0] = 1
        found.append(np.cumprod(powers))
    return found[0], found[1]


def shared_runs(first: HashedWords, second: HashedWords, size: int) -> NDArray[Any]:
    """Return for each pair of texts how many runs of `size` words they share, as bags: Σ min(times in each).

    A text of fewer words is one run, equal to the very same words alone; an empty one is none.
    """
    import numpy as np

    pairs = len(first.edges) - 1
    bits = pairs.bit_length()
    keys = []
    # One key holds the pair of texts, most of the run's code and, last, the side.
    for side, hashed in enumerate((first, second)):
        codes, text = _run_codes(hashed, size)
        codes >>= np.uint64(bits)
        codes &= np.uint64(2**64 - 2)
        keys.append(codes | (text.astype(np.uint64) << np.uint64(64 - bits)) | np.uint64(side))
    joined = np.concatenate(keys)
    if not len(joined):
        return np.zeros(pairs, dtype=np.int64)
    joined.sort()
    runs = joined >> np.uint64(1)
    starts = np.concatenate([[0], (runs[1:] != runs[:-1]).nonzero()[0] + 1])
    in_second = np.add.reduceat((joined & np.uint64(1)).astype(np.int64), starts)
    in_first = np.diff(starts, append=len(joined)) - in_second
    of = (joined[starts] >> np.uint64(64 - bits)).astype(np.int64)
    return np.bincount(of, weights=np.minimum(in_first, in_second), minlength=pairs).astype(np.int64)


def _run_codes(words: HashedWords, size: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return a code and the text of each run of words; the code of a run of fewer words holds how many they are."""
    import numpy as np

    edges = np.asarray(words.edges)
    sizes = np.diff(edges)
    text = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(words.hashes)) - edges[:-1][text]
    codes = np.zeros(len(words.hashes), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for step in range(size):
            # Words beyond the end of a short text stand for nothing.
            following = np.zeros(len(words.hashes), dtype=np.uint64)
            following[: max(0, len(words.hashes) - step)] = words.hashes[step:]
            following[place + step >= sizes[text]] = 0
            codes = codes * np.uint64(_BASE) + following
    begins = (place == 0) | (place <= sizes[text] - size)
    return codes[begins], text[begins]
