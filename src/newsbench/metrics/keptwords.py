"""What a system kept of a page, counted: the row behind every boilerplate figure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from newsbench.align import align_ids
from newsbench.metrics.pagewords import PLACES, PageWords, segment_types, types_of
from newsbench.passages import word_ids
from newsbench.text import output_words

if TYPE_CHECKING:
    from newsbench.types import Prediction

SUMS = ("output", "moved", "duplicated", "invented")
#: What is counted by segment type: words, segments, and what was kept of either.
COUNTED = ("words", "kept", "segments", "segments_kept")
COLUMNS = (
    *(f"{column}.{kind}" for column in COUNTED for kind in segment_types()),
    *(f"duplicated.{kind}" for kind in segment_types()),
    *(f"furniture.{place}" for place in PLACES),
    *(f"furniture_kept.{place}" for place in PLACES),
    *SUMS,
)
#: Columns that do not depend on a prediction.
GOLD_COLUMNS = tuple(column for column in COLUMNS if column.partition(".")[0] in ("words", "segments", "furniture"))


def count(page: PageWords, prediction: Prediction | None) -> Sequence[float]:
    """Count, by segment type and place, the words there are and those that the system kept."""
    return _row(page, *_kept_and_sums(page, prediction))


def kept_words(page: PageWords, prediction: Prediction | None) -> Any:
    """Return, for each word of the page, 1 where the system kept it and 0 where it did not."""
    return _kept_and_sums(page, prediction)[0]


def _kept_and_sums(page: PageWords, prediction: Prediction | None) -> tuple[Any, list[int], tuple[int, ...]]:
    """Return which words were kept, the words that the output repeats, and `SUMS`."""
    import numpy as np

    kept = np.zeros(len(page.ids), dtype=np.int64)
    repeated: list[int] = []
    output = moved = invented = 0
    if prediction is not None and prediction.main_text is not None:
        produced = word_ids(output_words(prediction.main_text), page.vocabulary)
        found = align_ids(page.ids, produced, worth=page.worth_before, short_segments=page.short_segments)
        for at, _, length in found.in_order:
            kept[at : at + length] = 1
        for at, _, length in found.moved:
            kept[at : at + length] = 1
            moved += length
        output, repeated, invented = len(produced), found.repeated, found.invented
    elif prediction is not None and prediction.boilerplate is not None:
        kept[:] = 1
        for span in prediction.boilerplate:
            first, last = np.searchsorted(page.starts, (span.start, span.end))
            kept[first:last] = 0
        output = int(kept.sum())
    return kept, repeated, (output, moved, len(repeated), invented)


def _row(page: PageWords, kept: Any, repeated: list[int], sums: tuple[int, ...]) -> Any:
    import numpy as np

    kinds = len(segment_types())
    segments = len(page.segment_type_codes)
    in_segment = np.bincount(page.segment_codes, minlength=segments)
    kept_in_segment = np.bincount(page.segment_codes, weights=kept, minlength=segments)
    filled = in_segment > 0
    furniture = is_furniture()[page.type_codes]
    return np.concatenate(
        [
            np.bincount(page.type_codes, minlength=kinds),
            np.bincount(page.type_codes, weights=kept, minlength=kinds),
            np.bincount(page.segment_type_codes[filled], minlength=kinds),
            np.bincount(page.segment_type_codes[2 * kept_in_segment > in_segment], minlength=kinds),
            np.bincount(page.type_codes[repeated], minlength=kinds),
            np.bincount(page.place_codes[furniture], minlength=3),
            np.bincount(page.place_codes[furniture & (kept > 0)], minlength=3),
            sums,
        ]
    )


@cache
def is_furniture() -> Any:
    """Return for each segment type whether it is boilerplate."""
    import numpy as np

    return np.array([kind in types_of("boilerplate") for kind in segment_types()])
