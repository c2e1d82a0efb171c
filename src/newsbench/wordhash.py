"""Words of many texts as 64-bit numbers, found by arrays: what equal words are, without a list of strings.

The hash of a word of code points c_0 … c_n is Σ V[c_j]·B^j modulo 2^64 with a table V of odd random numbers and an odd B:
it depends on the word alone, and prefix sums over a whole text give it for all words at once. Equal words have equal
hashes; unequal ones collide with a probability of about 2^-64 a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.text import folded_alone, in_plain_letters, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BASE = 0x9E3779B97F4A7C15
_SEED = 20260314
_BLANK = 32
# A character of the basic plane folds to one character of it, or is one of these; what lies beyond is rewritten too.
_REWRITTEN, _UNSEEN = 0xFFFF, 0xFFFE
_PLANE = 1 << 16


class HashedWords(NamedTuple):
    """Hashes of the words of some texts, one text behind the other; `edges` (texts + 1) parts them."""

    hashes: NDArray[Any]
    edges: NDArray[Any]


def hash_texts(texts: Sequence[str]) -> HashedWords:
    """Return the hashes of ``newsbench.text.words(text)`` for each text."""
    import numpy as np

    codes, borders = _fold(texts)
    odd = np.unique(borders.searchsorted((codes == _REWRITTEN).nonzero()[0])).tolist()
    hashes, edges = _hash_codes(codes, borders)
    if not odd:
        return HashedWords(hashes, edges)
    found = dict(zip(odd, _hash_odd([texts[at] for at in odd]), strict=True))
    parts = [found[at] if at in found else hashes[edges[at] : edges[at + 1]] for at in range(len(texts))]
    return HashedWords(np.concatenate(parts), np.cumsum([0, *map(len, parts)]))


def hash_words(found: Sequence[str]) -> NDArray[Any]:
    """Return the hashes of words that `newsbench.text.words` gave."""
    import numpy as np

    codes = _code_points(" ".join(found) + "\n")
    return _hash_codes(codes, np.array([len(codes) - 1]))[0]


def _hash_odd(texts: Sequence[str]) -> list[NDArray[Any]]:
    """Hash texts in which a character folds to several, to none, or to what its neighbours make of it."""
    plain = [in_plain_letters(text) for text in texts]
    # What folding leaves is folded already: lower case would do nothing more.
    easy = [text.lower() for text in plain if text is not None]
    hashes, edges = _hash_codes(*_split(easy)) if easy else (None, None)
    found, at = [], 0
    for text, rewritten in zip(texts, plain, strict=True):
        if rewritten is None:
            found.append(hash_words(words(text)))
        else:
            found.append(hashes[edges[at] : edges[at + 1]])
            at += 1
    return found


def _split(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return folded texts as code points with blanks between words, and where each text ends."""
    import numpy as np

    borders = np.cumsum([len(text) + 1 for text in texts]) - 1
    codes = _code_points("\n".join(texts) + "\n").copy()
    beyond = codes >= _PLANE
    table = _table()
    inside = np.where(beyond, _BLANK, codes)
    _look_at(inside, table)
    # Letters beyond the basic plane stay; all other characters there were rewritten to blanks before.
    codes[(table[inside] == _BLANK) & ~beyond] = _BLANK
    return codes, borders


def _fold(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the folded code points of texts, each text closed by a blank, and where these blanks stand."""
    import numpy as np

    codes = _code_points("\n".join(texts) + "\n")
    borders = np.cumsum([len(text) + 1 for text in texts]) - 1
    inside = np.minimum(codes, _PLANE - 1)
    table = _table()
    _look_at(inside, table)
    return table[inside], borders


def _look_at(codes: NDArray[Any], table: NDArray[Any]) -> None:
    """Fill in the table for characters that no text had before."""
    import numpy as np

    for code in np.unique(codes[table[codes] == _UNSEEN]).tolist():
        folded = folded_alone(chr(code)) if code < _PLANE - 1 else None
        if folded is not None and folded and folded.isspace():
            table[code] = _BLANK
        elif folded is not None and len(folded) == 1 and ord(folded) < _UNSEEN:
            table[code] = ord(folded)
        else:
            table[code] = _REWRITTEN


def _code_points(text: str) -> NDArray[Any]:
    import numpy as np

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _hash_codes(codes: NDArray[Any], borders: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Hash the words of code points that blanks part; return them with the edges of the texts."""
    import numpy as np

    inside = (codes != _BLANK) & (codes != 10)
    steps = (inside[1:] != inside[:-1]).nonzero()[0] + 1
    if len(inside) and inside[0]:
        steps = np.concatenate([[0], steps])
    starts, ends = steps[::2], steps[1::2]
    powers, inverses = _powers(1 << int(len(codes)).bit_length())
    sums = np.empty(len(codes) + 1, dtype=np.uint64)
    sums[0] = 0
    np.cumsum(_values()[np.bitwise_and(codes, _PLANE - 1)] * powers[: len(codes)], out=sums[1:])
    hashes = (sums[ends] - sums[starts]) * inverses[starts]
    return hashes, np.concatenate([[0], starts.searchsorted(borders)])


@cache
def _table() -> NDArray[Any]:
    """Return what each character of the basic plane folds to; filled in as characters are seen."""
    import numpy as np

    return np.full(_PLANE, _UNSEEN, dtype=np.uint16)


@cache
def _values() -> NDArray[Any]:
    """Return an odd random number for each code point of a plane."""
    import numpy as np

    return np.random.default_rng(_SEED).integers(0, 1 << 63, size=_PLANE, dtype=np.uint64) * np.uint64(2) + np.uint64(1)


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
