"""Standard input and pipes as inputs: what is read more than once is put into files first."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from newsbench.files import errors_naming
from newsbench.problems import UsageError

#: The name of an input that means standard input.
STANDARD_INPUT = "-"
_PARQUET = b"PAR1"
_PIECE = 1 << 20


@contextmanager
def as_files(sources: Sequence[str]) -> Iterator[list[str]]:
    """Give inputs as files: for standard input and for pipes a copy, which is gone at the end.

    Other inputs stay what they are. A copy is called ``stdin``, or like its pipe, and ends as its content wants it.
    Errors: UsageError where standard input stands twice; OSError that names the copy.
    """
    if not any(map(_is_stream, sources)):
        yield [*sources]
        return
    if sources.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input (-) is given twice, and can be read once")
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="newsbench-") as folder:
        # Each in a folder of its own: pipes of different folders may have the same name.
        yield [
            str(_copy(source, Path(folder, str(at)))) if _is_stream(source) else source
            for at, source in enumerate(sources)
        ]


def _is_stream(source: str) -> bool:
    return source == STANDARD_INPUT or Path(source).is_fifo()


def _copy(source: str, folder: Path) -> Path:
    folder.mkdir()
    if source == STANDARD_INPUT:
        return _drain(sys.stdin.buffer, folder / "stdin")
    name = Path(source).name
    with Path(source).open("rb") as stream:
        # Shells number the pipes that they make of commands.
        return _drain(stream, folder / (f"pipe-{name}" if name.isdecimal() else name))


def _drain(stream: BinaryIO, target: Path) -> Path:
    """Write all of a stream to a file of this name, with the ending that its beginning asks for; return its place."""
    piece = stream.read(_PIECE)
    ending = ".parquet" if piece.startswith(_PARQUET) else ".jsonl"
    target = target.with_name(target.name.removesuffix(ending) + ending)
    with errors_naming(target), target.open("wb") as copy:
        while piece:
            copy.write(piece)
            piece = stream.read(_PIECE)
    return target
