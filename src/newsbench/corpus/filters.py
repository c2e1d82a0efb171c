"""Template filters; on markup they change text alone, never tags, character references or annotation marks."""

from __future__ import annotations

import json as json_module
import re

from markupsafe import Markup, escape

from newsbench.corpus.markup import MARK

SOFT_HYPHEN, NO_BREAK_SPACE = "\u00ad", "\u00a0"

_MARKUP = re.compile(r"(<[^>]*>|&[^;\s]*;)")
_LONG_WORD = re.compile(rf"(?:[^\W\d_](?:{MARK})*){{11,}}")
_SYLLABLE_END = re.compile(rf"([aeiouyäöüåæøáéíóúàèìòùâêîôû](?:{MARK})*)([bcdfghjklmnpqrstvwxzčšžćđłńśź])", re.I)
_SHORT_WORD = re.compile(rf"(?<![^\W_])(?<!{MARK})((?:{MARK})*[^\W\d_](?:{MARK})*(?:[^\W\d_](?:{MARK})*)?) (?=\S)")
_UNITS = "km|m|cm|mm|kg|g|t|ha|kWh|MWh|GWh|MW|GW|kW|l|h|min|s|%|°C|°F|€|mph|knots|percent|euros|dollars|million|billion"
_UNIT = re.compile(rf"(\d(?:{MARK})*) (?=(?:{MARK})*(?:{_UNITS})(?!\w))")


def soft_hyphens(value):
    """Put soft hyphens (U+00AD) into words of more than ten letters, after a vowel, three letters from either end."""
    return _on_text(value, lambda text: _LONG_WORD.sub(_hyphenate, text))


def nbsp(value):
    """Put no-break spaces (U+00A0) after words of one or two letters and between a number and its unit."""

    def bind(text: str) -> str:
        return _UNIT.sub(rf"\1{NO_BREAK_SPACE}", _SHORT_WORD.sub(rf"\1{NO_BREAK_SPACE}", text))

    return _on_text(value, bind)


def paragraphs(value) -> Markup:
    """Make a `p` of each stretch between blank lines (or of each item of a list)."""
    parts = re.split(r"\n\s*\n", str(value)) if isinstance(value, str) else list(value or ())
    return Markup("\n").join(Markup("<p>{}</p>").format(part.strip()) for part in parts if str(part).strip())


def json(value) -> Markup:
    """Write a value as JSON that may stand in a `script`; keys keep their order."""
    text = json_module.dumps(value, ensure_ascii=False, default=str)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _hyphenate(match: re.Match[str]) -> str:
    word = match.group()
    letters = [place for place, character in enumerate(word) if character.isalpha()]
    first, last = letters[3], letters[-3]

    def put(found: re.Match[str]) -> str:
        inside = first <= found.start(2) <= last
        return f"{found.group(1)}{SOFT_HYPHEN if inside else ''}{found.group(2)}"

    return _SYLLABLE_END.sub(put, word)


def _on_text(value, change):
    if not hasattr(value, "__html__"):
        return change(str(value))
    parts = _MARKUP.split(str(escape(value)))
    return Markup("".join(part if number % 2 else change(part) for number, part in enumerate(parts)))
