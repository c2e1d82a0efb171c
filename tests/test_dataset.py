"""The packaged dataset: as released, built from its sources, loadable offline, and no story or test outlet leaks."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT

import newsbench
from newsbench import dataset
from newsbench.dataset import CONFIGURATIONS, SPLITS, manifest, read_config, verify, version_folder, versions
from newsbench.gold import load_gold
from newsbench.resources import folder
from newsbench.validation import validate


def test_files_are_those_of_the_manifest():
    assert verify() == []


def test_the_dataset_is_sound():
    assert validate() == []


def test_the_committed_data_is_what_the_sources_compile_to(tmp_path):
    """Row by row: another release of Arrow may write other bytes."""
    import pyarrow.parquet as pq

    seeds = ROOT / "seeds"
    if not seeds.is_dir():
        pytest.skip("no sources beside the tests")
    command = [sys.executable, str(ROOT / "scripts" / "build_dataset.py"), "-o", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    built = tmp_path / "data" / versions()[-1]
    committed = ROOT / "data" / versions()[-1]
    files = sorted(path.relative_to(committed) for path in committed.rglob("*.parquet"))
    assert files == sorted(path.relative_to(built) for path in built.rglob("*.parquet"))
    for path in files:
        ours, theirs = pq.read_table(committed / path), pq.read_table(built / path)
        assert ours.schema.remove_metadata() == theirs.schema.remove_metadata(), path
        assert ours.to_pylist() == theirs.to_pylist(), f"{path}: build the dataset again"


STORIES = {"train": 16, "validation": 4, "test": 20}


@pytest.fixture(scope="module")
def pages_by_split():
    return {split: load_gold(split=split).pages for split in SPLITS}


def test_counts(pages_by_split):
    pages = [page for found in pages_by_split.values() for page in found]
    assert len(pages) >= 180
    assert len({page.outlet for page in pages}) >= 90
    assert len({page.country for page in pages}) >= 40
    assert len({page.template for page in pages}) >= 30
    assert {split: len({page.story for page in found}) for split, found in pages_by_split.items()} == STORIES
    assert manifest()["totals"]["pages"] == len(pages) == len({page.id for page in pages})


def test_a_story_has_3_to_7_takes_and_stands_in_one_split(pages_by_split):
    stories: dict[str, set[str]] = {}
    takes: dict[str, int] = {}
    for split, pages in pages_by_split.items():
        for page in pages:
            stories.setdefault(page.story, set()).add(split)
            takes[page.story] = takes.get(page.story, 0) + 1
    assert all(len(splits) == 1 for splits in stories.values())
    assert all(3 <= count <= 7 for count in takes.values())


def test_some_test_outlets_and_templates_stand_nowhere_else(pages_by_split):
    elsewhere = [page for split in ("train", "validation") for page in pages_by_split[split]]
    test = pages_by_split["test"]
    assert {page.outlet for page in test} - {page.outlet for page in elsewhere}
    assert len({page.template for page in test} - {page.template for page in elsewhere}) >= 6


def test_stories_happen_in_many_countries_on_all_inhabited_continents():
    places = [row["places"][0] for row in read_config("stories", None, None).to_pylist()]
    assert len(set(places)) >= 25
    continents = [{"KE", "NG", "GH", "EG", "MA"}, {"CL", "BR", "UY", "CO"}, {"MX", "US"}, {"JP", "VN", "PH"}, {"AU"}]
    assert all(continent & set(places) for continent in [*continents, {"EE", "FI", "IT", "GR"}])


def test_every_desk_stands_in_the_test_split(pages_by_split):
    from newsbench.vocabulary import top_of

    tops = {top_of(topic.code) for page in pages_by_split["test"] for topic in page.topics if topic.primary}
    assert len(tops) == 17


def test_every_page_is_annotated_and_those_that_are_scored_on_twice():
    twice = dict.fromkeys(SPLITS, 0)
    for split in SPLITS:
        rows = read_config("pages", split, None).to_pylist()
        for row in rows:
            assert row["attributions"], row["id"]
            assert row["topics"], row["id"]
            annotators = row["annotation"]["annotators"]
            assert annotators in (["a", "b"], ["a"]), row["id"]
            assert row["annotation"]["adjudicated"] == (annotators == ["a", "b"])
            twice[split] += len(annotators) == 2
        assert twice[split] >= (len(rows) / 5 if split == "train" else len(rows))


def test_spans_are_what_they_say(pages_by_split):
    """Spot checks by eye: these words were read on these pages."""
    pages = {page.id: page for found in pages_by_split.values() for page in found}
    page = pages["hr-glas-zagreba-coat"]
    headline = next(segment for segment in page.segments if segment.type == "headline")
    assert page.text[headline.start : headline.end] == page.metadata["headline"]
    for page in pages.values():
        for attribution in page.attributions:
            for name in ("content", "source", "cue"):
                for span in getattr(attribution, name):
                    words = page.text[span.start : span.end]
                    assert words == words.strip()
                    assert words


def test_load_gives_datasets_of_every_configuration():
    for config in CONFIGURATIONS:
        found = newsbench.load("test", config)
        assert found.num_rows == read_config(config, "test", None).num_rows > 0
    assert newsbench.load().num_rows == sum(newsbench.load(split).num_rows for split in SPLITS)
    for wrong, named in (("tset", "train, validation, test"), ("test", "pages, boilerplate")):
        with pytest.raises(ValueError, match=named):
            newsbench.load(wrong, "pages" if wrong == "tset" else "page")


def test_datasets_loads_the_checkout_offline(tmp_path):
    if not (ROOT / ".huggingface.yaml").is_file():
        pytest.skip("no checkout")
    code = (
        "import datasets, json, sys\n"
        "names = json.loads(sys.argv[2])\n"
        "found = {name: datasets.load_dataset(sys.argv[1], name) for name in names}\n"
        "print(json.dumps({name: {split: rows.num_rows for split, rows in one.items()} for name, one in found.items()}))"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT), json.dumps(CONFIGURATIONS)],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    for config in CONFIGURATIONS:
        assert found[config] == {split: read_config(config, split, None).num_rows for split in SPLITS}


def test_data_lies_in_one_place():
    assert version_folder().parent == folder("data")


@pytest.mark.parametrize("size", [0, 1, dataset._PIECE, 2 * dataset._PIECE + 1])
def test_hashes_are_those_of_the_whole_file(size, tmp_path):
    content = b"\x07" * size
    (tmp_path / "file").write_bytes(content)
    assert dataset.sha256_of(tmp_path / "file") == hashlib.sha256(content).hexdigest()
