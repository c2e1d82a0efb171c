"""The little of CSS that decides whether and how text is shown: a reader for a page's own `<style>` elements.

Understood are rules outside of any at-rule whose selector is made of tag names, classes, ids and `[hidden]`, joined by
descendant and child combinators (`.a`, `#a`, `nav`, `ul.a.b`, `.a li > b`, comma lists of these), and the properties of
`PROPERTIES`. Everything else (pseudo-classes, sibling combinators, media queries, other files) is passed over: a page
is read as a wide screen without scripts shows it, as far as simple rules tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

PROPERTIES = frozenset({"display", "visibility", "white-space", "float", "position"})

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_COMBINATOR = re.compile(r"\s*(>)\s*|\s+")
_COMPOUND = re.compile(r"([A-Za-z][\w-]*|\*)?((?:[.#][\w-]+|\[hidden\])*)")
_PART = re.compile(r"([.#])([\w-]+)|\[hidden\]")
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([\w-]+)[^;!]*(!\s*important)?[^;]*", re.I)
_RULE = re.compile(r"([^{};]*)\{([^{}]*)\}")
_AT_RULE = re.compile(r"@[^;{}]*(?:;|(\{))")
_BRACE = re.compile(r"[{}]")

Declarations = tuple[tuple[str, str, bool], ...]  # (property, value, whether important)


class Element(NamedTuple):
    """What selectors see of an element."""

    tag: str
    class_name: str
    id: str | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Compound:
    """A tag name, classes, ids and `[hidden]` that one element has to have."""

    tag: str | None
    classes: frozenset[str]
    ids: frozenset[str]
    hidden: bool

    def matches(self, element: Element) -> bool:
        """Tell whether an element has all that is asked for."""
        return (
            (self.tag is None or self.tag == element.tag)
            and (not self.classes or self.classes <= _classes(element.class_name))
            and (not self.ids or self.ids == {element.id})
            and (not self.hidden or element.hidden)
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """A selector with its declarations; `weight` orders rules as the cascade does.

    `context` holds the compounds that come before the last one, nearest first, each with whether it must be the parent.
    """

    subject: Compound
    context: tuple[tuple[bool, Compound], ...]
    weight: tuple[int, int, int, int]
    declarations: Declarations

    def fits(self, ancestors: Sequence[Element], depth: int = 0) -> bool:
        """Tell whether the ancestors (root first) are those that the context asks for."""
        if depth == len(self.context):
            return True
        child, compound = self.context[depth]
        places = range(len(ancestors) - 1, -1, -1) if not child else range(len(ancestors) - 1, len(ancestors) - 2, -1)
        return any(
            place >= 0 and compound.matches(ancestors[place]) and self.fits(ancestors[:place], depth + 1)
            for place in places
        )


@dataclass(slots=True)
class Stylesheet:
    """Rules by the one key that an element must have to be matched by them."""

    rules: dict[str, list[Rule]] = field(default_factory=dict)
    size: int = 0
    _found: dict[Element, list[Rule]] = field(default_factory=dict)
    _known: dict[Element, dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def add(self, css: str) -> None:
        """Read the rules of one `<style>` element; what is not understood is passed over."""
        for selectors, body in _RULE.findall(_without_at_rules(_COMMENT.sub(" ", css))):
            declarations = parse_declarations(body)
            if not declarations:
                continue
            self.size += 1
            for selector in selectors.split(","):
                rule = _parse_selector(selector.strip(), declarations, self.size)
                if rule is not None:
                    self.rules.setdefault(_key(rule.subject), []).append(rule)

    def style(self, element: Element, ancestors: Sequence[Element], inline: str) -> dict[str, str]:
        """Give the declared values of `PROPERTIES` that win for an element, its `style` attribute included.

        `ancestors` come root first.
        """
        found = self._found.get(element)
        if found is None:
            found = self._found[element] = self._find(element)
        if not inline and not any(rule.context for rule in found):
            if element not in self._known:
                self._known[element] = _cascade(found, ())
            return self._known[element]
        return _cascade([rule for rule in found if rule.fits(ancestors)], parse_declarations(inline))

    def _find(self, element: Element) -> list[Rule]:
        """Give the rules whose last compound an element matches."""
        keys = [
            "*",
            element.tag,
            "[hidden]",
            f"#{element.id}",
            *(f".{name}" for name in _classes(element.class_name)),
        ]
        return [rule for key in keys for rule in self.rules.get(key, ()) if rule.subject.matches(element)]


def parse_declarations(css: str) -> Declarations:
    """Read `name: value` pairs of the known properties from a declaration block, in order."""
    return tuple(
        (name.lower(), value.lower(), bool(important))
        for name, value, important in _DECLARATION.findall(css)
        if name.lower() in PROPERTIES
    )


@lru_cache(maxsize=4096)
def _classes(class_name: str) -> frozenset[str]:
    return frozenset(class_name.split())


def _cascade(rules: list[Rule], inline: Declarations) -> dict[str, str]:
    won: dict[str, tuple[tuple, str]] = {}
    for weight, declarations in [
        *((rule.weight, rule.declarations) for rule in rules),
        ((9999, 0, 0, 0), inline),
    ]:
        for position, (name, value, important) in enumerate(declarations):
            rank = (important, weight, position)
            if name not in won or rank > won[name][0]:
                won[name] = (rank, value)
    return {name: value for name, (_, value) in won.items()}


def _without_at_rules(css: str) -> str:
    """Cut out at-rules together with their blocks, which may nest."""
    pieces, position = [], 0
    while (match := _AT_RULE.search(css, position)) is not None:
        pieces.append(css[position : match.start()])
        position, depth = match.end(), 1 if match.group(1) else 0
        while depth and position < len(css):
            brace = _BRACE.search(css, position)
            if brace is None:
                return "".join(pieces)
            depth += 1 if brace.group() == "{" else -1
            position = brace.end()
    pieces.append(css[position:])
    return "".join(pieces)


def _parse_selector(selector: str, declarations: Declarations, order: int) -> Rule | None:
    parts = _COMBINATOR.split(selector)  # compound, combinator, compound, …
    compounds = [_parse_compound(part) for part in parts[::2]]
    if any(compound is None for compound in compounds):
        return None
    context = tuple(zip((mark == ">" for mark in parts[1::2]), compounds[:-1], strict=True))[::-1]
    weight = (
        sum(len(compound.ids) for compound in compounds),
        sum(len(compound.classes) + compound.hidden for compound in compounds),
        sum(compound.tag is not None for compound in compounds),
        order,
    )
    return Rule(compounds[-1], context, weight, declarations)


def _parse_compound(text: str) -> Compound | None:
    match = _COMPOUND.fullmatch(text)
    if match is None or not text:
        return None
    classes, ids, hidden = set(), set(), False
    for part in _PART.finditer(match.group(2)):
        if part.group(1) is None:
            hidden = True
        else:
            (classes if part.group(1) == "." else ids).add(part.group(2))
    tag = match.group(1)
    return Compound(tag.lower() if tag not in (None, "*") else None, frozenset(classes), frozenset(ids), hidden)


def _key(compound: Compound) -> str:
    if compound.ids:
        return f"#{min(compound.ids)}"
    if compound.classes:
        return f".{min(compound.classes)}"
    return "[hidden]" if compound.hidden else compound.tag or "*"
