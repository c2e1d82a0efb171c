"""Scoring boilerplate without texts in memory: gold from its index of words, predictions page by page from disk."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from newsbench.align import ALIGNMENT, ATTRIBUTION_ALIGNMENT
from newsbench.formats.lazy import PredictionFile
from newsbench.gold import gold_files, gold_meta
from newsbench.metrics import families
from newsbench.metrics.keptbatch import count_group
from newsbench.metrics.keptwords import COLUMNS
from newsbench.problems import InputError, Problem
from newsbench.scoring import (
    GROUPS,
    CountTable,
    FamilyCounts,
    Lookup,
    PredictionTable,
    answers,
    count_pages,
    merge_tables,
    status_of,
)
from newsbench.text import TOKENIZER
from newsbench.types import Prediction
from newsbench.wordindex import IndexedGroup, group_count, page_ids_of, read_indexed, usable_index
from newsbench.workers import in_processes, share_of


@dataclass(frozen=True, slots=True)
class IndexedGold:
    """Files of gold pages that all have an index of words, as (pages, index), and what identifies them."""

    files: list[tuple[Path, Path]]
    meta: dict[str, Any]


def is_json_lines(source: Any) -> bool:
    """Say whether predictions are a JSON Lines file."""
    return isinstance(source, str | Path) and Path(source).is_file() and Path(source).suffix != ".parquet"


class _Everything:
    """Contains every page: for looking into files before the gold is known."""

    def __contains__(self, page: object) -> bool:
        return True


def answer_only_boilerplate(sources: Sequence[str | Path]) -> bool:
    """Say whether JSON Lines files answer this task and no other."""
    found = set()
    for source in sources:
        file = PredictionFile(source)
        file.read_index(_Everything(), (), find_tasks=True)
        found.update(file.tasks)
    return found == {"boilerplate"}


def find_indexed(source: str | Path | None, *, split: str | None) -> IndexedGold | None:
    """Return the gold if all its files have an index of words that fits, else None."""
    files = gold_files(source, split=split)
    if not all(file.path.suffix == ".parquet" for file in files):
        return None
    found = [(file.path, usable_index(file.path, file.sha256)) for file in files]
    pairs = [(pages, index) for pages, index in found if index is not None]
    return IndexedGold(pairs, gold_meta(source, files, split=split)) if len(pairs) == len(found) else None


def describe_gold(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Add to what identifies the gold what else figures depend on: words, alignment, package."""
    from newsbench import __version__

    alignment = f"{ALIGNMENT}+{ATTRIBUTION_ALIGNMENT}"
    return {**meta, "tokenizer": TOKENIZER, "alignment": alignment, "package": __version__}


def count_indexed(
    sources: Sequence[str | Path],
    gold: IndexedGold,
    *,
    skip_invalid: bool,
    jobs: int,
    others: Container[str] = frozenset(),
) -> list[CountTable] | None:
    """Count the words of boilerplate for each system; None where offsets in other units make texts necessary.

    Errors: InputError that names every problem of every file, unless `skip_invalid`.
    """
    known = dict.fromkeys(page for pages, _ in gold.files for page in page_ids_of(pages))
    files = [PredictionFile(source) for source in sources]
    for file in files:
        file.read_index(known, others, find_tasks=False)
    if any(file.names_units for file in files):
        return None
    groups = [(pages, index, group) for pages, index in gold.files for group in range(group_count(index))]
    meta = describe_gold({**gold.meta, "pages": len(known)})

    def share(worker: int) -> tuple[list[CountTable], list[tuple[list[Problem], int, int]]]:
        before = [(len(file.problems), file.skipped, file.unlisted) for file in files]
        parts = [_count_group(read_indexed(*group), files, meta) for group in share_of(groups, worker, jobs)]
        # A worker without a share has tables without pages.
        nothing = count_pages([], dict.fromkeys(map(str, range(len(files)))), families(["boilerplate"]), meta=meta)
        tables = [merge_tables(of_system) for of_system in zip(nothing, *parts, strict=True)]
        found = []
        for file, (listed, skipped, unlisted) in zip(files, before, strict=True):
            file.close()
            found.append((file.problems[listed:], file.skipped - skipped, file.unlisted - unlisted))
            # The first worker is this process: what it found is added below, with what the others found.
            del file.problems[listed:]
            file.skipped, file.unlisted = skipped, unlisted
        return tables, found

    results = in_processes(share, jobs)
    for _, found in results:
        for file, (problems, skipped, unlisted) in zip(files, found, strict=True):
            file.problems += problems
            file.skipped += skipped
            file.unlisted += unlisted
    problems = [problem for file in files for problem in file.all_problems()]
    if problems and not skip_invalid:
        raise InputError(problems)
    merged = [merge_tables(parts) for parts in zip(*(tables for tables, _ in results), strict=True)]
    return [replace(table, system=file.system, skipped=file.skipped) for table, file in zip(merged, files, strict=True)]


def count_indexed_ceiling(gold: IndexedGold, layers: Mapping[str, Prediction]) -> CountTable | None:
    """Count what the second annotator keeps, on the pages that they judged; None where there are none."""
    if not any(answers(layer, "boilerplate") for layer in layers.values()):
        return None
    parts = [
        _count_group(read_indexed(pages, index, group), [PredictionTable(layers)], {})[0]
        for pages, index in gold.files
        for group in range(group_count(index))
    ]
    merged = merge_tables(parts)
    rows = merged.families["boilerplate.words"]
    judged = replace(
        rows, positions=rows.positions[rows.answered], values=rows.values[rows.answered],
        answered=rows.answered[rows.answered],
    )  # fmt: skip
    return replace(merged, families={"boilerplate.words": judged}) if len(judged.positions) else None


def _count_group(group: IndexedGroup, files: Sequence[Lookup], meta: Mapping[str, Any]) -> list[CountTable]:
    """Count a row group of the gold for each system, a few pages at a time: texts are not kept."""
    import numpy as np

    positions = np.array([at for at, labelled in enumerate(group.labelled) if labelled], dtype=np.int64)
    ids = [page.id for page in group.pages]
    groups = {name: [getattr(page, name) for page in group.pages] for name in GROUPS}
    tables = []
    for at, file in enumerate(files):
        status, answered = [], []

        def predictions(file=file, status=status, answered=answered) -> Iterator[Prediction | None]:
            for page in group.pages:
                prediction = file.get(page)
                status.append(status_of(prediction))
                answered.append(answers(prediction, "boilerplate"))
                yield prediction

        rows = np.concatenate([*count_group(group.words, predictions())]).astype(np.int32)
        counts = FamilyCounts(COLUMNS, positions, rows[positions], np.array(answered)[positions])
        tables.append(CountTable(str(at), ids, groups, status, {"boilerplate.words": counts}, meta=dict(meta)))
    return tables
