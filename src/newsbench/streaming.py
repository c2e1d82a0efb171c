"""Scoring boilerplate without texts in memory: gold from its index of words, predictions page by page from disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain, compress, groupby, tee
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from newsbench.align import ALIGNMENT, ATTRIBUTION_ALIGNMENT
from newsbench.formats.lazy import Findings, PredictionFile, only_boilerplate
from newsbench.gold import gold_files, gold_meta
from newsbench.metrics import families
from newsbench.metrics.boilerplate import FAMILY
from newsbench.metrics.keptbatch import count_part, count_spans, parts_of
from newsbench.metrics.keptwords import COLUMNS
from newsbench.problems import InputError
from newsbench.scoring import (
    GROUPS,
    CountTable,
    FamilyCounts,
    answers,
    status_of,
)
from newsbench.text import TOKENIZER
from newsbench.weights import DrawnAhead
from newsbench.wordindex import IndexedGroup, IndexedPages, find_index
from newsbench.workers import Turns, in_processes, meanwhile, shared_zeros, useful_jobs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from newsbench.stats import Resampling


class IndexedGold(NamedTuple):
    """Files of gold pages that all have an index of words, and what identifies them."""

    files: list[IndexedPages]
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
        if only_boilerplate(Path(source)):
            found.add("boilerplate")
            continue
        file = PredictionFile(source)
        file.read_index(_Everything(), {}, find_tasks=True)
        found.update(file.tasks)
    return found == {"boilerplate"}


def is_only_words(tasks: Sequence[str] | None) -> bool:
    """Say whether words of boilerplate are all that tasks come to: no other package counts anything for it."""
    return tasks == ["boilerplate"] and families(tasks) == [FAMILY]


def find_indexed(source: str | Path | None, *, split: str | None) -> IndexedGold | None:
    """Return the gold if all its files have an index of words that fits, else None."""
    files = gold_files(source, split=split)
    if not all(file.path.suffix == ".parquet" for file in files):
        return None
    found = [indexed for file in files if (indexed := find_index(file.path, file.sha256)) is not None]
    return IndexedGold(found, gold_meta(source, files, split=split)) if len(found) == len(files) else None


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
    others: Mapping[str, str] | None = None,
    layer: Mapping[str, NDArray[Any]] | None = None,
    resampling: Resampling | None = None,
) -> tuple[list[CountTable], CountTable | None] | None:
    """Count the words of boilerplate for each system and for a second annotator.

    `layer` holds what that annotator marked as furniture: (k, 2) offsets a page; their table covers the pages that they
    judged, and is None where there are none. The whole is None where a file has to be read whole: because of offsets in
    other units, for which texts are needed, or records that are not what they look like. Where stories will be drawn
    for `resampling`, a process that has nothing left to count does so.
    Errors: InputError that names every problem of every file, unless `skip_invalid`, and each file whose predictions
    are all for `others` (pages of other splits, by id).
    """
    known = dict.fromkeys(page for file in gold.files for page in file.ids())
    files = [PredictionFile(source) for source in sources]
    # The index of predictions is made meanwhile; processes that are started then find the head read.
    with meanwhile(lambda: [file.read_head() for file in gold.files]) as heads:
        for file in files:
            file.read_index(known, others or {}, find_tasks=False)
        heads()
    groups = [(file, group) for file in gold.files for group in file.groups]
    jobs = useful_jobs(jobs, len(groups))
    firsts = [0, *accumulate(file.size_of(group) for file, group in groups)]
    rows = [shared_zeros((firsts[-1], len(COLUMNS)), "int32", jobs) for _ in range(len(files) + bool(layer))]
    turns = Turns(len(groups))
    ahead = DrawnAhead(resampling.seed, resampling.resamples, jobs) if resampling else None
    # Of the pages that a process comes to.
    stories: set[str] = set()

    def share(_: int) -> Iterator[tuple[int, _Answers] | list[Findings]]:
        for number, group in _read(groups, turns):
            of_group = [of_one[firsts[number] : firsts[number + 1]] for of_one in rows]
            yield number, _count_group(group, files, layer, of_group)
            stories.update(page.story or page.id for page in compress(group.pages, group.labelled))
        yield [file.hand_over() for file in files]

    try:
        results = in_processes(share, jobs, (lambda: ahead.draw(len(stories))) if ahead else None)
    finally:
        turns.close()
        if ahead is not None:
            ahead.keep()
    for *_, findings in results:
        for file, of_file in zip(files, findings, strict=True):
            file.add(of_file)
    if any(file.unforeseen for file in files):
        return None
    problems = [
        problem for file in files for problem in (*(() if skip_invalid else file.problems.listed()), *file.refusals())
    ]
    if problems:
        raise InputError(problems)
    in_order = sorted((group for *of_worker, _ in results for group in of_worker), key=itemgetter(0))
    meta = describe_gold({**gold.meta, "pages": len(known)})
    merged = _tables([of_group for _, of_group in in_order], rows, meta)
    ceiling = _judged(merged.pop()) if layer else None
    named = zip(merged, files, strict=True)
    return [
        replace(table, system=file.system, skipped=file.problems.records, elsewhere=file.elsewhere.counts())
        for table, file in named
    ], ceiling


def _read(groups: Sequence[tuple[IndexedPages, int]], turns: Iterable[int]) -> Iterator[tuple[int, IndexedGroup]]:
    """Read some of the row groups of files, each when its turn comes, with its number."""
    taken = ((number, *groups[number]) for number in turns)
    for file, of_file in groupby(taken, key=itemgetter(1)):
        numbers, in_file = tee(of_file)
        yield from zip(map(itemgetter(0), numbers), file.read(map(itemgetter(2), in_file)), strict=True)


def _judged(table: CountTable) -> CountTable | None:
    """Leave out the pages that the second annotator did not judge; None where no page is left."""
    rows = table.families["boilerplate.words"]
    if not rows.answered.any():
        return None
    judged = replace(
        rows, positions=rows.positions[rows.answered], values=rows.values[rows.answered],
        answered=rows.answered[rows.answered],
    )  # fmt: skip
    return replace(table, families={"boilerplate.words": judged})


class _Answers(NamedTuple):
    """What is known of the pages of a row group beside their counts.

    `labelled` says whether the gold has segments; `status` and `answered` have a list for each system and, last, for a
    second annotator if any.
    """

    pages: list[str]
    groups: dict[str, list[str | None]]
    labelled: list[bool]
    status: list[list[str]]
    answered: list[list[bool]]


def _count_group(
    group: IndexedGroup,
    files: Sequence[PredictionFile],
    layer: Mapping[str, NDArray[Any]] | None,
    rows: Sequence[NDArray[Any]],
) -> _Answers:
    """Count a row group of the gold a few pages at a time.

    Fills rows (pages, columns) for each system and, last, a second annotator if any.
    """
    ids = [page.id for page in group.pages]
    spans = [layer.get(page) for page in ids] if layer else []
    status: list[list[str]] = [[] for _ in files]
    answered: list[list[bool]] = [[] for _ in files]
    for part in parts_of(group.words):
        for of_file, file in enumerate(files):
            # Texts are not kept.
            predictions = [file.get(page) for page in group.pages[part.first : part.last]]
            status[of_file] += map(status_of, predictions)
            answered[of_file] += [answers(prediction, "boilerplate") for prediction in predictions]
            rows[of_file][part.first : part.last] = count_part(part, predictions)
        if layer:
            rows[-1][part.first : part.last] = count_spans(part, spans[part.first : part.last])
    if layer:
        status.append(["missing" if bounds is None else "answered" for bounds in spans])
        answered.append([bounds is not None for bounds in spans])
    groups = {name: [getattr(page, name) for page in group.pages] for name in GROUPS}
    return _Answers(ids, groups, group.labelled, status, answered)


def _tables(found: Sequence[_Answers], rows: Sequence[NDArray[Any]], meta: Mapping[str, Any]) -> list[CountTable]:
    """Make a table of each system's rows (pages, columns), named by its number, of what is known of the row groups."""
    import numpy as np

    ids = list(chain.from_iterable(of_group.pages for of_group in found))
    groups = {name: list(chain.from_iterable(of_group.groups[name] for of_group in found)) for name in GROUPS}
    positions = np.flatnonzero(np.fromiter(chain.from_iterable(of_group.labelled for of_group in found), dtype=bool))
    tables = []
    for at, values in enumerate(rows):
        status = list(chain.from_iterable(of_group.status[at] for of_group in found))
        answered = np.fromiter(chain.from_iterable(of_group.answered[at] for of_group in found), dtype=bool)
        if len(positions) < len(ids):
            values, answered = values[positions], answered[positions]
        counts = FamilyCounts(COLUMNS, positions, values, answered, FAMILY.version)
        tables.append(CountTable(str(at), ids, groups, status, {"boilerplate.words": counts}, meta=dict(meta)))
    return tables
