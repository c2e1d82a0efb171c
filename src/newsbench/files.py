"""Results appear whole or not at all, and replace nothing but regular files; inputs are regular files."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from newsbench.problems import UsageError

#: The name of a file that means standard output, and of an input that means standard input.
STANDARD_OUTPUT = STANDARD_INPUT = "-"
_PLAIN_NAME = re.compile(r"[\w-]+\.\w+")
# What writing can fail with; such an error names no file.
_UNWRITABLE = (errno.ENOSPC, errno.EFBIG, *([errno.EDQUOT] if hasattr(errno, "EDQUOT") else []))


def check_regular(source: str | Path) -> None:
    """See that an input can be read more than once. Errors: UsageError for standard input, a pipe, a device."""
    path = Path(source)
    if not (path.is_file() or path.is_dir()) and (path.exists() or str(path) == STANDARD_OUTPUT):
        raise UsageError(f"{path} is no regular file, and inputs are read more than once: save it to a file first")


def check_targets(targets: Iterable[str | Path | None], *, inputs: Iterable[object] = ()) -> None:
    """See before the work begins whether results can be written: into a folder that is there, over no input.

    Errors: FileNotFoundError, IsADirectoryError; UsageError where a target is an input or stands twice.
    """
    inputs = list(inputs)
    taken = {Path(source).resolve() for source in inputs if isinstance(source, str | Path) and Path(source).is_file()}
    for target in map(Path, (one for one in targets if one and str(one) != STANDARD_OUTPUT)):
        _check_place(target)
        if target.resolve() in taken or (STANDARD_INPUT in inputs and _is_standard_input(target)):
            raise UsageError(f"{target} is read or written already: name another file for the result")
        taken |= {target.resolve()} if not target.exists() or target.is_file() else set()


def _is_standard_input(target: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(0), target.stat())
    except OSError:
        return False


def check_folder(folder: str | Path) -> None:
    """See whether results can be written into a folder. Errors: NotADirectoryError where there is something else."""
    if Path(folder).exists() and not Path(folder).is_dir():
        raise NotADirectoryError(f"{folder} is a file: name a folder")


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
    if str(path) == STANDARD_OUTPUT:
        raise UsageError("this cannot go to standard output: name a file")
    target = Path(path)
    _check_place(target)
    if target.exists() and not target.is_file():
        with errors_naming(target):
            write(target)
        return
    target = target.resolve()
    draft = _draft_of(target)
    try:
        with errors_naming(target, draft):
            write(draft)
            if target.exists():
                draft.chmod(target.stat().st_mode)
            draft.replace(target)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def errors_naming(target: str | Path, draft: Path | None = None) -> Iterator[None]:
    """Let an OSError of the block name `target`: where it names the draft, which says nothing to a user, or nothing."""
    try:
        yield
    except OSError as error:
        unnamed = error.filename is None and error.errno in _UNWRITABLE
        if unnamed or (draft is not None and error.filename == str(draft)):
            error.filename = str(target)
        raise


def write_together(folder: str | Path, texts: Mapping[str, str]) -> list[Path]:
    """Write texts by file name into `folder`, made if need be: none takes its name before all are written.

    Errors: those of `check_folder`; ValueError for a name that is not plain and could lead out of the folder; OSError
    that names the file.
    """
    place = Path(folder)
    check_folder(place)
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
