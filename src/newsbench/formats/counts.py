"""Count tables on disk: one row a page, one column a count, so that anything that reads Parquet can read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.files import write_whole
from newsbench.metrics import load_family
from newsbench.metrics.base import Counts, Family
from newsbench.problems import InputError, Problem
from newsbench.scoring import GROUPS, CountTable, FamilyCounts

_KEY = b"newsbench.counts"
_VERSION = 1
_ANSWERED = "#answered"
_STATUS = ("answered", "missing", "failed")


def is_count_table(path: str | Path) -> bool:
    """Say whether a file is a count table, by the metadata of its Parquet schema."""
    path = Path(path)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            return False
    import pyarrow as pa
    from pyarrow.parquet import read_schema

    try:
        return _KEY in (read_schema(path).metadata or {})
    except pa.ArrowInvalid:
        return False


def write_counts(table: CountTable, path: str | Path) -> None:
    """Write a count table as Parquet; a half-written file never takes the name.

    Columns: `page`, the page's groups, `status`, then ``<task>.<family>/<column>``, null where a page's gold does not
    have the task. What was scored stands in the schema's metadata.
    """
    import numpy as np
    import pyarrow as pa
    from pyarrow.parquet import write_table

    columns: dict[str, Any] = {"page": table.pages, "status": table.status}
    columns |= {group: pa.array(table.groups[group], pa.string()) for group in GROUPS}
    for name, rows in table.families.items():
        missing = np.ones(len(table.pages), dtype=bool)
        missing[rows.positions] = False
        for at, column in enumerate(rows.columns):
            values = np.zeros(len(table.pages))
            values[rows.positions] = rows.values[:, at]
            columns[f"{name}/{column}"] = pa.array(values, mask=missing)
        answered = np.zeros(len(table.pages), dtype=bool)
        answered[rows.positions] = rows.answered
        columns[f"{name}/{_ANSWERED}"] = pa.array(answered, mask=missing)
    head = {
        "version": _VERSION,
        "system": table.system,
        "skipped": table.skipped,
        "families": {name: rows.version for name, rows in table.families.items()},
        "meta": table.meta,
    }
    made = pa.table(columns).replace_schema_metadata({_KEY: json.dumps(head, sort_keys=True).encode()})
    write_whole(path, lambda draft: write_table(made, draft, compression="zstd"))


def read_counts(path: str | Path) -> CountTable:
    """Read a count table and refuse what no scorer could have counted.

    Errors: InputError that names file, column and what is wrong: an unknown or changed family, missing columns,
    negative or infinite counts, counts that contradict each other, pages that stand twice.
    """
    import numpy as np
    from pyarrow.parquet import ParquetFile

    path = Path(path)
    with ParquetFile(path) as file:
        made = file.read()
    problems: list[Problem] = []

    def refuse(field: str, message: str) -> None:
        problems.append(Problem(path.name, None, field, message))

    head = _head(made, refuse)
    if problems:
        raise InputError(problems)
    pages = made.column("page").to_pylist()
    if len(set(pages)) != len(pages):
        refuse("page", "a page stands twice")
    status = made.column("status").to_pylist()
    if unknown := sorted(set(map(str, status)) - set(_STATUS)):
        refuse("status", f"{', '.join(unknown)} is not allowed; allowed: {', '.join(_STATUS)}")
    families = {}
    for name, version in head["families"].items():
        try:
            family = load_family(name)
        except ValueError as error:
            refuse(name, str(error))
            continue
        if version != family.version:
            refuse(name, f"was counted with version {version}, this package has version {family.version}: score again")
            continue
        wanted = (*family.columns, _ANSWERED)
        absent = [column for column in wanted if f"{name}/{column}" not in made.column_names]
        if absent:
            refuse(name, f"lacks the columns {', '.join(absent[:5])}")
            continue
        columns = [made.column(f"{name}/{column}") for column in wanted]
        if any(not (_is_number(column.type) or at == len(family.columns)) for at, column in enumerate(columns)):
            refuse(name, "holds columns that are no numbers")
            continue
        valid = np.column_stack([column.is_valid().to_numpy() for column in columns])
        present = valid[:, 0]
        if (valid != present[:, None]).any():
            refuse(name, "a page has some of its counts and lacks others")
        values = np.column_stack([column.to_numpy() for column in columns[:-1]]).astype(np.float64)[present]
        for fault in _faults(family, values):
            refuse(*fault)
        answered = np.array([bool(flag) for flag in columns[-1].to_pylist()])[present]
        families[name] = FamilyCounts(family.columns, np.nonzero(present)[0], values, answered, version)
    if problems:
        raise InputError(problems)
    groups = {group: made.column(group).to_pylist() for group in GROUPS}
    return CountTable(head["system"], pages, groups, status, families, head["skipped"], head["meta"])


def _head(made: Any, refuse: Any) -> dict[str, Any]:
    """Return what the schema's metadata says, and refuse what a count table must have and this one has not."""
    try:
        head = json.loads(made.schema.metadata[_KEY])
    except ValueError as error:
        refuse("metadata", f"no JSON: {error}")
        return {}
    if not isinstance(head, dict) or head.get("version") != _VERSION:
        version = head.get("version") if isinstance(head, dict) else head
        refuse("version", f"{version!r} is not readable; allowed: {_VERSION}")
        return {}
    for key, kind in (("system", str), ("skipped", int), ("families", dict), ("meta", dict)):
        if not isinstance(head.get(key), kind):
            refuse("metadata", f"lacks {key!r}")
    for column in ("page", "status", *GROUPS):
        if column not in made.column_names:
            refuse(column, "is missing")
    return head


def _is_number(kind: Any) -> bool:
    import pyarrow as pa

    return pa.types.is_floating(kind) or pa.types.is_integer(kind)


def _faults(family: Family, values: Any) -> Iterator[tuple[str, str]]:
    """Name what no scorer could have counted: columns that are no counts, figures of a page outside their range."""
    import numpy as np

    name = f"{family.task}.{family.name}"
    for at in np.nonzero(~np.isfinite(values).all(axis=0))[0]:
        yield f"{name}/{family.columns[at]}", "holds a number that is not finite"
    for at in np.nonzero((values < 0).any(axis=0))[0]:
        yield f"{name}/{family.columns[at]}", "holds a negative count"
    counts = Counts(family.index, values)
    for fault in family.check(counts):
        yield name, fault
    for metric in family.metrics:
        if metric.range != "0 to 1" or not len(values):
            continue
        scores = np.asarray(metric.score(counts), float)
        wrong = scores[np.isfinite(scores) & ((scores < -1e-9) | (scores > 1 + 1e-9))]
        if len(wrong):
            yield f"{name}/{metric.name}", f"would be {wrong[0]:g} on a page; allowed: {metric.range}"
