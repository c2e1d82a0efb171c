"""Tokens, quotations and sentences of a paragraph, with offsets into the page's text."""

from __future__ import annotations

import re
from typing import NamedTuple

_IGNORED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_SPACES = frozenset("\u00a0\u2007\u2009\u202f\u200a\u2002\u2003")
_TOKEN = re.compile(
    r"[A-Z](?:\.[A-Z])+\.?"  # initials: U.S.
    r"|(?:[^\W\d_]+n['’]t\b)|[^\W_]+(?:[-’'.](?=[^\W_])[^\W_]+)*"
    r"|['’](?:s|re|ve|ll|d|m)\b|\.{3}|\S"
)
_CONTRACTED = re.compile(r"(.+?)(n['’]t|['’](?:s|S|re|ve|ll|d|m))$")
_ABBREVIATIONS = frozenset(
    ["mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "col", "lt", "sgt", "capt", "st", "no", "jr", "sr",
     "vs", "etc", "inc", "ltd", "co", "corp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct",
     "nov", "dec", "approx", "e.g", "i.e", "hon", "rev", "fr", "mt", "ft", "dept", "art", "nr", "mkr", "cat"]
)  # fmt: skip
_CLOSERS = {"“": "”“", "”": "”", "„": '“”„"', "«": "»", "»": "«", "‹": "›", "‘": "’", "‚": "‘’", '"': '"', "'": "'"}
_OPENERS = "“„«‹‘‚\"'”»"
DASHES = "–—-―"
#: A mark that one line holds and no other closes runs to the end of its line: this is how long it may get before
#: it is taken for a slip of the pen.
_FEWEST_UNCLOSED_WORDS = 4


class Token(NamedTuple):
    """A word, number or mark; a whole quotation is one token of kind quote. Offsets are into the cleaned text."""

    text: str
    lower: str
    start: int
    end: int
    kind: str


class CleanText(NamedTuple):
    """A text without characters nobody sees, and the offset in the page of each character left (and of the end)."""

    text: str
    offsets: list[int]


class Quotation(NamedTuple):
    """A stretch in quotation marks, marks included; `closed` is False where the last mark is missing."""

    start: int
    end: int
    closed: bool


def clean(text: str, start: int, end: int) -> CleanText:
    """Return ``text[start:end]`` with plain spaces and without soft hyphens and zero-width characters."""
    kept, offsets = [], []
    for at in range(start, end):
        character = text[at]
        if character in _IGNORED:
            continue
        if character in "'`" and text[at + 1 : at + 2] in ("'", "`") and at + 1 < end:
            # Two single marks stand for a double one, whose place is that of the outer of the two.
            if kept and not kept[-1].isspace():
                continue
            character = '"'
        elif character in "'`" and at > start and text[at - 1] in "'`":
            if kept and kept[-1] == '"' and offsets[-1] == at - 1:
                continue
            character = '"'
        kept.append(" " if character in _SPACES else character)
        offsets.append(at)
    offsets.append(end)
    return CleanText("".join(kept), offsets)


def quotations(text: str) -> list[Quotation]:
    """Return the outermost quotations of a paragraph, left to right."""
    found: list[Quotation] = []
    at = 0
    while at < len(text):
        if text[at] in _OPENERS and _opens(text, at):
            end = _closing(text, at)
            if end is not None:
                found.append(Quotation(at, end + 1, True))
                at = end + 1
                continue
            rest = text[at + 1 :]
            # An unclosed mark: the rest of the paragraph, if there is no other mark of the kind in it.
            plausible = len(rest.split()) >= _FEWEST_UNCLOSED_WORDS and text[at] not in "'‘‚”»"
            if plausible and (at == 0 or text[at - 1] in " (:,"):
                found.append(Quotation(at, len(text), False))
                break
        at += 1
    return found


