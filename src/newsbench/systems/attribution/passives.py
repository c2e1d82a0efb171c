"""Passives: "is said to", "it was noted that", "is accused of", "was rejected by"."""

from __future__ import annotations

from collections.abc import Sequence

from newsbench.systems.attribution.complements import complement, left_content
from newsbench.systems.attribution.draft import Draft, Range
from newsbench.systems.attribution.lexicon import Verb, lexicon
from newsbench.systems.attribution.phrases import (
    VerbGroup,
    phrase_end,
    subject,
    trim_right,
)
from newsbench.systems.attribution.sentences import Token
from newsbench.systems.attribution.wordclasses import (
    DETERMINERS,
    has_finite,
)


def passive_frame(sentence: Sequence[Token], group: VerbGroup) -> Draft | None:
    """Read "is said to", "it was noted that", "was told that … by", "is accused of"."""
    table = lexicon()
    if sentence[group.head].lower in table.words["adjectives.that"]:
        return None
    lemmas = table.lemmas(sentence[group.head].lower, "participle")
    words = table.words
    size, stop = len(sentence), group.end
    following = sentence[stop].lower if stop < size else ""
    draft = Draft(sentence, cue=[(group.start, stop)], frame_start=group.start)
    draft.polarity = "negated" if group.negated else "asserted"
    draft.modality = "hypothetical" if group.hypothetical else "actual"
    told = subject(sentence, group.start)
    impersonal = group.start and sentence[group.start - 1].lower == "it"
    thinking = {"think", "believe", "expect", "consider", "suspect", "assume", "presume", "know", "understand", "fear"}
    if lemmas & thinking | lemmas & words["passive.stance"]:
        draft.channel = "thought"
    by = _agent(sentence, stop)
    infinitive = (
        stop + 1 < size
        and sentence[stop + 1].lower not in DETERMINERS | {"whom"}
        and (sentence[stop + 1].text[:1].islower())
    )
    if following == "to" and infinitive and lemmas & words["passive.to"] and told is not None:
        draft.content = [told, (stop, trim_right(sentence, stop, size))]
        return draft
    if following == "as" and stop + 1 < size and sentence[stop + 1].lower == "saying" and told is not None:
        draft.source, draft.cue = [told], [(group.start, stop + 2)]
        draft.content = [(stop + 2, trim_right(sentence, stop + 2, size))]
        return draft if size > stop + 2 else None
    if following in ("of", "with") and lemmas & words["passive.alleged"] and told is not None:
        draft.evidential, draft.content = "alleged", [told, (stop, trim_right(sentence, stop, size))]
        draft.reported = True
        return draft
    verbs = [table.verbs[(lemma, None)] for lemma in sorted(lemmas) if (lemma, None) in table.verbs]
    if not verbs or not any(verb.takes & {"that", "clause", "object"} for verb in verbs):
        return None
    if following == "that" or (impersonal and _speech(verbs) and not group.hypothetical):
        if following == "that":
            draft.content = [(stop, complement(sentence, stop, verbs[0], passive=True).stop)]
            return draft if draft.content[0][1] > stop else None
        draft.frame_start = group.start - 1
        left = left_content(sentence, group.start - 1, 0)
        if left is not None and has_finite(sentence, *left):
            draft.content = [left]
            return draft
        return None
    if by is not None and told is not None and any("object" in verb.takes for verb in verbs):
        draft.source, draft.content, draft.reported = [by], [told], True
        return draft
    return None


def _speech(verbs: Sequence[Verb]) -> bool:
    return any(verb.classes & {"say", "tell", "write"} for verb in verbs)


def _agent(sentence: Sequence[Token], at: int) -> Range | None:
    if (
        at + 1 < len(sentence)
        and sentence[at].lower == "by"
        and (sentence[at + 1].lower in DETERMINERS - {"that"} or sentence[at + 1].text[:1].isupper())
    ):
        end = phrase_end(sentence, at + 1)
        return (at + 1, end) if end > at + 1 else None
    return None
