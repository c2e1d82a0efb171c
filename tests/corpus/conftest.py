"""A small corpus of hard cases, copied so that each test may spoil it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).resolve().parent / "fixtures"


def copy_seeds(target: Path) -> Path:
    shutil.copytree(FIXTURES, target)
    shutil.copy(ROOT / "seeds" / "page.rng", target / "page.rng")
    return target


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The fixtures as a folder of sources of its own."""
    return copy_seeds(tmp_path / "seeds")


@pytest.fixture(scope="session")
def schema() -> Path:
    return ROOT / "schema"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures compiled once; read only."""
    from newsbench.corpus.build import build_dataset

    folder = tmp_path_factory.mktemp("built")
    build_dataset(copy_seeds(folder / "seeds"), ROOT / "schema", folder, version="0.1.0")
    return folder


@pytest.fixture(scope="session")
def pages(built: Path) -> dict[str, dict]:
    """Rows of `pages` by id."""
    import pyarrow.parquet as pq

    folder = built / "data" / "0.1.0" / "pages"
    return {row["id"]: row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()}


@pytest.fixture
def spoil(seeds: Path, schema: Path):
    """Replace text in a source file and give the problems of the whole corpus as strings."""
    from newsbench.corpus.build import check_corpus

    def change(path: str, *replacements: tuple[str, str], allow_unannotated: bool = False) -> list[str]:
        text = (seeds / path).read_text("utf-8")
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        (seeds / path).write_text(text, "utf-8")
        problems = check_corpus(seeds, schema, allow_unannotated=allow_unannotated)
        return [str(problem).removeprefix(f"{seeds}/") for problem in problems]

    return change
