"""A page as lines for a terminal, with what is gold and what a system made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from newsbench.metrics.attribution_claims import Claim
from newsbench.metrics.attribution_pairs import pair_claims
from newsbench.metrics.keptwords import kept_words
from newsbench.metrics.metadata import FIELDS, matches
from newsbench.metrics.pagewords import page_words, roles
from newsbench.occurrences import TextIndex
from newsbench.problems import safe
from newsbench.types import ELEMENTS, Attribution, Fragments, Page, Prediction, QuotedAttribution, Topic
from newsbench.vocabulary import name_of

#: Colours a text as a named style says, or leaves it as it is.
Paint = Callable[[str, str], str]

_STYLES = {"content": "32", "boilerplate": "90", "optional": "33", "wrong": "31;1", "name": "1", "source": "36",
           "cue": "35", "plain": "0"}  # fmt: skip


def show_page(page: Page, prediction: Prediction | None = None, *, color: bool = False) -> str:
    """Return a page for the terminal: all that a prediction missed or made up, then segments, attributions, labels."""

    def paint(text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if color else text

    lines = [paint(safe(page.id), "name")]
    about = [page.story, page.outlet, page.country, page.language, page.genre, page.template]
    lines.append(safe("  ".join(part for part in about if part)))
    if prediction is not None and prediction.error is not None:
        lines.append(paint(f"the system failed: {safe(prediction.error)}", "wrong"))
    elif prediction is not None:
        lines += _misses(page, prediction, paint)
    if page.segments is not None:
        lines += ["", *_segments(page, paint)]
    if page.attributions is not None:
        lines += ["", *_attributions(page, paint)]
    lines += _topics("topics", page.topics or None, paint)
    lines += _topics("topics, predicted", None if prediction is None else prediction.topics, paint)
    lines += _labels(page, prediction, paint)
    return "\n".join([*lines, ""])


def _misses(page: Page, prediction: Prediction, paint: Paint) -> list[str]:
    """All that is wrong, under a heading; nothing where the system answers no task that has a right and a wrong."""
    checks = []
    if page.segments is not None and (prediction.main_text is not None or prediction.boilerplate is not None):
        checks.append(_segment_misses)
    if page.attributions is not None and prediction.attributions is not None:
        checks.append(_attribution_misses)
    if page.metadata is not None and prediction.metadata is not None:
        checks.append(_metadata_misses)
    if not checks:
        return []
    found = [line for check in checks for line in check(page, prediction, paint)]
    return ["", paint("misses" if found else "no misses", "name"), *found]


def _segment_misses(page: Page, prediction: Prediction, paint: Paint) -> Iterator[str]:
    """Content that was lost and boilerplate that was kept, segment by segment."""
    split = page_words(page)
    kept = kept_words(split, prediction)
    wrong = []
    for number, segment in enumerate(page.segments or ()):
        of_segment = split.segment_codes == number
        total, got = int(of_segment.sum()), int(kept[of_segment].sum())
        role = roles()[segment.type]
        if role == "content" and got < total:
            wrong.append((total - got, f"lost {total - got} of {total} words", segment))
        elif role == "boilerplate" and got:
            wrong.append((got, f"let through {got} of {total} words", segment))
    for _, note, segment in sorted(wrong, key=lambda row: -row[0]):
        yield f"  {paint(f'{note:<32}', 'wrong')} {segment.type}: {_shortened(page.text[segment.start : segment.end])}"


def _attribution_misses(page: Page, prediction: Prediction, paint: Paint) -> Iterator[str]:
    """Attributions that were not found, those that are none, and found ones of which a string stands nowhere."""
    pairs = pair_claims(page, prediction)
    index = TextIndex(page.text)

    def line(label: str, claim: Claim, lost: dict[str, list[str]]) -> str:
        spans = {name: getattr(claim, name).spans for name in ELEMENTS}
        return f"  {paint(f'{label:<9}', 'wrong')} {_spelled(page, spans, lost, (), paint)}"

    for claim in pairs.missed:
        yield line("missed", claim, {})
    for claim in pairs.spurious:
        yield line("spurious", claim, _invented(index, pairs.as_given(claim)))
    for _, claim in pairs.found:
        if lost := _invented(index, pairs.as_given(claim)):
            yield line("invented", claim, lost)


def _invented(index: TextIndex, quoted: QuotedAttribution | None) -> dict[str, list[str]]:
    """Return the strings of each element that the page's text does not hold."""
    found = {}
    for name in ELEMENTS if quoted is not None else ():
        strings = [part for part in getattr(quoted, name) if isinstance(part, str) and part.strip()]
        if lost := [string for string in strings if not index.find(string)]:
            found[name] = lost
    return found


