"""Attributions without a reporting verb: "according to", nouns, adjectives of stance, refusals, hedges, headlines."""

from __future__ import annotations

from collections.abc import Sequence

from newsbench.systems.attribution.clauses import clause_end
from newsbench.systems.attribution.draft import Draft, Range
from newsbench.systems.attribution.lexicon import lexicon
from newsbench.systems.attribution.phrases import (
    clause_start,
    phrase_end,
    subject,
    trim_right,
    verb_group,
)
from newsbench.systems.attribution.sentences import Token
from newsbench.systems.attribution.wordclasses import (
    BE,
    DETERMINERS,
    POSSESSIVES,
    has_finite,
    is_adverb,
    word_set,
)

_LIGHT = word_set(
    """
    express expresses expressed expressing voice voiced voices voicing make makes made making issue issued repeat
    repeated give gave have has had raise raised raises raising reject rejected dismissed dismiss share shared
    """
)


def fixed_frames(sentence: Sequence[Token], taken: Sequence[Draft]) -> list[Draft]:
    """Return the attributions whose cue is a phrase, noun or adjective; `taken` are those already found."""
    used = {at for draft in taken for a, b in draft.cue for at in range(a, b)}
    found = [*_phrases(sentence), *_nouns(sentence), *_adjectives(sentence)]
    return [draft for draft in found if not any(at in used for a, b in draft.cue for at in range(a, b))]


def _match(sentence: Sequence[Token], at: int, phrase: Sequence[str]) -> bool:
    return [token.lower for token in sentence[at : at + len(phrase)]] == list(phrase)


def _phrases(sentence: Sequence[Token]) -> list[Draft]:
    found = []
    for at in range(len(sentence)):
        for phrase in lexicon().phrases:
            if _match(sentence, at, phrase):
                start = at + len(phrase)
                titled = start < len(sentence) and sentence[start].kind == "quote"
                end = start + 1 if titled else phrase_end(sentence, start)
                if end > start:
                    found.append(_phrase(sentence, (at, start), (start, end), (at, end)))
                break
        else:
            found += _possessive(sentence, at)
    return [draft for draft in found if draft is not None]


def _possessive(sentence: Sequence[Token], at: int) -> list[Draft | None]:
    """Read "in her view", "in the minister's words"."""
    if sentence[at].lower not in ("in", "by", "from") or at + 2 >= len(sentence):
        return []
    for stop in range(at + 1, min(at + 7, len(sentence))):
        token = sentence[stop]
        if token.kind != "word":
            break
        if token.lower in lexicon().words["phrases.possessive"] and sentence[stop - 1].lower in POSSESSIVES:
            cue = (at, stop + 1)
            source = (at + 1, stop) if sentence[stop - 1].lower in ("'s", "'") else (stop - 1, stop)
            return [_phrase(sentence, cue, source, cue)]
    return []


def _phrase(sentence: Sequence[Token], cue: Range, source: Range, frame: Range) -> Draft | None:
    draft = Draft(sentence, cue=[cue], source=[source], channel="unknown", frame_start=frame[0])
    if sentence[cue[0]].lower in ("citing", "quoting"):
        return None
    size, stop = len(sentence), frame[1]
    # A description after the source ends the sentence: "according to the head of the office, Ann Lee."
    after = stop
    if after < size and sentence[after].text == "," and frame[0] > 0:
        named = sentence[after + 1 : after + 2] and sentence[after + 1].text[:1].isupper()
        if named and sentence[source[0]].lower in DETERMINERS:
            # The name belongs to the description before it.
            stop = phrase_end(sentence, after + 1)
            draft.source = [(source[0], stop)]
        after = size if not has_finite(sentence, after + 1, size) else after
    if sentence[source[0]].lower in ("which", "whom", "schedule", "plan", "plans", "law", "custom"):
        return None
    if sentence[source[1] - 1].lower in ("law", "rules", "plan", "schedule"):
        return None
    begin = clause_start(sentence, frame[0]) if frame[0] else 0
    fronted = not any(token.kind != "mark" and not is_adverb(token) for token in sentence[begin : frame[0]])
    if (
        fronted
        and begin
        and sentence[begin - 1].text == ","
        and ((has_finite(sentence, 0, begin) and not has_finite(sentence, stop, size)) or after == size)
    ):
        fronted = False
    if frame[0] and stop + 1 < size and sentence[stop].text == "," and sentence[stop + 1].lower in ("who", "which"):
        fronted, stop = False, size
    if fronted and stop < size:
        while stop < size and sentence[stop].kind == "word":
            # A phrase of time after the source.
            stop += 1
        first = stop
        while first < size and sentence[first].text in (",", ":"):
            first += 1
        end = trim_right(sentence, first, size)
        if begin > 0 and sentence[begin - 1].text == "," and not has_finite(sentence, 0, frame[0]):
            draft.content.append((0, trim_right(sentence, 0, begin)))
        if end > first:
            draft.content.append((first, clause_end(sentence, first, "that")))
    else:
        floor = 0
        for at in range(frame[0] - 1, -1, -1):
            if sentence[at].text == ";":
                floor = at + 1
                break
        end = trim_right(sentence, floor, frame[0])
        if end > floor:
            draft.content.append((floor, end))
        if stop < size and sentence[stop].text == "," and not has_finite(sentence, floor, end):
            rest = trim_right(sentence, stop + 1, size)
            if rest > stop + 1:
                draft.content.append((stop + 1, rest))
    return draft if draft.content else None