def _opens(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if text[at] in "“„«‹‚":
        return not after.isspace() or text[at] == "«"
    return (before.isspace() or before in "([–—:/-") and not after.isspace()


def _closing(text: str, at: int) -> int | None:
    """Return where the quotation that opens at `at` closes; None where it does not."""
    opener = text[at]
    closers = _CLOSERS[opener]
    depth = 0
    for position in range(at + 1, len(text)):
        character = text[position]
        after = text[position + 1] if position + 1 < len(text) else " "
        if character == opener and character not in closers:
            depth += 1
        elif character in closers:
            if character in "'’" and (after.isalnum() or text[position - 1].isspace()):
                continue
            if character == '"' and text[position - 1].isspace() and after.isalnum():
                continue
            if opener in "'‘" and character in "'’" and text[position - 1] == "s" and _later(text, position, "'’"):
                # More likely a plural's possessive: "the workers' pay".
                continue
            if depth == 0:
                return position
            depth -= 1
    return None


def _later(text: str, position: int, marks: str) -> bool:
    for at in range(position + 1, len(text)):
        if text[at] in marks and text[at - 1] in ".,!?" and not text[at + 1 : at + 2].isalnum():
            return True
    return False


def tokens(text: str, quoted: list[Quotation]) -> list[Token]:
    """Return the tokens of a paragraph; contractions and possessives are split, a quotation is one token."""
    found: list[Token] = []
    at = 0
    for quotation in [*quoted, Quotation(len(text), len(text), True)]:
        for match in _TOKEN.finditer(text, at, quotation.start):
            found.extend(_split(match[0], match.start()))
        if quotation.start < quotation.end:
            words = text[quotation.start : quotation.end]
            found.append(Token(words, words.lower(), quotation.start, quotation.end, "quote"))
        at = quotation.end
    return found


def _split(word: str, start: int) -> list[Token]:
    parted = _CONTRACTED.match(word)
    if parted is None:
        kind = "word" if word[0].isalnum() or (word[0] in "'’" and len(word) > 1) else "mark"
        return [Token(word, word.lower().replace("’", "'"), start, start + len(word), kind)]
    first = parted[1]
    middle = start + len(first)
    return [
        Token(first, first.lower(), start, middle, "word"),
        Token(parted[2], parted[2].lower().replace("’", "'"), middle, start + len(word), "word"),
    ]


def sentences(line: list[Token]) -> list[list[Token]]:
    """Cut a paragraph's tokens into sentences; a quotation that ends one ends the sentence around it as well."""
    found: list[list[Token]] = []
    current: list[Token] = []
    for at, token in enumerate(line):
        current.append(token)
        following = line[at + 1] if at + 1 < len(line) else None
        if following is None or _ends(line, at, token, following):
            found.append(current)
            current = []
    return found


def _ends(line: list[Token], at: int, token: Token, following: Token) -> bool:
    apart = following.start > token.end
    if token.kind == "quote":
        inside = token.text.rstrip("\"”’»›“'")
        if not inside or inside[-1] not in ".!?…":
            return False
        if following.kind == "quote":
            return True
        if inside[-1] == ".":
            return following.text[:1].isupper() or following.text in DASHES
        # After a question the frame may follow with a capital: "…?" Tamm asked.
        return following.text[:1].isupper() and not _frame_follows(line, at + 1)
    if token.text in (".", "!", "?", "…", "..."):
        previous = line[at - 1] if at else None
        if not apart and following.kind == "word":
            return False
        if token.text == "." and previous is not None and previous.end == token.start:
            if previous.lower in _ABBREVIATIONS and (following.text[:1].islower() or previous.lower != "no"):
                return False
            if len(previous.text) == 1 and previous.text.isupper():
                return False
        return following.kind == "quote" or (not following.text[:1].islower() and following.text[:1] not in ",;:)")
    return False


def _frame_follows(line: list[Token], at: int) -> bool:
    from newsbench.systems.attribution.lexicon import lexicon

    for token in line[at : at + 8]:
        if token.kind != "word":
            return False
        if lexicon().lemmas(token.lower, "past", "s"):
            return True
    return False
