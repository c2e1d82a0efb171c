"""Exporters: our pages -> other people's formats, found through the table below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

from newsbench.plugins import load_named, plugins

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

    Errors: UsageError with the formats there are and the nearest name.
    """
    places = {known: place for known, (place, _) in exporter_table().items()}
    return load_named(name, places, what="format")
