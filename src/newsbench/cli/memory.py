"""How the memory of this process is handed out."""

from __future__ import annotations

from contextlib import suppress

# Parameters of glibc's `mallopt`, and bytes: the most that it takes for the first, twice as much for the other, which
# is how it sets them itself where a program frees its largest arrays first.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_MOST_KEPT, _MOST_SHARED = 1 << 26, 1 << 25


def keep_freed() -> None:
    """Let the next arrays have the memory of those before them, instead of asking the system for it page by page.

    Does nothing where the C library is not glibc.
    """
    import ctypes

    # numpy imports ctypes, too: it costs nothing where there is something to count.
    with suppress(AttributeError, OSError, TypeError):
        adjust = ctypes.CDLL(None).mallopt
        adjust(_MMAP_THRESHOLD, _MOST_SHARED)
        adjust(_TRIM_THRESHOLD, _MOST_KEPT)
