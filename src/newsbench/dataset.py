"""Find, check and load a version of the dataset."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbench.pagetable import make_schemas
from newsbench.resources import folder

if TYPE_CHECKING:
    from datasets import Dataset

SPLITS = ("train", "validation", "test")
CONFIGURATIONS = ("pages", "boilerplate", "attributions", "topics", "stories", "outlets", "annotations")

# Bytes hashed at a time: so many that a thread which hashes seldom waits for the interpreter.
_PIECE = 1 << 22


def versions() -> list[str]:
    """Return the versions of the dataset at hand, oldest first."""
    found = [place.name for place in folder("data").iterdir() if (place / "MANIFEST.json").is_file()]
    return sorted(found, key=lambda version: [int(part) for part in version.split(".")])


def version_folder(version: str | None = None) -> Path:
    """Return the folder of a version of the dataset, the newest where none is named.

    Errors: ValueError that names the versions at hand.
    """
    known = versions()
    if not known:
        raise ValueError(f"no dataset in {folder('data')}")
    if version is None:
        version = known[-1]
    if version not in known:
        raise ValueError(f"no version {version!r} of the dataset; at hand: {', '.join(known)}")
    return folder("data") / version


def manifest(version: str | None = None) -> dict[str, Any]:
    """Return the manifest of a version: files with size, rows and SHA-256."""
    return json.loads((version_folder(version) / "MANIFEST.json").read_text(encoding="utf-8"))


def verify(version: str | None = None) -> list[str]:
    """Hold a version's files against its manifest; return what differs (empty where all is as released)."""
    place = version_folder(version)
    problems = []
    for entry in manifest(version)["files"]:
        path = place / entry["path"]
        if not path.is_file():
            problems.append(f"{path}: missing")
        elif (found := sha256_of(path)) != entry["sha256"]:
            problems.append(f"{path}: SHA-256 is {found}, the manifest says {entry['sha256']}")
    return problems


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    digest = hashlib.sha256()
    piece = memoryview(bytearray(_PIECE))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(piece):
            digest.update(piece[:size])
    return digest.hexdigest()


def load(split: str | None = None, config: str = "pages", *, version: str | None = None) -> Dataset:
    """Return a configuration of the packaged dataset as a `datasets.Dataset`; all splits one behind the other if None.

    Errors: ValueError that names the splits, configurations and versions there are.
    """
    from datasets import Dataset

    return Dataset(read_config(config, split, version))


def read_config(config: str, split: str | None, version: str | None, columns: Sequence[str] | None = None) -> Any:
    """Return a configuration of the packaged dataset as an Arrow table.

    Errors: ValueError that names the splits, configurations and versions there are.
    """
    import pyarrow as pa

    if config not in CONFIGURATIONS:
        raise ValueError(f"no configuration {config!r}; allowed: {', '.join(CONFIGURATIONS)}")
    check_split(split)
    place = version_folder(version) / config
    chosen = [split] if split is not None else list(SPLITS)
    paths = [place / f"{name}.parquet" for name in chosen]
    found = [read_parquet(path, columns) for path in paths if path.is_file()]
    # A split without rows (no second annotator yet, say) has no file.
    return pa.concat_tables(found) if found else make_schemas()[config].empty_table()


def check_split(split: str | None) -> None:
    """Raise a ValueError that names the splits, unless `split` is one or None."""
    if split is not None and split not in SPLITS:
        raise ValueError(f"no split {split!r}; allowed: {', '.join(SPLITS)}")


def read_parquet(path: Path, columns: Sequence[str] | None = None) -> Any:
    """Return a Parquet file as an Arrow table, with those of `columns` that it has."""
    # ParquetFile, not read_table: the latter imports pandas where it is installed.
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        if columns is not None:
            known = set(file.schema_arrow.names)
            columns = [column for column in columns if column in known]
        return file.read(columns=columns)
