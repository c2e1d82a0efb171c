"""Writing results: a file appears whole or not at all, and what is no regular file is written to, never replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


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
    draft = target.with_name(f".{target.name}.part")
    try:
        write(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
