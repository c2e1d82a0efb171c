"""What systems put out as users of other benchmarks keep it, read as predictions.

Pages are found by our id, by the name that the imported corpus had for them, or by that name turned into an id. What
cannot be read is a problem of the file, told with all others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from newsbench.formats.answers import find_json, record_of_answer
from newsbench.formats.ids import id_of, own_names
from newsbench.formats.predictions import parse_line
from newsbench.formats.records import STORED, Item, StoredOutput
from newsbench.formats.standoff import parse_standoff, place_bounds, read_attributions
from newsbench.problems import InputError, Problem
from newsbench.types import ELEMENTS, Page

_TEXT_NAMES = ("articleBody", "main_content", "plaintext", "text", "content")
_ANSWER_NAMES = ("answer", "response", "output", "completion", "content", "text")
_ID_NAMES = ("id", "page_id", "custom_id", "file_id", "track_id")


def open_stored(form: str, source: str | Path, pages: Mapping[str, Page]) -> StoredOutput:
    """Open a stored output in a format of `STORED`; `pages` are the gold pages, with `reference` and `text`.

    Errors: ValueError for a format that is not there; FileNotFoundError and ValueError that say what was expected.
    """
    if form not in STORED:
        raise ValueError(f"no format {form!r} of stored outputs; allowed: {', '.join(STORED)}")
    path = Path(source)
    if not path.exists():
        raise FileNotFoundError(f"no outputs at {path}: expected {STORED[form]}")
    names = own_names(pages)

    def identify(name: str) -> str:
        return names.get(name) or id_of(name)

    name = path.name if path.is_dir() else path.name.removesuffix(".gz").partition(".json")[0]
    return StoredOutput(name, path.name, _READERS[form](path, identify, pages))


Identify = Callable[[str], str]
Reader = Callable[[Path, Identify, Mapping[str, Page]], Iterator[Item]]


def _read_json(path: Path) -> Any:
    if path.is_dir():
        raise ValueError(f"{path} is a folder: expected a JSON file of one system")
    value, fault = parse_line(path.name, 1, path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    if fault is not None:
        raise InputError([fault])
    return value


def _text_of(entry: Any) -> str | None:
    """Return the kept text of an entry: the entry, or its first field of a usual name; a null text is an empty one."""
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, dict):
        return None
    name = next((name for name in _TEXT_NAMES if name in entry), None)
    value = entry.get(name) if name else None
    return "" if name and value is None else value if isinstance(value, str) else None


def _item(label: str, number: int, name: str, entry: Any, identify: Identify) -> Item:
    text = _text_of(entry)
    if text is None:
        what = f"has no text; expected a string, or an object with one of {', '.join(_TEXT_NAMES)}"
        return number, None, Problem(label, number, "", what, name)
    return number, {"id": identify(name), "main_text": text}, None


def _aeb(path: Path, identify: Identify, pages: Mapping[str, Page]) -> Iterator[Item]:
    """An object, id -> {articleBody}, or one that holds this under `output` beside a `version`."""
    value = _read_json(path)
    entries = value.get("output", value) if isinstance(value, dict) else value
    if not isinstance(entries, dict):
        raise ValueError(f"{path}: expected an object, id -> articleBody, or one under `output`")
    for number, (name, entry) in enumerate(entries.items(), 1):
        yield _item(path.name, number, name, entry, identify)


def _wcxb(path: Path, identify: Identify, pages: Mapping[str, Page]) -> Iterator[Item]:
    """Either AEB's form, or `results`: a list of {file_id, extracted: {main_content}}."""
    value = _read_json(path)
    results = value.get("results") if isinstance(value, dict) else value
    if not isinstance(results, list):
        yield from _aeb(path, identify, pages)
        return
    for number, entry in enumerate(results, 1):
        name = entry.get("file_id") if isinstance(entry, dict) else None
        if not isinstance(name, str):
            yield number, None, Problem(path.name, number, "file_id", "is missing or no string")
        elif isinstance(entry.get("extracted"), dict) and entry["extracted"].get("error"):
            yield number, {"id": identify(name), "error": str(entry["extracted"]["error"])}, None
        else:
            yield _item(path.name, number, name, entry.get("extracted", entry), identify)


