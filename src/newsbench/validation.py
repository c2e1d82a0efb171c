"""Is a file of pages or predictions sound? The schema first, then the rules that no schema can say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from newsbench.dataset import CONFIGURATIONS, verify
from newsbench.files import check_regular
from newsbench.formats.firstproblems import MOST_PROBLEMS
from newsbench.formats.predictions import read_predictions
from newsbench.gold import load_gold
from newsbench.metrics.pagewords import UNLABELLED
from newsbench.pagetable import reference_of
from newsbench.problems import Problem
from newsbench.resources import table
from newsbench.schema import faults, jsonable
from newsbench.vocabulary import concepts

_NO_TOPIC = "is not in the pinned vocabulary (schema/topics.json): scored as wrong"
_ELEMENTS = ("source", "cue", "cue_head", "content", "addressee", "medium", "hedge", "quoted_fragments")


def validate(source: Any = None, *, gold: str | Path | None = None) -> list[Problem]:
    """Return the problems of pages or predictions, empty where they are sound.

    Without a source the packaged dataset is held against its manifest and its rules. A path may be a Parquet file, JSON
    Lines, or a folder of page files; what has a `text` is a page, everything else a prediction, which is held against
    `gold` (the packaged dataset where it is None).
    """
    if source is None:
        return [Problem("dataset", None, "", fault) for fault in verify()] + _validate_dataset()
    if isinstance(source, str | Path):
        path = Path(source)
        check_regular(path)
        if not path.exists():
            raise FileNotFoundError(f"nothing at {path}: expected a file or a folder of pages or predictions")
        if path.is_dir():
            return _validate_folder(path)
        if _holds_pages(path):
            return _by_line(path.name, [*page_problems(path.name, _rows_of(path)), *_doubled_keys(path)])
    pages = {page.id: page for page in load_gold(gold, split=None, columns=("id", "text")).pages}
    found = read_predictions(source, pages, skip_invalid=True)
    label = Path(source).name if isinstance(source, str | Path) else "predictions"
    topics = (
        Problem(label, found.lines[page], f"topics[{at}]", f"{topic.code!r} {_NO_TOPIC}", page)
        for page, prediction in found.predictions.items()
        for at, topic in enumerate(prediction.topics or ())
        if topic.code not in concepts()
    )
    doubled = _doubled_keys(Path(source)) if isinstance(source, str | Path) else ()
    return _by_line(label, [*found.problems, *topics, *doubled])


def _validate_dataset() -> list[Problem]:
    from newsbench.dataset import version_folder

    return _validate_folder(version_folder())


def _validate_folder(folder: Path) -> list[Problem]:
    """Hold every file of pages in a folder against the rules; ids are unique over all of them."""
    places = [folder / "pages"] if (folder / "pages").is_dir() else [folder]
    files = [file for place in places for file in sorted([*place.glob("*.parquet"), *place.glob("*.jsonl")])]
    if not files:
        return [
            Problem(str(folder), None, "", f"holds no pages; expected *.parquet or *.jsonl, or {CONFIGURATIONS[0]}/")
        ]
    seen: dict[str, str] = {}
    stories: dict[str, str] = {}
    found: list[Problem] = []
    for file in files:
        rows = list(_rows_of(file))
        found += _by_line(file.name, [*page_problems(file.name, iter(rows), seen=seen), *_doubled_keys(file)])
        for number, row, _ in rows:
            story = row.get("story") if isinstance(row, dict) else None
            story = story.get("id") if isinstance(story, dict) else None
            if isinstance(story, str) and stories.setdefault(story, file.name) != file.name:
                found.append(Problem(file.name, number, "story.id", f"{story!r} stands in {stories[story]} too"))
    return found


def _holds_pages(path: Path) -> bool:
    if path.suffix == ".parquet":
        import pyarrow as pa
        from pyarrow.parquet import read_schema

        try:
            return "text" in read_schema(path).names
        except pa.ArrowInvalid:
            return False
    first = next((row for _, row, _ in _rows_of(path) if isinstance(row, dict)), {})
    return "text" in first


def _rows_of(path: Path) -> Iterator[tuple[int, Any, Problem | None]]:
    from newsbench.formats.predictions import read_rows

    return read_rows(path)


def page_problems(
    name: str, rows: Iterator[tuple[int, Any, Problem | None]], *, seen: dict[str, str] | None = None
) -> Iterator[Problem]:
    """Yield what is wrong with pages; `seen` collects ids over several files."""
    seen = {} if seen is None else seen
    found = (
        problem
        for number, row, fault in rows
        for problem in ([fault] if fault is not None else _page_problems(name, number, row, seen))
    )
    return _first(name, found)


def _by_line(name: str, problems: Iterable[Problem]) -> list[Problem]:
    # What says how many more there are stands last.
    return list(_first(name, sorted(problems, key=lambda one: (one.more is not None, one.line or 0))))


def _doubled_keys(path: Path) -> Iterator[Problem]:
    """Yield the keys that stand twice in an object of JSON Lines: the last would count, whatever was meant."""
    import json

    doubled: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            doubled.extend(key for key in found if keys.count(key) > 1)
        return found

    if path.suffix == ".parquet":
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            doubled.clear()
            # What is no JSON is told by those who read the records.
            with suppress(ValueError, RecursionError):
                row = json.loads(line, object_pairs_hook=unique)
                page = row.get("id") if isinstance(row, dict) and isinstance(row.get("id"), str) else None
                for key in doubled:
                    yield Problem(path.name, number, key, "stands twice in an object; allowed: once", page)


def _first(name: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield so many problems as a file may have listed, and one that says how many more there are."""
    listed = more = 0
    for problem in problems:
        if problem.more is None and listed < MOST_PROBLEMS:
            listed += 1
            yield problem
        else:
            more += problem.more or 1
    if more:
        yield Problem(name, None, "", f"and {more} more", more=more)


