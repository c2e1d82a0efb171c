"""Who is meant: pronouns, titles and short names resolved to the last source that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsbench.systems.attribution.draft import Draft
from newsbench.systems.attribution.lexicon import lexicon
from newsbench.systems.attribution.sentences import Token
from newsbench.systems.attribution.wordclasses import (
    DETERMINERS,
    word_set,
)

_TITLES = word_set(
    """
    mr mrs ms dr prof sen rep gov gen president minister secretary senator governor captain colonel general director
    professor engineer undersecretary prosecutor judge don doña sir king queen prince pope bishop father sister state
    republican democratic former vice deputy chief
    """
)
_SINGULAR = word_set("he she him his her i")
_SKIPPED = frozenset(["of", "in", "at", "for", "from", "and", ",", "-", "&", "on", "to"])


@dataclass(slots=True)
class _Entity:
    label: str
    words: set[str] = field(default_factory=set)
    person: bool = False
    gender: str = ""


def resolve(drafts: Sequence[Draft]) -> list[str | None]:
    """Return a label for the source of each attribution, in reading order; None where nobody is named."""
    known: list[_Entity] = []
    labels: dict[int, str | None] = {}
    for draft in drafts:
        if draft.same_source is not None and id(draft.same_source) in labels:
            labels[id(draft)] = labels[id(draft.same_source)]
            continue
        mention = [token for a, b in draft.source for token in draft.sentence[a:b] if token.kind == "word"]
        labels[id(draft)] = _label(mention, draft, known) if mention else None
    return [labels[id(draft)] for draft in drafts]


def _label(mention: list[Token], draft: Draft, known: list[_Entity]) -> str | None:
    if len(mention) > 1 and mention[-1].lower in ("himself", "herself", "itself", "themselves"):
        mention = mention[:-1]
    first = mention[0].lower
    if len(mention) == 1 and first in ("i", "we", "us", "me"):
        return "author"
    if len(mention) == 1 and first in _SINGULAR:
        gender = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}.get(first, "")
        fitting = [entity for entity in known if entity.person and entity.gender in ("", gender)]
        if fitting:
            fitting[-1].gender = gender
            return _again(fitting[-1], known)
        return known[-1].label if known else first
    if len(mention) == 1 and first in ("they", "it", "them", "its", "their", "one"):
        fitting = [entity for entity in known if not entity.person] or known
        return _again(fitting[-1], known) if fitting else first
    if len(mention) == 1 and first in ("who", "which", "that", "this"):
        mention = _antecedent(draft) or mention
    named = [token for token in mention if token.text[:1].isupper() and token.lower not in DETERMINERS]
    head = _head(mention)
    # What stands before the first preposition says who it is, and so does the name at the end.
    words = {token.lower for token in _description(mention)} - DETERMINERS - {"'s", "'"}
    words |= {token.lower for token in _last_name(mention)}
    groups = lexicon().words["groups.nouns"] | lexicon().words["document.nouns"]
    person = bool(_last_name(mention)) and not words & groups
    surname = _surname(named) if person else None
    for entity in reversed(known):
        same_name = surname is not None and surname in entity.words and entity.person
        described = not named and head in entity.words
        if same_name or described or (words and words == entity.words):
            entity.words |= words
            return _again(entity, known)
    alone = person or not (words & groups or (head.endswith("s") and not named))
    label = _last_name(mention) if person else (named or mention)
    entity = _Entity(" ".join(token.text for token in label or mention), words, alone)
    known.append(entity)
    return entity.label


def _again(entity: _Entity, known: list[_Entity]) -> str:
    """Move an entity to the end: the one mentioned last is the first that a pronoun means."""
    known.remove(entity)
    known.append(entity)
    return entity.label


def _antecedent(draft: Draft) -> list[Token]:
    """Return the words before a relative pronoun, back to the nearest mark."""
    at = draft.source[0][0] - 1
    while at >= 0 and draft.sentence[at].kind != "word":
        at -= 1
    stop = at + 1
    while at >= 0 and draft.sentence[at].kind == "word" and stop - at < 6:
        at -= 1
    return [token for token in draft.sentence[at + 1 : stop] if token.text[:1].isupper()]


def _surname(named: Sequence[Token]) -> str | None:
    names = [token.lower for token in named if token.lower not in _TITLES]
    return names[-1] if names else None


def _description(mention: Sequence[Token]) -> Sequence[Token]:
    """Return the words before the first preposition or conjunction."""
    stop = next((at for at, token in enumerate(mention) if token.lower in _SKIPPED), len(mention))
    return mention[:stop]


def _last_name(mention: Sequence[Token]) -> Sequence[Token]:
    """Return the run of capitalised words that ends a mention, titles left out."""
    start = len(mention)
    while start and mention[start - 1].text[:1].isupper() and mention[start - 1].lower not in DETERMINERS:
        start -= 1
    return [token for token in mention[start:] if token.lower not in _TITLES]


def _head(mention: Sequence[Token]) -> str:
    """Return the head of a description: its last word before the first preposition or mark."""
    found = _description(mention)
    return found[-1].lower if found else ""
