"""The JSON in a language model's answer: bare, in a code fence, or somewhere in prose."""

from __future__ import annotations

import json
import re
from typing import Any

_FENCE = re.compile(r"```[ \t]*[\w+-]*[ \t]*\r?\n(.*?)(?:\r?\n[ \t]*```|\Z)", re.DOTALL)
_OPENING = re.compile(r"[\[{]")
_FIELDS = (
    "main_text",
    "boilerplate",
    "attributions",
    "topics",
    "story",
    "aspect",
    "story_title",
    "metadata",
    "offsets",
)
_ATTRIBUTION = frozenset({"content", "source", "cue"})


def find_json(answer: str) -> Any:
    """Return the JSON value of an answer: all of it, else that of a code fence, else the longest in the prose.

    Errors: ValueError where there is none.
    """
    for candidate in (answer, *(match[1] for match in _FENCE.finditer(answer))):
        try:
            value = json.loads(candidate.strip())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict | list):
            return value
    decoder = json.JSONDecoder()
    best: tuple[int, Any] | None = None
    at = 0
    while (opening := _OPENING.search(answer, at)) is not None:
        try:
            value, end = decoder.raw_decode(answer, opening.start())
        except (ValueError, RecursionError):
            at = opening.end()
            continue
        if best is None or end - opening.start() > best[0]:
            best = (end - opening.start(), value)
        at = end
    if best is None:
        raise ValueError(f"no JSON in the answer {answer[:60]!r}")
    return best[1]


def record_of_answer(value: Any, page: str) -> dict[str, Any]:
    """Return an answer as a prediction of a page.

    An object with fields of a prediction is one (its `id` gives way to the page's); a list of objects with `content`,
    `source` or `cue`, or one such object, are attributions; a list of topic codes are topics. Null elements are absent.
    Errors: ValueError that says what was found.
    """
    if isinstance(value, dict):
        fields = {name: value[name] for name in _FIELDS if value.get(name) is not None}
        if fields:
            if isinstance(fields.get("attributions"), list):
                fields["attributions"] = [_without_nulls(one) for one in fields["attributions"]]
            return {"id": page, **fields}
        if _ATTRIBUTION & value.keys():
            return {"id": page, "attributions": [_without_nulls(value)]}
        raise ValueError(f"the answer has none of the fields {', '.join(_FIELDS)}; it has {', '.join(value) or 'none'}")
    if all(isinstance(one, dict) and _ATTRIBUTION & one.keys() for one in value):
        return {"id": page, "attributions": [_without_nulls(one) for one in value]}
    if all(isinstance(one, str) and one.startswith("medtop:") for one in value):
        return {"id": page, "topics": value}
    raise ValueError("the answer is a list, but neither of attributions nor of topics")


def _without_nulls(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: inner for name, inner in value.items() if inner is not None}
