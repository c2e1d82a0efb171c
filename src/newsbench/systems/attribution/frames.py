"""Reporting verbs in a sentence, each with its source, cue and content."""

from __future__ import annotations

from collections.abc import Sequence

from newsbench.systems.attribution.complements import Complement, complement
from newsbench.systems.attribution.contents import add_content
from newsbench.systems.attribution.draft import Draft, Range
from newsbench.systems.attribution.lexicon import Verb, lexicon
from newsbench.systems.attribution.passives import passive_frame
from newsbench.systems.attribution.phrases import (
    VerbGroup,
    phrase_end,
    subject,
    verb_group,
)
from newsbench.systems.attribution.sentences import Token
from newsbench.systems.attribution.wordclasses import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    HAVE,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    has_finite,
    is_adverb,
    is_finite,
    word_set,
)

_PLURAL_DETERMINERS = word_set("many most few some all several both")
_SUBJECT_DETERMINERS = word_set("this that these those many most few some all both several others none one each")
# Verbs whose bare form is no noun.
_PLAIN = word_set("say believe think argue insist admit want know")
_DOCUMENT_ONLY = frozenset({"show", "find", "demonstrate", "record", "list", "read", "project"})


def verb_frames(sentence: Sequence[Token]) -> list[Draft]:
    """Return the attributions whose cue is a verb, left to right."""
    found: list[Draft] = []
    at = 0
    while at < len(sentence):
        draft = _frame(sentence, at, found)
        if draft is not None:
            found.append(draft)
        at += 1
    return found


def _frame(sentence: Sequence[Token], at: int, earlier: list[Draft]) -> Draft | None:
    token = sentence[at]
    if token.kind != "word" or token.lower not in lexicon().forms:
        return None
    kind = _kind_of(sentence, at)
    if kind is None:
        return None
    group = verb_group(sentence, at, kind)
    if any(a < group.end and group.start < b for draft in earlier for a, b in draft.cue):
        return None
    if group.passive:
        return passive_frame(sentence, group)
    if kind == "base":
        carried = sentence[at - 1].lower in AUXILIARIES - HAVE - BE | {"to", "'d", "not", "n't"} or is_adverb(
            sentence[at - 1]
        )
        if (group.start == group.head and not _plural_subject(sentence, group.start)) or not (
            carried or group.start == at
        ):
            return None
    verb, stop = _entry(sentence, group)
    if verb is None:
        return None
    after = complement(sentence, stop, verb)
    source, inverted = _source(sentence, group, stop, verb, after, earlier)
    draft = Draft(sentence, cue=[(group.start, stop)], channel=verb.channel)
    draft.polarity = "negated" if group.negated else "asserted"
    draft.modality = "hypothetical" if group.hypothetical else "actual"
    draft.frame_start = group.start
    if source is not None:
        draft.source = [source]
        draft.frame_start = min(group.start, source[0])
    elif group.kind in ("ing", "past", "s", "participle") and earlier and _elided(sentence, group, earlier[-1]):
        draft.source, draft.same_source = list(earlier[-1].source), earlier[-1]
    elif group.kind == "ing":
        main = _main_subject(sentence, group.start)
        if main is None:
            return None
        draft.source = [main]
    else:
        return None
    if verb.document and not verb.classes - {"show"} and not _is_document(sentence, draft.source):
        return None
    if (
        verb.lemma in _DOCUMENT_ONLY
        and not (verb.lemma == "find" and after.kind == "that")
        and not _is_document(sentence, draft.source)
    ):
        return None
    draft.hedge = _hedges(sentence, group)
    if draft.hedge:
        draft.evidential = "hearsay"
        draft.cue = [part for part in _without(draft.cue[0], draft.hedge[0]) if part[0] < part[1]]
    if group.refused and sentence[group.head].lower in lexicon().words["refusal.comment"] and after.kind == "none":
        draft.no_comment, draft.reported = True, True
        return draft
    return add_content(draft, verb, after, inverted, earlier)


def _kind_of(sentence: Sequence[Token], at: int) -> str | None:
    """Return how a reporting form is used here, None where it is a noun or an adjective."""
    lower = sentence[at].lower
    kinds = {form.kind for form in lexicon().forms[lower]}
    before = sentence[at - 1].lower if at else ""
    if (
        before in DETERMINERS | PREPOSITIONS | POSSESSIVES
        and before not in _SUBJECT_DETERMINERS | {"to"}
        and not (before in PREPOSITIONS and "ing" in kinds)
    ):
        return None
    if kinds == {"base"} and before in _SUBJECT_DETERMINERS - _PLURAL_DETERMINERS:
        return None
    if at and sentence[at - 1].text in ("-", "’", "'"):
        return None
    if "past" in kinds or "participle" in kinds:
        auxiliary = at - 1
        while auxiliary >= 0 and (
            is_adverb(sentence[auxiliary]) or sentence[auxiliary].lower in ("not", "n't", "been")
        ):
            auxiliary -= 1
        if auxiliary >= 0 and sentence[auxiliary].lower in AUXILIARIES - {"do", "does", "did"}:
            return "participle" if "participle" in kinds else None
        return "past" if "past" in kinds else None
    if "ing" in kinds:
        return "ing"
    if "s" in kinds:
        return "s" if at else None
    return "base"


