"""The command and the table: whole folders or none, losses told, missing packages named."""

from __future__ import annotations

import json
import sys

import pytest

from newsbench.cli import main
from newsbench.exporters import EXPORTERS, load_exporter
from newsbench.exporters.exporting import export

ROW = {
    "id": "p-1",
    "text": "Anna said yes.",
    "html": "<p>Anna said yes.",
    "segments": [{"start": 0, "end": 14, "type": "paragraph"}],
    "topics": [{"code": "medtop:11000000", "primary": True}],
}


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_is_documented_and_names_what_it_does_not_carry(name):
    write = load_exporter(name)
    assert write.__doc__
    module = sys.modules[write.__module__]
    assert "Not carried" in module.__doc__
    assert module.read.__doc__


@pytest.mark.parametrize("name", EXPORTERS)
def test_export_makes_a_folder_and_tells_what_is_lost(name, gold, tmp_path, capsys):
    target = tmp_path / "deep" / "out"
    assert main(["export", name, "--gold", str(gold), "-o", str(target)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"1 page in {target}\n")
    assert ("topics" in told.err) == (name in ("brat", "conll"))
    assert any(target.iterdir())
    assert [path.name for path in target.parent.iterdir()] == ["out"]
    assert target.stat().st_mode & 0o777 == (tmp_path / "deep").stat().st_mode & 0o777


def test_near_names_are_offered(gold, tmp_path, capsys):
    assert main(["export", "labelstudio", "--gold", str(gold), "-o", str(tmp_path / "out")]) == 2
    assert "no format 'labelstudio'" in (told := capsys.readouterr().err)
    assert "did you mean 'label-studio'" in told
    assert not (tmp_path / "out").exists()


def test_a_layer_that_a_format_has_no_place_for(gold, tmp_path, capsys):
    assert main(["export", "conll", "--gold", str(gold), "--layer", "topics", "-o", str(tmp_path / "out")]) == 1
    assert "has no place for topics; it carries segments, attributions" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [gold]


def test_a_folder_with_something_in_it_is_left_alone(gold, tmp_path, capsys):
    target = tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine", encoding="utf-8")
    assert main(["export", "brat", "--gold", str(gold), "-o", str(target)]) == 1
    assert "is not an empty folder" in capsys.readouterr().err
    assert [path.name for path in target.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_used(gold, tmp_path):
    (tmp_path / "out").mkdir()
    assert export("brat", tmp_path / "out", gold=gold).pages == 1
    assert (tmp_path / "out" / "p-1.ann").is_file()


def test_nothing_half_written_stays(gold, tmp_path, monkeypatch):
    with gold.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**ROW, "id": "p-2", "segments": [{"start": 0, "end": 99, "type": "paragraph"}]}) + "\n")
    for name in EXPORTERS:
        with pytest.raises(ValueError, match="allowed: 0 to 14"):
            export(name, tmp_path / "out", gold=gold)
    assert list(tmp_path.iterdir()) == [gold]


@pytest.mark.parametrize(
    ("name", "module", "package"), [("uima", "cassis", "dkpro-cassis"), ("spacy", "spacy", "spaCy")]
)
def test_a_missing_package_is_named(name, module, package, gold, tmp_path, monkeypatch, capsys):
    # None in sys.modules makes an import fail as if nothing were installed.
    monkeypatch.setitem(sys.modules, module, None)
    assert main(["export", name, "--gold", str(gold), "-o", str(tmp_path / "out")]) == 1
    assert f"needs {package}: pip install 'newsbench[export]'" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_html_is_never_loaded(gold, tmp_path):
    target = tmp_path / "out"
    export("spacy", target, gold=gold)
    assert b"<p>" not in (target / "pages-0001.spacy").read_bytes()


def test_the_table_loads_nothing_heavy():
    import subprocess

    code = "import sys, newsbench.exporters, newsbench.cli.export\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not loaded & {"pandas", "pyarrow", "numpy", "sklearn", "datasets", "lxml", "spacy", "cassis", "jsonschema"}
