"""Importers: other people's corpora and texts -> our pages, found through the table below."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

#: Format -> ("module:function", one line of help). A function maps a path to rows of the page schema.
IMPORTERS = {
    "text": ("newsbench.importers.text:read_pages", "plain text: each non-blank line becomes an unlabelled segment"),
}

Importer = Callable[[Path], Iterator[dict[str, Any]]]


@cache
def importer_table() -> dict[str, tuple[str, str]]:
    """Return all importers, third parties' (entry points `newsbench.importers`) included."""
    found = {entry.name: (entry.value, "") for entry in entry_points(group="newsbench.importers")}
    return {**found, **IMPORTERS}


def load_importer(name: str) -> Importer:
    """Return an importer by the name of its format.

    Errors: ValueError with the formats there are and the nearest name.
    """
    known = importer_table()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise ValueError(f"no format {name!r}; allowed: {', '.join(known)}{hint}")
    module, _, attribute = known[name][0].partition(":")
    return getattr(import_module(module), attribute)
