"""Standard input and pipes as inputs: what is read more than once is put into files first."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from newsbench.files import STANDARD_INPUT, errors_naming
from newsbench.problems import UsageError

_PARQUET = b"PAR1"
_PIECE = 1 << 20


@contextmanager
def as_files(sources: Sequence[str]) -> Iterator[list[str]]:
    """Give inputs as files: for standard input and for pipes a copy in the folder for temporary files.

    The copy is gone at the end, also where the process is asked to end. Other inputs stay what they are. A copy is
    called ``stdin``, or like its pipe, and ends as its content wants it. Errors: UsageError where a stream is given
    twice, or standard input is closed; OSError that names the copy.
    """
    streams = [source for source in sources if _is_stream(source)]
    if not streams:
        yield [*sources]
        return
    places = [_place_of(source) for source in streams]
    twice = next((source for at, source in enumerate(streams) if places[at] in places[:at]), None)
    if twice is not None:
        raise UsageError(f"{twice} is given twice, and can be read once")
    from tempfile import TemporaryDirectory

    with _unwinding(), TemporaryDirectory(prefix="newsbench-") as folder:
        # Each in a folder of its own: pipes of different folders may have the same name.
        yield [
            str(_copy(source, Path(folder, str(at)))) if source in streams else source
            for at, source in enumerate(sources)
        ]


def _is_stream(source: str) -> bool:
    return source == STANDARD_INPUT or Path(source).is_fifo()


def _place_of(stream: str) -> tuple[int, int]:
    if stream == STANDARD_INPUT and sys.stdin is None:
        raise UsageError(f"{stream} is standard input, and that is closed")
    found = os.fstat(0) if stream == STANDARD_INPUT else Path(stream).stat()
    return found.st_dev, found.st_ino


@contextmanager
def _unwinding() -> Iterator[None]:
    """Let signals that end the process end it by an exception, so that all is put away."""
    import signal
    import threading

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    signals = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    ours = threading.current_thread() is threading.main_thread()
    # Not where somebody else has a say.
    changed = [one for one in signals if ours and signal.getsignal(one) == signal.SIG_DFL]
    try:
        for one in changed:
            signal.signal(one, end)
        yield
    finally:
        for one in changed:
            signal.signal(one, signal.SIG_DFL)


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
