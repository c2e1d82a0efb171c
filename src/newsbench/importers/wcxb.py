"""Web Content Extraction Benchmark (WCXB): `html/ID.html.gz` and `ground-truth/ID.json`, in one folder or by split."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import find_html, read_json, read_text, refuse
from newsbench.importers.goldpage import Gold, gold_page

_EXPECTED = "html/ with ID.html.gz and ground-truth/ with ID.json, or folders (dev/, test/) that have these"


def _is_part(folder: Path) -> bool:
    return (folder / "html").is_dir() and (folder / "ground-truth").is_dir()


def _find(source: Path, columns: Columns, report: Report) -> Iterator[Path]:
    if not source.is_dir():
        raise refuse(source, _EXPECTED)
    parts = [folder for folder in (source, *sorted(source.iterdir())) if _is_part(folder)]
    if not parts:
        raise refuse(source, _EXPECTED)
    for part in parts:
        yield from sorted((part / "ground-truth").glob("*.json*"))


def _read(truth: Path, report: Report) -> Row | None:
    part = truth.parent.parent
    entry = read_json(truth)
    if not isinstance(entry, dict) or not isinstance(entry.get("ground_truth"), dict):
        report(Notice("broken entry", truth.name, None, "expected an object with `ground_truth`"))
        return None
    name = truth.name.partition(".")[0]
    page = find_html(part / "html", name)
    if page is None:
        report(Notice("no page", truth.name, None, f"no {name}.html.gz in html/", name))
        return None
    gold = entry["ground_truth"]
    kind = ((entry.get("_internal") or {}).get("page_type") or {}).get("primary")
    return gold_page(
        name,
        Gold(
            gold.get("main_content") or "",
            title=gold.get("title"),
            author=gold.get("author"),
            date=gold.get("publish_date"),
            required=gold.get("with"),
            forbidden=gold.get("without"),
            more={"page_type": kind, "markdown": gold.get("main_content_markdown"), "part": part.name},
        ),
        report,
        file=page.name,
        html=read_text(page, report, name),
        url=entry.get("url"),
    )


FORMAT = Format(_find, _read)
