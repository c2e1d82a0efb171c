"""Human ceilings: what the second annotator marked, as if it were a system's predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from newsbench.dataset import SPLITS, read_config, read_parquet
from newsbench.gold import attribution_of, segment_of
from newsbench.types import ELEMENTS, Attribution, Prediction, QuotedAttribution, Topic

#: The layer that human ceilings are computed from.
SECOND_ANNOTATOR = "b"


def load_ceiling(
    source: str | Path | None = None,
    *,
    split: str | None = "test",
    version: str | None = None,
    columns: Sequence[str] | None = None,
) -> dict[str, Prediction]:
    """Return what the second annotator marked, as if it were a system's predictions; empty where there is no layer.

    `columns` of the configuration `annotations` that are wanted beside `id` and `annotator`; all where it is None.
    """
    columns = None if columns is None else ["id", "annotator", *columns]
    if source is None:
        rows = read_config("annotations", split, version, columns).to_pylist()
    else:
        path = Path(source)
        place = path if path.is_dir() else path.parent
        place = (place.parent if place.name == "pages" else place) / "annotations"
        names = [path.stem] if path.is_file() else [split] if split is not None else list(SPLITS)
        files = [place / f"{name}.parquet" for name in names]
        rows = [row for file in files if file.is_file() for row in read_parquet(file, columns).to_pylist()]
    return {row["id"]: prediction_of_layer(row) for row in rows if row["annotator"] == SECOND_ANNOTATOR}


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
