"""Baselines and installed extractors, found through the table below (`module:class`, imported when asked for)."""

from __future__ import annotations

import difflib
from functools import lru_cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from newsbench.plugins import plugins
from newsbench.problems import UsageError

if TYPE_CHECKING:
    from newsbench.systems.base import System

#: Name on the command line -> "module:class".
SYSTEMS = {
    "trafilatura": "newsbench.systems.trafilatura_extractor:Trafilatura",
    "readability": "newsbench.systems.readability_extractor:Readability",
    "justext": "newsbench.systems.justext_extractor:Justext",
    "newspaper4k": "newsbench.systems.newspaper_extractor:Newspaper",
    "goose3": "newsbench.systems.goose_extractor:Goose",
    "boilerpy3": "newsbench.systems.boilerpy_extractor:Boilerpy",
    "resiliparse": "newsbench.systems.resiliparse_extractor:Resiliparse",
    "html-text": "newsbench.systems.html_text_extractor:HtmlText",
    "whole-page": "newsbench.systems.trivial:WholePage",
    "nothing": "newsbench.systems.trivial:Nothing",
    "lines": "newsbench.systems.lines:Lines",
    "rules": "newsbench.systems.rules:Rules",
    "majority": "newsbench.systems.majority:Majority",
    "tfidf": "newsbench.systems.tfidf:Tfidf",
    "average-link": "newsbench.systems.average_link:AverageLink",
    "opengraph": "newsbench.systems.opengraph:OpenGraph",
}

#: Third parties name their systems in entry points of this group.
GROUP = "newsbench.systems"


class MissingDistribution(ImportError):
    """A system's own package is not installed; the message says how to install it."""


@lru_cache(maxsize=1)
def system_table() -> dict[str, str]:
    """Return name -> "module:class" of all systems, third parties' (entry points `newsbench.systems`) included."""
    return {**plugins(GROUP), **SYSTEMS}


def load_system(name: str) -> System:
    """Make a system by its name, untrained.

    Errors: ValueError with the nearest name and all there are; MissingDistribution where its package is not installed.
    """
    system = _make(name)
    if system.requires is not None and _installed(system.requires) is None:
        raise MissingDistribution(f"the system {name!r} needs {system.requires}: {_install(system.requires)}")
    return system


def describe() -> list[dict[str, Any]]:
    """Describe every system: name, tasks, description, needs_training, distribution, installed version, what to do.

    `install` says what to install where the distribution is missing, else it is None. A third party's system that
    cannot be imported is described by its error.
    """
    return [_describe(name) for name in system_table()]


def _describe(name: str) -> dict[str, Any]:
    try:
        system = _make(name)
    except Exception as error:
        # Only what others have put into the table: our own are tested.
        return {
            "name": name, "tasks": (), "description": f"cannot be loaded: {type(error).__name__}: {error}",
            "needs_training": False, "distribution": None, "version": None, "install": None,
        }  # fmt: skip
    found = _installed(system.requires) if system.requires else None
    return {
        "name": name,
        "tasks": system.tasks,
        "description": system.description,
        "needs_training": system.needs_training,
        "distribution": system.requires,
        "version": found,
        "install": _install(system.requires) if system.requires and found is None else None,
    }


def _make(name: str) -> System:
    known = system_table()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise UsageError(f"no system {name!r}{hint}; there are: {', '.join(known)}")
    module, _, attribute = known[name].partition(":")
    return getattr(import_module(module), attribute)()


def _installed(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _install(distribution: str) -> str:
    return f'pip install {distribution} (or all of them: pip install "newsbench[systems]")'
