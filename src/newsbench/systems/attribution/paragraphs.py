"""A paragraph's attributions: frames of its sentences, quotations that go on, dialogue set off by dashes, headlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsbench.systems.attribution.complements import left_content
from newsbench.systems.attribution.draft import Draft
from newsbench.systems.attribution.fixed import alleged, fixed_frames, refusals
from newsbench.systems.attribution.frames import verb_frames
from newsbench.systems.attribution.lexicon import lexicon
from newsbench.systems.attribution.phrases import (
    phrase_end,
    trim_right,
)
from newsbench.systems.attribution.sentences import DASHES, CleanText, Token, quotations, sentences, tokens
from newsbench.systems.attribution.wordclasses import (
    has_finite,
    word_set,
)

# Fewer words in quotation marks are a title, a nickname, a word held at arm's length.
_FEWEST_WORDS = 4
_HEADLINE_SOURCE = 12
_OFFICES = word_set(
    """
    minister ministry director president chief police union court company captain mayor governor secretary
    undersecretary spokesman spokeswoman
    spokesperson commission prosecutor lawyer expert experts scientist report study poll sources
    source officials official government agency council general head chairman chairwoman operator inspectorate bank
    researchers researcher doctors witness witnesses residents engineer bishop coach un eu opposition
    """
)


@dataclass(slots=True)
class State:
    """What later paragraphs need of earlier ones."""

    drafts: list[Draft] = field(default_factory=list)
    #: The attribution whose quotation may still go on, and the one whose source spoke last.
    running: Draft | None = None
    speaker: Draft | None = None


def read_paragraph(text: CleanText, state: State) -> None:
    """Add a paragraph's attributions to `state`."""
    quoted = quotations(text.text)
    line = tokens(text.text, quoted)
    if not line:
        return
    unclosed = bool(quoted) and not quoted[-1].closed
    before = len(state.drafts)
    if line[0].text in DASHES and len(line) > 2 and line[1].start > line[0].end:
        _dialogue(line, text, state)
    else:
        running = state.running if state.running is not None and state.running.open_quote else None
        state.running = running
        for sentence in sentences(line):
            _sentence(sentence, text, state)
    if unclosed:
        last = state.drafts[-1] if len(state.drafts) > before else state.running
        if last is not None:
            last.open_quote = True
            state.running = last
    elif state.running is not None and len(state.drafts) == before:
        state.running.open_quote = False


def _sentence(sentence: Sequence[Token], text: CleanText, state: State) -> None:
    drafts = refusals(sentence)
    refused = {at for draft in drafts for a, b in draft.cue for at in range(a, b)}
    drafts += [
        draft for draft in verb_frames(sentence) if not any(at in refused for a, b in draft.cue for at in range(a, b))
    ]
    drafts += fixed_frames(sentence, drafts)
    drafts += alleged(sentence, drafts)
    drafts.sort(key=lambda draft: draft.frame_start)
    # A verb within the noun phrase of a source tells who that is, not what somebody says.
    named = {at for draft in drafts for a, b in draft.source if b - a > 2 for at in range(a, b)}
    drafts = [draft for draft in drafts if not draft.cue or draft.cue[0][0] not in named]
    for draft in drafts:
        draft.offsets = text.offsets
    covered = {at for draft in drafts for a, b in draft.content for at in range(a, b)}
    loose = [at for at, token in enumerate(sentence) if token.kind == "quote" and at not in covered]
    alone = loose and all(token.kind != "word" for token in sentence)
    for at in loose:
        if len(sentence[at].text.split()) < (1 if alone else _FEWEST_WORDS):
            continue
        place = (text.offsets[sentence[at].start], text.offsets[sentence[at].end - 1] + 1)
        if state.running is not None and alone:
            state.running.extra.append(place)
        elif alone and state.speaker is not None:
            draft = Draft(sentence, text.offsets, content=[(at, at + 1)], same_source=state.speaker, frame_start=at)
            state.drafts.append(draft)
            state.running = draft
        elif drafts and at and sentence[at - 1].text in (":", ","):
            owner = max((d for d in drafts if d.frame_start < at), key=lambda d: d.frame_start, default=None)
            if owner is not None and owner.cue and not owner.no_comment:
                owner.content.append((at, at + 1))
    state.drafts += drafts
    if drafts:
        spoken = [draft for draft in drafts if draft.source and draft.cue]
        if spoken:
            state.speaker = spoken[-1]
        quoting = [d for d in drafts if any(t.kind == "quote" for a, b in d.content for t in sentence[a:b])]
        state.running = quoting[-1] if quoting else None
    elif not alone:
        state.running = None


