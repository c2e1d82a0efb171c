"""Count tables on disk: one row a page, one column a count, so that anything that reads Parquet can read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from newsbench.metrics import load_family
from newsbench.metrics.base import Counts
from newsbench.problems import InputError, Problem
from newsbench.scoring import GROUPS, CountTable, FamilyCounts

_KEY = b"newsbench.counts"
_VERSION = 1
_STATUS = ("answered", "missing", "failed")


def is_count_table(path: str | Path) -> bool:
    """Say whether a file is a count table, by the metadata of its Parquet schema."""
    path = Path(path)
    if path.suffix != ".parquet" or not path.is_file():
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
    head = {
        "version": _VERSION,
        "system": table.system,
        "skipped": table.skipped,
        "families": {name: rows.version for name, rows in table.families.items()},
        "meta": table.meta,
    }
    made = pa.table(columns).replace_schema_metadata({_KEY: json.dumps(head, sort_keys=True).encode()})
    path = Path(path)
    draft = path.with_name(f".{path.name}.part")
    try:
        write_table(made, draft, compression="zstd")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


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
    head = json.loads(made.schema.metadata[_KEY])
    problems: list[Problem] = []

    def refuse(field: str, message: str) -> None:
        problems.append(Problem(path.name, None, field, message))

    if head.get("version") != _VERSION:
        refuse("version", f"{head.get('version')!r} is not readable; allowed: {_VERSION}")
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
        absent = [column for column in family.columns if f"{name}/{column}" not in made.column_names]
        if absent:
            refuse(name, f"lacks the columns {', '.join(absent[:5])}")
            continue
        columns = [made.column(f"{name}/{column}") for column in family.columns]
        valid = np.column_stack([column.is_valid().to_numpy() for column in columns])
        present = valid[:, 0]
        if (valid != present[:, None]).any():
            refuse(name, "a page has some of its counts and lacks others")
        values = np.column_stack([column.to_numpy() for column in columns]).astype(np.float64)[present]
        for at in np.nonzero(~np.isfinite(values).all(axis=0))[0]:
            refuse(f"{name}/{family.columns[at]}", "holds a number that is not finite")
        for at in np.nonzero((values < 0).any(axis=0))[0]:
            refuse(f"{name}/{family.columns[at]}", "holds a negative count")
        for fault in family.check(Counts(family.index, values)):
            refuse(name, fault)
        families[name] = FamilyCounts(family.columns, np.nonzero(present)[0], values, version)
    if problems:
        raise InputError(problems)
    groups = {group: made.column(group).to_pylist() for group in GROUPS}
    return CountTable(head["system"], pages, groups, status, families, head["skipped"], head["meta"])
