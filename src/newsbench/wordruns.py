"""Runs of words that texts share, as bags: what they have in common line by line is counted, the rest is compared.

A passage that two texts have in common adds the same runs to both bags, hence just as many to what these share: only
runs that reach beyond it have to be compared. So the passages of `common_passages` are cut to their first and last
words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.commonlines import Passage, common_passages
from newsbench.wordhash import HashedWords, count_words, hash_texts
from newsbench.wordunits import WordRule

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Odd, so that no word's place in a run is lost.
_BASE = 0x9E3779B97F4A7C15
# Characters of a passage from which it is worth being cut; its first and last words are at least `_EDGE` long, and less
# than half of it.
_PASSAGE, _EDGE = 128, 32


class SharedRuns(NamedTuple):
    """For pairs of texts: how many runs each side has, how many they share, and whether all their words are equal."""

    first: NDArray[Any]
    second: NDArray[Any]
    shared: NDArray[Any]
    equal: NDArray[Any]


def shared_runs(
    references: Sequence[str], outputs: Sequence[Sequence[str]], size: int, rule: WordRule
) -> list[SharedRuns]:
    """Compare texts with those of each list of `outputs`, by their runs of `size` words, as bags: Σ min(times in each).

    A text of fewer words is one run, an empty one none. Words must not depend on what is beyond a blank.
    """
    lines = [list(filter(None, map(str.strip, text.split("\n")))) for text in references]
    words = count_words(references, rule)
    results = []
    for of_system in outputs:
        # Pieces of texts are hashed as lines.
        texts = [text.replace("\n", " ") for text in of_system]
        cuts = [
            list(_cuts(text, common_passages(of_text, text, _PASSAGE)))
            for of_text, text in zip(lines, texts, strict=True)
        ]
        results.append(_compare(lines, words, texts, cuts, size, rule))
    return results


class _Cut(NamedTuple):
    """A passage, and what is left of it: up to where its first words end, and from where its last ones begin."""

    passage: Passage
    head_stop: int
    tail_start: int


def _cuts(text: str, passages: Sequence[Passage]) -> Iterator[_Cut]:
    """Cut passages at blanks, so that no word is; leave out those without one where it is looked for."""
    for passage in passages:
        _, _, start, stop = passage
        head_stop = text.find(" ", start + _EDGE, start + _PASSAGE // 2)
        tail_start = text.rfind(" ", stop - _PASSAGE // 2, stop - _EDGE)
        if min(head_stop, tail_start) >= 0:
            yield _Cut(passage, head_stop, tail_start)


# The columns of a row: the first and the last words of a passage (a text's first row has none), and what is behind it
# on each side.
_HEAD, _TAIL, _FIRST, _SECOND = range(4)


def _rows(lines: Sequence[str], text: str, cuts: Sequence[_Cut]) -> Iterator[tuple[str, str, str, str]]:
    """Take two texts to pieces: what is before all passages, then each passage with what is behind it."""
    head = tail = ""
    line = at = 0
    for (first, end, start, stop), head_stop, tail_start in cuts:
        yield head, tail, " ".join(lines[line:first]), text[at:start]
        # They are those of both sides, but for blanks.
        head, tail = text[start:head_stop], text[tail_start:stop]
        line, at = end, stop
    yield head, tail, " ".join(lines[line:]), text[at:]


def _compare(
    lines: Sequence[Sequence[str]],
    words: NDArray[Any],
    texts: Sequence[str],
    cuts: Sequence[Sequence[_Cut]],
    size: int,
    rule: WordRule,
) -> SharedRuns:
    """Compare texts, of which the lines and the number of words are known, with others that have passages of them."""
    import numpy as np

    rows = [list(_rows(*pair)) for pair in zip(lines, texts, cuts, strict=True)]
    edges = np.cumsum([0, *map(len, rows)])
    pieces = [piece for of_text in rows for row in of_text for piece in row]
    hashed = hash_texts(pieces, rule, lines=True)
    sizes = np.diff(hashed.edges).reshape(-1, 4)
    short = (sizes[:, :_FIRST] < size - 1).any(axis=1)
    short[edges[:-1]] = False
    if short.any():
        # No run from outside may reach through what is left of a passage.
        long = [
            [cut for cut, bad in zip(of_text, short[start + 1 : end].tolist(), strict=True) if not bad]
            for of_text, start, end in zip(cuts, edges[:-1], edges[1:], strict=True)
        ]
        return _compare(lines, words, texts, long, size, rule)
    beyond, words_beyond = (_by_text(sizes[:, side], edges) for side in (_FIRST, _SECOND))
    # What is not beyond the passages is in them; of n words there, n - size + 1 begin a run that stays inside.
    common = words - beyond
    inside = common - (size - 1) * (np.diff(edges) - 1)
    first, second = (_runs_beyond(hashed, edges, side, size) for side in (_FIRST, _SECOND))
    shared = inside + _shared(first, second)
    runs = [np.where(many < size, many > 0, many - size + 1) for many in (words, common + words_beyond)]
    equal = (beyond == words_beyond) & (shared == runs[0])
    aligned = _by_text(sizes[:, _FIRST] != sizes[:, _SECOND], edges) == 0
    for text in equal.nonzero()[0].tolist():
        # Passages may be found where equal words do not stand, as where a line is repeated.
        equal[text] = (aligned[text] and first.words_of(text) == second.words_of(text)) or _equal_words(
            " ".join(lines[text]), texts[text], rule
        )
    return SharedRuns(*runs, shared, equal)


def _equal_words(first: str, second: str, rule: WordRule) -> bool:
    return hash_texts([first], rule).hashes.tobytes() == hash_texts([second], rule).hashes.tobytes()


def _by_text(values: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Add up the values of each text's rows."""
    import numpy as np

    return np.diff(np.append(0, values.cumsum())[edges])