def _plural_subject(sentence: Sequence[Token], start: int) -> bool:
    """Tell whether a bare verb form has a subject that it agrees with."""
    if not start:
        return False
    before = sentence[start - 1]
    lower = before.lower
    group = lexicon().lemmas(sentence[start].lower, "base")
    if group & _PLAIN and before.kind == "word" and lower != "to" and subject(sentence, start) is not None:
        return True
    if lower in ("they", "we", "i", "you", "people", "police", "who", "many", "most", "some", "others"):
        return True
    if before.kind == "mark" or lower == "to":
        return False
    return (
        lower.endswith("s") and not lower.endswith(("ss", "'s")) and lower not in AUXILIARIES and before.kind == "word"
    )


def _entry(sentence: Sequence[Token], group: VerbGroup) -> tuple[Verb | None, int]:
    """Return the lexicon's entry for a group's verb, with its particle where one follows, and the end of the cue."""
    table = lexicon()
    stop = group.end
    following = sentence[stop].lower if stop < len(sentence) else ""
    lemmas = sorted(table.lemmas(sentence[group.head].lower))
    for lemma in lemmas:
        if following in table.particles.get(lemma, ()):
            return table.verbs[(lemma, following)], stop + 1
        if lemma == "make" and following in ("it", "clear") and "clear" in {t.lower for t in sentence[stop : stop + 2]}:
            end = stop + 1 if following == "clear" else stop + 2
            return table.verbs[("make", "clear")], end
    for lemma in lemmas:
        if (lemma, None) in table.verbs:
            return table.verbs[(lemma, None)], stop
    return None, stop


def _source(
    sentence: Sequence[Token], group: VerbGroup, stop: int, verb: Verb, after: Complement, earlier: list[Draft]
) -> tuple[Range | None, bool]:
    """Return the source's tokens, and whether it follows the verb ("said Tamm")."""
    before = sentence[group.start - 1] if group.start else None
    closes = before is not None and (before.kind == "quote" or before.text in (",", "?", "!", "…", "–", "—"))
    closes = closes and _complete(sentence, group.start)
    follows = stop < len(sentence) and sentence[stop].kind == "word"
    quoted = verb.takes & {"quote", "clause"}
    told = verb.addressee and verb.lemma != "ask"
    if closes and follows and quoted and not told and group.kind in ("past", "s", "base") and not group.passive:
        first = sentence[stop]
        noun = (
            first.lower in DETERMINERS | {"he", "she", "they", "one"}
            or first.text[:1].isupper()
            or (first.lower not in PREPOSITIONS | SUBORDINATORS | AUXILIARIES and not is_adverb(first))
        )
        if noun and after.kind in ("none", "clause", "object", "wh") and first.lower not in ("that", "him", "her"):
            end = phrase_end(sentence, stop)
            if first.lower in PRONOUNS:
                end = stop + 1
            if end > stop and not has_finite(sentence, stop, end):
                return (stop, end), True
    if group.kind == "ing" and not (before is not None and before.lower in AUXILIARIES):
        return None, False
    found = subject(sentence, group.start)
    if found is not None and sentence[found[0]].lower == "according":
        return None, False
    if found is not None and not (
        sentence[found[0]].lower in ("it", "there") and not earlier and verb.channel == "thought"
    ):
        return found, False
    return None, False


def _complete(sentence: Sequence[Token], stop: int) -> bool:
    """Tell whether what stands before a verb is said already: a quotation, or a clause and not only relative ones."""
    relative = False
    for at, token in enumerate(sentence[:stop]):
        if token.kind == "quote" or token.text in ("–", "—", "?", "!"):
            return True
        if token.text in (",", ";", ":"):
            relative = False
        elif token.lower in ("who", "which", "whose", "whom"):
            relative = True
        elif is_finite(sentence, at) and not relative:
            return True
    return False


def _elided(sentence: Sequence[Token], group: VerbGroup, last: Draft) -> bool:
    """Tell whether a verb shares the subject of the frame before it."""
    if not last.source or not group.start:
        return False
    before = sentence[group.start - 1]
    return before.lower in ("and", "but", "or", "then") or before.text == ","


def _main_subject(sentence: Sequence[Token], start: int) -> Range | None:
    """Return the subject of the clause on which a participle depends: ", adding that"."""
    at = start
    while at and (
        is_adverb(sentence[at - 1]) or sentence[at - 1].lower in ("while", "by", "before", "after", "without")
    ):
        at -= 1
    if not at or (sentence[at - 1].text != "," and at == start):
        return None
    start = at
    for position in range(start - 1):
        group = verb_group(sentence, position + 1, "past")
        if group.start > 0 and has_finite(sentence, position + 1, position + 2):
            return subject(sentence, group.start)
    return None


def _is_document(sentence: Sequence[Token], source: list[Range]) -> bool:
    nouns = lexicon().words["document.nouns"]
    return any(token.lower in nouns for a, b in source for token in sentence[a:b])


def _hedges(sentence: Sequence[Token], group: VerbGroup) -> list[Range]:
    words = lexicon().words["hedges.hearsay"] | lexicon().words["hedges.alleged"]
    return [(at, at + 1) for at in range(max(0, group.start - 1), group.end) if sentence[at].lower in words]


def _without(whole: Range, part: Range) -> list[Range]:
    return [(whole[0], min(part[0], whole[1])), (max(part[1], whole[0]), whole[1])]
