"""Entry points of other packages are found, and a folder without any costs no import."""

from __future__ import annotations

import subprocess
import sys


def run(code: str, folder) -> str:
    prelude = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
    return subprocess.run([sys.executable, "-c", prelude + code], capture_output=True, text=True, check=True).stdout


def test_a_package_can_add_a_system_and_a_metric(tmp_path):
    info = tmp_path / "other-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n", encoding="utf-8")
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