def _page_problems(name: str, number: int, row: Any, seen: dict[str, str]) -> Iterator[Problem]:
    page = row.get("id") if isinstance(row, dict) and isinstance(row.get("id"), str) else None
    if isinstance(row, dict) and "reference" in row:
        row = {**row, "reference": reference_of(row["reference"])}
    schema_faults = faults("page", jsonable(row))
    for field, message in schema_faults:
        yield Problem(name, number, field, message, page)
    if schema_faults:
        return
    if page in seen:
        yield Problem(name, number, "id", f"stands twice, first in {seen[page]}", page)
    seen[page] = f"{name}:{number}"
    for field, message in (*_segment_faults(row), *_attribution_faults(row), *_topic_faults(row)):
        yield Problem(name, number, field, message, page)


def _outside(span: Mapping[str, int], size: int) -> str | None:
    start, end = span["start"], span["end"]
    if start >= end:
        return f"start {start} is not before end {end}"
    return f"end {end} is outside the text; allowed: up to {size}" if end > size else None


def _segment_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    segments, text = row.get("segments"), row["text"]
    if segments is None:
        return
    known = table("segments")["types"]
    position = 0
    for at, segment in enumerate(segments):
        field = f"segments[{at}]"
        if segment["type"] not in known and segment["type"] != UNLABELLED:
            yield f"{field}.type", f"{segment['type']!r} is no segment type; allowed: {', '.join(known)}"
        if fault := _outside(segment, len(text)):
            yield field, fault
            return
        if segment["start"] < position:
            yield field, f"start {segment['start']} lies before the end {position} of the segment before it"
            return
        if text[position : segment["start"]].strip():
            yield field, f"characters {position} to {segment['start']} belong to no segment"
        position = segment["end"]
    if text[position:].strip():
        yield "segments", f"characters {position} to {len(text)} belong to no segment"
    if (marked := row.get("boilerplate")) is not None:
        expected = [part for part in segments if known.get(part["type"], {}).get("role") == "boilerplate"]
        if [dict(part) for part in marked] != [dict(part) for part in expected]:
            yield "boilerplate", "is not the segments whose role is boilerplate"


def _attribution_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    size = len(row["text"])
    attributions = row.get("attributions") or ()
    sources = {source["id"] for source in row.get("sources") or ()}
    ids = [attribution["id"] for attribution in attributions]
    used: set[str] = set()
    parents = {attribution["id"]: attribution.get("parent") for attribution in attributions}
    for at, attribution in enumerate(attributions):
        field = f"attributions[{at}]"
        if ids.index(attribution["id"]) != at:
            yield f"{field}.id", f"{attribution['id']!r} stands twice"
        for element in _ELEMENTS:
            previous = -1
            for part, span in enumerate(attribution.get(element) or ()):
                if fault := _outside(span, size):
                    yield f"{field}.{element}[{part}]", fault
                elif span["start"] < previous:
                    yield f"{field}.{element}[{part}]", "fragments overlap or are not in order"
                previous = span["end"]
        if not attribution.get("content") and not attribution.get("no_comment"):
            yield f"{field}.content", "is empty; allowed only with no_comment"
        named = attribution.get("source_ids") or ()
        used.update(named)
        for unknown in [name for name in named if name not in sources]:
            yield f"{field}.source_ids", f"{unknown!r} is no source of this page; allowed: {', '.join(sorted(sources))}"
        if (parent := attribution.get("parent")) is not None and parent not in parents:
            yield f"{field}.parent", f"{parent!r} is no attribution of this page"
        elif _has_cycle(attribution["id"], parents):
            yield f"{field}.parent", "leads back to the attribution itself"
    if row.get("sources") is not None and any(attribution.get("source_ids") for attribution in attributions):
        for unused in sorted(sources - used):
            yield "sources", f"{unused!r} is cited by no attribution"


def _has_cycle(start: str, parents: Mapping[str, str | None]) -> bool:
    seen = {start}
    at = parents.get(start)
    while at is not None:
        if at in seen:
            return at == start
        seen.add(at)
        at = parents.get(at)
    return False


def _topic_faults(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    topics = row.get("topics")
    if not topics:
        return
    for at, topic in enumerate(topics):
        concept = concepts().get(topic["code"])
        if concept is None:
            yield f"topics[{at}].code", f"{topic['code']!r} is not in the pinned vocabulary (schema/topics.json)"
        elif concept["retired"]:
            yield f"topics[{at}].code", f"{topic['code']!r} is retired in the pinned vocabulary"
    codes = [topic["code"] for topic in topics]
    if len(set(codes)) != len(codes):
        yield "topics", "a topic stands twice"
    primary = sum(bool(topic.get("primary")) for topic in topics)
    if primary != 1:
        yield "topics", f"{primary} topics are primary; allowed: exactly one"
