"""A page as lines for a terminal, with what is gold and what a system made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from newsbench.metrics.keptwords import kept_words
from newsbench.metrics.pagewords import page_words, roles
from newsbench.problems import safe
from newsbench.types import Fragments, Page, Prediction
from newsbench.vocabulary import name_of

#: Colours a text as a named style says, or leaves it as it is.
Paint = Callable[[str, str], str]

_STYLES = {"content": "32", "boilerplate": "90", "optional": "33", "wrong": "31;1", "name": "1", "source": "36",
           "cue": "35", "plain": "0"}  # fmt: skip


def show_page(page: Page, prediction: Prediction | None = None, *, color: bool = False) -> str:
    """Return a page for the terminal: what a prediction missed, then segments, attributions, topics."""

    def paint(text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if color else text

    lines = [paint(safe(page.id), "name")]
    about = [page.story, page.outlet, page.country, page.language, page.genre, page.template]
    lines.append(safe("  ".join(part for part in about if part)))
    if prediction is not None and prediction.error is not None:
        lines.append(paint(f"the system failed: {safe(prediction.error)}", "wrong"))
    if page.segments is not None:
        answered = prediction is not None and (prediction.main_text is not None or prediction.boilerplate is not None)
        if answered:
            lines += ["", *_segment_misses(page, prediction, paint)]
        lines += ["", *_segments(page, paint)]
    if page.attributions is not None:
        lines += ["", *_attributions(page, prediction, paint)]
    if page.topics:
        lines += ["", paint("topics", "name")]
        lines += [f"  {topic.code} {safe(name_of(topic.code))}{' (primary)' * topic.primary}" for topic in page.topics]
    if prediction is not None and prediction.topics is not None:
        lines += [paint("topics, predicted", "name")]
        lines += [f"  {safe(topic.code)} {safe(name_of(topic.code))}" for topic in prediction.topics]
    return "\n".join([*lines, ""])


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
    yield paint("misses", "name") if wrong else paint("no misses", "name")
    for _, note, segment in sorted(wrong, key=lambda row: -row[0]):
        yield f"  {paint(f'{note:<32}', 'wrong')} {segment.type}: {_shortened(page.text[segment.start : segment.end])}"


def _segments(page: Page, paint: Paint) -> Iterator[str]:
    yield paint("page", "name")
    for segment in page.segments or ():
        role = roles().get(segment.type, "optional")
        label = f"{segment.type:>18} │ "
        text = safe(page.text[segment.start : segment.end]).split("\n")
        for at, line in enumerate(part for part in text if part.strip()):
            yield paint(label if not at else " " * 19 + "│ ", role) + paint(line, role)


def _attributions(page: Page, prediction: Prediction | None, paint: Paint) -> Iterator[str]:
    gold = list(page.attributions or ())
    if prediction is not None and prediction.attributions is not None:
        from newsbench.metrics.attribution_pairs import pair_claims

        pairs = pair_claims(page, prediction)
        for label, claims in (("missed", pairs.missed), ("spurious", pairs.spurious)):
            for claim in claims:
                spans = (claim.source.spans, claim.cue.spans, claim.content.spans)
                yield f"  {paint(f'{label:<9}', 'wrong')} {_spelled(page, *spans, (), paint)}"
    yield paint(f"attributions ({len(gold)})", "name")
    names = {source.id: source.name for source in page.sources or ()}
    for one in gold:
        who = [names[name] for name in one.source_ids if names.get(name)]
        yield f"  {one.form or '':<9} {_spelled(page, one.source, one.cue, one.content, who, paint)}"


def _spelled(
    page: Page, source: Fragments, cue: Fragments, content: Fragments, names: Sequence[str], paint: Paint
) -> str:
    def quote(spans: Fragments) -> str:
        return safe(" … ".join(" ".join(page.text[start:end].split()) for start, end in spans))

    who = paint(quote(source) or "(nobody)", "source")
    resolved = f" [{safe(', '.join(names))}]" if names else ""
    return f"{who}{resolved} {paint(quote(cue) or '–', 'cue')}: {quote(content)}"


def _shortened(text: str, size: int = 90) -> str:
    text = safe(" ".join(text.split()))
    return text if len(text) <= size else text[: size - 1] + "…"