def refusals(sentence: Sequence[Token]) -> list[Draft]:
    """Return the refusals to comment that are phrases of their own: "did not respond", "had no comment"."""
    found = []
    for at in range(len(sentence)):
        for phrase in lexicon().refusals:
            if _match(sentence, at, phrase):
                source = subject(sentence, at)
                if source is None:
                    break
                stop = at + len(phrase)
                for tail in (("to", "a", "request", "for", "comment"), ("to", "requests", "for", "comment"),
                             ("for", "comment"), ("to", "questions"), ("a", "request", "for", "comment")):  # fmt: skip
                    if _match(sentence, stop, tail):
                        stop += len(tail)
                        break
                found.append(Draft(sentence, cue=[(at, stop)], source=[source], no_comment=True, reported=True,
                                   frame_start=source[0]))  # fmt: skip
                break
    return found


def _nouns(sentence: Sequence[Token]) -> list[Draft]:
    """Read "her promise that", "warnings that", "expressed concern that", "the union's threat to"."""
    words = lexicon().words
    found = []
    for at in range(len(sentence) - 2):
        lower, following = sentence[at].lower, sentence[at + 1].lower
        clause = following == "that" and lower in words["nouns.that"]
        infinitive = following == "to" and lower in words["nouns.to"]
        if not (clause or infinitive) or sentence[at].kind != "word":
            continue
        start = at
        while start and (sentence[start - 1].lower in DETERMINERS or _adjective(sentence, start - 1)):
            start -= 1
            if sentence[start].lower in POSSESSIVES:
                break
        draft = Draft(sentence, cue=[(at, at + 1)], frame_start=start)
        draft.channel = "thought" if lower in words["nouns.thought"] else "speech"
        owner = _owner(sentence, start)
        if owner is not None:
            draft.source = [owner]
        elif start and sentence[start - 1].lower in _LIGHT:
            group = verb_group(sentence, start - 1, "past")
            source = subject(sentence, group.start)
            if source is None:
                continue
            draft.source, draft.cue = [source], [(group.start, at + 1)]
        elif infinitive:
            continue
        draft.content = [(at + 1, clause_end(sentence, at + 1, "that"))]
        found.append(draft)
    return found


def _adjective(sentence: Sequence[Token], at: int) -> bool:
    token = sentence[at]
    return token.kind == "word" and token.lower.endswith(("al", "ic", "ous", "ive", "ed", "ed", "ar", "ong", "new"))


def _owner(sentence: Sequence[Token], start: int) -> Range | None:
    """Return the possessor whose mark stands at or before `start`: "her", "the minister's"."""
    for at in (start, start - 1):
        if 0 <= at < len(sentence) and sentence[at].lower in POSSESSIVES:
            if sentence[at].lower in ("'s", "'"):
                begin = clause_start(sentence, at)
                names = at
                while names > begin and (sentence[names - 1].text[:1].isupper() or sentence[names - 1].lower == "the"):
                    names -= 1
                if names == at and at:
                    names = at - 1
                    if names and sentence[names - 1].lower in DETERMINERS:
                        names -= 1
                return names, at + 1
            return at, at + 1
    return None


def _adjectives(sentence: Sequence[Token]) -> list[Draft]:
    """Read "is sure that", "are convinced"."""
    found = []
    for at in range(1, len(sentence) - 1):
        if sentence[at].lower not in lexicon().words["adjectives.that"] or sentence[at].kind != "word":
            continue
        verb = at - 1
        while verb and (
            is_adverb(sentence[verb]) or sentence[verb].lower in ("not", "n't", "very", "less", "more", "so")
        ):
            verb -= 1
        if sentence[verb].lower not in BE:
            continue
        group = verb_group(sentence, verb, "s")
        source = subject(sentence, group.start)
        if source is None or sentence[source[0]].lower in ("it", "that", "this", "there"):
            continue
        that = sentence[at + 1].lower == "that"
        pronoun = sentence[at + 1].lower in ("he", "she", "they", "it", "it's", "we")
        if not (that or pronoun):
            continue
        draft = Draft(sentence, cue=[(group.start, at + 1)], source=[source], channel="thought")
        draft.frame_start = source[0]
        draft.polarity = "negated" if any(t.lower in ("not", "n't") for t in sentence[verb:at]) else "asserted"
        draft.content = [(at + 1, clause_end(sentence, at + 1, "that"))]
        found.append(draft)
    return found


def alleged(sentence: Sequence[Token], taken: Sequence[Draft]) -> list[Draft]:
    """Read "allegedly", "reportedly" that no frame of the sentence has as its hedge."""
    words = lexicon().words
    used = {at for draft in taken for a, b in [*draft.cue, *draft.hedge, *draft.content] for at in range(a, b)}
    found = []
    for at, token in enumerate(sentence):
        kind = next((name for name in ("hearsay", "alleged") if token.lower in words[f"hedges.{name}"]), None)
        if kind is None or token.kind != "word" or at in used or token.lower == "apparently":
            continue
        start = clause_start(sentence, at)
        stop = clause_end(sentence, at, "that")
        parts = [(start, at), (at + 1, stop)]
        draft = Draft(sentence, hedge=[(at, at + 1)], evidential=kind, channel="unknown", frame_start=at)
        draft.content = [(a, b) for a, b in parts if b > a]
        if draft.content:
            found.append(draft)
    return found
