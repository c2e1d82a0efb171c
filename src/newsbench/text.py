"""Normalised words of a text, with and without their offsets.

Two texts that look alike to a reader have the same words here: NFKC, case folded, soft hyphens, zero-width and
direction characters dropped, entities and link targets of markdown resolved in system output. A word is a maximal run
of letters and digits with the marks that they carry (vowel signs of Indic scripts, points of Arabic); each Han or kana
character is a word of its own.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

#: Named in every signature: another rule is another name.
TOKENIZER = "words-3"

_IGNORABLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e01ef"
)
_IGNORED = re.compile(f"[{_IGNORABLE}]+")
_IDEOGRAPHS = "\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+")
# Marks and the letter that carries them: a character that no text has stands in for each mark.
_MARK = "\ufdd0"
_CARRIED = re.compile(rf"([^\W_]){_MARK}+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_TITLE = r"""(?:[ \t\n]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*"""
_MARKDOWN = re.compile(
    rf"(?<=\])\((?:<[^<>\n]*>|(?:[^()\s]|\([^()\s]*\))*){_TITLE}\)"  # [text](target "title")
    rf"|^ {{0,3}}\[[^\[\]\n]+\]: \S+{_TITLE}$"  # [reference]: target "title"
    r"|(?<=\w)\*\*(?=\w)",  # **T**he
    re.MULTILINE,
)
# No character has a number of more digits.
_ENTITY = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{0,40});")
# Characters that no reader sees may stand in one.
_MAYBE_ENTITY = re.compile(r"&[^\s&;]+;")
# A page that shows an entity as such may be given back escaped once more.
_MOST_ESCAPED = 3
# Letters of ASCII in lower case, its punctuation blank; bytes of UTF-8 beyond ASCII are kept: the caller makes sure
# that they all belong to letters.
_PLAIN = bytes(b if b > 127 else ord(chr(b).lower()) if chr(b).isalnum() else 32 for b in range(256))
_ASCII = bytes(range(128))
# With more stretches to fold one by one than this, all of a text is folded in one go.
_MOST_PIECES = 100
# A text is searched for each of so many characters; for more, it is looked through once.
_FEW_CHARACTERS = 20


def _ranges(letters: str) -> list[tuple[str, str]]:
    """Return (first, last) of the ranges of a class of characters: a pattern of many ranges is slow to compile."""
    return [(found[1], found[2] or found[1]) for found in re.finditer("(.)(?:-(.))?", letters)]


def _is_among(character: str, ranges: list[tuple[str, str]]) -> bool:
    return any(first <= character <= last for first, last in ranges)


_IDEOGRAPH_RANGES = _ranges(_IDEOGRAPHS)


class Words(NamedTuple):
    """The normalised words of a text and where each begins and ends in it (code points)."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def fold(text: str) -> str:
    """Return `text` in NFKC, case folded and without characters that no reader sees."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", _IGNORED.sub("", text)).casefold()
    return _IGNORED.sub("", unicodedata.normalize("NFKC", folded))


def words(text: str) -> list[str]:
    """Return the normalised words of a text; the same as ``word_spans(text).words``, only faster."""
    return in_plain_letters(text).encode().translate(_PLAIN).decode().split()


def in_plain_letters(text: str) -> str:
    """Return a text of the same words, in order, in which all but ASCII is folded letters and digits."""
    if text.isascii():
        return text
    dependent, replaced = set(), []
    for character in set(
        text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    ):
        plain = folded_alone(character)
        if plain is None:
            dependent.add(character)
        elif plain != character:
            replaced.append((character, plain))
    if not dependent:
        for character, plain in replaced:
            text = text.replace(character, plain)
        return text
    # Nothing composes across a blank, so that what lies between two blanks is folded alone.
    text = text.replace("\n", " ")
    stretches = _between_blanks(dependent, text)
    if len(stretches) > _MOST_PIECES:
        return " ".join(_words_of(fold(text)))
    pieces, done = [], 0
    for start, end in (*stretches, (len(text), len(text))):
        other = text[done:start]
        for character, plain in replaced:
            other = other.replace(character, plain)
        pieces += [other, *_words_of(fold(text[start:end]))]
        done = end
    return " ".join(pieces)


def _between_blanks(characters: set[str], text: str) -> list[tuple[int, int]]:
    """Return where stretches between blanks that hold any of some characters begin and end; of very many only some."""
    if len(characters) > _FEW_CHARACTERS:
        return _pieces_with(characters, text)
    found: dict[int, int] = {}
    for character in characters:
        at = text.find(character)
        while at >= 0 and len(found) <= _MOST_PIECES:
            end = text.find(" ", at)
            end = found[text.rfind(" ", 0, at) + 1] = end if end >= 0 else len(text)
            at = text.find(character, end)
    return sorted(found.items())


def _pieces_with(characters: set[str], text: str) -> list[tuple[int, int]]:
    """Return the same by a look at each piece, as a search for each of very many characters would take long."""
    found, start = [], 0
    for piece in text.split(" "):
        if not piece.isascii() and not characters.isdisjoint(piece):
            found.append((start, start + len(piece)))
            if len(found) > _MOST_PIECES:
                break
        start += len(piece) + 1
    return found


def _words_of(folded: str) -> list[str]:
    return [folded[start:end] for start, end in _word_bounds(folded)]


def _word_bounds(folded: str) -> list[tuple[int, int]]:
    """Return where the words of a folded text begin and end."""
    if not folded.isascii():
        marks = [character for character in set(folded) if unicodedata.category(character).startswith("M")]
        for mark in marks:
            folded = folded.replace(mark, _MARK)
        if marks:
            folded = _CARRIED.sub(_as_letters, folded)
    return [match.span() for match in _WORD.finditer(folded)]


def _as_letters(carried: re.Match[str]) -> str:
    # An ideograph is a word of its own, whatever it carries.
    stand_in = " " if _is_among(carried[1], _IDEOGRAPH_RANGES) else carried[1]
    return carried[1] + stand_in * (len(carried[0]) - 1)


@lru_cache(maxsize=8192)
def folded_alone(character: str) -> str | None:
    """Return what a character folds to whatever stands beside it, blank for what parts words; None if that depends.

    What may compose with its neighbours, folds to marks, or is a word of its own (an ideograph) has no such answer.
    """
    if _IGNORED.match(character):
        return ""
    folded = fold(character)
    if not folded or _joins(character) or _is_jamo(character):
        return None
    if any(_is_among(part, _IDEOGRAPH_RANGES) for part in folded):
        return None
    if any(unicodedata.category(part).startswith("M") for part in folded):
        return None
    return "".join(part if part.isalnum() else " " for part in folded)


def output_words(text: str) -> list[str]:
    """Return the words of a system's output: entities resolved, link targets of markdown dropped."""
    return words(unmarked(text))


def unmarked(text: str) -> str:
    """Return a system's output with entities resolved and without the link targets of markdown."""
    if _has_markdown(text):
        text = _MARKDOWN.sub("", text)
    if "&" in text and _MAYBE_ENTITY.search(text):
        text = _IGNORED.sub("", text)
        for _ in range(_MOST_ESCAPED):
            before, text = text, _ENTITY.sub(lambda found: _unescaped(found[0]), text)
            if text == before:
                break
    return text


def _has_markdown(text: str) -> bool:
    # One character is looked for many times as fast as two.
    return ("]" in text and ("](" in text or "]: " in text)) or ("*" in text and "**" in text)


def _unescaped(entity: str) -> str:
    from html import unescape  # Its table of names takes time to import.

    return unescape(entity)


def page_word_spans(text: str) -> Words:
    """Return the words of a page's text with their offsets, read as `output_words` reads an output.

    Some pages show an entity or a link of markdown as such; whoever gives them back as they are must not lose by it.
    """
    if not (_has_markdown(text) or ("&" in text and ";" in text)):
        return word_spans(text)
    plain, offsets = _rewritten(text, list(range(len(text) + 1)), _MARKDOWN, lambda found: "")
    plain, offsets = _rewritten(plain, offsets, _IGNORED, lambda found: "")
    for _ in range(_MOST_ESCAPED):
        before = plain
        plain, offsets = _rewritten(plain, offsets, _ENTITY, _unescaped)
        if plain == before:
            break
    found = word_spans(plain)
    # A word ends where the last of its characters ends, in the text as it stands.
    ends = [max(offsets[end], offsets[end - 1] + 1) for end in found.ends]
    return Words(found.words, [offsets[start] for start in found.starts], ends)


def _rewritten(
    text: str, offsets: list[int], pattern: re.Pattern[str], rewrite: Callable[[str], str]
) -> tuple[str, list[int]]:
    """Rewrite each match; return the text and, for each of its characters and one past the end, the old offset."""
    pieces, places, position = [], [], 0
    for match in pattern.finditer(text):
        made = rewrite(match[0])
        pieces += [text[position : match.start()], made]
        places += [*offsets[position : match.start()], *([offsets[match.start()]] * len(made))]
        position = match.end()
    return "".join([*pieces, text[position:]]), [*places, *offsets[position:]]


# Halfwidth and other voicing marks compose with what stands before them.
_JOINERS = _ranges("\uff9e\uff9f\u309b\u309c" + _IGNORABLE)
# Conjoining, compatibility and halfwidth jamo do so with jamo and syllables.
_JAMO = _ranges("\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\ud7b0-\ud7ff\uffa0-\uffdc")
_SYLLABLES = _ranges("\uac00-\ud7a3")


@lru_cache(maxsize=65536)
def _joins(character: str) -> bool:
    """Say whether a character may compose with the one before it, or is invisible."""
    return unicodedata.category(character).startswith("M") or _is_among(character, _JOINERS)


@lru_cache(maxsize=65536)
def _is_jamo(character: str) -> bool:
    return _is_among(character, _JAMO)


def _joins_hangul(base: str, character: str) -> bool:
    """Say whether a character is a jamo that may compose with what begins with `base`."""
    return _is_jamo(character) and (_is_jamo(base) or _is_among(base, _SYLLABLES))


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Cut a stretch of text into characters, each with all that may compose with it; yield their places and text."""
    at = start
    while at < end:
        following = at + 1
        while following < end and (_joins(text[following]) or _joins_hangul(text[at], text[following])):
            following += 1
        yield at, text[at:following]
        at = following


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters and one past the end, its offset in `text`.

    Errors: none. ``len(offsets) == len(folded) + 1``; offsets do not decrease.
    """
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    for run in _NON_ASCII.finditer(text):
        # The last ASCII character may be the base of a mark that follows.
        plain_end = max(position, run.start() - 1)
        pieces.append(text[position:plain_end].lower())
        offsets.extend(range(position, plain_end))
        for place, cluster in _clusters(text, plain_end, run.end()):
            piece = fold(cluster)
            pieces.append(piece)
            offsets.extend([place] * len(piece))
        position = run.end()
    pieces.append(text[position:].lower())
    offsets.extend(range(position, len(text) + 1))
    return "".join(pieces), offsets


def word_spans(text: str) -> Words:
    """Return the normalised words of `text` with their offsets.

    Where one character folds to several words (``½``), they share its place.
    """
    folded, offsets = fold_with_offsets(text)
    found, starts, ends = [], [], []
    for begin, end in _word_bounds(folded):
        start, last, following = offsets[begin], offsets[end - 1], offsets[end]
        found.append(folded[begin:end])
        starts.append(start)
        # A word ends where what composes with its last character ends.
        ends.append(following if following > last else offsets[bisect_right(offsets, last)])
    return Words(found, starts, ends)
