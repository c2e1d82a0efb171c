"""Rows of `keptwords.count` for many pages at once, on hashed words: the same numbers, the work of arrays shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.batchalign import align_batch
from newsbench.batchpassages import find_batch_passages
from newsbench.metrics.keptwords import SUMS, is_furniture
from newsbench.metrics.pagewords import PLACES, HashedPages, WordRuns, label_pages, segment_types
from newsbench.passages import Run
from newsbench.text import unmarked
from newsbench.wordhash import hash_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Prediction

# Pages whose outputs are split and aligned together, and the words on them: arrays that fit the processor's cache.
_PAGES, _WORDS = 64, 1 << 17


class Part(NamedTuple):
    """Consecutive pages of a group, `first` to before `last`: their words, and what the gold says of these."""

    first: int
    last: int
    pages: HashedPages
    runs: WordRuns


def parts_of(group: HashedPages) -> Iterator[Part]:
    """Cut a group into parts that are counted in one go."""
    edges = group.word_edges
    first = 0
    for last in range(1, len(edges)):
        if last == len(edges) - 1 or last - first == _PAGES or edges[last + 1] - edges[first] > _WORDS:
            pages = group.part(first, last)
            runs = label_pages(pages.starts, pages.bounds, pages.kinds, pages.word_edges, pages.segment_edges)
            yield Part(first, last, pages, runs)
            first = last


def count_part(part: Part, predictions: Sequence[Prediction | None]) -> NDArray[Any]:
    """Return the rows (pages, columns of `keptwords.COLUMNS`) for one prediction a page."""
    import numpy as np

    sums = np.zeros((len(predictions), len(SUMS)), dtype=np.int64)
    texts = {
        at: prediction.main_text
        for at, prediction in enumerate(predictions)
        if prediction is not None and prediction.main_text is not None
    }
    starts, ends, repeated = _aligned(part, texts, sums)
    spans = {
        at: np.array([(span.start, span.end) for span in prediction.boilerplate], dtype=np.int64).reshape(-1, 2)
        for at, prediction in enumerate(predictions)
        if prediction is not None and at not in texts and prediction.boilerplate is not None
    }
    if spans:
        kept = _kept_by_spans(part, spans, sums)
        starts, ends = np.concatenate([starts, kept[0]]), np.concatenate([ends, kept[1]])
    return _rows(part.runs, starts, ends, repeated, sums)


def count_spans(part: Part, spans: Sequence[NDArray[Any] | None]) -> NDArray[Any]:
    """Return the rows for furniture marked by offsets: (k, 2) a page, None where nobody looked at it."""
    import numpy as np

    sums = np.zeros((len(spans), len(SUMS)), dtype=np.int64)
    given = {at: bounds for at, bounds in enumerate(spans) if bounds is not None}
    return _rows(part.runs, *_kept_by_spans(part, given, sums), np.zeros(0, dtype=np.int64), sums)


def _kept_by_spans(
    part: Part, spans: Mapping[int, NDArray[Any]], sums: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return where stretches of words begin and end that no span of their page holds; note their words in `sums`.

    Pages that are not among `spans` have none.
    """
    import numpy as np

    pages, edges = part.pages, part.pages.word_edges
    count = len(part.pages.word_edges) - 1
    page_of_word = np.repeat(np.arange(count), np.diff(edges))
    looked = np.zeros(count, dtype=bool)
    looked[list(spans)] = True
    kept = looked[page_of_word]
    if spans:
        bounds = np.concatenate(list(spans.values()))
        # Offsets of pages are set apart, so that one search serves all of them.
        far = int(max(pages.starts.max(initial=0), bounds.max(initial=0))) + 1
        page_of_span = np.repeat(list(spans), [len(of_page) for of_page in spans.values()])
        places = (pages.starts + page_of_word * far).searchsorted(bounds + (page_of_span * far)[:, None])
        kept &= ~_within(places[:, 0], places[:, 1], edges[-1])
    sums[:, SUMS.index("output")] += np.bincount(page_of_word[kept], minlength=count)
    steps = np.diff(kept, prepend=False, append=False).nonzero()[0]
    return steps[::2], steps[1::2]


def _within(starts: NDArray[Any], ends: NDArray[Any], size: int) -> NDArray[Any]:
    """Say of each place from 0 to before `size` whether one of some stretches holds it."""
    import numpy as np

    steps = np.bincount(starts, minlength=size + 1) - np.bincount(ends, minlength=size + 1)
    return steps[:-1].cumsum() > 0


