"""Which parts of a fragment stand in quotation marks, in the usage of Europe and East Asia."""

from __future__ import annotations

import re

FAMILIES = ('"“”„‟＂〝〞〟', "'‘’‚‛＇", "«»", "‹›", "「」", "『』", "《》")

_FAMILY = {mark: number for number, marks in enumerate(FAMILIES) for mark in marks}
_SINGLE = 1
_ONLY_OPENS = frozenset("„‚〝「『《")
_OPENS_MOST = frozenset("“‘‛‟")
_BEFORE_OPENING = re.compile(r"(?:\A|[\s(\[{/–—―¿¡…:-]|[" + "".join(FAMILIES) + r"])\Z")
_WORD_AFTER = re.compile(r"[\s\u00a0\u202f]*[¿¡(\[…–—$€£#@]*\w")
_ROCK_N_ROLL = re.compile(r".{0,2}['’]n['’]", re.I)
_ELISION = re.compile(r"(?:\d\ds?|em|n|tis|twas|til|cause|round|bout|cos)\b", re.I)


def find_quoted(text: str) -> list[tuple[int, int]]:
    """Give the quoted stretches of a fragment as (start, end), marks included, in order.

    Marks pair within their family, whichever way they point (”Swedish”, »German«, «French», „Czech“), and quotations of
    another family inside one belong to it. An apostrophe is no mark. A quotation that is not closed runs to the end of
    the fragment; one that ends before any has begun runs from the beginning.
    """
    stretches: list[tuple[int, int]] = []
    position = 0
    while position < len(text):
        if text[position] in _FAMILY and not _is_apostrophe(text, position):
            start = position
            if not stretches and not _can_open(text, position):
                end = position + 1  # the quotation began in an earlier fragment
                start = 0
            elif not _can_open(text, position):
                position += 1
                continue
            else:
                closing = _find_closing(text, position)
                if closing is None and _FAMILY[text[position]] == _SINGLE and _is_elision(text, position):
                    position += 1
                    continue
                end = len(text) if closing is None else closing + 1
            stretches.append((start, end))
            position = end
        else:
            position += 1
    return stretches


def _is_apostrophe(text: str, position: int) -> bool:
    """Tell whether a single mark stands inside a word or after one that nothing opened."""
    if text[position] not in "'’＇":
        return False
    before, after = text[:position][-1:], text[position + 1 :][:1]
    if before.isalnum() or _ROCK_N_ROLL.match(text, max(0, position - 2)):
        return True  # closing marks are looked for from their opening one
    return after.isdigit() or (_is_elision(text, position) and _find_closing(text, position) is None)


def _is_elision(text: str, position: int) -> bool:
    return text[position] in "'’＇" and _ELISION.match(text, position + 1) is not None


def _can_open(text: str, position: int) -> bool:
    mark = text[position]
    if mark in _ONLY_OPENS:
        return True
    if _WORD_AFTER.match(text, position + 1) is None:
        return False
    if mark in _OPENS_MOST:
        return position == 0 or not text[position - 1].isalnum()
    return _BEFORE_OPENING.search(text[max(0, position - 1) : position]) is not None


def _find_closing(text: str, opening: int) -> int | None:
    """Find the mark that closes the one at `opening`; marks of the family that nest are counted."""
    family, depth = _FAMILY[text[opening]], 1
    directed = text[opening] in "«»‹›「『《“„‘‚" and text[opening]
    for position in range(opening + 1, len(text)):
        mark = text[position]
        if _FAMILY.get(mark) != family:
            continue
        if family == _SINGLE and mark in "'’＇" and not _closes(text, position):
            continue
        if mark == directed and _opens_again(text, position):
            depth += 1
            continue
        depth -= 1
        if depth == 0:
            return position
    return None


def _opens_again(text: str, position: int) -> bool:
    """Tell whether the same mark begins a quotation inside a quotation rather than a new paragraph or its end."""
    before, after = text[position - 1], text[position + 1 :][:1]
    return not before.isalnum() and before not in ".,!?…" and after.isalnum()


def _closes(text: str, position: int) -> bool:
    before, after = text[position - 1], text[position + 1 :][:1]
    if after.isalnum() or before.isspace() or _ROCK_N_ROLL.match(text, max(0, position - 2)):
        return False
    # the possessive of a plural, as in "the workers’ union", when another mark that closes comes later
    if before in "sxz" and re.match(r"\s+\w", text[position + 1 :]):
        rest = text[position + 1 :]
        return not any(
            rest[place] in "'’＇" and not rest[place + 1 : place + 2].isalnum() and not rest[:place][-1:].isspace()
            for place in range(len(rest))
        )
    return True
