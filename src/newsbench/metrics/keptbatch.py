"""Rows of `keptwords.count` for many pages at once, on hashed words: the same numbers, the work of arrays shared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.align import Alignment, align_passages
from newsbench.batchpassages import find_batch_passages
from newsbench.metrics.keptwords import SUMS, is_furniture
from newsbench.metrics.pagewords import PLACES, GroupWords, HashedPages, label_pages, segment_types
from newsbench.passages import Run
from newsbench.text import unmarked
from newsbench.wordhash import hash_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Prediction

# Pages whose outputs are split and aligned together, and the words on them: arrays that fit the processor's cache.
_PAGES, _WORDS = 64, 1 << 17


class Part(NamedTuple):
    """Consecutive pages of a group, `first` to before `last`: their words, and what the gold says of each."""

    first: int
    last: int
    pages: HashedPages
    words: GroupWords


def parts_of(group: HashedPages) -> Iterator[Part]:
    """Cut a group into parts that are counted in one go."""
    edges = group.word_edges
    first = 0
    for last in range(1, len(edges)):
        if last == len(edges) - 1 or last - first == _PAGES or edges[last + 1] - edges[first] > _WORDS:
            pages = group.part(first, last)
            words = label_pages(pages.starts, pages.bounds, pages.kinds, pages.word_edges, pages.segment_edges)
            yield Part(first, last, pages, words)
            first = last


def count_part(part: Part, predictions: Sequence[Prediction | None]) -> NDArray[Any]:
    """Return the rows (pages, columns of `keptwords.COLUMNS`) for one prediction a page."""
    import numpy as np

    pages, words = part.pages, part.words
    edges = pages.word_edges
    sums = np.zeros((len(predictions), len(SUMS)), dtype=np.int64)
    texts = {
        at: prediction.main_text
        for at, prediction in enumerate(predictions)
        if prediction is not None and prediction.main_text is not None
    }
    starts, ends, repeated = [], [], []
    for at, found, size in _aligned(pages, words, texts):
        for runs in (found.in_order, found.moved):
            starts += [edges[at] + run.page for run in runs]
            ends += [edges[at] + run.page + run.length for run in runs]
        repeated += [edges[at] + word for word in found.repeated]
        sums[at] = size, sum(run.length for run in found.moved), found.duplicated, found.invented
    kept = _within(np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64), edges[-1])
    spans = {
        at: np.array([(span.start, span.end) for span in prediction.boilerplate], dtype=np.int64).reshape(-1, 2)
        for at, prediction in enumerate(predictions)
        if prediction is not None and at not in texts and prediction.boilerplate is not None
    }
    if spans:
        kept |= _kept_by_spans(part, spans, sums)
    return _rows(words, kept, repeated, sums)


def count_spans(part: Part, spans: Sequence[NDArray[Any] | None]) -> NDArray[Any]:
    """Return the rows for furniture marked by offsets: (k, 2) a page, None where nobody looked at it."""
    import numpy as np

    sums = np.zeros((len(spans), len(SUMS)), dtype=np.int64)
    given = {at: bounds for at, bounds in enumerate(spans) if bounds is not None}
    return _rows(part.words, _kept_by_spans(part, given, sums), [], sums)


def _kept_by_spans(part: Part, spans: Mapping[int, NDArray[Any]], sums: NDArray[Any]) -> NDArray[Any]:
    """Say of each word whether its page is among `spans` and none of these holds it; note how many in `sums`."""
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
    return kept


def _within(starts: NDArray[Any], ends: NDArray[Any], size: int) -> NDArray[Any]:
    """Say of each place from 0 to before `size` whether one of some stretches holds it."""
    import numpy as np

    steps = np.bincount(starts, minlength=size + 1) - np.bincount(ends, minlength=size + 1)
    return steps[:-1].cumsum() > 0


def _aligned(pages: HashedPages, words: GroupWords, texts: Mapping[int, str]) -> Iterator[tuple[int, Alignment, int]]:
    """Yield (page, alignment, words of the output) for each output."""
    import numpy as np

    if not texts:
        return
    output = hash_texts([unmarked(text) for text in texts.values()])
    bounds = output.edges.tolist()
    slices = [slice(pages.word_edges[at], pages.word_edges[at + 1]) for at in texts]
    same = set()
    for number, page in enumerate(slices):
        mine = output.hashes[bounds[number] : bounds[number + 1]]
        if len(mine) == page.stop - page.start and (pages.hashes[page] == mine).all():
            same.add(number)
    joined, edges = pages.hashes, pages.word_edges
    if len(texts) < len(pages.word_edges) - 1:
        joined = np.concatenate([pages.hashes[page] for page in slices])
        edges = np.cumsum([0, *(page.stop - page.start for page in slices)]).tolist()
    short = [words.short_segments[at] for at in texts]
    passages = find_batch_passages(joined, edges, output.hashes, bounds, short, skipped=same)
    before = memoryview(words.worth_before)
    for number, (at, page) in enumerate(zip(texts, slices, strict=True)):
        size = bounds[number + 1] - bounds[number]
        if number in same:
            yield at, Alignment([Run(0, 0, size)] if size else [], [], [], 0), size
            continue
        worth = before[page.start : page.stop + 1]
        yield at, align_passages(passages[number], page.stop - page.start, size, worth=worth), size


def _rows(words: GroupWords, kept: NDArray[Any], repeated: Sequence[int], sums: NDArray[Any]) -> NDArray[Any]:
    """Sum the words of each page by type and place, those that outputs repeat, and its segments by type."""
    import numpy as np

    again = np.array(repeated, dtype=np.int64)

    kinds, types = len(segment_types()), words.type_codes
    pages = len(words.word_edges) - 1
    page_of_word = np.repeat(np.arange(pages), np.diff(words.word_edges))

    def by_page(of: NDArray[Any], codes: NDArray[Any], width: int) -> NDArray[Any]:
        return np.bincount(of * width + codes, minlength=pages * width).reshape(pages, width)

    # Each page's segments, and one slot behind them for its words outside all of them.
    slots = np.arange(pages + 1) + words.segment_edges
    in_slot = slots[page_of_word] + words.segment_codes
    size = np.bincount(in_slot, minlength=int(slots[-1]))
    kept_size = np.bincount(in_slot[kept], minlength=int(slots[-1]))
    page_of_slot = np.repeat(np.arange(pages), np.diff(slots))
    slot_kinds = np.full(int(slots[-1]), kinds - 1)
    inside = np.ones(int(slots[-1]), dtype=bool)
    inside[slots[1:] - 1] = False
    slot_kinds[inside] = words.segment_type_codes
    filled, mostly = size > 0, 2 * kept_size > size
    furniture = is_furniture()[types]
    furniture_kept = furniture & kept
    return np.hstack(
        [
            by_page(page_of_word, types, kinds),
            by_page(page_of_word[kept], types[kept], kinds),
            by_page(page_of_slot[filled], slot_kinds[filled], kinds),
            by_page(page_of_slot[mostly], slot_kinds[mostly], kinds),
            by_page(page_of_word[again], types[again], kinds),
            by_page(page_of_word[furniture], words.place_codes[furniture], len(PLACES)),
            by_page(page_of_word[furniture_kept], words.place_codes[furniture_kept], len(PLACES)),
            sums,
        ]
    )
