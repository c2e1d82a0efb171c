"""A page as the boilerplate scorer sees it: its words, each with the type of its segment."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from newsbench.align import MIN_PASSAGE
from newsbench.resources import table
from newsbench.text import word_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.types import Page

ROLES = ("content", "boilerplate", "optional")
PLACES = ("before", "inside", "after")
#: Type of a word that no segment covers; it counts like optional text.
UNLABELLED = "unlabelled"


@lru_cache(maxsize=1)
def segment_types() -> tuple[str, ...]:
    """Return all segment types of `schema/segments.json`, and `unlabelled` last."""
    return (*table("segments")["types"], UNLABELLED)


@lru_cache(maxsize=None)
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


@lru_cache(maxsize=None)
def types_of(role: str, policy: str = "strict") -> tuple[str, ...]:
    """Return the segment types that have this role under this policy."""
    return tuple(kind for kind in segment_types() if roles(policy)[kind] == role)


@dataclass(frozen=True, slots=True)
class PageWords:
    """Words of a page, in order, with what the gold says of each.

    `type_codes`, `segment_codes`, `place_codes`: one integer a word (position in `segment_types()`, number of its
    segment, position in `PLACES`). `segment_type_codes`: one integer a segment. `content_before`: content words before
    each position, and in all. `short_segments`: word ranges of content segments below the length of a passage.
    """

    words: list[str]
    starts: list[int]
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
    position = {kind: code for code, kind in enumerate(segment_types())}
    segments = page.segments or ()
    bounds = [segment.start for segment in segments]
    unlabelled = len(segments)
    owners = []
    for start in found.starts:
        at = bisect_right(bounds, start) - 1
        owners.append(at if at >= 0 and start < segments[at].end else unlabelled)
    kinds = [position[segment.type] for segment in segments] + [position[UNLABELLED]]
    is_content = [roles()[kind] == "content" for kind in segment_types()]
    content_segment = [is_content[kind] for kind in kinds]
    content = [content_segment[owner] for owner in owners]
    first = content.index(True) if any(content) else len(content)
    last = len(content) - 1 - content[::-1].index(True) if any(content) else -1
    places = [0 if at < first else 1 if at <= last else 2 for at in range(len(owners))]
    return PageWords(
        found.words,
        found.starts,
        np.array([kinds[owner] for owner in owners], dtype=np.int64),
        np.array(owners, dtype=np.int64),
        np.array(places, dtype=np.int64),
        np.array(kinds, dtype=np.int64),
        [0, *accumulate(map(int, content))],
        _short_segments(owners, content_segment),
    )


def _short_segments(owners: list[int], content_segment: list[bool]) -> list[tuple[int, int]]:
    short = []
    start = 0
    for at in range(1, len(owners) + 1):
        if at == len(owners) or owners[at] != owners[start]:
            if at - start < MIN_PASSAGE and content_segment[owners[start]]:
                short.append((start, at))
            start = at
    return short
