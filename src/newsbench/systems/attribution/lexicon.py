"""Reporting verbs, nouns and phrases, with their forms (`lexicon.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_IRREGULAR = {
    "say": ("said", "said"), "tell": ("told", "told"), "write": ("wrote", "written"), "think": ("thought", "thought"),
    "feel": ("felt", "felt"), "know": ("knew", "known"), "understand": ("understood", "understood"),
    "swear": ("swore", "sworn"), "speak": ("spoke", "spoken"), "show": ("showed", "shown"), "find": ("found", "found"),
    "see": ("saw", "seen"), "begin": ("began", "begun"), "go": ("went", "gone"), "put": ("put", "put"),
    "make": ("made", "made"), "mean": ("meant", "meant"), "seek": ("sought", "sought"), "read": ("read", "read"),
    "sing": ("sang", "sung"), "set": ("set", "set"), "spell": ("spelled", "spelled"), "lay": ("laid", "laid"),
    "bring": ("brought", "brought"), "forecast": ("forecast", "forecast"), "foresee": ("foresaw", "foreseen"),
    "undertake": ("undertook", "undertaken"), "beg": ("begged", "begged"), "quip": ("quipped", "quipped"),
    "snap": ("snapped", "snapped"), "nod": ("nodded", "nodded"), "admit": ("admitted", "admitted"),
    "plan": ("planned", "planned"), "blog": ("blogged", "blogged"), "brag": ("bragged", "bragged"),
    "prefer": ("preferred", "preferred"), "refer": ("referred", "referred"), "rebut": ("rebutted", "rebutted"),
    "slam": ("slammed", "slammed"), "chat": ("chatted", "chatted"), "dub": ("dubbed", "dubbed"),
    "give": ("gave", "given"), "come": ("came", "come"), "overhear": ("overheard", "overheard"),
    "dream": ("dreamed", "dreamed"), "lead": ("led", "led"), "panic": ("panicked", "panicked"),
}  # fmt: skip
_DOUBLED = frozenset({"snap", "nod", "admit", "plan", "blog", "brag", "prefer", "refer", "rebut", "slam", "beg", "quip",
                      "chat", "dub", "put", "begin", "set"})  # fmt: skip


class Form(NamedTuple):
    """How a word form may be used: `kind` is base, s, past, participle or ing."""

    lemma: str
    kind: str


@dataclass(slots=True)
class Verb:
    """What may follow a reporting verb (with its particle), and how its content came about."""

    lemma: str
    particle: str | None
    classes: set[str] = field(default_factory=set)
    channel: str = "speech"
    takes: set[str] = field(default_factory=set)
    addressee: bool = False
    document: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tables of `lexicon.toml`, words as sets; `forms` has every form of every verb in them."""

    verbs: dict[tuple[str, str | None], Verb]
    forms: dict[str, tuple[Form, ...]]
    particles: dict[str, frozenset[str]]
    words: dict[str, frozenset[str]]
    phrases: tuple[tuple[str, ...], ...]
    refusals: tuple[tuple[str, ...], ...]

    def lemmas(self, word: str, *kinds: str) -> set[str]:
        """Return the lemmas that a word form may belong to, as one of `kinds` (any if none are named)."""
        return {form.lemma for form in self.forms.get(word, ()) if not kinds or form.kind in kinds}


def inflect(lemma: str) -> Iterator[tuple[str, str]]:
    """Yield (form, kind) of an English verb."""
    yield lemma, "base"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        yield lemma[:-1] + "ies", "s"
    else:
        yield lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "o")) else "s"), "s"
    stem = lemma + lemma[-1] if lemma in _DOUBLED else lemma
    if lemma in _IRREGULAR:
        past, participle = _IRREGULAR[lemma]
    elif lemma.endswith("e"):
        past = participle = lemma + "d"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        past = participle = lemma[:-1] + "ied"
    else:
        past = participle = stem + "ed"
    yield past, "past"
    yield participle, "participle"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")):
        yield lemma[:-1] + "ing", "ing"
    else:
        yield stem + "ing", "ing"


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Read the tables."""
    with Path(__file__).with_name("lexicon.toml").open("rb") as file:
        tables = tomllib.load(file)
    verbs: dict[tuple[str, str | None], Verb] = {}
    for row in tables["verbs"]:
        for entry in row["lemmas"].split():
            name, _, particle = entry.partition("+")
            verb = verbs.setdefault((name, particle or None), Verb(name, particle or None, channel=row["channel"]))
            verb.classes.add(row["class"])
            verb.takes.update(row["takes"])
            verb.addressee |= row.get("addressee", False)
            verb.document |= row.get("document", False)
    words = {
        f"{section}.{name}": frozenset(value.split())
        for section, table in tables.items()
        if isinstance(table, dict)
        for name, value in table.items()
        if isinstance(value, str)
    }
    others = ("refusal.verbs", "catenative.plain", "catenative.hypothetical", "passive.to", "passive.stance",
              "passive.alleged")  # fmt: skip
    lemmas = {lemma for lemma, _ in verbs}.union(*(words[name] for name in others))
    forms: dict[str, tuple[Form, ...]] = {}
    for lemma in sorted(lemmas):
        for form, kind in inflect(lemma):
            forms[form] = (*forms.get(form, ()), Form(lemma, kind))
    particles: dict[str, set[str]] = {}
    for lemma, particle in verbs:
        if particle:
            particles.setdefault(lemma, set()).add(particle)
    return Lexicon(
        verbs,
        forms,
        {lemma: frozenset(found) for lemma, found in particles.items()},
        words,
        tuple(tuple(phrase.split()) for phrase in tables["phrases"]["before"]),
        tuple(tuple(phrase.split()) for phrase in tables["refusal"]["phrases"]),
    )
