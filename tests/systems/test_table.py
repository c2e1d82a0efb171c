"""The table of systems: lazy, complete, described, and kind to a misspelt name."""

from __future__ import annotations

import importlib.metadata
import pickle
import re
import subprocess
import sys

import pytest

from newsbench import systems
from newsbench.systems import SYSTEMS, MissingDistribution, describe, load_system
from newsbench.systems.base import System

HEAVY = [
    "numpy",
    "scipy",
    "sklearn",
    "lxml",
    "trafilatura",
    "readability",
    "justext",
    "newspaper",
    "goose3",
    "boilerpy3",
    "resiliparse",
    "html_text",
    "pandas",
    "pyarrow",
    "nltk",
    "tomllib",
]
CONTRACT = """
    trafilatura readability justext newspaper4k goose3 boilerpy3 resiliparse html-text whole-page nothing lines
    rules majority tfidf average-link
"""


def test_import_and_description_load_nothing_heavy():
    program = (
        "import sys, newsbench.systems, newsbench.running\n"
        "newsbench.systems.describe()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_promised_system_is_there():
    assert set(CONTRACT.split()) <= set(SYSTEMS)


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_loads_and_survives_pickling(name):
    system = load_system(name)
    assert isinstance(system, System)
    assert system.name == name
    assert system.tasks
    assert system.trains or not system.needs_training
    again = pickle.loads(pickle.dumps(system))
    assert type(again) is type(system)


def test_each_load_is_a_new_one():
    assert load_system("majority") is not load_system("majority")


def test_descriptions():
    found = {row["name"]: row for row in describe()}
    assert set(found) >= set(SYSTEMS)
    for row in found.values():
        assert set(row["tasks"]) <= {"boilerplate", "attributions", "topics", "stories", "titles", "metadata"}
        assert row["description"]
    assert found["trafilatura"]["distribution"] == "trafilatura"
    assert found["trafilatura"]["version"] == importlib.metadata.version("trafilatura")
    assert found["trafilatura"]["install"] is None
    assert found["rules"]["distribution"] is None
    assert found["lines"]["needs_training"]


def test_misspelt_name():
    with pytest.raises(ValueError, match=r"did you mean 'trafilatura'\?\); there are: .*justext"):
        load_system("trafilatur")


def test_missing_distribution(monkeypatch):
    monkeypatch.setattr(systems, "_installed", lambda name: None)
    with pytest.raises(MissingDistribution, match=re.escape("pip install goose3")):
        load_system("goose3")
    row = next(row for row in describe() if row["name"] == "goose3")
    assert row["version"] is None
    assert "pip install goose3" in row["install"]


def test_third_parties(monkeypatch):
    theirs = {"theirs": "newsbench.systems.trivial:Nothing", "broken": "no_such_module_at_all:Thing"}
    systems.system_table.cache_clear()
    monkeypatch.setattr(systems, "plugins", lambda group: theirs)
    try:
        assert load_system("theirs").name == "nothing"
        row = next(row for row in describe() if row["name"] == "broken")
        assert "ModuleNotFoundError" in row["description"]
    finally:
        systems.system_table.cache_clear()
