"""Which words are the content of a verb's frame: to its right, to its left, or on both sides."""

from __future__ import annotations

from collections.abc import Sequence

from newsbench.systems.attribution.clauses import clause_end
from newsbench.systems.attribution.complements import Complement, left_content
from newsbench.systems.attribution.draft import Draft, Range
from newsbench.systems.attribution.lexicon import Verb
from newsbench.systems.attribution.phrases import trim_right
from newsbench.systems.attribution.sentences import Token
from newsbench.systems.attribution.wordclasses import has_finite


def add_content(draft: Draft, verb: Verb, after: Complement, inverted: bool, earlier: list[Draft]) -> Draft | None:
    """Add content, addressee and medium; None where the verb reports nothing here."""
    sentence = draft.sentence
    if after.addressee is not None and not inverted:
        draft.addressee = [after.addressee]
    if after.medium is not None:
        draft.medium = [after.medium]
    # What frames before this one hold is theirs, unless this one closes the sentence around them.
    closing = earlier
    if after.kind == "none" and all(token.kind == "mark" for token in sentence[draft.cue[-1][1] :]):
        closing = [other for other in earlier if other.content and other.content[0][0] < other.cue[0][0]]
    held = [b for other in closing for _, b in [*other.cue, *other.source, *other.content]]
    floor = max((b for b in held if b <= draft.frame_start), default=0)
    left = left_content(sentence, draft.frame_start, floor) if verb.takes & {"quote", "clause"} else None
    if (
        left is None
        and not closing
        and after.kind == "none"
        and draft.frame_start
        and sentence[draft.frame_start - 1].text == ","
    ):
        # "The unions asked for 90 days, she said": the frame closes the whole sentence, the other one included.
        left = left_content(sentence, draft.frame_start, 0) if verb.classes & {"say"} else None
    if (
        left is not None
        and not inverted
        and (
            after.kind in ("that", "wh", "to", "object", "clause")
            or (after.kind == "quote" and sentence[left[1] - 1].kind != "quote")
        )
    ):
        left = None
    if after.kind == "none" and not inverted and _as_before(sentence, draft.frame_start):
        # "As the station reports, P."
        begin = draft.cue[-1][1] + 1
        stop = clause_end(sentence, begin, "that") if begin < len(sentence) else begin
        if sentence[begin - 1 : begin] and sentence[begin - 1].text == "," and stop > begin:
            draft.content = [(begin, stop)]
            return draft
    if left is not None and verb.channel == "thought" and not _whole(sentence, left, draft):
        left = None
    if left is not None:
        if not inverted and not _whole(sentence, left, draft):
            return None
        draft.content = [left]
        end = draft.source[0][1] if inverted and draft.source else max(after.stop, draft.cue[-1][1])
        _add_rest(draft, end)
        return draft
    if after.kind == "none" or inverted:
        return None
    if after.kind == "object" and not _object_fits(sentence, verb, after):
        return None
    draft.content = [(after.at, after.stop)]
    draft.reported = after.kind == "object"
    return draft if after.stop > after.at else None


def _as_before(sentence: Sequence[Token], start: int) -> bool:
    return start > 0 and sentence[start - 1].lower == "as"


def _object_fits(sentence: Sequence[Token], verb: Verb, after: Complement) -> bool:
    """Tell whether a verb with a bare object reports: "put the dead at 14", "called the plan absurd"."""
    inside = sentence[after.at : after.stop]
    if verb.lemma == "put":
        return any(token.lower == "at" for token in inside) and any(token.text[:1].isdigit() for token in inside)
    if verb.lemma == "call":
        return len(inside) > 3 or any(token.kind == "quote" for token in inside)
    return True


def _whole(sentence: Sequence[Token], left: Range, draft: Draft) -> bool:
    """Tell whether what stands before a closing frame can be its content: a quotation, or words with a verb."""
    a, b = left
    if any(token.kind == "quote" for token in sentence[a:b]):
        return True
    if sentence[a].text in ("–", "—", "―"):
        return True
    if sentence[a].lower in (
        "if",
        "when",
        "while",
        "although",
        "because",
        "asked",
        "after",
        "before",
        "as",
        "since",
        "on",
    ):
        return False
    following = draft.cue[-1][1]
    inserted = following < len(sentence) and sentence[following].text == ","
    return has_finite(sentence, a, b) or (inserted and b - a <= 12)


def _add_rest(draft: Draft, end: int) -> None:
    """Add the part of a content that goes on after an inserted frame."""
    sentence = draft.sentence
    size = len(sentence)
    at = end
    # A relative clause or a phrase of time after the source: look for the quotation or the comma that ends it.
    while at < size and sentence[at].kind == "word" and at < end + 14:
        at += 1
    if at >= size:
        return
    token = sentence[at]
    if token.kind == "quote":
        draft.content.append((at, at + 1))
        return
    if token.text in (",", ":", "–", "—") and at + 1 < size:
        following = sentence[at + 1]
        if following.kind == "quote":
            draft.content.append((at + 1, trim_right(sentence, at + 1, _quote_tail(sentence, at + 1))))
            return
        a, b = draft.content[0]
        plain = not any(part.kind == "quote" for part in sentence[a:b]) and at == end
        if plain and token.text == "," and not has_finite(sentence, a, b):
            draft.content.append((at + 1, trim_right(sentence, at + 1, size)))
        return
    if token.text == ";" and at == end:
        stop = trim_right(sentence, at + 1, size)
        if stop > at + 1 and not any(part.kind == "quote" for part in sentence[at + 1 : stop]):
            draft.content.append((at + 1, stop))


def _quote_tail(sentence: Sequence[Token], at: int) -> int:
    """Return the end of a resumed quotation: the quote, with words after it where the sentence goes on in them."""
    following = at + 1
    if following < len(sentence) and sentence[following].kind == "word":
        return len(sentence)
    return following
