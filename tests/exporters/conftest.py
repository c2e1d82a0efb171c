"""Exporting to a folder and reading it back."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path

import pytest

from newsbench.exporters import EXPORTERS


def module_of(name: str):
    return import_module(EXPORTERS[name][0].partition(":")[0])


@pytest.fixture(scope="session")
def there_and_back():
    """Write pages in a format and return (the pages read back, what was left behind)."""

    def trip(name: str, pages, **options):
        module = module_of(name)
        with tempfile.TemporaryDirectory() as folder:
            losses = module.write(iter(pages), Path(folder), **options)
            return list(module.read(Path(folder))), {kind: many for kind, many in losses.items() if many}

    return trip
