"""Count tables on disk: one row a page, one column a count, so that anything that reads Parquet can read them.

What is read back is held against all that a count table says of itself: its head, its pages, and what its counts are to
each other (`newsbench.metrics.bounds`). What no scorer could have written is refused.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbench.dataset import SPLITS
from newsbench.files import write_whole
from newsbench.formats.predictions import COUNTS_KEY
from newsbench.formats.refusals import Refusals
from newsbench.metrics import load_family
from newsbench.metrics.base import Counts, Family
from newsbench.metrics.bounds import impossible
from newsbench.problems import InputError, Problem
from newsbench.scoring import GROUPS, CountTable, FamilyCounts

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VERSION = 1
_ANSWERED = "#answered"
_STATUS = ("answered", "missing", "failed")
# What `meta` says, with the type of each.
_META = {
    "name": str,
    "version": str,
    "sha256": str,
    "split": str,
    "pages": int,
    "tokenizer": str,
    "alignment": str,
    "package": str,
}


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
        return COUNTS_KEY in (read_schema(path).metadata or {})
    except (pa.ArrowException, OSError, UnicodeDecodeError):
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
        "elsewhere": table.elsewhere,
        "families": {name: rows.version for name, rows in table.families.items()},
        "meta": table.meta,
    }
    made = pa.table(columns).replace_schema_metadata({COUNTS_KEY: json.dumps(head, sort_keys=True).encode()})
    write_whole(path, lambda draft: write_table(made, draft, compression="zstd"))


def read_counts(path: str | Path) -> CountTable:
    """Read a count table and refuse what no scorer could have counted.

    Errors: InputError that names file, column, page and what is allowed, everything in one go: a damaged file, a head
    that lacks what figures depend on, other pages than the head says, an unknown or changed family, missing columns,
    counts that are no counts or contradict each other, answers of pages that were not answered.
    """
    path = Path(path)
    refusals = Refusals(path.name)
    made = _parquet(path)
    for name, many in Counter(made.column_names).items():
        if many > 1:
            refusals.add(name, f"stands {many} times; allowed: once")
    refusals.raise_any()
    head = _head(made, refusals)
    refusals.raise_any()
    pages = refusals.pages = _texts(made, "page", refusals)
    _check_pages(pages, head["meta"]["pages"], refusals)
    status = _texts(made, "status", refusals)
    wrong = [at for at, one in enumerate(status) if one not in (None, *_STATUS)]
    if wrong:
        refusals.add("status", f"is {status[wrong[0]]!r}; allowed: {', '.join(_STATUS)}", wrong)
    groups = {group: _texts(made, group, refusals, null=True) for group in GROUPS}
    families = {}
    for name, version in head["families"].items():
        family = _family(name, version, refusals)
        found = _family_counts(made, name, family, groups, refusals) if family is not None else None
        if found is not None:
            families[name] = found
            silent = [at for at in found.positions[found.answered].tolist() if status[at] in _STATUS[1:]]
            if silent:
                message = f"is true, but the page is {status[silent[0]]}; allowed: false"
                refusals.add(f"{name}/{_ANSWERED}", message, silent)
    if pages and families and not any(len(rows.positions) for rows in families.values()):
        refusals.add("", f"holds no counts: every page lacks {', '.join(families)}")
    refusals.raise_any()
    elsewhere = head.get("elsewhere", {})
    return CountTable(
        head["system"], pages, groups, status, families, head["skipped"], head["meta"], str(path), elsewhere
    )


def _parquet(path: Path) -> Any:
    """Read a file of Parquet whole.

    Errors: InputError where it is damaged; FileNotFoundError and its like.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    with path.open("rb") as source:
        try:
            with ParquetFile(source) as file:
                made = file.read()
            made.validate(full=True)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError([Problem(path.name, None, "", f"is damaged: {error}")]) from error
    return made


def _head(made: Any, refusals: Refusals) -> dict[str, Any]:
    """Return what the schema's metadata says, and refuse what a count table must have and this one has not."""
    try:
        head = json.loads((made.schema.metadata or {}).get(COUNTS_KEY, b""))
    except (ValueError, RecursionError) as error:
        refusals.add("metadata", f"no JSON: {error}")
        return {}
    if not isinstance(head, dict) or head.get("version") != _VERSION:
        version = head.get("version") if isinstance(head, dict) else head
        refusals.add("version", f"{version!r} is not readable; allowed: {_VERSION}")
        return {}
    for key, kind in (("system", str), ("skipped", int), ("families", dict), ("meta", dict)):
        _check_entry(head, key, kind, "metadata", refusals)
    if isinstance(head.get("meta"), dict):
        for key, kind in _META.items():
            _check_entry(head["meta"], key, kind, "metadata.meta", refusals)
    # Tables of earlier versions do not say.
    if "elsewhere" in head:
        _check_entry(head, "elsewhere", dict, "metadata", refusals)
        found = head["elsewhere"] if isinstance(head["elsewhere"], dict) else {}
        for split in sorted({*found} & {*SPLITS}):
            _check_entry(found, split, int, "metadata.elsewhere", refusals)
        if unknown := sorted(set(found) - set(SPLITS)):
            refusals.add("metadata.elsewhere", f"names {unknown[0]!r}; allowed: {', '.join(SPLITS)}")
    if head.get("families") == {}:
        refusals.add("metadata.families", "is empty; allowed: one family or more")
    for column in ("page", "status", *GROUPS):
        if column not in made.column_names:
            refusals.add(column, "is missing")
    return head


