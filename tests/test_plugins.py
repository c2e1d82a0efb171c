"""Entry points of other packages are found, and a folder without any costs no import."""

from __future__ import annotations

import subprocess
import sys


def run(code: str, folder) -> str:
    prelude = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
    return subprocess.run([sys.executable, "-c", prelude + code], capture_output=True, text=True, check=True).stdout


def add_package(folder):
    info = folder / "other-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n", encoding="utf-8")
    return info


def test_a_package_can_add_a_system_and_a_metric(tmp_path):
    info = add_package(tmp_path)
    (info / "entry_points.txt").write_text(
        "[newsbench.systems]\nmine = other:Mine\n\n[newsbench.metrics]\nboilerplate.mine = other:FAMILY\n",
        encoding="utf-8",
    )
    (tmp_path / "other.py").write_text(
        "from newsbench.systems.base import System\n"
        "class Mine(System):\n"
        "    name = 'mine'\n    tasks = ('boilerplate',)\n    description = 'all of it'\n"
        "    def run(self, page):\n        return {'main_text': page.text}\n",
        encoding="utf-8",
    )
    code = (
        "from newsbench.systems import load_system, system_table\n"
        "from newsbench.metrics import family_table\n"
        "print(load_system('mine').name, 'boilerplate.mine' in family_table(), list(system_table())[0])"
    )
    assert run(code, tmp_path).split() == ["mine", "True", "mine"]


def test_looking_for_plugins_imports_nothing_where_there_are_none(tmp_path):
    code = (
        f"from newsbench.plugins import plugins\nsys.path[:] = [{str(tmp_path)!r}]\n"
        "print(plugins('newsbench.metrics'), 'importlib.metadata' in sys.modules)"
    )
    assert run(code, tmp_path).split() == ["{}", "False"]


def test_a_metric_of_a_package_is_counted_beside_ours(tmp_path):
    info = add_package(tmp_path)
    (info / "entry_points.txt").write_text("[newsbench.metrics]\nboilerplate.mine = other:FAMILY\n", encoding="utf-8")
    (tmp_path / "other.py").write_text(
        "from newsbench.metrics.base import Family\n"
        "FAMILY = Family(name='mine', task='boilerplate', columns=('pages',), applies=lambda page: True,\n"
        "                count=lambda page, prediction: (1,))\n",
        encoding="utf-8",
    )
    code = (
        "import json\n"
        "from pathlib import Path\n"
        "from newsbench.gold import load_gold\n"
        "from newsbench.api import count_systems\n"
        f"path = Path({str(tmp_path)!r}) / 'system.jsonl'\n"
        "path.write_text(json.dumps({'id': load_gold().pages[0].id, 'main_text': ''}))\n"
        "[table], _ = count_systems([path], tasks=['boilerplate'])\n"
        "print(*table.families, table.families['boilerplate.mine'].values.sum() == len(table.pages))"
    )
    assert run(code, tmp_path).split() == ["boilerplate.mine", "boilerplate.words", "True"]
