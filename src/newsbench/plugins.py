"""What other packages add through entry points, without the cost of looking where nobody adds anything."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from newsbench.problems import UsageError


@cache
def plugins(group: str) -> dict[str, str]:
    """Return name -> "module:object" of the entry points of a group.

    `importlib.metadata` takes longer to import than a small report to score, so the files that it would parse are first
    searched for the group's name.
    """
    if not any(map(_mentions_us, sys.path)):
        return {}
    from importlib.metadata import entry_points

    return {entry.name: entry.value for entry in entry_points(group=group)}


@cache
def _mentions_us(folder: str) -> bool:
    place = Path(folder or ".")
    if place.is_file():
        return True  # A zipped package: leave it to the library.
    # Not `glob`, which takes as long as all the rest.
    for entry in place.iterdir() if place.is_dir() else ():
        if entry.name.endswith("-info"):
            with suppress(OSError):
                if b"[newsbench." in (entry / "entry_points.txt").read_bytes():
                    return True
    return False


def load_named(name: str, known: Mapping[str, str], *, what: str) -> Any:
    """Import the object that a table of "module:object" strings gives for a name.

    Errors: UsageError with all names there are and the nearest one; `what` says of what kind they are.
    """
    if name not in known:
        import difflib

        near = difflib.get_close_matches(name, known, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise UsageError(f"no {what} {name!r}; allowed: {', '.join(known)}{hint}")
    module, _, attribute = known[name].partition(":")
    return getattr(import_module(module), attribute)
