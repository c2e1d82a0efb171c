"""Rows counted for many pages at once are those counted page by page."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest

from newsbench.metrics import keptbatch
from newsbench.metrics.keptbatch import count_part, count_spans, parts_of
from newsbench.metrics.keptwords import count
from newsbench.metrics.pagewords import HashedPages, page_words, segment_types
from newsbench.types import Page, Prediction, Segment
from newsbench.wordhash import hash_words


def grouped(pages):
    """The words of pages one page behind the other, as the index gives them."""
    words = [page_words(page) for page in pages]
    position = {kind: code for code, kind in enumerate(segment_types())}
    bounds = [(s.start, s.end) for page in pages for s in page.segments]
    hashes = [hash_words(list(one.vocabulary))[one.ids] if len(one.ids) else np.zeros(0, np.uint64) for one in words]
    group = HashedPages(
        np.concatenate(hashes),
        np.concatenate([one.starts for one in words]),
        np.array(bounds, dtype=np.int64).reshape(-1, 2),
        np.array([position[s.type] for page in pages for s in page.segments], dtype=np.int64),
        np.cumsum([0, *(len(one.ids) for one in words)]).tolist(),
        np.cumsum([0, *(len(page.segments) for page in pages)]).tolist(),
    )
    return words, group


def answer(page: Page, rng: random.Random) -> Prediction | None:
    lines = page.text.split("\n")
    rng.shuffle(lines)
    texts = [
        "", page.text, page.text.upper(), page.text[: len(page.text) // 2], page.text * 2, "\n".join(lines),
        "nothing of this is on the page", " ".join(rng.sample(page.text.split(), min(40, len(page.text.split())))),
        page.text[10:400] + " invented words here " + page.text[200:600], "[a](b) &amp; " + page.text[:300],
    ]  # fmt: skip
    kind = rng.randrange(len(texts) + 3)
    if kind < len(texts):
        return Prediction(page.id, main_text=texts[kind])
    if kind == len(texts):
        return None
    if kind == len(texts) + 1:
        return Prediction(page.id, error="it failed")
    spans = sorted(rng.sample(page.segments, min(5, len(page.segments))))
    return Prediction(page.id, boilerplate=tuple(spans))


def check(pages, predictions) -> None:
    words, group = grouped(pages)
    parts = [*parts_of(group)]
    assert [*range(len(pages))] == [at for part in parts for at in range(part.first, part.last)]
    rows = np.concatenate([count_part(part, predictions[part.first : part.last]) for part in parts])
    assert rows.shape == (len(pages), len(count(words[0], None)))
    for page, one, prediction, row in zip(pages, words, predictions, rows, strict=True):
        assert row.tolist() == [int(value) for value in count(one, prediction)], page.id


@pytest.mark.parametrize("seed", range(6))
def test_real_pages(gold_pages, seed):
    rng = random.Random(seed)
    pages = rng.sample(gold_pages, 30)
    check(pages, [answer(page, rng) for page in pages])


@pytest.mark.parametrize("seed", range(40))
def test_small_pages_full_of_repetition(seed, monkeypatch):
    monkeypatch.setattr(keptbatch, "_PAGES", 3)
    monkeypatch.setattr(keptbatch, "_WORDS", 60)
    rng = random.Random(seed)
    pages = []
    for number in range(7):
        parts = [" ".join(rng.choices(["ab", "cd", "ef", "gh"], k=rng.choice((0, 1, 2, 3, 9, 30)))) for _ in range(6)]
        segments, at = [], 0
        for part in parts:
            kind = rng.choice(("paragraph", "navigation", "caption", "headline"))
            if part and rng.random() < 0.9:
                segments.append(Segment(at, at + len(part), kind))
            at += len(part) + 1
        pages.append(Page(f"p{number}", "\n".join(parts), segments=tuple(segments)))
    check(pages, [answer(page, rng) for page in pages])


def test_pages_without_words_or_segments():
    pages = [Page("a", "", segments=()), Page("b", "one two three", segments=()), Page("c", " \n ", segments=())]
    check(pages, [Prediction("a", main_text="one"), Prediction("b", main_text="one two three"), None])


@pytest.mark.parametrize("seed", range(4))
def test_empty_pages_between_others(seed, monkeypatch):
    """An empty output of an empty page is all of it: where the next page begins, it must not come into its way."""
    monkeypatch.setattr(keptbatch, "_PAGES", 128)
    rng = random.Random(seed)
    pages, predictions = [], []
    for number in range(128):
        parts = [f"w{at} w{at + 1} w{at + 2}" for at in range(0, rng.choice((0, rng.randint(1, 90))), 3)]
        edges = np.cumsum([0, *(len(part) + 1 for part in parts)]).tolist()
        segments = [Segment(a, b - 1, rng.choice(("paragraph", "navigation"))) for a, b in pairwise(edges)]
        pages.append(Page(f"p{number}", "\n".join(parts), segments=tuple(segments)))
        rng.shuffle(parts)
        predictions.append(Prediction(f"p{number}", main_text="\n".join(parts)))
    check(pages, predictions)


@pytest.mark.parametrize("seed", range(4))
def test_furniture_by_offsets_alone(gold_pages, seed, monkeypatch):
    """A layer that is nothing but offsets counts like predictions that hold them; pages without it are empty."""
    monkeypatch.setattr(keptbatch, "_PAGES", 5)
    rng = random.Random(seed)
    pages = [*rng.sample(gold_pages, 12), Page("empty", "", segments=())]
    spans: list = [sorted(rng.sample(range(len(page.text) + 1), 2 * min(4, len(page.text) // 2))) for page in pages]
    spans = [None if rng.random() < 0.2 else np.array(of_page).reshape(-1, 2) for of_page in spans]
    words, group = grouped(pages)
    rows = np.concatenate([count_spans(part, spans[part.first : part.last]) for part in parts_of(group)])
    for page, one, bounds, row in zip(pages, words, spans, rows, strict=True):
        marked = None if bounds is None else tuple(Segment(int(a), int(b), "navigation") for a, b in bounds)
        assert row.tolist() == [int(value) for value in count(one, Prediction(page.id, boilerplate=marked))], page.id
