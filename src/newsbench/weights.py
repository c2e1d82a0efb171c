"""How often each group is drawn in each resample: drawn once for all figures that need it."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from newsbench.workers import Turns, shared_zeros

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Of more groups than this so many blocks are made.
MOST_GROUPS = 1024
# Resamples done at a time, so that memory does not grow with their number; and draws, in arrays that fit the
# processor's cache.
_BATCH = 1000
_DRAWS = 1 << 17
# Weights that are kept, of all numbers of groups together: 32 MB, enough for the usual number of resamples of the most
# groups; and the most groups of which any weight fits into two bytes.
_KEPT = 1 << 24
_MOST_DRAWN, _MOST_IN_A_BYTE = (1 << 16) - 1, (1 << 8) - 1

_kept: dict[tuple[int, int, int], list[NDArray[Any]] | DrawnAhead] = {}


def weights(seed: int, groups: int, resamples: int) -> Iterable[NDArray[Any]]:
    """Give how often each group is drawn in some of the resamples (size, groups), until all are given."""
    if resamples * groups > _KEPT or groups > _MOST_DRAWN:
        return _drawn(seed, groups, resamples)
    # Every family, slice and system asks for them, in turn with those of other numbers.
    key = (seed, groups, resamples)
    found = _kept.get(key)
    if isinstance(found, DrawnAhead):
        found = found.result()
    found = found or list(_drawn(seed, groups, resamples))
    _keep(key, found)
    return found


def _drawn(seed: int, groups: int, resamples: int) -> Iterator[NDArray[Any]]:
    """Draw them, `_BATCH` resamples at a time."""
    import numpy as np

    rng = np.random.default_rng([seed, groups])
    kind = np.uint16 if groups <= _MOST_DRAWN else np.int64
    most = _DRAWS // groups + 1
    for start in range(0, resamples, _BATCH):
        some = np.empty((min(_BATCH, resamples - start), groups), dtype=kind)
        for first in range(0, len(some), most):
            size = min(most, len(some) - first)
            draws = rng.integers(0, groups, size=(size, groups))
            draws += np.arange(size)[:, None] * groups
            found = np.bincount(draws.ravel(), minlength=size * groups)
            some[first : first + size] = found.reshape(size, groups)
        yield some


def _keep(key: tuple[int, int, int], found: list[NDArray[Any]] | DrawnAhead) -> None:
    _kept.pop(key, None)
    _kept[key] = found
    # Those that nobody asked for longest go first.
    kept = list(_kept)
    while sum(groups * resamples for _, groups, resamples in kept) > _KEPT:
        _kept.pop(kept.pop(0), None)


class DrawnAhead:
    """Weights of `MOST_GROUPS` groups, drawn by the process that first has nothing else to do.

    Made before processes are started; they call `draw`, and the one that made it then `keep`. Those of fewer groups
    take little time, and how many there are is not known before the end.
    """

    def __init__(self, seed: int, resamples: int, jobs: int) -> None:
        self._key = (seed, MOST_GROUPS, resamples)
        self._worthwhile = jobs > 1 and 0 < resamples * MOST_GROUPS <= _KEPT and self._key not in _kept
        shape = (resamples, MOST_GROUPS) if self._worthwhile else (0, MOST_GROUPS)
        # One byte each: that a group is drawn 256 times instead of once does not come up, and is noticed if it does.
        self._weights = shared_zeros(shape, "uint8", jobs)
        self._turn = Turns(1)
        # What is written when all are drawn; a pipe is at its end when nobody is left who could.
        self._reading, self._writing = os.pipe()
        self._close_reading = weakref.finalize(self, os.close, self._reading)

    def draw(self, groups: int) -> None:
        """Draw the weights if nobody else does, where at least so many `groups` are known to be resampled."""
        if not self._worthwhile or groups < MOST_GROUPS:
            return
        for _ in self._turn:
            start = most = 0
            for some in _drawn(*self._key):
                self._weights[start : start + len(some)] = some
                start, most = start + len(some), max(most, some.max())
            if most <= _MOST_IN_A_BYTE:
                os.write(self._writing, b"x")

    def keep(self) -> None:
        """Let `weights` wait for what is drawn, if somebody does."""
        os.close(self._writing)
        nobody = any(True for _ in self._turn)
        self._turn.close()
        if not nobody:
            _keep(self._key, self)

    def result(self) -> list[NDArray[Any]] | None:
        """Wait for the weights; None where who drew them came to nothing. May be called once."""
        is_drawn = os.read(self._reading, 1)
        self._close_reading()
        return [self._weights[at : at + _BATCH] for at in range(0, len(self._weights), _BATCH)] if is_drawn else None
