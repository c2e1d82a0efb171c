"""Words of articles: sentences, diversity, stems of cue words, runs of words that two articles share."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise

#: Words in a run that counts as shared.
GRAM = 8
_MTLD_THRESHOLD = 0.72
_SENTENCE_END = re.compile(r"[.!?…][\"”’»“)\]]*(?=\s+[\"“‘„«(\[–—-]*\s?[A-Z0-9À-ÖØ-ÞĆČĎĐĞİŁŃŐŘŚŞŠŤŮŰŹŻŽА-ЯΑ-Ω])")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Sen|Rep|Gov|vs|Jr|Sr)|\b[A-Z])\.$")
# Words of a cue phrase that carry none of its meaning.
_LIGHT = frozenset(
    "a an the to of in on by for with at about as and or but not n't never also has have had having is are was were be "  # noqa: SIM905
    "been being will would can could may might must should do does did s re ve ll d t his her its their he she it they "
    "i we you that this who which what there more less just only even all very so didn doesn don isn wasn weren hasn "
    "haven hadn wouldn couldn shouldn won".split()
)
_IRREGULAR = {
    "said": "say", "says": "say", "told": "tell", "wrote": "write", "written": "write", "thought": "think",
    "felt": "feel", "knew": "know", "known": "know", "meant": "mean", "spoke": "speak", "spoken": "speak",
    "saw": "see", "seen": "see", "heard": "hear", "held": "hold", "put": "put", "read": "read", "made": "make",
    "gave": "give", "given": "give", "found": "find", "shown": "show", "went": "go", "gone": "go", "took": "take",
    "taken": "take", "sought": "seek", "swore": "swear", "sworn": "swear", "kept": "keep", "goes": "go",
    "understood": "understand",
}  # fmt: skip


def sentences(text: str) -> list[str]:
    """Split running text into sentences at full stops before capitals; common titles and initials do not end one."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    ends = [end for end in ends if not _ABBREVIATION.search(text[max(0, end - 6) : end])]
    pieces = [text[start:end].strip() for start, end in pairwise([0, *ends, len(text)])]
    return [piece for piece in pieces if piece]


def mtld(tokens: Sequence[str]) -> float:
    """Return the measure of textual lexical diversity (McCarthy & Jarvis 2010), mean of both directions.

    The number of tokens divided by the number of stretches in which the type-token ratio falls to .72; the rest at the
    end counts as a part of a stretch. nan below 50 tokens.
    """
    if len(tokens) < 50:
        return math.nan
    return (_one_way(tokens) + _one_way(tokens[::-1])) / 2


def _one_way(tokens: Sequence[str]) -> float:
    stretches, types, count = 0.0, set(), 0
    for token in tokens:
        types.add(token)
        count += 1
        if len(types) / count <= _MTLD_THRESHOLD:
            stretches, types, count = stretches + 1, set(), 0
    if count:
        stretches += (1 - len(types) / count) / (1 - _MTLD_THRESHOLD)
    return len(tokens) / stretches if stretches else math.nan


def stem(word: str) -> str:
    """Return what forms of an English verb share: known irregular forms by their base, others without their ending.

    Not a word of the language always (`argu` for argue, argued): it groups forms, no more.
    """
    word = _IRREGULAR.get(word, word)
    for ending in ("ing", "ied", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sle":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 3 else word


def head_of(cue: Sequence[str]) -> str:
    """Return the first word of a cue phrase that is not a light one; its first word where all are."""
    return next((word for word in cue if word not in _LIGHT), cue[0] if cue else "")


def entropy(counts: Iterable[int]) -> float:
    """Return the entropy of a distribution in bits; nan for an empty one."""
    counts = [count for count in counts if count]
    total = sum(counts)
    return -sum(count / total * math.log2(count / total) for count in counts) if total else math.nan


def grams(tokens: Sequence[str]) -> set[tuple[str, ...]]:
    """Return the distinct runs of `GRAM` words."""
    return {tuple(tokens[at : at + GRAM]) for at in range(len(tokens) - GRAM + 1)}


def shared_runs(articles: Mapping[Hashable, Sequence[str]]) -> dict[tuple[Hashable, Hashable], list[tuple[str, ...]]]:
    """Return, for each pair of articles that share `GRAM` words in a row, their shared runs at full length."""
    owners: dict[tuple[str, ...], list[Hashable]] = {}
    for name, tokens in articles.items():
        for gram in grams(tokens):
            owners.setdefault(gram, []).append(name)
    pairs: dict[tuple[Hashable, Hashable], set[tuple[str, ...]]] = {}
    for gram, names in owners.items():
        for at, one in enumerate(names):
            for other in names[at + 1 :]:
                pairs.setdefault((one, other), set()).add(gram)
    return {pair: _joined(articles[pair[0]], shared) for pair, shared in pairs.items()}


def _joined(tokens: Sequence[str], shared: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Join shared runs that overlap in `tokens`."""
    runs: list[tuple[int, int]] = []
    for at in range(len(tokens) - GRAM + 1):
        if tuple(tokens[at : at + GRAM]) in shared:
            if runs and at < runs[-1][1]:
                runs[-1] = (runs[-1][0], at + GRAM)
            else:
                runs.append((at, at + GRAM))
    return [tuple(tokens[start:end]) for start, end in runs]


def repeated(phrases: Iterable[Sequence[str]]) -> Counter[str]:
    """Count phrases that occur more than once."""
    counts = Counter(" ".join(phrase) for phrase in phrases if phrase)
    return Counter({phrase: count for phrase, count in counts.items() if count > 1})