def _aligned(
    part: Part, texts: Mapping[int, str], sums: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Align outputs; return where stretches of kept words begin and end, and the words that are given again.

    All are places among the words of the part. What the outputs have is noted in `sums`.
    """
    import numpy as np

    if not texts:
        return (np.zeros(0, dtype=np.int64),) * 3
    pages, worth = part.pages, part.runs.worth_before
    output = hash_texts([unmarked(text) for text in texts.values()])
    bounds = output.edges.tolist()
    slices = [slice(pages.word_edges[at], pages.word_edges[at + 1]) for at in texts]
    same = {
        number: page
        for number, page in enumerate(slices)
        if bounds[number + 1] - bounds[number] == page.stop - page.start
        and (pages.hashes[page] == output.hashes[bounds[number] : bounds[number + 1]]).all()
    }
    joined, edges = pages.hashes, pages.word_edges
    if len(texts) < len(pages.word_edges) - 1:
        joined = np.concatenate([pages.hashes[page] for page in slices])
        edges = np.cumsum([0, *(page.stop - page.start for page in slices)]).tolist()
    short = [part.runs.short_segments[at] for at in texts]
    passages = find_batch_passages(joined, edges, output.hashes, bounds, short, skipped=same)
    # Of nothing, nothing is kept: an empty stretch would begin where the next page does.
    whole = [(number, [Run(0, 0, page.stop - page.start)]) for number, page in same.items() if page.stop > page.start]
    found = align_batch(
        passages.with_runs(whole),
        np.diff(edges),
        np.diff(output.edges),
        lambda number: memoryview(worth)[slices[number].start : slices[number].stop + 1],
    )
    firsts = np.array([page.start for page in slices])
    starts = found.kept.pages + firsts[found.kept.pairs]
    again = found.repeated_words
    sums[list(texts)] = np.column_stack([np.diff(output.edges), found.moved, found.repeated, found.invented])
    return starts, starts + found.kept.lengths, again[:, 1] + firsts[again[:, 0]]


def _rows(
    runs: WordRuns, starts: NDArray[Any], ends: NDArray[Any], repeated: NDArray[Any], sums: NDArray[Any]
) -> NDArray[Any]:
    """Sum the words of each page by type and place, those that are kept or repeated, and its segments by type.

    Kept are the words of some stretches, no two of which overlap.
    """
    import numpy as np

    kinds, pages = len(segment_types()), len(sums)
    size = np.diff(runs.edges)
    kept = np.diff(_covered_before(starts, ends, runs.edges))

    def by_page(pages_of: NDArray[Any], codes: NDArray[Any], width: int, words: NDArray[Any] | None) -> NDArray[Any]:
        counted = np.bincount(pages_of * width + codes, weights=words, minlength=pages * width)
        return counted.reshape(pages, width).astype(np.int64)

    # Each page's segments, and one slot behind them for its words outside all of them.
    slots = np.arange(pages + 1) + runs.segment_edges
    in_slot = slots[runs.pages] + runs.segments
    slot_size, slot_kept = (np.bincount(in_slot, weights=words, minlength=int(slots[-1])) for words in (size, kept))
    page_of_slot = np.repeat(np.arange(pages), np.diff(slots))
    slot_kinds = np.full(int(slots[-1]), kinds - 1)
    inside = np.ones(int(slots[-1]), dtype=bool)
    inside[slots[1:] - 1] = False
    slot_kinds[inside] = runs.segment_kinds
    filled, mostly = slot_size > 0, 2 * slot_kept > slot_size
    again = runs.edges.searchsorted(repeated, side="right") - 1
    furniture = is_furniture()[runs.types].nonzero()[0]
    of_furniture = runs.pages[furniture], runs.places[furniture], len(PLACES)
    return np.hstack(
        [
            by_page(runs.pages, runs.types, kinds, size),
            by_page(runs.pages, runs.types, kinds, kept),
            by_page(page_of_slot[filled], slot_kinds[filled], kinds, None),
            by_page(page_of_slot[mostly], slot_kinds[mostly], kinds, None),
            by_page(runs.pages[again], runs.types[again], kinds, None),
            by_page(*of_furniture, size[furniture]),
            by_page(*of_furniture, kept[furniture]),
            sums,
        ]
    )


def _covered_before(starts: NDArray[Any], ends: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Return how many places before each edge some stretches hold, none empty and no two of which overlap."""
    import numpy as np

    order = starts.argsort()
    starts, ends = starts[order], ends[order]
    covered = np.append(0, (ends - starts).cumsum())
    begun = starts.searchsorted(edges)
    # Of the last one that has begun, what lies behind the edge is too much.
    return covered[begun] - np.maximum(np.append(0, ends)[begun] - edges, 0)