def _dialogue(line: Sequence[Token], text: CleanText, state: State) -> None:
    """Read a paragraph that opens with a dash: words up to a frame, then more words after each further dash."""
    parts = [0]
    for at in range(1, len(line)):
        if line[at].text in DASHES and line[at - 1].text in (".", "?", "!", "…", "...", ",") and at + 1 < len(line):
            parts.append(at)
    bounds = [*parts, len(line)]
    draft: Draft | None = None
    for begin, stop in zip(parts, bounds[1:], strict=True):
        part = line[begin:stop]
        found = _closing_frame(part)
        if found is None:
            end = len(part)
            if draft is None:
                draft = Draft(part, text.offsets, content=[(0, trim_right(part, 0, end) or end)], frame_start=0)
                draft.content = [(0, _with_stop(part, draft.content[0][1], end))]
                draft.same_source = state.speaker
                state.drafts.append(draft)
            else:
                close = _with_stop(part, trim_right(part, 0, end), end)
                draft.extra.append((text.offsets[part[0].start], text.offsets[part[close - 1].end - 1] + 1))
            continue
        draft = found
        draft.offsets = text.offsets
        state.drafts.append(draft)
        state.speaker = draft
        rest = max(b for a, b in [*draft.cue, *draft.source])
        for sentence in sentences(list(part[rest:]))[1:]:
            _sentence(sentence, text, state)
    state.running = None


def _with_stop(part: Sequence[Token], close: int, end: int) -> int:
    """A question or exclamation mark belongs to the words, a full stop does not."""
    while close < end and part[close].text in ("?", "!", "…", "..."):
        close += 1
    return close


def _closing_frame(part: Sequence[Token]) -> Draft | None:
    """Return the attribution of a dash's words by the first frame that closes them: ", says Tamm", "? Tamm asks"."""
    for draft in verb_frames(part):
        start = draft.frame_start
        if start < 2 or part[start - 1].text not in (",", "?", "!", "…", "...", ".") or not draft.source:
            continue
        if part[draft.source[0][0]].lower in ("i", "we", "you"):
            continue
        if not lexicon().lemmas(part[draft.cue[-1][1] - 1].lower, "past", "s", "base", "participle"):
            continue
        stop = left_content(part, start, 0)
        if stop is None:
            continue
        draft.content = [(0, stop[1])]
        draft.reported = False
        after = max(b for a, b in [*draft.cue, *draft.source])
        if (
            after < len(part)
            and part[after].text == ","
            and part[after + 1 : after + 2]
            and part[start - 1].text == ","
        ):
            rest = trim_right(part, after + 1, len(part))
            first = part[after + 1].lower
            if (
                rest > after + 1
                and first not in ("and", "who", "which", "but", "when", "as")
                and not any(token.text == "." for token in part[after + 1 : rest])
                and not has_finite(part, 0, stop[1])
            ):
                draft.content.append((after + 1, rest))
        return draft
    return None


def read_headline(text: CleanText, state: State, *, names: frozenset[str]) -> None:
    """Add "Minister: no money left": a source, no cue; the source must be an office, or someone cited on the page.

    `names` are the words of the sources that the page has elsewhere, in lower case.
    """
    line = tokens(text.text, quotations(text.text))
    colon = next((at for at, token in enumerate(line[:_HEADLINE_SOURCE]) if token.text == ":"), None)
    if not colon or len(line) - colon < 3 or has_finite(line, 0, colon):
        return
    source = line[:colon]
    if any(token.kind == "quote" for token in source):
        return
    if not (
        {token.lower for token in source} & _OFFICES or (source[-1].lower in names and source[-1].text[:1].isupper())
    ):
        return
    stop = phrase_end(line, 0, colon)
    draft = Draft(
        line,
        text.offsets,
        source=[(0, max(stop, colon))],
        content=[(colon + 1, trim_right(line, colon + 1, len(line)))],
    )
    state.drafts.append(draft)
