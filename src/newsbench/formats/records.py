"""Records of a system's output that come from a format of somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from newsbench.problems import Problem

#: (line or running number, record or None, what is wrong with it)
Item = tuple[int, Any, Problem | None]

#: Format of stored outputs -> what it is.
STORED = {
    "aeb": "a JSON file, id -> articleBody (output/SYSTEM.json)",
    "wcxb": "a JSON file of results (file_id, extracted) or id -> articleBody",
    "chatnoir": "JSON Lines with page_id and plaintext, or a folder of such files",
    "text": "a folder of *.txt or *.md named by page",
    "llm": "a folder of answers named by page, or JSON Lines with id and answer",
    "brat": "a folder of *.ann named by page",
}


class StoredOutput(NamedTuple):
    """An output in another format: the system's name, that for messages, and its records one by one."""

    system: str
    label: str
    rows: Iterator[Item]
