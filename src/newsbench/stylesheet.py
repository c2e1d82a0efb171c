"""The little of CSS that decides whether and how text is shown: a reader for a page's own `<style>` elements.

Understood are rules outside of any at-rule whose selector is one compound of a tag name, classes, ids and `[hidden]`
(`.a`, `#a`, `nav`, `ul.a.b`, comma lists of these), and the properties of `PROPERTIES`. Everything else (descendant
selectors, pseudo-classes, media queries, other files) is passed over: a page is read as a wide screen without scripts
shows it, as far as simple rules tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PROPERTIES = frozenset({"display", "visibility", "white-space", "float", "position"})

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_COMPOUND = re.compile(r"([A-Za-z][\w-]*)?((?:[.#][\w-]+|\[hidden\])*)")
_PART = re.compile(r"([.#])([\w-]+)|\[hidden\]")
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([\w-]+)[^;!]*(!\s*important)?[^;]*", re.I)
_RULE = re.compile(r"([^{};]*)\{([^{}]*)\}")
_AT_RULE = re.compile(r"@[^;{}]*(?:;|(\{))")


@dataclass(frozen=True, slots=True)
class Rule:
    """One compound selector with its declarations; `weight` orders rules as the cascade does."""

    tag: str | None
    classes: frozenset[str]
    ids: frozenset[str]
    hidden: bool
    weight: tuple[int, int, int, int]
    declarations: tuple[tuple[str, str, bool], ...]

    def matches(self, tag: str, classes: frozenset[str], element_id: str | None, hidden: bool) -> bool:
        """Tell whether the rule applies to an element of this tag, these classes and this id."""
        return (
            (self.tag is None or self.tag == tag)
            and self.classes <= classes
            and (not self.ids or self.ids == {element_id})
            and (not self.hidden or hidden)
        )


@dataclass(slots=True)
class Stylesheet:
    """Rules by the one key that an element must have to be matched by them."""

    rules: dict[str, list[Rule]] = field(default_factory=dict)
    _known: dict[tuple[str, str, str | None, bool], dict[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.rules)

    def add(self, css: str) -> None:
        """Read the rules of one `<style>` element; what is not understood is passed over."""
        for selectors, body in _RULE.findall(_without_at_rules(_COMMENT.sub(" ", css))):
            declarations = parse_declarations(body)
            if not declarations:
                continue
            for selector in selectors.split(","):
                rule = _parse_selector(selector.strip(), declarations, len(self.rules))
                if rule is not None:
                    self.rules.setdefault(_key(rule), []).append(rule)

    def style(
        self, tag: str, class_name: str, element_id: str | None, hidden: bool, inline: str
    ) -> dict[str, str]:
        """Give the declared values of `PROPERTIES` that win for one element, its `style` attribute included."""
        if inline:
            return self._cascade(tag, class_name, element_id, hidden, parse_declarations(inline))
        known = (tag, class_name, element_id, hidden)
        if known not in self._known:
            self._known[known] = self._cascade(tag, class_name, element_id, hidden, ())
        return self._known[known]

    def _cascade(
        self,
        tag: str,
        class_name: str,
        element_id: str | None,
        hidden: bool,
        inline: tuple[tuple[str, str, bool], ...],
    ) -> dict[str, str]:
        classes = frozenset(class_name.split())
        keys = [tag, "[hidden]", f"#{element_id}", *(f".{name}" for name in classes)]
        won: dict[str, tuple[tuple, str]] = {}
        found = [
            (rule.weight, rule.declarations)
            for key in keys
            for rule in self.rules.get(key, ())
            if rule.matches(tag, classes, element_id, hidden)
        ]
        found.append(((9, 0, 0, 0), inline))
        for weight, declarations in found:
            for position, (name, value, important) in enumerate(declarations):
                rank = (important, weight, position)
                if name not in won or rank > won[name][0]:
                    won[name] = (rank, value)
        return {name: value for name, (_, value) in won.items()}


def parse_declarations(css: str) -> tuple[tuple[str, str, bool], ...]:
    """Read `name: value` pairs of the known properties from a declaration block, in order."""
    return tuple(
        (name.lower(), value.lower(), bool(important))
        for name, value, important in _DECLARATION.findall(css)
        if name.lower() in PROPERTIES
    )


def _without_at_rules(css: str) -> str:
    """Cut out at-rules together with their blocks, which may nest."""
    pieces, position = [], 0
    while (match := _AT_RULE.search(css, position)) is not None:
        pieces.append(css[position : match.start()])
        position, depth = match.end(), 1 if match.group(1) else 0
        while depth and position < len(css):
            brace = re.compile(r"[{}]").search(css, position)
            if brace is None:
                return "".join(pieces)
            depth += 1 if brace.group() == "{" else -1
            position = brace.end()
    pieces.append(css[position:])
    return "".join(pieces)


def _parse_selector(
    selector: str, declarations: tuple[tuple[str, str, bool], ...], order: int
) -> Rule | None:
    match = _COMPOUND.fullmatch(selector)
    if match is None or not selector:
        return None
    classes, ids, hidden = set(), set(), False
    for part in _PART.finditer(match.group(2)):
        if part.group(1) == ".":
            classes.add(part.group(2))
        elif part.group(1) == "#":
            ids.add(part.group(2))
        else:
            hidden = True
    tag = match.group(1).lower() if match.group(1) else None
    weight = (len(ids), len(classes) + hidden, int(tag is not None), order)
    return Rule(tag, frozenset(classes), frozenset(ids), hidden, weight, declarations)


def _key(rule: Rule) -> str:
    if rule.ids:
        return f"#{min(rule.ids)}"
    if rule.classes:
        return f".{min(rule.classes)}"
    return "[hidden]" if rule.hidden else str(rule.tag)
