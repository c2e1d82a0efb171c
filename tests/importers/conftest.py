"""Importing into memory, with what was reported on the way."""

from __future__ import annotations

import pytest

from newsbench.importers import load_importer
from newsbench.importers.base import import_rows


@pytest.fixture
def bring():
    """Import a source; return its rows and the notices."""

    def run(name, source, **options):
        notices = []
        rows = list(import_rows(load_importer(name), source, report=notices.append, **options))
        return rows, notices

    return run


@pytest.fixture
def sound():
    """Say that rows are valid pages whose segments tile the text."""
    from newsbench.validation import page_problems

    def check(rows):
        assert list(page_problems("rows", ((number, row, None) for number, row in enumerate(rows, 1)))) == []

    return check
