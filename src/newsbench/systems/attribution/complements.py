"""What stands to the right and left of a reporting frame: addressee, medium, content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from newsbench.systems.attribution.clauses import clause_end
from newsbench.systems.attribution.draft import Range
from newsbench.systems.attribution.lexicon import Verb
from newsbench.systems.attribution.phrases import (
    medium_phrase,
    phrase_end,
)
from newsbench.systems.attribution.sentences import Token
from newsbench.systems.attribution.wordclasses import (
    AUXILIARIES,
    COORDINATORS,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    has_finite,
    is_adverb,
    is_finite,
    word_set,
)

_WH = word_set("whether if how what why where who when which")


class Complement(NamedTuple):
    """What follows a verb: `kind` is quote, that, clause, wh, to, object or none; `at` is where it begins."""

    kind: str
    at: int
    stop: int
    addressee: Range | None
    medium: Range | None


def complement(sentence: Sequence[Token], at: int, verb: Verb, *, passive: bool = False) -> Complement:
    """Read what follows a verb whose group ends at `at`."""
    addressee = medium = None
    size = len(sentence)
    start = at
    if verb.addressee and not passive and _noun_phrase_at(sentence, at):
        end = phrase_end(sentence, at)
        if end > at:
            addressee, at = (at, end), end
    skipped = True
    while at < size and skipped:
        skipped = False
        token = sentence[at]
        if token.lower == "to" and addressee is None and "to" not in verb.takes and _noun_phrase_at(sentence, at + 1):
            end = phrase_end(sentence, at + 1)
            if end > at + 1 and verb.particle != "to":
                addressee, at, skipped = (at, end), end, True
                continue
        found = medium_phrase(sentence, at, size)
        if found is not None:
            medium, at, skipped = medium or found, found[1], True
            continue
        end = _aside_end(sentence, at)
        if end > at:
            at, skipped = end, True
    kind, begin = _kind(sentence, start, at, verb, passive)
    if kind == "none":
        return Complement("none", at, at, addressee, medium)
    return Complement(kind, begin, clause_end(sentence, begin, kind), addressee, medium)


def _noun_phrase_at(sentence: Sequence[Token], at: int) -> bool:
    if at >= len(sentence) or sentence[at].kind != "word":
        return False
    lower = sentence[at].lower
    if lower in ("that", "to", "not", "if", "whether", "how", "what", "why", "when", "where", "there"):
        return False
    return not (lower in PREPOSITIONS | COORDINATORS | AUXILIARIES or is_adverb(sentence[at]) or lower in TIMES)


def _aside_end(sentence: Sequence[Token], at: int) -> int:
    """Return the end of an adverb, a phrase of time or place that stands between verb and content; else `at`."""
    size = len(sentence)
    if at >= size or sentence[at].kind != "word":
        return at
    lower = sentence[at].lower
    if is_adverb(sentence[at]) and lower not in ("once", "only"):
        return at + 1
    if (lower in TIMES and sentence[at].text[:1].isupper()) or lower in (
        "yesterday",
        "today",
        "tonight",
        "earlier",
        "later",
    ):
        return at + 1
    if lower in ("last", "this") and at + 1 < size and sentence[at + 1].lower in TIMES:
        return at + 2
    if lower in ("on", "in", "at", "during", "after", "before", "during", "from", "by", "with", "for", "of", "about"):
        end = phrase_end(sentence, at + 1)
        following = sentence[end] if end < size else None
        if (
            following is not None
            and end > at + 1
            and (
                following.lower in ("that", "whether")
                or following.text == ":"
                or following.kind == "quote"
                or (following.lower in ("on", "in", "at", "before", "during", "after"))
            )
        ):
            return end
        times = [position for position in range(at + 1, min(at + 5, size)) if sentence[position].lower in TIMES]
        if times:
            return times[0] + 1
    return at


def _kind(sentence: Sequence[Token], start: int, at: int, verb: Verb, passive: bool) -> tuple[str, int]:
    takes, size = verb.takes, len(sentence)
    if at < size and sentence[at].text in (",", ":") and at + 1 < size:
        following = sentence[at + 1]
        if following.kind == "quote" and ("quote" in takes or sentence[at].text == ":"):
            return "quote", at + 1
        if sentence[at].text == ":" and takes & {"quote", "clause", "that"} and size - at > 3:
            return "clause", at + 1
        if sentence[at].text == "," and takes & {"that", "clause"}:
            # An insertion in commas: "said, however, that".
            for close in range(at + 2, min(at + 9, size - 1)):
                if sentence[close].text == "," and sentence[close + 1].lower in ("that", "whether"):
                    return "that", close + 1
        return "none", at
    if at >= size:
        return "none", at
    token = sentence[at]
    if token.kind == "quote":
        return ("quote", at) if takes & {"quote", "object", "that", "clause"} else ("none", at)
    if token.kind == "mark":
        return "none", at
    if token.lower == "that" and takes & {"that", "clause"} and not _demonstrative(sentence, at):
        return "that", at
    relative = token.lower in ("who", "which") and at > start
    if (
        token.lower in _WH
        and "wh" in takes
        and not relative
        and (token.lower in ("whether", "if") or _clause_at(sentence, at))
    ):
        return (
            ("none", at)
            if token.lower in ("when", "where", "if", "who", "which") and verb.lemma != "ask"
            else ("wh", at)
        )
    if at > start and token.lower in ("who", "which") and "to" in takes:
        # "asked those who see one to report it": the infinitive comes after the relative clause.
        at = next((to for to in range(at, min(at + 9, size - 1)) if sentence[to].lower == "to"), at)
        token = sentence[at]
    if token.lower == "to" and "to" in takes and at + 1 < size and sentence[at + 1].kind == "word":
        return "to", at
    if token.lower == "not" and "to" in takes and at + 1 < size and sentence[at + 1].lower == "to":
        # Who asks not to be named says nothing that is reported.
        hidden = any(part.lower in ("named", "identified", "quoted") for part in sentence[at : at + 6])
        return ("none", at) if hidden else ("to", at)
    if "ing" in takes and token.lower.endswith("ing"):
        return "clause", at
    if "clause" in takes and not passive and _clause_at(sentence, at):
        return "clause", at
    if (
        "object" in takes
        and at == start
        and not passive
        and (_noun_phrase_at(sentence, at) or token.lower in OBJECT_PRONOUNS)
    ):
        return "object", at
    return "none", at


def _demonstrative(sentence: Sequence[Token], at: int) -> bool:
    """Tell whether "that" stands for a thing: nothing follows that could be a clause."""
    return at + 1 >= len(sentence) or (sentence[at + 1].kind == "mark" and sentence[at + 1].text in ".,;!?")


def _clause_at(sentence: Sequence[Token], at: int) -> bool:
    """Tell whether a noun phrase and a finite verb begin here, without a mark that would part them."""
    token = sentence[at]
    if token.kind != "word" or token.lower in PREPOSITIONS - {"like", "in", "on", "at", "from"} | COORDINATORS:
        return False
    limit = at
    while limit < len(sentence) and limit < at + 22:
        mark = sentence[limit]
        if mark.text in (";", ":", ".", "?", "!") and not (mark.text == "." and limit + 1 < len(sentence)):
            break
        if mark.lower in ("and", "but") and is_finite(sentence, min(limit + 1, len(sentence) - 1)):
            # "confirmed the offer and said": the verb after the conjunction is the source's.
            break
        limit += 1
    return has_finite(sentence, at + 1, limit) or (token.lower in PRONOUNS and limit > at + 1)


def left_content(sentence: Sequence[Token], stop: int, floor: int) -> Range | None:
    """Return the content that ends before a frame at `stop`, back to `floor` at most; None where there is none."""
    end = stop
    if end <= floor:
        return None
    closing = sentence[end - 1]
    if closing.kind != "quote" and not (closing.kind == "mark" and closing.text in ",?!…–—-...)"):
        return None
    start = floor
    while start < end and (
        (sentence[start].kind == "mark" and sentence[start].text in ",;:.)") or sentence[start].lower in ("and", "but")
    ):
        start += 1
    last = end
    while last > start and sentence[last - 1].kind == "mark" and sentence[last - 1].text in ",–—-":
        last -= 1
    return (start, last) if last > start else None