def _metadata_misses(page: Page, prediction: Prediction, paint: Paint) -> Iterator[str]:
    gold, predicted = page.metadata or {}, prediction.metadata or {}
    for field in FIELDS:
        want, got = gold.get(field), predicted.get(field)
        if not matches(field, want, got, page.country):
            yield f"  {paint(f'wrong {field}', 'wrong')} {_value(got)}; right: {_value(want)}"


def _segments(page: Page, paint: Paint) -> Iterator[str]:
    yield paint("page", "name")
    for segment in page.segments or ():
        role = roles().get(segment.type, "optional")
        label = f"{segment.type:>18} │ "
        text = safe(page.text[segment.start : segment.end]).split("\n")
        for at, line in enumerate(part for part in text if part.strip()):
            yield paint(label if not at else " " * 19 + "│ ", role) + paint(line, role)


def _attributions(page: Page, paint: Paint) -> Iterator[str]:
    gold: Sequence[Attribution] = page.attributions or ()
    yield paint(f"attributions ({len(gold)})", "name")
    names = {source.id: source.name for source in page.sources or ()}
    for one in gold:
        who = [names[name] for name in one.source_ids if names.get(name)]
        spans = {name: getattr(one, name) for name in ELEMENTS}
        yield f"  {one.form or '':<9} {_spelled(page, spans, {}, who, paint)}"


def _spelled(
    page: Page, spans: dict[str, Fragments], lost: dict[str, list[str]], names: Sequence[str], paint: Paint
) -> str:
    """Who says what, on one line; strings that the page does not hold stand in brackets."""

    def quote(name: str, style: str, nothing: str) -> str:
        parts = [paint(safe(" ".join(page.text[start:end].split())), style) for start, end in spans[name]]
        parts += [paint(f"[not on the page: {_shortened(string)}]", "wrong") for string in lost.get(name, ())]
        return " … ".join(parts) or paint(nothing, style)

    resolved = f" [{safe(', '.join(names))}]" if names else ""
    said = (
        f"{quote('source', 'source', '(nobody)')}{resolved} {quote('cue', 'cue', '–')}: {quote('content', 'plain', '')}"
    )
    # The other elements only where a system made them up.
    return said + "".join(f"; {name} {quote(name, 'plain', '')}" for name in ELEMENTS[3:] if name in lost)


def _topics(heading: str, topics: Sequence[Topic] | None, paint: Paint) -> list[str]:
    if topics is None:
        return []
    lines = [f"  {safe(one.code)} {safe(name_of(one.code))}{' (primary)' * one.primary}" for one in topics]
    return ["", paint(heading, "name"), *(lines or ["  (none)"])]


def _labels(page: Page, prediction: Prediction | None, paint: Paint) -> list[str]:
    """Story, aspect, title and metadata: the gold's, and below each what the system says."""
    rows: list[tuple[str, str | None, bool, str | None]] = []
    for name, gold in (("story", page.story), ("aspect", page.aspect), ("story_title", page.story_title)):
        predicted = None if prediction is None else getattr(prediction, name)
        rows.append((name.replace("story_", ""), gold, predicted is not None, predicted))
    metadata = None if prediction is None else prediction.metadata
    for field in FIELDS if page.metadata is not None or metadata is not None else ():
        rows.append((field, (page.metadata or {}).get(field), metadata is not None, (metadata or {}).get(field)))
    lines = []
    for name, gold, answered, predicted in rows:
        if gold is not None or answered:
            lines.append(f"  {name:<10} {_value(gold)}")
        if answered:
            lines.append(f"  {'':<10} predicted: {_value(predicted)}")
    return ["", paint("labels", "name"), *lines] if lines else []


def _value(value: str | None) -> str:
    return "–" if value is None else _shortened(value)


def _shortened(text: str, size: int = 90) -> str:
    text = safe(" ".join(text.split()))
    return text if len(text) <= size else text[: size - 1] + "…"
