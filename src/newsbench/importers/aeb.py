"""Article Extraction Benchmark (scrapinghub): `ground-truth.json` with `articleBody`, pages in `html/ID.html.gz`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import find_html, read_json, read_text, refuse
from newsbench.importers.goldpage import Gold, gold_page

_EXPECTED = "ground-truth.json (id -> articleBody, url) and html/ with ID.html.gz"
_Task = tuple[Path, str, dict[str, Any]]


def _find(source: Path, columns: Columns, report: Report) -> Iterator[_Task]:
    truth, folder = source / "ground-truth.json", source / "html"
    if not (truth.is_file() and folder.is_dir()):
        raise refuse(source, _EXPECTED)
    entries = read_json(truth)
    if not isinstance(entries, dict):
        raise ValueError(f"{truth}: holds {type(entries).__name__}; expected an object, id -> page")
    for name, entry in entries.items():
        if isinstance(entry, dict):
            yield folder, name, entry
        else:
            report(Notice("broken entry", truth.name, None, f"{type(entry).__name__}, not an object", name))


def _read(task: _Task, report: Report) -> Row | None:
    folder, name, entry = task
    page = find_html(folder, name)
    if page is None:
        report(Notice("no page", folder.name, None, f"no {name}.html.gz", name))
        return None
    body = entry.get("articleBody")
    gold = Gold(
        body if isinstance(body, str) else "",
        title=entry.get("title"),
        author=entry.get("author"),
        date=entry.get("publish_date"),
        required=entry.get("with"),
        forbidden=entry.get("without"),
    )
    html = read_text(page, report, name)
    return gold_page(name, gold, report, file=page.name, html=html, url=entry.get("url"))


FORMAT = Format(_find, _read)
