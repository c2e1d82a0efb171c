"""Where a content ends: at the end of its sentence, or before the next frame of equal rank."""

from __future__ import annotations

from collections.abc import Sequence

from newsbench.systems.attribution.lexicon import lexicon
from newsbench.systems.attribution.phrases import subject, trim_right, verb_group
from newsbench.systems.attribution.sentences import Token
from newsbench.systems.attribution.wordclasses import (
    AUXILIARIES,
    DETERMINERS,
    PRONOUNS,
    has_finite,
    is_adverb,
    is_finite,
    word_set,
)

_PARTICIPLES_THAT_STOP = word_set(
    "adding saying citing noting insisting arguing according stressing claiming explaining quoting "
    "suggesting warning telling"
)
_CONTRASTS = word_set("and but while whereas although though yet")
_LEAVES_OBJECT = word_set("but and which who because when with where")
_JOINS_OBJECT = word_set("because when while after before as and")
_AFTER_QUOTE = word_set("and but as in on during when after while at before")


def clause_end(sentence: Sequence[Token], at: int, kind: str) -> int:
    """Return where a content that begins at `at` ends; `kind` is what follows the verb (quote, that, object, ...)."""
    position = at + 1
    while position < len(sentence) and not _stops(sentence, at, position, kind):
        position += 1
    return trim_right(sentence, at, position)


def _stops(sentence: Sequence[Token], at: int, position: int, kind: str) -> bool:
    token = sentence[position]
    following = sentence[position + 1] if position + 1 < len(sentence) else None
    if token.text == ";" and token.kind == "mark":
        return True
    if token.text == "," and token.kind == "mark":
        return following is not None and _comma_stops(sentence, position, following, kind)
    if token.lower in ("and", "but", "or") and _bare_report(sentence, position + 1):
        return True
    if token.lower == "according":
        return following is not None and following.lower == "to"
    if kind == "object":
        joined = token.lower in _JOINS_OBJECT
        return joined and has_finite(sentence, position + 1, min(len(sentence), position + 9))
    # A quotation that the verb governs may be part of a longer clause; what these words begin is not.
    return kind == "quote" and position == at + 1 and token.lower in _AFTER_QUOTE


def _comma_stops(sentence: Sequence[Token], comma: int, following: Token, kind: str) -> bool:
    if following.lower in _PARTICIPLES_THAT_STOP or following.lower in ("while", "whereas", "after", "as"):
        return True
    if following.lower in _CONTRASTS and _reports(sentence, comma + 2):
        return True
    if kind == "object" and (following.lower in _LEAVES_OBJECT or following.lower.endswith("ing")):
        return True
    return (kind == "quote" and following.kind == "word") or _post_frame(sentence, comma + 1)


def _reports(sentence: Sequence[Token], at: int) -> bool:
    """Tell whether a reporting verb with a subject of its own, or none, comes soon: a new frame begins."""
    for position in range(at, min(len(sentence), at + 9)):
        token = sentence[position]
        if token.kind != "word" or token.lower == "that":
            return False
        if lexicon().lemmas(token.lower, "past", "s") and _frame_verb(token.lower):
            return position == at or subject(sentence, verb_group(sentence, position, "past").start) is not None
        if position > at and is_finite(sentence, position) and token.lower not in AUXILIARIES:
            return False
    return False


def _bare_report(sentence: Sequence[Token], at: int) -> bool:
    """Tell whether a reporting verb follows a conjunction directly: "… and said that"."""
    while at < len(sentence) and (is_adverb(sentence[at]) or sentence[at].lower in ("has", "had", "have", "is", "are")):
        at += 1
    if at >= len(sentence):
        return False
    found = lexicon().lemmas(sentence[at].lower, "past", "s")
    return bool(found) and _frame_verb(sentence[at].lower)


def _frame_verb(word: str) -> bool:
    table = lexicon()
    return any(table.verbs[(lemma, None)].takes & {"that", "quote", "object"}
               for lemma in table.lemmas(word) if (lemma, None) in table.verbs)  # fmt: skip


def _post_frame(sentence: Sequence[Token], at: int) -> bool:
    """Tell whether ", X said" or ", said X" begins here and closes what stands before it."""
    for position in range(at, min(len(sentence), at + 8)):
        token = sentence[position]
        if token.kind != "word" or token.lower in ("that", "who", "which", "and", "but"):
            return False
        if any(
            "say" in lexicon().verbs[(lemma, None)].classes
            for lemma in lexicon().lemmas(token.lower, "past", "s")
            if (lemma, None) in lexicon().verbs
        ):
            after = sentence[position + 1] if position + 1 < len(sentence) else None
            return after is None or after.kind == "mark" or position == at
        if position == at and token.lower not in PRONOUNS | DETERMINERS and not token.text[:1].isupper():
            return False
    return False
