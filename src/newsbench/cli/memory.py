"""How the memory of this process is handed out."""

from __future__ import annotations

from contextlib import suppress

# Parameters of glibc's `mallopt`: from which size on an array is mapped for itself, at most 32 MB; and how much free
# memory is kept, twice as much, as glibc sets it itself when it raises the first.
_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1
_MAPPED_FROM, _KEPT = 1 << 25, 1 << 26


def keep_freed() -> None:
    """Let the next arrays have the memory of those before them, instead of asking the system for it page by page.

    Does nothing where the C library is not glibc.
    """
    import ctypes

    # numpy imports ctypes, too: it costs nothing where there is something to count.
    with suppress(AttributeError, OSError, TypeError):
        adjust = ctypes.CDLL(None).mallopt
        adjust(_MMAP_THRESHOLD, _MAPPED_FROM)
        adjust(_TRIM_THRESHOLD, _KEPT)
