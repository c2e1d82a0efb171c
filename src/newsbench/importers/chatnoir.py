"""The benchmark of Bevendorff et al. 2023: `ground-truth/CORPUS.jsonl` and `html/CORPUS/PAGE_ID.html`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import find_html, json_lines, read_text, refuse
from newsbench.importers.goldpage import Gold, gold_page

_EXPECTED = "ground-truth/ with CORPUS.jsonl (page_id, plaintext) and html/CORPUS/ with PAGE_ID.html"
_Task = tuple[Path, Path, int, dict[str, Any]]


def _find(source: Path, columns: Columns, report: Report) -> Iterator[_Task]:
    places = (source, source / "combined", source / "datasets" / "combined")
    base = next((place for place in places if (place / "ground-truth").is_dir()), None)
    files = sorted((base / "ground-truth").glob("*.jsonl*")) if base else []
    if base is None or not files or not (base / "html").is_dir():
        raise refuse(source, _EXPECTED)
    for file in files:
        for number, entry in json_lines(file, report):
            if isinstance(entry.get("page_id"), str):
                yield base, file, number, entry
            else:
                report(Notice("broken line", file.name, number, "lacks `page_id`"))


def _read(task: _Task, report: Report) -> Row | None:
    base, file, number, entry = task
    name, corpus = entry["page_id"], file.name.partition(".")[0]
    places = (base / "html" / corpus, base / "html")
    page = next((path for place in places if (path := find_html(place, name)) is not None), None)
    if page is None:
        report(Notice("no page", file.name, number, f"no html/{corpus}/{name}.html", name))
        return None
    gold = Gold(entry.get("plaintext") or "", more={"part": corpus, "source": entry.get("source")})
    html = read_text(page, report, name)
    return gold_page(name, gold, report, file=page.name, html=html, url=entry.get("url"))


FORMAT = Format(_find, _read)
