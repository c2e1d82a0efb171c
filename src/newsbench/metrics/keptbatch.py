"""Rows of `keptwords.count` for many pages at once, on hashed words: the same numbers, the work of arrays shared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from newsbench.align import Alignment, align_passages
from newsbench.batchpassages import find_batch_passages
from newsbench.metrics.keptwords import COLUMNS, SUMS, is_furniture
from newsbench.metrics.pagewords import PLACES, GroupWords, segment_types
from newsbench.passages import Run
from newsbench.text import unmarked
from newsbench.wordhash import hash_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Prediction

# Pages whose outputs are split and aligned together, and the words on them: arrays that fit the processor's cache.
_PAGES, _WORDS = 64, 1 << 17


def count_group(
    words: GroupWords, hashes: NDArray[Any], predictions: Iterable[Prediction | None]
) -> Iterator[NDArray[Any]]:
    """Yield the rows (pages, columns of `keptwords.COLUMNS`) for consecutive pages of a group.

    `hashes`: (n) hash of each word of `words`; `predictions`: one a page, in the order of the pages, taken only as far
    as they are needed.
    """
    waiting: list[Prediction | None] = []
    first = 0
    for prediction in predictions:
        at = first + len(waiting)
        if waiting and (len(waiting) == _PAGES or words.word_edges[at + 1] - words.word_edges[first] > _WORDS):
            yield _count(words, hashes, waiting, first)
            first, waiting = at, []
        waiting.append(prediction)
    if waiting:
        yield _count(words, hashes, waiting, first)


def _count(words: GroupWords, hashes: NDArray[Any], predictions: Sequence[Prediction | None], first: int) -> Any:
    import numpy as np

    edges = np.asarray(words.word_edges[first : first + len(predictions) + 1]) - words.word_edges[first]
    sums = np.zeros((len(predictions), len(SUMS)), dtype=np.int64)
    # +1 where a kept stretch begins, -1 where it ends.
    steps = np.zeros(int(edges[-1]) + 1, dtype=np.int64)
    texts = {
        at: prediction.main_text
        for at, prediction in enumerate(predictions)
        if prediction is not None and prediction.main_text is not None
    }
    starts, ends = [], []
    for at, found, size in _aligned(words, hashes, texts, first):
        edge = int(edges[at])
        for runs in (found.in_order, found.moved):
            starts += [edge + run.page for run in runs]
            ends += [edge + run.page + run.length for run in runs]
        sums[at] = size, sum(run.length for run in found.moved), found.duplicated, found.invented
    np.add.at(steps, starts, 1)
    np.add.at(steps, ends, -1)
    kept = steps[:-1].cumsum().astype(bool)
    for at, prediction in enumerate(predictions):
        if prediction is not None and at not in texts and prediction.boilerplate is not None:
            page = slice(int(edges[at]), int(edges[at + 1]))
            of_page = words.starts[page.start + words.word_edges[first] : page.stop + words.word_edges[first]]
            kept[page] = True
            for span in prediction.boilerplate:
                start, end = of_page.searchsorted((span.start, span.end))
                kept[page.start + start : page.start + end] = False
            sums[at, 0] = kept[page].sum()
    return _rows(words, first, edges, kept, sums)


def _aligned(
    words: GroupWords, hashes: NDArray[Any], texts: dict[int, str], first: int
) -> Iterator[tuple[int, Alignment, int]]:
    """Yield (page, alignment, words of the output) for each output."""
    import numpy as np

    if not texts:
        return
    output = hash_texts([unmarked(text) for text in texts.values()])
    bounds = output.edges.tolist()
    pages = [slice(words.word_edges[first + at], words.word_edges[first + at + 1]) for at in texts]
    same = {}
    for number, (at, page) in enumerate(zip(texts, pages, strict=True)):
        size = bounds[number + 1] - bounds[number]
        if (
            size == page.stop - page.start
            and (hashes[page] == output.hashes[bounds[number] : bounds[number + 1]]).all()
        ):
            same[at] = Alignment([Run(0, 0, size)] if size else [], [], 0, 0)
    if len(texts) == pages[-1].stop and pages[0].start == 0:
        joined = hashes
    else:
        joined = np.concatenate([hashes[page] for page in pages])
    edges = np.cumsum([0, *(page.stop - page.start for page in pages)]).tolist()
    short = [words.short_segments[first + at] for at in texts]
    passages = find_batch_passages(joined, edges, output.hashes, bounds, short, skipped={
        number for number, at in enumerate(texts) if at in same
    })  # fmt: skip
    before = memoryview(np.ascontiguousarray(words.content_before, dtype=np.int64))
    for number, (at, page) in enumerate(zip(texts, pages, strict=True)):
        size = bounds[number + 1] - bounds[number]
        found = same.get(at)
        if found is None:
            content = before[page.start : page.stop + 1]
            found = align_passages(passages[number], page.stop - page.start, size, content=content)
        yield at, found, size


def _rows(words: GroupWords, first: int, edges: NDArray[Any], kept: NDArray[Any], sums: NDArray[Any]) -> NDArray[Any]:
    """Sum the words of each page by type and place, and its segments by type."""
    import numpy as np

    pages, kinds = len(edges) - 1, len(segment_types())
    of_words = slice(words.word_edges[first], words.word_edges[first + pages])
    of_segments = slice(words.segment_edges[first], words.segment_edges[first + pages])
    types, places = words.type_codes[of_words], words.place_codes[of_words]
    page_of_word = np.repeat(np.arange(pages), np.diff(edges))

    def by_page(of: NDArray[Any], codes: NDArray[Any], width: int) -> NDArray[Any]:
        return np.bincount(of * width + codes, minlength=pages * width).reshape(pages, width)

    segment_edges = np.asarray(words.segment_edges[first : first + pages + 1]) - words.segment_edges[first]
    # Each page's segments, and one behind them for its words outside all of them.
    slots = np.arange(pages + 1) + segment_edges
    in_slot = slots[page_of_word] + words.segment_codes[of_words]
    size = np.bincount(in_slot, minlength=int(slots[-1]))
    kept_size = np.bincount(in_slot[kept], minlength=int(slots[-1]))
    slot_kinds = np.full(int(slots[-1]), kinds - 1)
    page_of_slot = np.repeat(np.arange(pages), np.diff(slots))
    inside = np.ones(int(slots[-1]), dtype=bool)
    inside[slots[1:] - 1] = False
    slot_kinds[inside] = words.segment_type_codes[of_segments]
    filled, mostly = size > 0, 2 * kept_size > size
    furniture = is_furniture()[types]
    furniture_kept = furniture & kept
    rows = np.hstack(
        [
            by_page(page_of_word, types, kinds),
            by_page(page_of_word[kept], types[kept], kinds),
            by_page(page_of_slot[filled], slot_kinds[filled], kinds),
            by_page(page_of_slot[mostly], slot_kinds[mostly], kinds),
            by_page(page_of_word[furniture], places[furniture], len(PLACES)),
            by_page(page_of_word[furniture_kept], places[furniture_kept], len(PLACES)),
            sums,
        ]
    )
    assert rows.shape[1] == len(COLUMNS)
    return rows
