"""Writing results: a file appears whole or not at all, and what is no regular file is written to, never replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

_PLAIN_NAME = re.compile(r"[\w-]+\.\w+")


def write_whole(path: str | Path, write: Callable[[Path], object]) -> None:
    """Let `write` make the file at `path`: it is given a draft beside it, which takes the name when all is written.

    A symbolic link keeps its place and its target is written; a device or a pipe is written to directly. Errors:
    OSError that names `path`, and what `write` raises.
    """
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder: name a file")
    if target.exists() and not target.is_file():
        write(target)
        return
    target = target.resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{target.parent} is no folder: make it first")
    draft = _draft_of(target)
    try:
        write(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def write_together(folder: str | Path, texts: Mapping[str, str]) -> list[Path]:
    """Write texts by file name into `folder`, made if need be: none takes its name before all are written.

    Errors: ValueError for a name that is not plain and could lead out of the folder; OSError that names the file.
    """
    place = Path(folder)
    for name in texts:
        if not _PLAIN_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no plain file name")
        if (place / name).exists() and not (place / name).is_file():
            raise FileExistsError(f"{place / name} is no file, and one of this name has to be written")
    place.mkdir(parents=True, exist_ok=True)
    targets = [(place / name).resolve() for name in texts]
    drafts = [_draft_of(target) for target in targets]
    try:
        for draft, text in zip(drafts, texts.values(), strict=True):
            draft.write_text(text, encoding="utf-8")
        for draft, target in zip(drafts, targets, strict=True):
            draft.replace(target)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
    return [place / name for name in texts]


def _draft_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")
