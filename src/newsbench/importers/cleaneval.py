"""CleanEval and CleanPortalEval: pages, and gold texts whose parts are marked `<p>`, `<h>` and `<l>`.

Page and gold text have the same name but for the ending (`12.html`, `12.txt` or `12-cleaned.txt`). A first line that
begins with URL, and the `<text>` element around a page of CleanEval, are not part of the text. The gold text is kept
without its marks; `reference` has it as it was too (`marked`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import find_html, read_text, refuse
from newsbench.importers.goldpage import Gold, gold_page
from newsbench.importers.goldtext import Paragraph

#: Folders of pages and of gold texts, as the corpora and their redistributions name them.
_FOLDERS = (
    ("input", "GoldStandard"),
    ("orig", "clean"),
    ("original", "clean"),
    ("en_original", "GoldStandard"),
    ("en_original", "en_clean"),
    ("html", "GoldStandard"),
    ("html", "clean"),
    ("html", "gold"),
)
_EXPECTED = "a folder of pages and one of gold texts: " + ", ".join(f"{page}/ + {gold}/" for page, gold in _FOLDERS)
_TYPES = {"p": "paragraph", "h": "subheading", "l": "list_item"}
_URL = re.compile(r"\A\s*URL:?\s*(\S+)[^\n]*\n?")
_MARK = re.compile(r"<([phl])>", re.IGNORECASE)
_END_MARK = re.compile(r"</[phl]>", re.IGNORECASE)
_TEXT_ELEMENT = re.compile(r"\A\s*<text\b[^>]*>|</text>\s*\Z", re.IGNORECASE)
_ENDING = re.compile(r"(-cleaned|\.cleaned|\.html?)$")
_BLANKS = re.compile(r"\s+")
_Task = tuple[Path, Path]


def _find(source: Path, columns: Columns, report: Report) -> Iterator[_Task]:
    found = next(
        ((source / pages, source / gold) for pages, gold in _FOLDERS if _both(source / pages, source / gold)), None
    )
    if found is None:
        raise refuse(source, _EXPECTED)
    for gold in sorted(found[1].glob("*.txt*"), key=lambda path: (len(path.name), path.name)):
        yield gold, found[0]


def _both(pages: Path, gold: Path) -> bool:
    return pages.is_dir() and gold.is_dir()


def _read(task: _Task, report: Report) -> Row | None:
    file, folder = task
    name = _ENDING.sub("", file.name.partition(".txt")[0])
    page = find_html(folder, name)
    if page is None:
        report(Notice("no page", file.name, None, f"no {name}.html in {folder.name}/", name))
        return None
    marked = read_text(file, report, name).replace("\r\n", "\n").replace("\r", "\n")
    url = _URL.match(marked)
    paragraphs = split_marked(_URL.sub("", marked))
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    html = _TEXT_ELEMENT.sub("", read_text(page, report, name))
    return gold_page(
        name,
        Gold(text, paragraphs, more={"marked": marked}),
        report,
        file=page.name,
        html=html,
        url=url[1] if url and "://" in url[1] else None,
    )


def split_marked(marked: str) -> list[Paragraph]:
    """Cut a marked text into its parts; what stands before the first mark is a paragraph."""
    pieces = _MARK.split(_END_MARK.sub("", marked))
    found = [("p", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]
    parts = [Paragraph(_BLANKS.sub(" ", text).strip(), _TYPES[mark.lower()]) for mark, text in found]
    return [part for part in parts if part.text]


FORMAT = Format(_find, _read)
