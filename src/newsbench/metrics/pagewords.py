"""A page as the boilerplate scorer sees it: its words, each with the type of its segment."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from newsbench.passages import MIN_PASSAGE
from newsbench.problems import UsageError
from newsbench.resources import table
from newsbench.text import page_word_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page

ROLES = ("content", "boilerplate", "optional")
PLACES = ("before", "inside", "after")
#: Type of a word that no segment covers; it counts like optional text.
UNLABELLED = "unlabelled"


@cache
def segment_types() -> tuple[str, ...]:
    """Return all segment types of `schema/segments.json`, and `unlabelled` last."""
    return (*table("segments")["types"], UNLABELLED)


@cache
def roles(policy: str = "strict") -> dict[str, str]:
    """Return type -> role under a policy of `schema/policies.json`.

    Errors: ValueError that names the policies there are.
    """
    policies = table("policies")["policies"]
    if policy not in policies:
        raise UsageError(f"no policy {policy!r}; allowed: {', '.join(sorted(policies))}")
    found = {kind: row["role"] for kind, row in table("segments")["types"].items()}
    found.update(policies[policy].get("roles", {}))
    found[UNLABELLED] = "optional"
    return found


@cache
def types_of(role: str, policy: str = "strict") -> tuple[str, ...]:
    """Return the segment types that have this role under this policy."""
    return tuple(kind for kind in segment_types() if roles(policy)[kind] == role)


class PageWords(NamedTuple):
    """Words of a page, in order, with what the gold says of each.

    `ids`: (n) word ids in `vocabulary`. `starts`: (n) offsets into the text. `type_codes`, `segment_codes`,
    `place_codes`: (n) position in `segment_types()`, number of the word's segment, position in `PLACES`.
    `segment_type_codes`: one integer a segment. `worth_before`: what the words before each position, and all, are
    worth: 2 for content, 1 for optional text. `short_segments`: word ranges of segments of content and optional text
    below the length of a passage.
    """

    ids: NDArray
    vocabulary: dict[str, int]
    starts: NDArray
    type_codes: NDArray
    segment_codes: NDArray
    place_codes: NDArray
    segment_type_codes: NDArray
    worth_before: Sequence[int] | NDArray
    short_segments: list[tuple[int, int]]


def page_words(page: Page) -> PageWords:
    """Split a page into words and look up each one's segment: the segment in which the word begins."""
    import numpy as np

    found = page_word_spans(page.text)
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(found.words))}
    ids = np.array([vocabulary[word] for word in found.words], dtype=np.int64)
    segments = page.segments or ()
    bounds = np.array([(segment.start, segment.end) for segment in segments], dtype=np.int64).reshape(-1, 2)
    position = {kind: code for code, kind in enumerate(segment_types())}
    kinds = np.array([position[segment.type] for segment in segments], dtype=np.int64)
    return label_words(ids, vocabulary, np.array(found.starts, dtype=np.int64), bounds, kinds)


def label_words(
    ids: NDArray, vocabulary: dict[str, int], starts: NDArray, bounds: NDArray, kinds: NDArray
) -> PageWords:
    """Give each word the segment in which it begins; `bounds`: (s, 2) segment offsets in order, `kinds`: (s) types."""
    import numpy as np

    runs = label_pages(starts, bounds, kinds, [0, len(ids)], [0, len(kinds)])
    codes = (column.repeat(np.diff(runs.edges)) for column in (runs.types, runs.segments, runs.places))
    kinds = np.append(kinds, len(segment_types()) - 1)
    return PageWords(ids, vocabulary, starts, *codes, kinds, runs.worth_before, runs.short_segments[0])


class WordRuns(NamedTuple):
    """Words of many pages, one page behind the other, as runs of words of which the gold says the same.

    Run r has the words from `edges[r]` to before `edges[r + 1]`, maybe none; `pages`, `types`, `places`: (r) what
    `PageWords` says of each, `segments`: (r) segments counted on each page from 0, with the number behind the last for
    words outside all of them. `segment_kinds`: one integer a segment. `worth_before`: (n + 1) sums before each word,
    over all pages. `short_segments`: word ranges by page.
    """

    edges: NDArray
    pages: NDArray
    types: NDArray
    segments: NDArray
    places: NDArray
    segment_kinds: NDArray
    segment_edges: Sequence[int]
    worth_before: NDArray
    short_segments: list[list[tuple[int, int]]]


