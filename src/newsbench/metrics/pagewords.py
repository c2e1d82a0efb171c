"""A page as the boilerplate scorer sees it: its words, each with the type of its segment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from newsbench.passages import MIN_PASSAGE
from newsbench.resources import table
from newsbench.text import word_spans

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
        raise ValueError(f"no policy {policy!r}; allowed: {', '.join(sorted(policies))}")
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
    content_before: list[int]
    short_segments: list[tuple[int, int]]


def page_words(page: Page) -> PageWords:
    """Split a page into words and look up each one's segment: the segment in which the word begins."""
    import numpy as np

    found = word_spans(page.text)
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
    """Give each word the segment in which it begins; `bounds` are (s, 2) segment offsets in order, `kinds` (s) types."""
    import numpy as np

    unlabelled = len(kinds)
    kinds = np.append(kinds, segment_types().index(UNLABELLED))
    owners = np.searchsorted(bounds[:, 0], starts, side="right") - 1
    outside = (owners < 0) | (starts >= np.append(bounds[:, 1], 0)[owners])
    owners[outside] = unlabelled
    types = kinds[owners]
    content_segment = _content_types()[kinds]
    content = content_segment[owners]
    places = np.zeros(len(owners), dtype=np.int64)
    (where,) = content.nonzero()
    if len(where):
        places[where[0] :] = 1
        places[where[-1] + 1 :] = 2
    before = np.concatenate([[0], content.cumsum()]).tolist()
    return PageWords(
        ids, vocabulary, starts, types, owners, places, kinds, before, _short_segments(owners, content_segment)
    )


@cache
def _content_types() -> NDArray:
    import numpy as np

    return np.array([roles()[kind] == "content" for kind in segment_types()])


def _short_segments(owners: NDArray, content_segment: NDArray) -> list[tuple[int, int]]:
    import numpy as np

    if not len(owners):
        return []
    edges = np.concatenate([[0], (owners[1:] != owners[:-1]).nonzero()[0] + 1, [len(owners)]])
    sizes = edges[1:] - edges[:-1]
    (short,) = ((sizes < MIN_PASSAGE) & content_segment[owners[edges[:-1]]]).nonzero()
    return [(int(edges[at]), int(edges[at + 1])) for at in short]
