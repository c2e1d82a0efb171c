"""What several tests share: where real corpora lie, and small pages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# How long an example takes depends on what else the machine does.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of public corpora; tests that want it skip where it is not given."""
    place = os.environ.get("NEWSBENCH_CORPORA")
    if not place or not Path(place).is_dir():
        pytest.skip("NEWSBENCH_CORPORA names no folder")
    return Path(place)


@pytest.fixture(scope="session")
def gold_pages():
    """All pages of the packaged dataset."""
    from newsbench.gold import load_gold

    return load_gold(split=None).pages


@pytest.fixture(scope="session")
def packaged():
    """The packaged dataset by split, as the report on it reads it."""
    from newsbench.corpusreport.report import load_splits

    return load_splits()
