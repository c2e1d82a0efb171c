"""Hits of ROUGE-Lsum by bit-parallel longest common subsequences, with the tie-breaking of `rouge-score`.

For each pair of a gold sentence (rows) and an output sentence (columns) the peer fills a table of LCS lengths and walks
back from its last corner: where the two words are equal it takes the row and steps diagonally; else it steps to the
column before where the cell there is larger than the cell above, and to the row above otherwise. The rows taken, over
all output sentences, are the union.

Here all gold sentences of a group stand in one integer, a free bit between any two, and an output sentence runs over
all of them at once. Bit (row, column) of a *difference* is 1 where the table grows from the row above; at cells of
unequal words this is just where the peer steps to the column before. Going back, each column therefore has one
question: which is the last row, among those still allowed, with equal words or with a difference? It is asked of all
sentences at once in integers of reversed bits, where the last row is the lowest set bit and a subtraction finds it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

#: Rows in one integer, unless a single sentence is longer.
_GROUP_ROWS = 4096
#: Memory for the differences of one output sentence; beyond it they are made again from stored states.
_DIFFERENCE_BYTES = 16 << 20
#: Where a single sentence has more rows than this, only words with more places than `_FEW_PLACES` are kept as integers.
_MOST_ROWS_KEPT = 32_768
_FEW_PLACES = 8

_REVERSED_BYTES = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def union_hits(gold: Sequence[Sequence[str]], output: Sequence[Sequence[str]]) -> int:
    """Return how many words of the gold sentences are hit by the union LCS, each output word serving once.

    `gold` and `output` are lists of sentences, each a list of words.
    """
    available = Counter(word for sentence in output for word in sentence)
    sentences = list(dict.fromkeys(tuple(sentence) for sentence in output if sentence))
    hit: Counter[str] = Counter()
    for group in _groups(gold):
        rows = _Rows(group, available)
        for sentence in sentences:
            rows.walk(sentence)
        hit.update(rows.hit_words())
    return sum(min(many, available[word]) for word, many in hit.items())


def _groups(sentences: Sequence[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    group: list[Sequence[str]] = []
    rows = 0
    for sentence in sentences:
        if not sentence:
            continue
        if group and rows + len(sentence) > _GROUP_ROWS:
            yield group
            group, rows = [], 0
        group.append(sentence)
        rows += len(sentence)
    if group:
        yield group


class _Rows:
    """The gold sentences of a group as blocks of bits; `taken` collects the rows in the union (reversed bits).

    `blocks`: all rows; `lowest` and `above`: in reversed bits, the lowest bit of each block, and the free bit above it.
    `places`: where each word stands that the output has. Words are not empty; the empty one is a column without rows.
    """

    def __init__(self, sentences: Sequence[Sequence[str]], wanted: Counter[str]) -> None:
        self.size = (sum(map(len, sentences)) + len(sentences) + 8) // 8
        self.bits = bits = 8 * self.size
        self.words: list[str] = [""]
        self.places: dict[str, list[int]] = {}
        starts = []
        for sentence in sentences:
            starts.append(len(self.words))
            for at, word in enumerate(sentence, len(self.words)):
                if word in wanted:
                    self.places.setdefault(word, []).append(at)
            self.words += sentence
            self.words.append("")
        ends = [*(start - 1 for start in starts[1:]), len(self.words) - 1]
        self.blocks = sum((1 << end) - (1 << start) for start, end in zip(starts, ends, strict=True))
        self.lowest = sum(1 << bits - end for end in ends)
        self.above = sum(1 << bits - start for start in starts)
        self.reversed_blocks = self._reverse(self.blocks)
        self._equal: dict[str, tuple[int, int]] = {"": (0, 0)}
        self._keep_all = bits <= _MOST_ROWS_KEPT
        self.taken = 0

    def _reverse(self, bits: int) -> int:
        return int.from_bytes(bits.to_bytes(self.size, "little").translate(_REVERSED_BYTES), "big")

    def _rows(self, word: str) -> tuple[int, int]:
        """Return the rows with a word, as they are and reversed."""
        found = self._equal.get(word)
        if found is None:
            places = self.places[word]
            rows = turned = 0
            for place in places:
                rows |= 1 << place
                turned |= 1 << self.bits - 1 - place
            found = rows, turned
            if self._keep_all or len(places) > _FEW_PLACES:
                self._equal[word] = found
        return found

    def walk(self, sentence: Sequence[str]) -> None:
        """Add the rows that the LCS with an output sentence takes."""
        columns: list[str] = []
        for word in sentence:
            if word in self.places:
                columns.append(word)
            elif columns and columns[-1]:
                # Several columns in a row without an equal word do what one does.
                columns.append("")
        stretch = max(64, _DIFFERENCE_BYTES // self.size)
        states = [self.blocks]
        for start in range(0, len(columns) - stretch, stretch):
            part = [self._rows(word) for word in columns[start : start + stretch]]
            states.append(self._differences(states[-1], part)[-1] ^ self.blocks)
        allowed = self.reversed_blocks
        for number in range(len(states) - 1, -1, -1):
            part = [self._rows(word) for word in columns[number * stretch : (number + 1) * stretch]]
            allowed = self._back(part, self._differences(states[number], part), allowed)
            if not allowed:
                break

    def _differences(self, state: int, columns: Sequence[tuple[int, int]]) -> list[int]:
        """Return for each column the rows at which the LCS grows; `state` is the complement before the first."""
        blocks = self.blocks
        found = []
        for rows, _ in columns:
            if rows:
                # A carry out of a block ends in the free bit above it.
                growing = state & rows
                state = ((state + growing) | (state ^ growing)) & blocks
            found.append(state ^ blocks)
        return found

    def _back(self, columns: Sequence[tuple[int, int]], differences: Sequence[int], allowed: int) -> int:
        """Walk back over columns from the rows `allowed` (all up to some row of each block); return those left."""
        size, blocks, lowest, above, taken = self.size, self.reversed_blocks, self.lowest, self.above, self.taken
        for (_, equal), difference in zip(reversed(columns), reversed(differences), strict=True):
            turned = int.from_bytes(difference.to_bytes(size, "little").translate(_REVERSED_BYTES), "big")
            candidates = (turned | equal) & allowed
            # In each block the bits up to its lowest candidate, that one included; all of them where it has none.
            up_to = (candidates ^ ((candidates | above) - lowest)) & blocks
            last = candidates & up_to
            match = last & equal
            taken |= match
            allowed = (blocks ^ up_to) | (last ^ match)
            if not allowed:
                break
        self.taken = taken
        return allowed

    def hit_words(self) -> Iterator[str]:
        """Yield the word of each row taken."""
        for at, bit in enumerate(reversed(f"{self._reverse(self.taken):b}")):
            if bit == "1":
                yield self.words[at]
