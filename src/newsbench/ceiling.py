"""Human ceilings: what the second annotator marked, as if it were a system's predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbench.dataset import SPLITS, read_config, read_parquet
from newsbench.gold import attribution_of, segment_of
from newsbench.types import ELEMENTS, Attribution, Prediction, QuotedAttribution, Topic
from newsbench.wordindex import primitive

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The layer that human ceilings are computed from.
SECOND_ANNOTATOR = "b"


def load_ceiling(
    source: str | Path | None = None, *, split: str | None = "test", version: str | None = None
) -> dict[str, Prediction]:
    """Return what the second annotator marked, as if it were a system's predictions; empty where there is no layer."""
    rows = (row for table in _layers(source, split, version) for row in table.to_pylist())
    return {row["id"]: prediction_of_layer(row) for row in rows if row["annotator"] == SECOND_ANNOTATOR}


def load_furniture(
    source: str | Path | None = None, *, split: str | None = "test", version: str | None = None
) -> dict[str, NDArray[Any]]:
    """Return what the second annotator marked as furniture: (k, 2) offsets for each page that they judged."""
    import numpy as np

    found = {}
    for table in _layers(source, split, version, ["id", "annotator", "boilerplate"]):
        for batch in table.to_batches():
            if "boilerplate" not in batch.schema.names:
                continue
            ids, annotators, column = (batch.column(name) for name in ("id", "annotator", "boilerplate"))
            edges = primitive(column.offsets, "<i4").tolist()
            # `is_valid` would import Arrow's compute functions.
            judged = [True] * len(column) if not column.null_count else [value.is_valid for value in column]
            bounds = np.column_stack([primitive(column.values.field(name), "<i4") for name in ("start", "end")])
            rows = zip(ids.to_pylist(), annotators.to_pylist(), judged, pairwise(edges), strict=True)
            for page, annotator, known, (first, last) in rows:
                if annotator == SECOND_ANNOTATOR and known:
                    found[page] = bounds[first:last]
    return found


def _layers(
    source: str | Path | None, split: str | None, version: str | None, columns: Sequence[str] | None = None
) -> list[Any]:
    """Return the tables of `annotations`, with the wanted columns."""
    if source is None:
        return [read_config("annotations", split, version, columns)]
    path = Path(source)
    place = path if path.is_dir() else path.parent
    place = (place.parent if place.name == "pages" else place) / "annotations"
    names = [path.stem] if path.is_file() else [split] if split is not None else list(SPLITS)
    files = [place / f"{name}.parquet" for name in names]
    return [read_parquet(file, columns) for file in files if file.is_file()]


def prediction_of_layer(row: Mapping[str, Any]) -> Prediction:
    """Turn one annotator's layer of a page into a prediction."""
    attributions = row.get("attributions")
    topics = row.get("topics")
    boilerplate = row.get("boilerplate")
    return Prediction(
        id=row["id"],
        boilerplate=None if boilerplate is None else tuple(map(segment_of, boilerplate)),
        attributions=None if attributions is None else tuple(map(quoted, map(attribution_of, attributions))),
        topics=None if topics is None else tuple(Topic(t["code"], bool(t.get("primary"))) for t in topics),
        aspect=row.get("aspect"),
    )


def quoted(attribution: Attribution) -> QuotedAttribution:
    """Turn a gold attribution into a predicted one: its spans, labels, and source ids as entities."""
    return QuotedAttribution(
        id=attribution.id,
        **{name: getattr(attribution, name) for name in ELEMENTS},
        **{name: getattr(attribution, name) for name in ("form", "channel", "polarity", "modality", "evidential")},
        no_comment=attribution.no_comment,
        parent=attribution.parent,
        entity=attribution.source_ids,
    )
