"""Exporters: our pages -> other people's formats, found through the table below."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib import import_module

from newsbench.plugins import plugins
from newsbench.problems import UsageError

#: Format -> ("module:function", one line of help). A function ``write(pages, folder, *, layers)`` writes pages into an
#: empty folder and returns how many things of which kind the format could not carry.
EXPORTERS = {
    "brat": ("newsbench.exporters.brat:write", "standoff .txt and .ann with annotation.conf"),
    "conll": ("newsbench.exporters.conll:write", "tokens with BIO labels, one layer a file"),
    "label-studio": ("newsbench.exporters.label_studio:write", "tasks.json and the labelling interface"),
    "uima": ("newsbench.exporters.uima:write", "UIMA CAS XMI and TypeSystem.xml"),
    "spacy": ("newsbench.exporters.docbin:write", "spaCy DocBin, spans by layer"),
    "web-annotation": ("newsbench.exporters.web_annotation:write", "W3C Web Annotation, JSON-LD with .txt beside"),
    "inline-html": ("newsbench.exporters.inline_html:write", "the text as HTML with marked spans"),
}

Exporter = Callable[..., Counter[str]]


@cache
def exporter_table() -> dict[str, tuple[str, str]]:
    """Return all exporters, third parties' (entry points `newsbench.exporters`) included."""
    found = {name: (place, "") for name, place in plugins("newsbench.exporters").items()}
    return {**found, **EXPORTERS}


def load_exporter(name: str) -> Exporter:
    """Return an exporter by the name of its format.

    Errors: ValueError with the formats there are and the nearest name.
    """
    known = exporter_table()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise UsageError(f"no format {name!r}; allowed: {', '.join(known)}{hint}")
    module, _, attribute = known[name][0].partition(":")
    return getattr(import_module(module), attribute)
