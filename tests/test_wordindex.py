"""An index of words is used as long as it fits its pages, and opened once."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from newsbench.dataset import sha256_of, version_folder
from newsbench.wordindex import IndexedPages, find_index, index_path, write_index

PAGES = version_folder() / "pages" / "test.parquet"


@pytest.fixture
def pages(tmp_path) -> Path:
    """A file of a few pages with its index."""
    return put(tmp_path / "pages" / "mine.parquet", 5)


def put(path: Path, many: int) -> Path:
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pq.read_table(PAGES).slice(0, many), path)
    index_path(path).parent.mkdir(exist_ok=True)
    write_index(path, sha256_of(path), index_path(path))
    return path


def opened(path: Path) -> IndexedPages | None:
    return find_index(path, sha256_of(path))


def test_what_does_not_change_is_opened_once(pages):
    assert opened(pages) is opened(pages)


def test_other_pages_have_an_index_of_their_own(pages):
    before = opened(pages).ids()
    assert len(before) == 5
    put(pages, 3)
    assert opened(pages).ids() == before[:3]


def test_an_index_that_was_written_again_is_opened_again(pages):
    before = opened(pages)
    [group] = before.read([0])
    table = pq.read_table(before.index)
    pq.write_table(table, before.index, compression="none")
    found = opened(pages)
    assert found is not before
    assert [page.id for part in found.read(found.groups) for page in part.pages] == [page.id for page in group.pages]


def test_an_index_of_the_same_size_that_is_newer_is_opened_again(pages):
    before = opened(pages)
    os.utime(before.index, (1, 1))
    assert opened(pages) is not before


def test_an_index_of_other_pages_is_not_used(pages):
    pq.write_table(pq.read_table(PAGES).slice(0, 4), pages)
    assert opened(pages) is None