def _check_entry(head: dict[str, Any], key: str, kind: type, place: str, refusals: Refusals) -> None:
    """Refuse an entry that is absent or of another type, a number less than 0, text that no file can hold."""
    allowed = {str: "text", int: "a whole number from 0", dict: "an object"}
    if key not in head:
        refusals.add(place, f"lacks {key!r}")
        return
    value = head[key]
    right = isinstance(value, kind) and not isinstance(value, bool)
    if right and kind is int:
        right = value >= 0
    elif right and kind is str:
        # JSON can spell half of a character.
        right = not any("\ud800" <= character <= "\udfff" for character in value)
    if not right:
        refusals.add(f"{place}.{key}", f"is {json.dumps(value)[:80]}; allowed: {allowed[kind]}")


def _texts(made: Any, name: str, refusals: Refusals, *, null: bool = False) -> list[Any]:
    """Return a column of text; where it is none, it is refused and taken to be null."""
    import pyarrow as pa

    column = made.column(name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or (null and pa.types.is_null(kind))):
        refusals.add(name, f"is a column of {column.type}; allowed: text")
        return [None] * len(column)
    found = column.to_pylist()
    empty = [] if null else [at for at, text in enumerate(found) if text is None]
    if empty:
        refusals.add(name, "is null; allowed: text", empty)
    return found


def _check_pages(pages: Sequence[str | None], expected: int, refusals: Refusals) -> None:
    """Refuse pages that stand twice, and more or fewer than there should be."""
    if not pages:
        refusals.add("page", "the table holds no pages")
    elif len(pages) != expected:
        refusals.add("page", f"the table holds {len(pages)} pages, but was counted on {expected} (metadata.meta.pages)")
    first: dict[str | None, int] = {}
    twice = [at for at, page in enumerate(pages) if page is not None and first.setdefault(page, at) != at]
    if twice:
        refusals.add("page", "a page stands twice", twice)


def _family(name: str, version: Any, refusals: Refusals) -> Family | None:
    """Return a family if this package counts it in the same way."""
    try:
        family = load_family(name)
    except ValueError as error:
        refusals.add(name, str(error))
        return None
    if not isinstance(version, int) or isinstance(version, bool):
        refusals.add(name, f"version {json.dumps(version)[:80]} is no whole number")
    elif version != family.version:
        message = f"was counted with version {version}, this package has version {family.version}: score again"
        refusals.add(name, message)
    else:
        return family
    return None


def _family_counts(
    made: Any, name: str, family: Family, groups: dict[str, list[Any]], refusals: Refusals
) -> FamilyCounts | None:
    """Return the rows of a family, None where its columns are refused as a whole."""
    import numpy as np
    import pyarrow as pa

    given = set(made.column_names)
    absent = [column for column in (*family.columns, _ANSWERED) if f"{name}/{column}" not in given]
    if absent:
        refusals.add(name, f"lacks the columns {', '.join(absent[:5])}{' and more' if len(absent) > 5 else ''}")
        return None
    *columns, flags = (made.column(f"{name}/{column}") for column in (*family.columns, _ANSWERED))
    types = [column.type for column in columns]
    wrong = [
        (column, kind, "numbers")
        for column, kind in zip(family.columns, types, strict=True)
        if not (pa.types.is_floating(kind) or pa.types.is_integer(kind))
    ]
    if not pa.types.is_boolean(flags.type):
        wrong.append((_ANSWERED, flags.type, "true or false"))
    for column, kind, allowed in wrong:
        refusals.add(f"{name}/{column}", f"is a column of {kind}; allowed: {allowed}")
    if wrong:
        return None
    present = _present(name, family, [*columns, flags], refusals)
    positions = np.nonzero(present)[0]
    values = np.column_stack([column.to_numpy() for column in columns]).astype(np.float64)[positions]
    answered = flags.to_numpy()[positions].astype(bool)
    stories = np.array([groups["story"][at] or "" for at in positions])
    for fault in impossible(family, Counts(family.index, values, groups={"story": stories}), answered):
        refusals.add(f"{name}/{fault.column}", fault.message, positions[fault.rows])
    return FamilyCounts(family.columns, positions, values, answered, family.version)


def _present(name: str, family: Family, columns: Sequence[Any], refusals: Refusals) -> NDArray[Any]:
    """Say which pages have counts; they have all of them."""
    import numpy as np

    if not any(column.null_count for column in columns):
        return np.ones(len(columns[0]), dtype=bool)
    valid = np.column_stack([column.is_valid().to_numpy() for column in columns])
    ragged = valid.any(axis=1) & ~valid.all(axis=1)
    if ragged.any():
        rows = np.nonzero(ragged)[0]
        lacking = (*family.columns, _ANSWERED)[int(valid[rows[0]].argmin())]
        refusals.add(f"{name}/{lacking}", "is null, but the page has other counts; allowed: all or none", rows)
    return valid.all(axis=1)
