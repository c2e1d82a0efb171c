"""Metrics, one family a file, found through the tables below (`module:object`, imported when asked for)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

from newsbench.plugins import plugins
from newsbench.problems import UsageError

if TYPE_CHECKING:
    from newsbench.metrics.base import Family

TASKS = ("boilerplate", "attributions", "topics", "stories", "titles", "metadata")

#: Families that every score computes.
FAMILIES = {
    "boilerplate.words": "newsbench.metrics.boilerplate:FAMILY",
    "attributions.elements": "newsbench.metrics.attributions:FAMILY",
    "topics.labels": "newsbench.metrics.topics:FAMILY",
    "stories.clusters": "newsbench.metrics.stories:STORIES",
    "stories.aspects": "newsbench.metrics.stories:ASPECTS",
    "titles.words": "newsbench.metrics.titles:FAMILY",
    "metadata.fields": "newsbench.metrics.metadata:FAMILY",
}

#: Families under the peers' names, computed on request.
PEER_FAMILIES = {
    "boilerplate.aeb": "newsbench.metrics.compat.aeb:FAMILY",
    "boilerplate.wcxb": "newsbench.metrics.compat.wcxb:FAMILY",
    "boilerplate.cleaneval": "newsbench.metrics.compat.cleaneval:FAMILY",
    "boilerplate.rouge": "newsbench.metrics.compat.rouge:FAMILY",
    "boilerplate.indel": "newsbench.metrics.compat.indel:FAMILY",
    "boilerplate.webmainbench": "newsbench.metrics.compat.webmainbench:FAMILY",
    "attributions.nervaluate": "newsbench.metrics.compat.nervaluate:FAMILY",
    "attributions.seqeval": "newsbench.metrics.compat.seqeval:FAMILY",
}


@lru_cache(maxsize=1)
def family_table() -> dict[str, str]:
    """Return name -> "module:object" of all families, third parties' (entry points `newsbench.metrics`) included."""
    return {**plugins("newsbench.metrics"), **FAMILIES, **PEER_FAMILIES}


@cache
def load_family(name: str) -> Family:
    """Import one family by its full name, such as ``boilerplate.words``.

    Errors: ValueError with the names there are.
    """
    known = family_table()
    if name not in known:
        raise UsageError(f"no metrics {name!r}; there are: {', '.join(known)}")
    module, _, attribute = known[name].partition(":")
    return getattr(import_module(module), attribute)


def check_tasks(tasks: Iterable[str]) -> list[str]:
    """Return the names of tasks as a list.

    Errors: UsageError for a single string, and for an unknown task with those there are.
    """
    if isinstance(tasks, str) or not isinstance(tasks, Iterable):
        raise UsageError(f"tasks are {tasks!r}; allowed: a list of names, such as ['boilerplate']")
    tasks = list(tasks)
    unknown = [task for task in tasks if task not in TASKS]
    if unknown:
        raise UsageError(f"no task {', '.join(map(repr, unknown))}; allowed: {', '.join(TASKS)}")
    return tasks


def families(tasks: Iterable[str], *, peers: bool = False) -> list[Family]:
    """Return the families of some tasks, in the order of the tables.

    Errors: those of `check_tasks`.
    """
    tasks = check_tasks(tasks)
    names = [name for name in family_table() if name not in PEER_FAMILIES or peers]
    return [load_family(name) for name in names if name.partition(".")[0] in tasks]
