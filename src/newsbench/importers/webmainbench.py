"""WebMainBench: JSON Lines of pages in whose HTML annotators marked the content with `cc-select="true"`.

The marks say what is content, so nothing is aligned. Systems see the HTML without the marks. The gold text for the
peers' metrics is `groundtruth_content` (markdown); the share of its words within the marked text is the quality.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import json_lines, refuse
from newsbench.importers.goldpage import Gold, bare_row, gold_page, render_html, segment_columns
from newsbench.importers.goldtext import Paragraph, align_gold
from newsbench.importers.tiling import run_segments

_EXPECTED = "a JSON Lines file with `track_id`, `html` and `groundtruth_content`, or a folder of such files"
_TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)
_TAG = re.compile(r"<\w[^<>]*(?:cc-select|data-anno-uid|mark-selected|magic_main_html)[^<>]*>")
_MARKS = re.compile(r"\s(?:cc-select|data-anno-uid|magic_main_html|_item_id)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)")
_CLASS = re.compile(r"\s*\bmark-selected\b")
_STYLE = re.compile(r"<style\b[^>]*\bid=\"cc-extraStyle\"[^>]*>.*?</style>\s*", re.DOTALL)
_Task = tuple[Path, int, dict[str, Any]]


def _find(source: Path, columns: Columns, report: Report) -> Iterator[_Task]:
    files = [source] if source.is_file() else sorted(source.glob("*.jsonl*")) if source.is_dir() else []
    if not files:
        raise refuse(source, _EXPECTED)
    for file in files:
        for number, entry in json_lines(file, report):
            name, html = entry.get("track_id") or entry.get("id"), entry.get("html")
            if not (isinstance(name, str) and isinstance(html, str)):
                report(Notice("broken line", file.name, number, "lacks `track_id` or `html`"))
                continue
            kept = ("url", "language", "groundtruth_content", "layout_type", "type")
            yield file, number, {"id": name, "html": html, **{key: entry.get(key) for key in kept}}


def _read(task: _Task, report: Report) -> Row | None:
    file, number, entry = task
    name, markdown = entry["id"], entry["groundtruth_content"] or ""
    title = _TITLE.search(markdown)
    gold = Gold(markdown, title=title[1].strip() if title else None, more={"part": file.name})
    html = _unmarked(entry["html"])
    shown = render_html(entry["html"], attribute="cc-select")
    given = {"url": entry["url"], "language": entry["language"]}
    ranges = [(run.start, run.end, "paragraph") for run in shown.runs if run.label and run.label.type == "true"]
    if not ranges or render_html(html).text != shown.text:
        what = "no text is marked" if not ranges else "taking the marks out changes what is shown"
        report(Notice("no marks", file.name, number, f"{what}; the gold text is aligned instead", name))
        return gold_page(name, gold, report, file=file.name, html=html, **given)
    row = bare_row(name, gold, html=html, text=shown.text, **given)
    marked = "\n".join(shown.text[start:end] for start, end, _ in ranges)
    found = align_gold(marked, [Paragraph(line) for line in markdown.split("\n") if line.strip()])
    if found.quality is None:
        report(Notice("empty gold", file.name, number, "no gold text, but marked content", name))
    else:
        row["reference"]["quality"] = round(found.quality, 4)
    return {**row, **segment_columns(run_segments(shown.text, _with_headline(shown.text, ranges, gold.title)))}


def _with_headline(text: str, ranges: list[tuple[int, int, str]], title: str | None) -> list[tuple[int, int, str]]:
    wanted = (title or "").split()
    at = next((at for at, (start, end, _) in enumerate(ranges) if wanted and text[start:end].split() == wanted), None)
    return [(start, end, "headline" if at == place else kind) for place, (start, end, kind) in enumerate(ranges)]


def _unmarked(html: str) -> str:
    return _TAG.sub(lambda tag: _CLASS.sub("", _MARKS.sub("", tag[0])), _STYLE.sub("", html))


FORMAT = Format(_find, _read)
