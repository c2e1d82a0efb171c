"""Texts whose words are hashed line by line: what they have in common is seen by whole lines, each hashed once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.wordhash import HashedWords, WordRule, hash_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray


class LinedWords(NamedTuple):
    """Hashed words of some texts, and their lines that have any: a number for each, the same for equal ones, how many
    words it has, and the text it is from.
    """

    words: HashedWords
    numbers: NDArray[Any]
    sizes: NDArray[Any]
    text_of: NDArray[Any]


def hash_by_line(groups: Sequence[Sequence[str]], rule: WordRule) -> list[LinedWords]:
    """Hash the words of several lists of texts. No word may reach over the end of a line."""
    lines = [[text.split("\n") for text in texts] for texts in groups]
    flat = [list(chain.from_iterable(of_group)) for of_group in lines]
    numbers = {line: number for number, line in enumerate(dict.fromkeys(chain.from_iterable(flat)))}
    hashed = hash_texts(list(numbers), rule, lines=True)
    return [
        _put_together(hashed, list(map(numbers.__getitem__, of_group)), list(map(len, of_texts)))
        for of_group, of_texts in zip(flat, lines, strict=True)
    ]


def _put_together(lines: HashedWords, used: Sequence[int], counts: Sequence[int]) -> LinedWords:
    """Make texts of numbered lines, `counts` of them a text."""
    import numpy as np

    numbers = np.array(used, dtype=np.int64)
    text_of = np.repeat(np.arange(len(counts)), counts)
    sizes = np.diff(lines.edges)[numbers]
    ends = np.concatenate([[0], sizes.cumsum()])
    words = np.arange(ends[-1]) + np.repeat(lines.edges[numbers] - ends[:-1], sizes)
    edges = ends[np.cumsum([0, *counts])]
    kept = sizes > 0
    return LinedWords(HashedWords(lines.hashes[words], edges), numbers[kept], sizes[kept], text_of[kept])


class Blocks(NamedTuple):
    """Runs of lines that the n-th texts of two lists have: the text, where a block begins on each side, its words."""

    text_of: NDArray[Any]
    first: NDArray[Any]
    second: NDArray[Any]
    sizes: NDArray[Any]


def common_blocks(first: LinedWords, second: LinedWords) -> Blocks:
    """Return the blocks of lines that are on both sides, each of the lines once, by texts."""
    import numpy as np

    many = 1 + max(first.numbers.max(initial=0), second.numbers.max(initial=0))
    ours, theirs = (_single(side.text_of * many + side.numbers) for side in (first, second))
    # Where the lines that are single on both sides stand on the first.
    at = ours.keys.searchsorted(theirs.keys)
    common = np.append(ours.keys, -1)[at] == theirs.keys
    order = theirs.at[common].argsort()
    there, here = theirs.at[common][order], ours.at[at[common]][order]
    begins = np.ones(len(there), dtype=bool)
    begins[1:] = (np.diff(there) != 1) | (np.diff(here) != 1) | (np.diff(second.text_of[there]) != 0)
    starts = begins.nonzero()[0]
    words = second.sizes[there].cumsum()
    before = np.append(0, words)[starts]
    return Blocks(
        second.text_of[there[starts]],
        (first.sizes.cumsum() - first.sizes)[here[starts]],
        (second.sizes.cumsum() - second.sizes)[there[starts]],
        np.diff(np.append(before, words[-1:])),
    )


class _Single(NamedTuple):
    """Keys that stand once, in order, and where."""

    keys: NDArray[Any]
    at: NDArray[Any]


def _single(keys: NDArray[Any]) -> _Single:
    import numpy as np

    at = keys.argsort(kind="stable")
    keys = keys[at]
    changes = np.concatenate([[True], keys[1:] != keys[:-1], [True]])
    once = changes[1:] & changes[:-1] if len(keys) else np.zeros(0, dtype=bool)
    return _Single(keys[once], at[once])
