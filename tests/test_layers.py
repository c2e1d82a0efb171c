"""The house keeps its shape: layers, import budget, table entries, size of modules."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "newsbench"

#: From the ground up: a module imports only from its own layer or from those before it.
LAYERS = [
    {"types", "text", "offsetunits", "resources", "problems", "spans", "workers", "plugins", "files", "distributions"},
    {"schema", "vocabulary", "passages", "pagetable", "stylesheet", "textflow",
     "wordunits", "wordhash", "commonlines", "wordruns", "sharedtrigrams"},
    {"chaining", "render", "occurrences", "placing", "matching", "batchpassages"},
    {"align", "grounding", "batchalign"},
    {"metrics"},
    {"scoring", "stats", "power", "multiplicity", "weights"},
    {"samedata"},
    {"report"},
    {"figures", "reporting"},
    {"pairtests", "choosing", "comparison"},
    {"dataset"},
    {"gold", "wordindex"},
    {"ceiling"},
    {"formats"},
    {"validation", "agreement", "corpusreport"},
    {"corpus"},
    {"systems", "importers", "exporters"},
    {"running", "engines", "streaming"},
    {"api", "showing", "storedcounts"},
    {"leaderboard"},
    {"cli"},
    {"__init__", "__main__"},
]
HEAVY = ("pandas", "pyarrow", "numpy", "sklearn", "scipy", "datasets", "lxml", "jinja2", "jsonschema", "rapidfuzz")


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)] = path
    return found


def layer_of(module: str) -> int:
    first = module.split(".")[0]
    places = [number for number, names in enumerate(LAYERS) if first in names]
    assert places, f"{module} stands in no layer: add it to LAYERS"
    return places[0]


def imports(path: Path) -> set[str]:
    """Modules of the package that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "newsbench":
            inner = node.module.partition(".")[2]
            found.add(inner or "__init__")
        elif isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[2] for alias in node.names if alias.name.startswith("newsbench."))
    return found


@pytest.mark.parametrize("module", modules())
def test_a_module_imports_only_from_the_layers_below_it(module):
    own = layer_of(module)
    for target in imports(modules()[module]):
        if target == "__init__":
            continue  # The version number.
        assert layer_of(target) <= own, f"{module} imports {target} from a layer above it"


@pytest.mark.parametrize("module", modules())
def test_modules_stay_readable(module):
    assert len(modules()[module].read_text(encoding="utf-8").splitlines()) <= 330


def test_what_the_package_exports_is_there():
    import newsbench

    assert set(newsbench.__all__) == {"__version__", *newsbench._EXPORTS}
    assert all(getattr(newsbench, name) is not None for name in newsbench.__all__)
    assert newsbench.Resampling(resamples=20, seed=7, level=0.9).method == "percentile"


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


@pytest.mark.parametrize(
    "statement",
    [
        "import newsbench",
        "import contextlib\nfrom newsbench.cli import main\nwith contextlib.suppress(SystemExit): main(['--help'])",
        "import newsbench.systems",
        "import newsbench.metrics",
        "import newsbench.importers",
        "import newsbench.exporters",
        "import newsbench.api",
    ],
)
def test_light_imports_load_nothing_heavy(statement):
    assert not loaded_by(statement) & set(HEAVY)


def test_scoring_loads_neither_pandas_nor_scikit_learn(tmp_path):
    predictions = tmp_path / "nothing.jsonl"
    predictions.write_text("", encoding="utf-8")
    found = loaded_by(f"from newsbench.cli import main\nmain(['score', {str(predictions)!r}, '--task', 'boilerplate'])")
    assert not found & {"pandas", "sklearn", "scipy", "datasets", "lxml", "jinja2", "jsonschema"}


def test_help_costs_little_more_than_a_bare_interpreter():
    """CPU of three starts each; the budget is 100 ms beyond the interpreter, doubled for a busy machine."""
    import resource

    def cpu(arguments: list[str]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for _ in range(3):
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 3

    assert cpu(["-m", "newsbench", "--help"]) - cpu(["-c", "pass"]) < 0.2


def test_every_entry_of_every_table_can_be_loaded_and_is_documented():
    from importlib import import_module

    from newsbench.cli import VERBS
    from newsbench.importers import IMPORTERS, load_importer
    from newsbench.metrics import FAMILIES, PEER_FAMILIES, load_family
    from newsbench.systems import SYSTEMS, load_system

    for name in {**FAMILIES, **PEER_FAMILIES}:
        family = load_family(name)
        assert f"{family.task}.{family.name}" == name
        for metric in (*family.metrics, *family.corpus_metrics):
            assert metric.formula, name
            assert metric.empty, name
            assert metric.source, name
            assert metric.better in ("higher", "lower")
        assert len(set(family.columns)) == len(family.columns)
    for name in IMPORTERS:
        assert load_importer(name).__doc__
    for name in SYSTEMS:
        system = load_system(name)
        assert system.name == name
        assert system.description
        assert system.tasks
    for verb, (module, text) in VERBS.items():
        found = import_module(module)
        assert found.__doc__, verb
        assert text


def test_figures_have_one_name_each():
    from newsbench.metrics import TASKS, families

    names = [
        f"{family.task}.{metric.name}"
        for family in families(TASKS, peers=True)
        for metric in (*family.metrics, *family.corpus_metrics)
    ]
    assert len(set(names)) == len(names)
    # What other programs may rely on.
    assert {
        "boilerplate.token_f1", "boilerplate.token_precision", "boilerplate.token_recall",
        "attributions.joint_relaxed_f1", "attributions.joint_strict_f1", "attributions.content_exact_f1",
        "attributions.content_normalized_f1", "attributions.source_exact_f1", "attributions.cue_exact_f1",
        "attributions.ungrounded_rate", "topics.micro_f1", "topics.macro_f1", "topics.hierarchical_f1",
        "topics.primary_accuracy", "stories.ari", "stories.pairwise_f1", "stories.bcubed_f1", "stories.v_measure",
        "metadata.headline_match", "boilerplate.aeb_f1", "boilerplate.aeb_precision", "boilerplate.aeb_recall",
        "boilerplate.aeb_accuracy", "boilerplate.wcxb_f1", "boilerplate.cleaneval_f1", "boilerplate.rouge_lsum_f1",
        "boilerplate.indel_ratio",
    } <= set(names)  # fmt: skip