def _lines(path: Path) -> Iterator[tuple[str, int, Any, Problem | None]]:
    """Yield (file, line, object, fault) of a JSON Lines file or a folder of them."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    if not files:
        raise ValueError(f"{path}: expected *.jsonl; found {_shown(path)}")
    for file in files:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield file.name, number, *parse_line(file.name, number, line.removeprefix(b"\xef\xbb\xbf"))


def _shown(folder: Path) -> str:
    names = sorted(place.name for place in folder.iterdir())
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "") or "nothing"


def _chatnoir(path: Path, identify: Identify, pages: Mapping[str, Page]) -> Iterator[Item]:
    """JSON Lines with `page_id` and `plaintext`; a folder holds one system's file for each corpus."""
    for file, number, record, fault in _lines(path):
        name = record.get("page_id") if isinstance(record, dict) else None
        if fault is not None:
            yield number, None, fault
        elif not isinstance(name, str):
            yield number, None, Problem(file, number, "page_id", "is missing or no string")
        else:
            number, found, problem = _item(file, number, name, record, identify)
            if found is not None and isinstance(record.get("model"), str):
                found["system"] = record["model"]
            yield number, found, problem


def _files(path: Path, endings: tuple[str, ...]) -> list[Path]:
    files = sorted(file for file in path.rglob("*") if file.suffix in endings) if path.is_dir() else []
    if not files:
        found = f"found {_shown(path)}" if path.is_dir() else "it is a file"
        raise ValueError(f"{path}: expected a folder with files named by page, {', '.join(endings)}; {found}")
    return files


def _decoded(file: Path, number: int) -> tuple[str, Problem | None]:
    try:
        return file.read_bytes().decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        return "", Problem(file.name, None, "", f"not UTF-8: byte {error.start}")


def _texts(path: Path, identify: Identify, pages: Mapping[str, Page]) -> Iterator[Item]:
    """A folder of texts, named by page: what was kept."""
    for number, file in enumerate(_files(path, (".txt", ".md")), 1):
        text, fault = _decoded(file, number)
        yield number, None if fault else {"id": identify(file.stem), "main_text": text}, fault


def _llm(path: Path, identify: Identify, pages: Mapping[str, Page]) -> Iterator[Item]:
    """Answers of language models: a folder of files named by page, or JSON Lines with a page's name and the answer."""
    if path.is_dir() and not list(path.glob("*.jsonl")):
        for number, file in enumerate(_files(path, (".json", ".txt", ".md")), 1):
            text, fault = _decoded(file, number)
            yield number, *_answered(file.name, None, file.stem, text, fault, identify)
        return
    for file, number, record, fault in _lines(path):
        if not isinstance(record, dict):
            yield number, None, fault or Problem(file, number, "", "is no object")
            continue
        name = next((record[one] for one in _ID_NAMES if isinstance(record.get(one), str)), None)
        answer = next((record[one] for one in _ANSWER_NAMES if record.get(one) is not None), None)
        if fault is None and name is None:
            fault = Problem(file, number, "id", f"is missing; expected one of {', '.join(_ID_NAMES)}")
        if fault is None and answer is None:
            fault = Problem(file, number, "", f"no answer; expected one of {', '.join(_ANSWER_NAMES)}", name)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        yield number, *_answered(file, number, name or "", text, fault, identify)


def _answered(
    label: str, number: int | None, name: str, text: str, fault: Problem | None, identify: Identify
) -> tuple[dict[str, Any] | None, Problem | None]:
    if fault is not None:
        return None, fault
    try:
        return record_of_answer(find_json(text), identify(name)), None
    except ValueError as error:
        return None, Problem(label, number, "", str(error), name)


def _brat(path: Path, identify: Identify, pages: Mapping[str, Page]) -> Iterator[Item]:
    """A folder of `.ann` files named by page; offsets into the `.txt` beside it, else into the page's text.

    Where the two texts differ, the annotated strings are looked up in the page.
    """
    for number, file in enumerate(_files(path, (".ann",)), 1):
        identifier = identify(file.stem)
        raw, fault = _decoded(file, number)
        page = pages.get(identifier)
        if fault is not None or page is None:
            yield number, {"id": identifier}, fault
            continue
        beside = file.with_suffix(".txt")
        text = _decoded(beside, number)[0] if beside.is_file() else page.text
        found = parse_standoff(raw)
        placed, misplaced = place_bounds(found, text)
        attributions, left_out = read_attributions(found, placed)
        faults = [fault for fault in (*found.faults, *misplaced, *left_out) if fault[0] != "offsets"]
        if faults:
            kind, line, what = faults[0]
            more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
            yield number, None, Problem(file.name, line, "", f"{kind}: {what}{more}", identifier)
            continue
        rows = [
            {name: [_part(span, text, page) for span in row[name]] for name in ELEMENTS if row.get(name)}
            for row in attributions
        ]
        yield number, {"id": identifier, "attributions": rows}, None


def _part(span: tuple[int, int], text: str, page: Page) -> Any:
    start, end = span
    return {"start": start, "end": end} if text == page.text else text[start:end]


_READERS: dict[str, Reader] = {
    "aeb": _aeb,
    "wcxb": _wcxb,
    "chatnoir": _chatnoir,
    "text": _texts,
    "llm": _llm,
    "brat": _brat,
}
