"""Page ids from the names that other people's files have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from newsbench.types import Page

_NOT_ID = re.compile(r"[^a-z0-9]+")


def id_of(name: str) -> str:
    """Turn any name into a page id: lower-case ASCII letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_ID.sub("-", plain).strip("-") or "page"


def own_names(pages: Mapping[str, Page]) -> dict[str, str]:
    """Return, for gold pages, the id by each name that the page has: its id, and that of the corpus it came from."""
    found: dict[str, str] = {}
    for page in pages.values():
        name = page.reference.get("id")
        if isinstance(name, str):
            found.setdefault(name, page.id)
    return {**found, **{name: name for name in pages}}