class _Runs(NamedTuple):
    """The words of texts that are cut, by `edges` (texts + 1); a code for each run of them, and how many are whose."""

    words: NDArray[Any]
    edges: NDArray[Any]
    codes: NDArray[Any]
    counts: NDArray[Any]

    def words_of(self, text: int) -> bytes:
        return self.words[self.edges[text] : self.edges[text + 1]].tobytes()


def _runs_beyond(hashed: HashedWords, rows: NDArray[Any], side: int, size: int) -> _Runs:
    """Return the runs of `size` words of one side but those within passages; `rows` (texts + 1) parts rows by text."""
    import numpy as np

    columns = [_HEAD, _TAIL, side]
    starts = hashed.edges[:-1].reshape(-1, 4)[:, columns].ravel()
    sizes = np.diff(hashed.edges).reshape(-1, 4)[:, columns]
    last = np.minimum(sizes[:, _TAIL], size - 1)
    # Of a passage, only the last words begin runs that reach beyond it.
    begins = np.repeat(
        np.tile([False, True, True], len(sizes)),
        np.column_stack([sizes[:, _HEAD] + sizes[:, _TAIL] - last, last, sizes[:, 2]]).ravel(),
    )
    sizes = sizes.ravel()
    ends = sizes.cumsum()
    words = hashed.hashes[np.arange(len(begins)) + np.repeat(starts - (ends - sizes), sizes)]
    codes = np.zeros(len(words), dtype=np.uint64)
    for step in range(size):
        codes *= np.uint64(_BASE)
        codes[: max(0, len(words) - step)] += words[step:]
    # The last words of a text begin no run.
    edges = np.append(0, ends)[3 * rows]
    many = np.diff(edges)
    behind = edges[1:][many >= size]
    for step in range(1, size):
        begins[behind - step] = False
    for text in ((many > 0) & (many < size)).nonzero()[0].tolist():
        start, end = int(edges[text]), int(edges[text + 1])
        begins[start + 1 : end] = False
        # All of it: words beyond its end stand for nothing.
        code = 0
        for at in range(start, start + size):
            code = (code * _BASE + (int(words[at]) if at < end else 0)) & (2**64 - 1)
        codes[start] = code
    return _Runs(words, edges, codes[begins], np.diff(begins.nonzero()[0].searchsorted(edges)))


def _shared(first: _Runs, second: _Runs) -> NDArray[Any]:
    """Return for each pair of texts how many runs both have, as bags."""
    import numpy as np

    pairs = len(first.counts)
    bits = pairs.bit_length()
    numbers = np.arange(pairs, dtype=np.uint64) << np.uint64(64 - bits)
    keys = []
    # One key holds the pair of texts, most of the run's code and, last, the side.
    for side, runs in enumerate((first, second)):
        codes = runs.codes >> np.uint64(bits)
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
