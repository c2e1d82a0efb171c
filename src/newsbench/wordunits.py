"""Texts as UTF-16 units, each folded to what a word is made of, or to a blank between words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.text import folded_alone, in_plain_letters

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLANK = 32
# A unit folds to one unit, or is one of these: it folds to several or none, its text is rewritten first, or nobody has
# looked yet.
_REPLACED, _UNSEEN, REWRITTEN = 0xFFFD, 0xFFFE, 0xFFFF
_UNITS = 1 << 16
# So many places are replaced one by one, more by arrays.
_FEW_PLACES = 100


class WordRule(NamedTuple):
    """What a word is: how one character folds (None: it depends on others), and how a text is rewritten so that what is
    not ASCII in it are the letters of its words.
    """

    fold: Callable[[str], str | None]
    rewrite: Callable[[str], str]


#: The words of `newsbench.text`.
NORMALISED = WordRule(folded_alone, in_plain_letters)


def units_of(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the UTF-16 units of texts, each text closed by a line feed, and where these stand."""
    import numpy as np

    # A text may hold lone halves of a pair, which must not become a pair with what follows: a line feed parts them.
    units = np.frombuffer("\n".join([*texts, ""]).encode("utf-16-le", "surrogatepass"), dtype="<u2")
    sizes = list(map(len, texts))
    if len(units) != sum(sizes) + len(sizes):
        # Characters of two units are among them.
        sizes = [len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in texts]
    return units, np.cumsum(sizes) + np.arange(len(sizes))


def units_of_lines(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Do the same where a line feed is the end of a text."""
    import numpy as np

    units = np.frombuffer("\n".join([*texts, ""]).encode("utf-16-le", "surrogatepass"), dtype="<u2")
    return units, (units == ord("\n")).nonzero()[0]


def fold_units(units: NDArray[Any], borders: NDArray[Any], rule: WordRule) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return what the UTF-16 units of texts fold to, and where these end then."""
    table = _table(rule)
    # All units stand in the table: that none is beyond it need not be looked at.
    folded = table.take(units, mode="clip")
    if folded.max(initial=0) < _REPLACED:
        return folded, borders
    # Not `np.unique`, which imports numpy's masked arrays.
    unseen = set(units[folded == _UNSEEN].tolist())
    for unit in unseen:
        table[unit] = _folded_unit(unit, rule)
    folded = table.take(units, mode="clip") if unseen else folded
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
    borders = borders + np.append(0, (sizes - 1).cumsum())[places.searchsorted(borders)]
    if not sizes.any():
        return folded[folded != _REPLACED], borders
    if len(places) > _FEW_PLACES:
        times = np.ones(len(folded), dtype=np.int64)
        times[places] = sizes
        folded = folded.repeat(times)
        folded[folded == _REPLACED] = np.concatenate(others)
        return folded, borders
    parts, done = [], 0
    for place, other in zip(places.tolist(), others, strict=True):
        parts += [folded[done:place], other]
        done = place + 1
    return np.concatenate([*parts, folded[done:]]), borders


def _blank_pairs(units: NDArray[Any], folded: NDArray[Any], rule: WordRule) -> None:
    """Make blanks of the pairs of units that no word holds: emoji above all, for which no text need be rewritten."""
    high = ((units[:-1] & 0xFC00) == 0xD800).nonzero()[0]
    high = high[(units[high + 1] & 0xFC00) == 0xDC00]
    if not len(high):
        return
    codes = ((units[high].astype(int) & 0x3FF) << 10) + (units[high + 1] & 0x3FF) + 0x10000
    blank = {code for code in set(codes.tolist()) if (rule.fold(chr(code)) or "x").isspace()}
    pairs = high[[code in blank for code in codes.tolist()]]
    folded[pairs] = folded[pairs + 1] = BLANK


def _folded_unit(unit: int, rule: WordRule) -> int:
    folded = None if 0xD800 <= unit < 0xE000 else rule.fold(chr(unit))
    if folded is None or any(ord(letter) >= _REPLACED for letter in folded):
        return REWRITTEN
    if folded and folded.isspace():
        return BLANK
    return ord(folded) if len(folded) == 1 else _REPLACED


@cache
def _units_for(unit: int, rule: WordRule) -> NDArray[Any]:
    """Return what a unit folds to that folds to several or none."""
    import numpy as np

    letters = rule.fold(chr(unit)) or ""
    return np.array([BLANK if letter.isspace() else ord(letter) for letter in letters], dtype=np.uint16)


@cache
def _table(rule: WordRule) -> NDArray[Any]:
    """Return what each UTF-16 unit folds to; filled in as characters are seen."""
    import numpy as np

    table = np.full(_UNITS, _UNSEEN, dtype=np.uint16)
    table[:128] = folded_ascii(rule)
    return table


@cache
def folded_ascii(rule: WordRule) -> NDArray[Any]:
    """Return what each character of ASCII folds to."""
    import numpy as np

    return np.array([_folded_unit(code, rule) for code in range(128)], dtype=np.uint16)
