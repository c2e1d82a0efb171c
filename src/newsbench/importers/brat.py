"""brat standoff with source, cue and content; PolNeAR is one such corpus, with folders of its own.

Form, channel and the other labels are null: the corpora have none. Where a text has several files of annotations
(PolNeAR: `STEM_XXXX.ann`, one an annotator), the first by name is taken, with a notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from newsbench.formats.standoff import parse_standoff, place_bounds, read_attributions
from newsbench.importers.base import Columns, Format, Notice, Report, Row
from newsbench.importers.files import decode, read_bytes, refuse
from newsbench.importers.relations import attribution_page, tell

_Task = tuple[Path, tuple[Path, ...]]
_FOLDERS = ("text", "attributions")


def _find(source: Path, columns: Columns, report: Report) -> Iterator[_Task]:
    texts = sorted(source.rglob("*.txt")) if source.is_dir() else []
    pairs = [(text, text.with_suffix(".ann")) for text in texts]
    if not any(marks.is_file() for _, marks in pairs):
        if _parts(source):
            yield from _find_polnear(source, columns, report)
            return
        raise refuse(source, "pairs of NAME.txt and NAME.ann in one folder (or in folders below it)")
    for text, marks in pairs:
        yield text, ((marks,) if marks.is_file() else ())


def _parts(source: Path) -> list[Path]:
    if not source.is_dir():
        return []
    places = [source, *sorted(source.iterdir()), *sorted((source / "data").glob("*"))]
    return [place for place in places if all((place / name).is_dir() for name in _FOLDERS)]


def _find_polnear(source: Path, columns: Columns, report: Report) -> Iterator[_Task]:
    parts = _parts(source)
    if not parts:
        raise refuse(source, "text/ with *.txt and attributions/ with *.ann, or data/ with folders that have these")
    for part in parts:
        marks: dict[str, list[Path]] = {}
        for file in sorted((part / "attributions").glob("*.ann")):
            exact = (part / "text" / f"{file.stem}.txt").is_file()
            marks.setdefault(file.stem if exact else file.stem.rpartition("_")[0], []).append(file)
        for text in sorted((part / "text").glob("*.txt")):
            yield text, tuple(marks.pop(text.stem, ()))
        for files in marks.values():
            for file in files:
                report(Notice("no text", file.name, None, f"no text/{file.stem}.txt for it"))


def _read(task: _Task, report: Report) -> Row | None:
    file, marks = task
    text = decode(read_bytes(file), report, file.name, file.stem)
    if not text.strip():
        report(Notice("no text", file.name, None, "holds no text", file.stem))
        return None
    if not marks:
        report(Notice("no annotations", file.name, None, "no *.ann for it; left out", file.stem))
        return None
    if len(marks) > 1:
        others = ", ".join(other.name for other in marks[1:])
        report(Notice("several annotators", file.name, None, f"{marks[0].name} is taken, not {others}", file.stem))
    # Line ends stay as they are: offsets count them.
    found = parse_standoff(decode(read_bytes(marks[0]), report, marks[0].name, file.stem))
    placed, misplaced = place_bounds(found, text)
    attributions, left_out = read_attributions(found, placed)
    tell(report, marks[0].name, file.stem, (*found.faults, *misplaced, *left_out))
    more = {"annotations": marks[0].name, "part": file.parent.name}
    return attribution_page(file.stem, text, attributions, more=more)


def _read_english(task: _Task, report: Report) -> Row | None:
    row = _read(task, report)
    return row if row is None else {**row, "language": "en"}


FORMAT = Format(_find, _read)
POLNEAR = Format(_find_polnear, _read_english)
