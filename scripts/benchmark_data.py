"""Pages and outputs that the benchmarks run on, made up from sentences of the packaged pages."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path


def synthetic_pages(count: int, seed: int = 1) -> Iterator[tuple[dict, str]]:
    """Yield pages of about 4 KB made of sentences of the packaged pages, with an output of about 3 KB for each.

    An output has the article's paragraphs, now and then one fewer, and some of the furniture.
    """
    from newsbench.gold import load_gold
    from newsbench.metrics.pagewords import roles

    rng = random.Random(seed)
    content, furniture = [], []
    for page in load_gold(split=None).pages:
        for segment in page.segments:
            pool = content if roles()[segment.type] == "content" else furniture
            pool.append((segment.type, page.text[segment.start : segment.end]))
    for number in range(count):
        parts: list[tuple[str, str, bool]] = [(*rng.choice(furniture), rng.random() < 0.05) for _ in range(4)]
        size = 0
        while size < 2900:
            kind, text = rng.choice(content)
            size += len(text)
            parts.append((kind, text, rng.random() < 0.97))
            if rng.random() < 0.2:
                parts.append((*rng.choice(furniture), rng.random() < 0.5))
        while sum(len(part[1]) for part in parts) < 4000:
            parts.append((*rng.choice(furniture), rng.random() < 0.1))
        segments, position = [], 0
        for kind, text, _ in parts:
            segments.append({"start": position, "end": position + len(text), "type": kind})
            position += len(text) + 1
        page = {
            "id": f"page-{number}",
            "story": {"id": f"story-{number // 5}", "title": None, "titles": None},
            "text": "\n".join(text for _, text, _ in parts),
            "segments": segments,
        }
        yield page, "\n".join(text for _, text, kept in parts if kept)


def make_corpus(folder: Path, count: int) -> tuple[Path, Path]:
    """Write synthetic gold pages and one system's outputs; return the folder of pages and the predictions."""
    from newsbench.formats.pages import write_pages

    predictions = folder / "system.jsonl"
    with predictions.open("w", encoding="utf-8") as out:

        def rows() -> Iterator[dict]:
            for page, output in synthetic_pages(count):
                out.write(json.dumps({"id": page["id"], "main_text": output}, ensure_ascii=False) + "\n")
                yield page

        write_pages(rows(), folder / "gold")
    return folder / "gold", predictions


def attribution_pages(count: int) -> list[tuple]:
    """Return synthetic pages with 25 attributions each, some nested or broken, and perturbed predictions."""
    from newsbench.ceiling import quoted
    from newsbench.types import Attribution, Page, Prediction, Segment, Source, Span

    rng = random.Random(5)
    vocabulary = [f"word{number}" for number in range(3000)]
    made = []
    for number in range(count):
        words = [rng.choice(vocabulary) for _ in range(900)]
        starts, at = [], 0
        for word in words:
            starts.append(at)
            at += len(word) + 1
        text = " ".join(words)

        def span(first: int, size: int, starts=starts, words=words) -> Span:
            return Span(starts[first], starts[first + size - 1] + len(words[first + size - 1]))

        gold = []
        for one in range(25):
            first = 36 * one
            content = (span(first + 4, 5), span(first + 12, 8)) if one % 5 == 0 else (span(first + 4, 16),)
            parent = f"a{one - 1}" if one % 7 == 3 else None
            if parent:
                content = (span(first - 36 + 8, 6),)
            gold.append(
                Attribution(
                    f"a{one}", content=content, source=(span(first, 2),), cue=(span(first + 2, 1),), form="indirect",
                    channel="speech", polarity="asserted", modality="actual", evidential="plain", parent=parent,
                    source_ids=(f"s{one % 6}",),
                )
            )  # fmt: skip
        sources = tuple(Source(f"s{one}", f"Name {one}", "person", "named") for one in range(6))
        page = Page(
            f"p{number}",
            text,
            segments=(Segment(0, len(text), "paragraph"),),
            sources=sources,
            attributions=tuple(gold),
        )
        predicted = []
        for one in map(quoted, gold):
            if rng.random() < 0.4:
                first = one.content[0]
                one = one._replace(content=(Span(first.start + rng.choice((0, 9)), first.end), *one.content[1:]))
            predicted.append(one)
        rng.shuffle(predicted)
        made.append((page, Prediction(page.id, attributions=tuple(predicted))))
    return made
