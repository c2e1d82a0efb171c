"""Word classes without a tagger, and the noun phrases, verb groups and clause ends that they give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from newsbench.systems.attribution.lexicon import lexicon
from newsbench.systems.attribution.sentences import DASHES, Token
from newsbench.systems.attribution.wordclasses import (
    AUXILIARIES,
    BE,
    COORDINATORS,
    DETERMINERS,
    MODALS,
    NEGATIONS,
    PREPOSITIONS,
    PRONOUNS,
    STATEMENTS,
    SUBORDINATORS,
    TIMES,
    has_finite,
    is_adverb,
    is_finite,
    is_word,
)


class VerbGroup(NamedTuple):
    """Tokens ``[start, end)`` of a verb group, with the place of its lexical word and what the group says of it."""

    start: int
    end: int
    head: int
    kind: str
    passive: bool
    negated: bool
    hypothetical: bool
    refused: bool


def verb_group(sentence: Sequence[Token], head: int, kind: str) -> VerbGroup:
    """Return the group around a reporting verb: auxiliaries, negation, adverbs between them, verbs that carry it."""
    words = lexicon().words
    carriers = words["catenative.plain"] | words["catenative.hypothetical"] | words["refusal.verbs"]
    start = head
    at = head - 1
    negated = hypothetical = refused = False
    last_auxiliary = ""
    while at >= 0 and sentence[at].kind == "word":
        lower = sentence[at].lower
        if lower == "'s" and not (at and sentence[at - 1].lower in PRONOUNS | {"that", "who"}):
            break
        if lower in AUXILIARIES or lower in NEGATIONS:
            start = at
            negated |= lower in NEGATIONS or lower.endswith("n't")
            hypothetical |= lower in MODALS and not (lower == "'d" and kind in ("participle",))
            last_auxiliary = last_auxiliary or (lower if lower in AUXILIARIES else "")
        elif lower == "to":
            carrier = at - 1
            while carrier >= 0 and (is_adverb(sentence[carrier]) or sentence[carrier].lower == "on"):
                carrier -= 1
            lemmas = lexicon().lemmas(sentence[carrier].lower) & carriers if carrier >= 0 else set()
            if not lemmas:
                break
            hypothetical |= bool(lemmas & words["catenative.hypothetical"])
            refused |= bool(lemmas & words["refusal.verbs"])
            start, at = carrier, carrier
            kind = next((f.kind for f in lexicon().forms[sentence[carrier].lower] if f.lemma in lemmas), kind)
            if kind == "participle" and not (carrier and sentence[carrier - 1].lower in AUXILIARIES):
                kind = "past"
        elif kind == "ing" and lexicon().lemmas(lower) & words["refusal.verbs"]:
            start, refused, kind = at, True, "past"
        elif not is_adverb(sentence[at]):
            break
        at -= 1
    # "He's said" is perfect more often than passive.
    passive = kind == "participle" and last_auxiliary in BE - {"'s"}
    # A modal before "have" tells of the past: "would have said" stays hypothetical, "must have said" as well.
    return VerbGroup(start, head + 1, head, kind, passive, negated, hypothetical, refused)


def clause_start(sentence: Sequence[Token], end: int) -> int:
    """Return where the clause begins whose verb group starts at `end`: after the nearest mark or conjunction."""
    at = end - 1
    while at >= 0:
        token = sentence[at]
        if token.kind == "quote" or (token.kind == "mark" and token.text not in "&%$€£/().#@'’-"):
            return at + 1
        if token.text == "-" and at + 1 < end and sentence[at + 1].start > token.end:
            return at + 1
        if token.lower in SUBORDINATORS and token.lower not in (
            "as",
            "after",
            "before",
            "since",
            "than",
            "so",
            "until",
        ):
            return at if token.lower in ("who", "which") and at == end - 1 else at + 1
        if token.lower in ("but", "yet", "because") or (
            token.lower in ("and", "or", "as") and _verb_before(sentence, at)
        ):
            return at + 1
        at -= 1
    return 0


def _verb_before(sentence: Sequence[Token], at: int) -> bool:
    """Tell whether a finite verb stands before a conjunction in its stretch: then it joins clauses, not names."""
    for position in range(at - 1, max(-1, at - 25), -1):
        token = sentence[position]
        if token.kind == "quote":
            return True
        if token.kind == "mark" and token.text in ";:–—":
            return False
        if is_finite(sentence, position):
            return True
    return False


def subject(sentence: Sequence[Token], end: int) -> tuple[int, int] | None:
    """Return the tokens [start, stop) of the noun phrase before a verb group that starts at `end`.

    "Pires, who was born in Beira, said" gives "Pires"; "the undersecretary, Pilar Gajardo, told" gives both, since the
    name alone identifies; a description after a name is left out.
    """
    stop = end
    while stop > 1 and is_adverb(sentence[stop - 1]):
        stop -= 1
    if stop > 1 and sentence[stop - 1].lower == "most":
        stop -= 1
    if stop and sentence[stop - 1].text == ",":
        return _before_insertion(sentence, stop - 1)
    start = clause_start(sentence, stop)
    start = _trim_left(sentence, start, stop)
    if start >= stop or not any(is_word(token) for token in sentence[start:stop]):
        return None
    if has_finite(sentence, start, stop) and start > 1 and sentence[start - 1].lower in ("who", "that", "which"):
        # A relative clause without commas belongs to the noun phrase: "an official who was in the room".
        left = _trim_left(sentence, clause_start(sentence, start - 1), start - 1)
        if left < start - 1 and not has_finite(sentence, left, start - 1):
            return left, stop
    if has_finite(sentence, start, stop):
        # A verb of its own stands between: the subject is further left or elided.
        return None
    if sentence[start].lower in PREPOSITIONS and sentence[start].lower not in ("like",):
        return None
    # "the treasurer, Luis Araya said": a bare name after a comma takes the description before it along.
    return _with_description(sentence, start, stop)


def _with_description(sentence: Sequence[Token], start: int, stop: int) -> tuple[int, int]:
    named = all(token.text[:1].isupper() or token.text in ".-" for token in sentence[start:stop])
    if named and start >= 2 and sentence[start - 1].text == ",":
        left = _trim_left(sentence, clause_start(sentence, start - 1), start - 1)
        first = sentence[left] if left < start - 1 else None
        if first is not None and first.lower in DETERMINERS and not has_finite(sentence, left, start - 1):
            return left, stop
    return start, stop


def _before_insertion(sentence: Sequence[Token], comma: int) -> tuple[int, int] | None:
    """Return the noun phrase before ", inserted words," that end at `comma`; several insertions are passed over."""
    at = comma - 1
    while at >= 0 and not (sentence[at].text == "," and sentence[at].kind == "mark"):
        if sentence[at].kind == "quote" or sentence[at].text in ";:":
            return None
        at -= 1
    if at <= 0:
        return None
    start = _trim_left(sentence, clause_start(sentence, at), at)
    number = start + 1 == at and sentence[start].text[:1].isdigit()
    if number or start >= at or has_finite(sentence, start, at) or sentence[start].lower in PREPOSITIONS:
        # "Ann Lee, 71, who for years read the names, said".
        return _before_insertion(sentence, at) if at > 2 and sentence[start : start + 1] else None
    inserted = sentence[at + 1 : comma]
    name = inserted and all(token.text[:1].isupper() or token.text in ".-" for token in inserted)
    if name and not all(token.text[:1].isupper() for token in sentence[start:at]):
        return start, comma
    return start, at


def _trim_left(sentence: Sequence[Token], start: int, stop: int) -> int:
    """Skip what introduces a clause: conjunctions, adverbs, times, a leading prepositional phrase."""
    while start < stop:
        token = sentence[start]
        if token.kind != "word" and token.text not in "#@$€£":
            start += 1
        elif (
            token.lower in COORDINATORS
            or is_adverb(token)
            or token.lower in ("that", "if", "when", "while", "so", "as")
        ):
            if token.lower == "that" and start + 1 == stop:
                break
            start += 1
        elif (
            token.lower in ("on", "in", "at", "by", "during", "since") and _time_end(sentence, start, stop) is not None
        ):
            start = _time_end(sentence, start, stop) or stop
        elif token.lower in ("this", "last", "next", "that") and start + 2 < stop and sentence[start + 1].lower in (
            "time", "week", "month", "year", "morning", "afternoon", "evening", "day", "night",
        ):  # fmt: skip
            start += 2
        elif token.lower in TIMES and start + 1 < stop and token.lower not in ("may", "march"):
            start += 1
        else:
            break
    return start


def _time_end(sentence: Sequence[Token], start: int, stop: int) -> int | None:
    """Return the end of a phrase of time that begins with a preposition, such as "On Friday", "At eleven"."""
    at = start + 1
    end = None
    while at < stop and at < start + 6 and sentence[at].kind == "word":
        lower = sentence[at].lower
        if lower in TIMES or lower[0].isdigit():
            end = at + 1
        elif end is not None or lower not in DETERMINERS:
            break
        at += 1
    return end


def phrase_end(sentence: Sequence[Token], start: int, stop: int | None = None) -> int:
    """Return the end of the noun phrase that begins at `start`, prepositional phrases of its own included.

    It stops at marks, quotations, verbs, subordinators and phrases of time; a dot within initials is no mark.
    """
    stop = len(sentence) if stop is None else stop
    at = start
    while at < stop:
        token = sentence[at]
        if token.kind == "quote":
            break
        if at > start and sentence[at - 1].lower in STATEMENTS and token.lower not in ("of", "from", "by", "in", "'s"):
            break
        if token.kind == "mark":
            inner = token.text in "&/-’'" or (
                token.text == "." and at + 1 < stop and sentence[at + 1].text[:1].isupper()
            )
            if not inner or at == start:
                break
        elif at > start:
            lower = token.lower
            if (lower in SUBORDINATORS and lower not in ("as", "than")) or is_finite(sentence, at):
                break
            if lower in TIMES and sentence[at - 1].lower not in ("of", "the", "this") and token.text != "May":
                break
            if lower in ("in", "on", "at", "during", "after", "before", "since", "by") and (
                _time_end(sentence, at, stop) is not None or _medium_ahead(sentence, at, stop)
            ):
                break
            if lower in ("but", "to", "by", "through", "as", "while") or (is_adverb(token) and lower not in ("both",)):
                break
            if lower in ("and", "or") and not _noun_ahead(sentence, at + 1, stop):
                break
            if lower in PRONOUNS and lower not in ("one",):
                break
        at += 1
    while at > start and sentence[at - 1].lower in PREPOSITIONS | COORDINATORS | DETERMINERS - {"all", "both", "many"}:
        at -= 1
    return at


def _noun_ahead(sentence: Sequence[Token], start: int, stop: int) -> bool:
    return (
        start < stop
        and sentence[start].kind == "word"
        and not is_finite(sentence, start)
        and not (sentence[start].lower in PRONOUNS | SUBORDINATORS | PREPOSITIONS or is_adverb(sentence[start]))
    )


def _medium_ahead(sentence: Sequence[Token], at: int, stop: int) -> bool:
    nouns = lexicon().words["medium.nouns"]
    for position in range(at + 1, min(stop, at + 7)):
        if sentence[position].kind != "word" or sentence[position].lower in PREPOSITIONS:
            return False
        if sentence[position].lower in nouns:
            return True
    return False


def medium_phrase(sentence: Sequence[Token], at: int, stop: int) -> tuple[int, int] | None:
    """Return [at, end) of "in a statement", "at a briefing in Riga", if one begins at `at`."""
    if at >= stop or sentence[at].lower not in ("in", "on", "at", "by", "during", "via", "to"):
        return None
    if sentence[at].lower == "to" or not _medium_ahead(sentence, at, stop):
        return None
    return at, phrase_end(sentence, at + 1, stop)


def trim_right(sentence: Sequence[Token], start: int, stop: int) -> int:
    """Drop marks that close or part a clause from its end."""
    while stop > start and sentence[stop - 1].kind == "mark" and sentence[stop - 1].text in f",;:.!?…...{DASHES}":
        stop -= 1
    return stop
