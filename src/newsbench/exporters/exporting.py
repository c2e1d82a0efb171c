"""One export from gold pages to a folder that is complete or not there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from newsbench.exporters import load_exporter
from newsbench.exporters.base import LAYERS
from newsbench.gold import gold_files, load_gold
from newsbench.pagetable import make_schemas
from newsbench.types import Page


class Exported(NamedTuple):
    """How many pages were exported, and how many things of which kind the format could not carry."""

    pages: int
    losses: dict[str, int]


def export(
    name: str,
    folder: str | Path,
    *,
    gold: str | Path | None = None,
    split: str | None = None,
    layers: Sequence[str] = LAYERS,
) -> Exported:
    """Write gold pages in a format to a new or empty folder, which appears when all of it is written.

    Errors: ValueError for a format or a layer that there is not, InputError for pages that no format could hold,
    FileExistsError for a folder with something in it, ImportError that says what to install, those of `load_gold`.
    """
    write = load_exporter(name)
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileExistsError(f"{target} is not an empty folder; name another one or empty it first")
    target.parent.mkdir(parents=True, exist_ok=True)
    count = 0

    def counted() -> Iterator[Page]:
        nonlocal count
        for page in _pages(gold, split):
            count += 1
            yield page

    # A folder beside the target, so that it can be renamed; inside it one with ordinary permissions.
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part"))
    try:
        made = draft / "made"
        made.mkdir()
        losses = write(counted(), made, layers=layers)
        made.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Exported(count, {kind: many for kind, many in losses.items() if many})


def _pages(gold: str | Path | None, split: str | None) -> Iterator[Page]:
    """Yield gold pages without their HTML, a file at a time."""
    # Imported pages have a `reference` besides, which no format carries: it is read to be counted.
    columns = ["reference", *(column for column in make_schemas()["pages"].names if column != "html")]
    for file in gold_files(gold, split=split):
        yield from load_gold(file.path, split=None, columns=columns).pages
