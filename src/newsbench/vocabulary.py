"""The pinned release of the IPTC Media Topics: names, parents, top-level topics."""

from __future__ import annotations

from functools import cache, lru_cache

from newsbench.resources import table


@lru_cache(maxsize=1)
def concepts() -> dict[str, dict]:
    """Return code -> {name, parent, level, retired} of the pinned release (`schema/topics.json`)."""
    return table("topics")["topics"]


@lru_cache(maxsize=1)
def top_level() -> tuple[str, ...]:
    """Return the codes of the top-level topics, ascending."""
    return tuple(sorted(code for code, concept in concepts().items() if not concept["parent"]))


@cache
def lineage(code: str) -> tuple[str, ...]:
    """Return a code and its ancestors, the top-level topic last; an unknown code stands alone."""
    found = [code]
    while (concept := concepts().get(found[-1])) and concept["parent"]:
        found.append(concept["parent"])
    return tuple(found)


def top_of(code: str) -> str:
    """Return the top-level topic of a code; an unknown code is its own."""
    return lineage(code)[-1]


def name_of(code: str) -> str:
    """Return a topic's name, or the code itself where it is unknown."""
    concept = concepts().get(code)
    return concept["name"] if concept else code