class HashedPages(NamedTuple):
    """Words and segments of many pages, one page behind the other, before each word is given its segment.

    `hashes`, `starts`: (n) hash of each word and where it begins in its page's text. `bounds`: (s, 2), `kinds`: (s)
    segments. `word_edges`, `segment_edges`: (pages + 1) where each page's words and segments begin and end.
    """

    hashes: NDArray
    starts: NDArray
    bounds: NDArray
    kinds: NDArray
    word_edges: Sequence[int]
    segment_edges: Sequence[int]

    def part(self, first: int, last: int) -> HashedPages:
        """Return the pages from `first` to before `last`."""
        words = slice(self.word_edges[first], self.word_edges[last])
        segments = slice(self.segment_edges[first], self.segment_edges[last])
        return HashedPages(
            self.hashes[words], self.starts[words], self.bounds[segments], self.kinds[segments],
            [edge - words.start for edge in self.word_edges[first : last + 1]],
            [edge - segments.start for edge in self.segment_edges[first : last + 1]],
        )  # fmt: skip


def label_pages(
    starts: NDArray, bounds: NDArray, kinds: NDArray, word_edges: Sequence[int], segment_edges: Sequence[int]
) -> WordRuns:
    """Do for many pages what `label_words` does for one; `bounds` and `kinds` hold the segments of all pages."""
    import numpy as np

    pages, unlabelled = len(word_edges) - 1, len(segment_types()) - 1
    edges, firsts = np.asarray(word_edges), np.asarray(segment_edges)
    page_of_segment = np.repeat(np.arange(pages), np.diff(firsts))
    # Offsets of pages are set apart, so that one search serves all of them.
    far = int(max(starts.max(initial=0), bounds.max(initial=0))) + 2
    apart = starts + np.repeat(np.arange(pages) * far, np.diff(edges))
    begins, ends = (apart.searchsorted(side + page_of_segment * far) for side in bounds.T)
    # A page is a run of words before its segments, then one for each segment and one behind it. A word belongs to the
    # last segment that has begun.
    run_starts = np.empty(2 * len(kinds) + pages, dtype=np.int64)
    inside = 2 * np.arange(len(kinds)) + page_of_segment + 1
    before_all = 2 * firsts[:-1] + np.arange(pages)
    run_starts[before_all], run_starts[inside], run_starts[inside + 1] = edges[:-1], begins, ends
    next_begins = np.append(run_starts, len(starts))[inside + 2]
    run_starts[inside + 1] = np.minimum(ends, next_begins)
    run_edges = np.append(run_starts, len(starts))
    sizes = np.diff(run_edges)
    page_of_run = np.repeat(np.arange(pages), 2 * np.diff(firsts) + 1)
    types = np.full(len(sizes), unlabelled)
    types[inside] = kinds
    # A word's segment by its number on its page; words outside all segments share a number behind the last.
    numbers = np.diff(firsts)[page_of_run]
    numbers[inside] = np.arange(len(kinds)) - firsts[page_of_segment]
    # Content words of the page up to the end of a run, and on the page: before the first, or behind the last?
    content = _content_types()[types]
    so_far = np.append(0, (sizes * content).cumsum())
    in_page = so_far[np.append(before_all, len(sizes))]
    in_all = np.diff(in_page)[page_of_run]
    so_far = so_far[1:] - in_page[page_of_run]
    places = (so_far > 0).astype(np.int64)
    places += (so_far == in_all) & ~content & (in_all > 0)
    worth = _worth()[types]
    short = inside[(sizes[inside] > 0) & (sizes[inside] < MIN_PASSAGE) & (worth[inside] > 0)]
    shortest: list[list[tuple[int, int]]] = [[] for _ in range(pages)]
    for page, start, size in zip(*(column[short].tolist() for column in (page_of_run, run_starts, sizes)), strict=True):
        shortest[page].append((start - word_edges[page], start - word_edges[page] + size))
    worth_before = np.append(0, worth.repeat(sizes).cumsum())
    return WordRuns(
        run_edges, page_of_run, types, numbers, places, kinds, segment_edges, worth_before, shortest
    )  # fmt: skip


@cache
def _content_types() -> NDArray:
    import numpy as np

    return np.array([roles()[kind] == "content" for kind in segment_types()])


@cache
def _worth() -> NDArray:
    """Return what a word of each segment type is worth where an output can be laid on either of two places."""
    import numpy as np

    worth = {"content": 2, "optional": 1, "boilerplate": 0}
    return np.array([worth[roles()[kind]] for kind in segment_types()])
