"""Writing results: a file appears whole or not at all, and what is no regular file is written to, never replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from newsbench.problems import UsageError


def check_targets(targets: Iterable[str | Path | None], *, inputs: Iterable[object] = ()) -> None:
    """See before the work begins whether results can be written: into a folder that is there, over no input.

    Errors: FileNotFoundError, IsADirectoryError; UsageError where a target is an input or stands twice.
    """
    taken = {Path(source).resolve() for source in inputs if isinstance(source, str | Path) and Path(source).is_file()}
    for target in map(Path, filter(None, targets)):
        _check_place(target)
        if target.resolve() in taken:
            raise UsageError(f"{target} is read or written already: name another file for the result")
        taken |= {target.resolve()} if not target.exists() or target.is_file() else set()


def _check_place(target: Path) -> None:
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder: name a file")
    if not target.exists() and not target.resolve().parent.is_dir():
        raise FileNotFoundError(f"{target.resolve().parent} is no folder: make it first")


def write_whole(path: str | Path, write: Callable[[Path], object]) -> None:
    """Let `write` make the file at `path`: it is given a draft beside it, which takes the name when all is written.

    A symbolic link keeps its place and its target is written; a device or a pipe is written to directly. Errors:
    OSError that names `path`, and what `write` raises.
    """
    target = Path(path)
    _check_place(target)
    if target.exists() and not target.is_file():
        write(target)
        return
    target = target.resolve()
    draft = target.with_name(f".{target.name}.part")
    try:
        write(draft)
        if target.exists():
            draft.chmod(target.stat().st_mode)
        draft.replace(target)
    except OSError as error:
        if error.filename == str(draft):
            error.filename = str(target)
        raise
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
