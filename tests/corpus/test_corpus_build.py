"""The files of a data version."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsbench.corpus.build import build_dataset
from newsbench.pagetable import make_schemas
from newsbench.wordindex import index_schema

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATIONS = ["pages", "boilerplate", "attributions", "topics", "stories", "outlets", "annotations"]


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "seeds" not in path.relative_to(folder).parts
    }


def test_same_input_same_bytes(built: Path, seeds: Path, tmp_path: Path) -> None:
    """Another process with another hash seed, time zone and locale, from a copy elsewhere."""
    environment = os.environ | {"PYTHONHASHSEED": "77", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
    command = [
        sys.executable,
        str(ROOT / "scripts" / "build_dataset.py"),
        "--seeds",
        str(seeds),
        "-o",
        str(tmp_path / "out"),
    ]
    subprocess.run([*command, "--version", "0.1.0"], check=True, env=environment, capture_output=True)
    assert digests(tmp_path / "out") == digests(built)
    assert (
        len(digests(built)) == 2 * len(CONFIGURATIONS) - 1 + 2 + 2
    )  # no layers in train; words of both splits; manifest and card


def test_manifest_counts_and_checksums(built: Path) -> None:
    import pyarrow.parquet as pq

    folder = built / "data" / "0.1.0"
    manifest = json.loads((folder / "MANIFEST.json").read_text("utf-8"))
    assert manifest["totals"]["pages"] == 3 and manifest["totals"]["splits"] == {"train": 1, "test": 2}
    assert manifest["totals"]["attributions"] == 8
    for entry in manifest["files"]:
        path = folder / entry["path"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        assert path.stat().st_size == entry["bytes"]
        table = pq.read_table(path)
        assert table.num_rows == entry["rows"]
        expected = index_schema() if entry["configuration"] == "words" else make_schemas()[entry["configuration"]]
        assert table.schema.equals(expected)
    assert {entry["configuration"] for entry in manifest["files"]} == {*CONFIGURATIONS, "words"}
    assert set(CONFIGURATIONS) == set(make_schemas())


def test_rows_of_the_smaller_configurations(built: Path) -> None:
    import pyarrow.parquet as pq

    assert not (built / "data" / "0.1.0" / "annotations" / "train.parquet").exists()

    def rows(name: str, split: str) -> list[dict]:
        return pq.read_table(built / "data" / "0.1.0" / name / f"{split}.parquet").to_pylist()

    (story,) = rows("stories", "test")
    assert story["pages"] == ["is-hafnarblad-bell-gone", "no-vestposten-bell-over-sea"]
    assert story["date"].isoformat() == "2026-02-03" and story["split"] == "test" and len(story["titles"]) == 2
    assert [row["id"] for row in rows("outlets", "test")] == ["is-hafnarblad", "no-vestposten"]
    assert [row["id"] for row in rows("outlets", "train")] == ["no-vestposten"]
    annotations = rows("annotations", "test")
    assert [(row["id"], row["annotator"]) for row in annotations] == [("is-hafnarblad-bell-gone", x) for x in "ab"]
    text = rows("attributions", "test")[0]["text"]
    (only,) = annotations[1]["attributions"]
    assert [text[s["start"] : s["end"]] for s in only["content"]] == ["no call"]
    first = {a["id"]: a for a in annotations[0]["attributions"]}
    assert first["a5"]["hedge"] == [] and first["a1"]["statement"] is None
    assert rows("topics", "test")[0]["topics"][0] == {"code": "medtop:02000000", "primary": True}
    assert [row["id"] for row in rows("boilerplate", "test")] == sorted(row["id"] for row in rows("pages", "test"))


def test_a_rebuild_removes_what_is_no_longer_made(seeds: Path, tmp_path: Path) -> None:
    build_dataset(seeds, ROOT / "schema", tmp_path, version="0.1.0")
    kept = tmp_path / "data" / "0.1.0" / "croissant.json"
    kept.write_text("{}")
    story = seeds / "stories" / "glacier-lake" / "story.yaml"
    story.write_text(story.read_text("utf-8").replace("split: train", "split: validation"), "utf-8")
    build_dataset(seeds, ROOT / "schema", tmp_path, version="0.1.0")
    names = {path.name for path in (tmp_path / "data" / "0.1.0" / "pages").iterdir()}
    assert names == {"validation.parquet", "test.parquet"}
    assert kept.exists()


def test_features_are_those_that_datasets_derives(built: Path) -> None:
    datasets = pytest.importorskip("datasets")
    import yaml

    card = yaml.safe_load((built / ".huggingface.yaml").read_text("utf-8"))
    assert [entry["config_name"] for entry in card["configs"]] == CONFIGURATIONS
    for info in card["dataset_info"]:
        features = datasets.Features.from_arrow_schema(make_schemas()[info["config_name"]])
        assert info["features"] == features._to_yaml_list()


def test_datasets_loads_every_configuration_offline(built: Path, tmp_path: Path) -> None:
    """In a process of its own, whose home, cache and network settings are the test's."""
    pytest.importorskip("datasets")
    script = (
        "import datasets, sys\n"
        "for name in sys.argv[2:]:\n"
        "    loaded = datasets.load_dataset(sys.argv[1], name)\n"
        "    print(name, *sorted(f'{split}={len(rows)}' for split, rows in loaded.items()))\n"
        "page = datasets.load_dataset(sys.argv[1], split='test')[0]\n"
        "span = page['attributions'][0]['content'][0]\n"
        "print(page['text'][span['start']:span['end']].encode('unicode_escape').decode())\n"
    )
    home = tmp_path / "home"
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(home)}
    command = [sys.executable, "-c", script, str(built), *CONFIGURATIONS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "pages test=2 train=1"
    assert lines[6] == "annotations test=2"
    assert lines[7].startswith("\\u201cSomebody cut")


def test_changed_files_are_not_served_stale(seeds: Path, tmp_path: Path) -> None:
    """A change that keeps the number of rows must show in `datasets` with the cache of the first load still there."""
    pytest.importorskip("datasets")
    script = "import datasets, sys; print(datasets.load_dataset(sys.argv[1], 'stories', split='test')[0]['title'])"
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    story = seeds / "stories" / "harbour-bell" / "story.yaml"
    shown = []
    for word in ("Bell", "Bull"):
        story.write_text(story.read_text("utf-8").replace("title: Harbour Bell", f"title: Harbour {word}"), "utf-8")
        build_dataset(seeds, ROOT / "schema", tmp_path, version="0.1.0")
        command = [sys.executable, "-c", script, str(tmp_path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        shown.append(done.stdout.strip())
    assert shown == ["Harbour Bell Goes Missing", "Harbour Bull Goes Missing"]


def test_topics_are_derived_from_the_table(tmp_path: Path) -> None:
    table = tmp_path / "vocabulary-2031-01-02.tsv"
    table.write_text(
        "qcode\tlevel\tparent\tname_en_GB\tname_en_US\tretired\n"
        "medtop:2\t2\tmedtop:1\tlabour\tlabor\t2030-01-01\nmedtop:1\t1\t\twork\twork\t\n",
        "utf-8",
    )
    output = tmp_path / "topics.json"
    subprocess.run([sys.executable, str(ROOT / "scripts/build_topics.py"), str(table), "-o", str(output)], check=True)
    document = json.loads(output.read_text("utf-8"))
    assert document["version"] == "2031-01-02" and "CC BY 4.0" in document["attribution"]
    assert document["topics"] == {
        "medtop:1": {"name": "work", "parent": None, "level": 1, "retired": False},
        "medtop:2": {"name": "labor", "parent": "medtop:1", "level": 2, "retired": True},
    }


def test_tables_of_the_schema_agree(schema: Path) -> None:
    segments = json.loads((schema / "segments.json").read_text("utf-8"))
    policies = json.loads((schema / "policies.json").read_text("utf-8"))["policies"]
    assert {entry["role"] for entry in segments["types"].values()} == set(segments["roles"])
    assert policies["strict"]["roles"] == {}
    for policy in policies.values():
        assert set(policy["roles"]) <= set(segments["types"])
        assert set(policy["roles"].values()) <= set(segments["roles"])
        assert set(policy["reasons"]) == set(policy["roles"])
        assert all(segments["types"][name]["role"] != role for name, role in policy["roles"].items())


def test_every_type_of_a_take_has_a_role(schema: Path) -> None:
    from newsbench.corpus.take import SEGMENT_OF, SLOTS

    types = json.loads((schema / "segments.json").read_text("utf-8"))["types"]
    assert set(SEGMENT_OF.values()) | SLOTS | {"table", "live_entry"} <= set(types)
