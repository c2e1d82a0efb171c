"""Importers: other people's corpora and texts -> our pages, found through the table below."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from newsbench.plugins import load_named, plugins

if TYPE_CHECKING:
    from newsbench.importers.base import Format

#: Format -> ("module:object", one line of help). The object is a `newsbench.importers.base.Format`.
IMPORTERS = {
    "text": ("newsbench.importers.text:FORMAT", "plain text: each non-blank line becomes an unlabelled segment"),
    "wcxb": ("newsbench.importers.wcxb:FORMAT", "Web Content Extraction Benchmark: html/ and ground-truth/"),
    "aeb": ("newsbench.importers.aeb:FORMAT", "Article Extraction Benchmark: html/ and ground-truth.json"),
    "cleaneval": ("newsbench.importers.cleaneval:FORMAT", "CleanEval, CleanPortalEval: pages and marked gold texts"),
    "l3s-gn1": ("newsbench.importers.l3s_gn1:FORMAT", "L3S-GN1: annotated/ with HTML marked by span classes"),
    "webmainbench": ("newsbench.importers.webmainbench:FORMAT", "WebMainBench: JSON Lines with annotated HTML"),
    "chatnoir": (
        "newsbench.importers.chatnoir:FORMAT",
        "Web Content Extraction Benchmark of Webis: ground-truth/, html/",
    ),
    "brat": ("newsbench.importers.brat:FORMAT", "brat standoff with source, cue and content: *.txt and *.ann"),
    "polnear": ("newsbench.importers.brat:POLNEAR", "PolNeAR: text/ and attributions/"),
    "parc-conll": ("newsbench.importers.parc_conll:FORMAT", "PARC 3 as columns, the last one `attribution`"),
    "wikinews-de": ("newsbench.importers.wikinews_de:FORMAT", "German quotation attribution corpus: *.json"),
    "litbank": ("newsbench.importers.litbank:FORMAT", "LitBank quotations: *_brat.txt and *_brat.ann"),
    "jsonl": ("newsbench.importers.jsonl:FORMAT", "JSON Lines with columns of any names, see --map"),
}


@cache
def importer_table() -> dict[str, tuple[str, str]]:
    """Return all importers, third parties' (entry points `newsbench.importers`) included."""
    found = {name: (place, "") for name, place in plugins("newsbench.importers").items()}
    return {**found, **IMPORTERS}


def load_importer(name: str) -> Format:
    """Return an importer by the name of its format.

    Errors: UsageError with the formats there are and the nearest name.
    """
    places = {known: place for known, (place, _) in importer_table().items()}
    return load_named(name, places, what="format")
