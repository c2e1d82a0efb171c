"""A page as the boilerplate scorer sees it: its words, each with the type of its segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class PageWords:
    """Words of a page, in order, with what the gold says of each.

    `ids`: (n) word ids in `vocabulary`. `starts`: (n) offsets into the text. `type_codes`, `segment_codes`,
    `place_codes`: (n) position in `segment_types()`, number of the word's segment, position in `PLACES`.
    `segment_type_codes`: one integer a segment. `content_before`: content words before each position, and in all.
    `short_segments`: word ranges of content segments below the length of a passage.
    """

    ids: NDArray
    vocabulary: dict[str, int]
    starts: NDArray
    type_codes: NDArray
    segment_codes: NDArray
    place_codes: NDArray
    segment_type_codes: NDArray
    content_before: Sequence[int] | NDArray
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
    return next(label_pages(ids, vocabulary, starts, bounds, kinds, [0, len(ids)], [0, len(kinds)]))


def label_pages(
    ids: NDArray,
    vocabulary: dict[str, int],
    starts: NDArray,
    bounds: NDArray,
    kinds: NDArray,
    word_edges: Sequence[int],
    segment_edges: Sequence[int],
) -> Iterator[PageWords]:
    """Do for many pages, one behind the other, what `label_words` does for one.

    Page p has the words from `word_edges[p]` to `word_edges[p + 1]`, and its segments likewise.
    """
    import numpy as np

    pages = len(word_edges) - 1
    unlabelled = len(segment_types()) - 1
    # Offsets of pages are set apart, so that one search serves all of them.
    far = int(max(starts.max(initial=0), bounds.max(initial=0))) + 2
    page_of_word = np.repeat(np.arange(pages), np.diff(word_edges))
    page_of_segment = np.repeat(np.arange(pages), np.diff(segment_edges))
    begins = bounds[:, 0] + page_of_segment * far
    owners = begins.searchsorted(starts + page_of_word * far, side="right") - 1
    first_segment = np.asarray(segment_edges)[page_of_word]
    inside = owners >= first_segment
    if len(bounds):
        inside &= starts < bounds[owners, 1]
    types = np.where(inside, kinds[owners] if len(kinds) else unlabelled, unlabelled)
    content = _content_types()[types]
    before = np.concatenate([[0], content.cumsum()])
    # A word's segment by its number on its page; words outside all segments share a number behind the last.
    sizes = np.diff(segment_edges)[page_of_word]
    numbers = np.where(inside, owners - first_segment, sizes)
    changes = (numbers[1:] != numbers[:-1]) | (page_of_word[1:] != page_of_word[:-1])
    edges = np.concatenate([[0], changes.nonzero()[0] + 1, [len(ids)]]) if len(ids) else np.zeros(1, np.int64)
    short = (np.diff(edges) < MIN_PASSAGE) & content[edges[:-1]]
    short_by_page: dict[int, list[tuple[int, int]]] = {}
    for start, end in zip(edges[:-1][short].tolist(), edges[1:][short].tolist(), strict=True):
        page = int(page_of_word[start])
        short_by_page.setdefault(page, []).append((start - word_edges[page], end - word_edges[page]))
    for page in range(pages):
        of_page = slice(word_edges[page], word_edges[page + 1])
        counted = before[of_page.start : of_page.stop + 1] - before[of_page.start]
        places = np.zeros(of_page.stop - of_page.start, dtype=np.int64)
        if counted[-1]:
            places[counted[1:].searchsorted(1) :] = 1
            places[counted[1:].searchsorted(counted[-1]) + 1 :] = 2
        of_segments = kinds[segment_edges[page] : segment_edges[page + 1]]
        yield PageWords(
            ids[of_page],
            vocabulary,
            starts[of_page],
            types[of_page],
            numbers[of_page],
            places,
            np.append(of_segments, unlabelled),
            counted,
            short_by_page.get(page, []),
        )


@cache
def _content_types() -> NDArray:
    import numpy as np

    return np.array([roles()[kind] == "content" for kind in segment_types()])
