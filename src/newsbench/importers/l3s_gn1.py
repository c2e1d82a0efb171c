"""L3S-GN1 (Kohlschütter et al. 2010): HTML whose text stands in elements of the classes `x-nc-sel0` to `x-nc-sel5`.

The classes say what is shown, so nothing is aligned: headline (1), full text (2), supplemental text (3, unlabelled: it
counts neither way), related (4), comments (5); all else is `other_boilerplate`. The gold text for the peers' metrics is
that of 1, 2 and 3. The page that systems see is `original/NAME` where that shows the same text, else the annotated one
without the classes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import read_text, refuse
from newsbench.importers.goldpage import Gold, bare_row, render_html, segment_columns
from newsbench.importers.tiling import run_segments
from newsbench.metrics.pagewords import UNLABELLED

_TYPES = {"1": "headline", "2": "paragraph", "3": UNLABELLED, "4": "related", "5": "comments"}
_MARKED = re.compile(r"<(\w+)((?:\s[^<>]*?)?\bx-nc-sel(\d)\b[^<>]*?)(/?)>", re.IGNORECASE)
_CLASS = re.compile(r"\bx-nc-(?:sel\d|invisible)\b", re.IGNORECASE)
_URL_LINE = re.compile(r"<urn:uuid:([^>]+)>\s+(\S+)")
_EXPECTED = "annotated/ with *.html (and original/ with the same pages), or a folder of annotated *.html"


def _find(source: Path, columns: Columns, report: Report) -> Iterator[tuple[Path, str | None]]:
    folder = source / "annotated" if (source / "annotated").is_dir() else source
    files = (
        sorted({*folder.glob("*.html"), *folder.glob("*.html.gz"), *folder.glob("*.htm")}) if folder.is_dir() else []
    )
    if not files:
        raise refuse(source, _EXPECTED)
    listed = source / "url-mapping.txt"
    urls = dict(_URL_LINE.findall(listed.read_text("utf-8", "replace"))) if listed.is_file() else {}
    for file in files:
        yield file, urls.get(file.name.partition(".")[0])


def _read(task: tuple[Path, str | None], report: Report) -> Row | None:
    file, url = task
    name = file.name.partition(".htm")[0]
    annotated = read_text(file, report, name)
    shown = render_html(_MARKED.sub(r'<\1\2 data-gold="\3"\4>', annotated), attribute="data-gold")
    ranges = [
        (run.start, run.end, _TYPES[run.label.type]) for run in shown.runs if run.label and run.label.type in _TYPES
    ]
    texts = {kind: [shown.text[start:end] for start, end, one in ranges if one == kind] for kind in _TYPES.values()}
    text = "\n".join(shown.text[start:end] for start, end, kind in ranges if kind not in ("related", "comments"))
    title = " ".join(" ".join(texts["headline"]).split()) or None
    row = bare_row(
        name,
        Gold(text, title=title),
        html=_unmarked(file, annotated, shown.text, report, name),
        text=shown.text,
        url=url,
    )
    if not (texts["headline"] or texts["paragraph"]):
        report(Notice("empty gold", file.name, None, "no headline or full text is marked; left out of scoring", name))
        row["reference"]["left_out"] = "nothing is marked as headline or full text"
        return {**row, "segments": None}
    row["reference"]["quality"] = 1.0
    return {**row, **segment_columns(run_segments(shown.text, ranges))}


def _unmarked(file: Path, annotated: str, text: str, report: Report, name: str) -> str:
    original = file.parent.parent / "original" / file.name
    if file.parent.name == "annotated" and original.is_file():
        html = read_text(original, report, name)
        if render_html(html).text == text:
            return html
        report(Notice("original differs", original.name, None, "shows other text than the annotated page", name))
    return _MARKED.sub(lambda tag: _CLASS.sub("", tag[0]), annotated)


FORMAT = Format(_find, _read)
