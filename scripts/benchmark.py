"""Measure speed: ratios against a floor or a peer, in one run on one machine.

    python scripts/benchmark.py boilerplate [--pages 20000]

The package must be installed with its test extra.
"""

from __future__ import annotations

import argparse
import compileall
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from benchmark_data import attribution_pages, make_corpus
from benchmark_peers import measure_aeb, measure_rouge
from benchmark_tools import command, cpu, in_turn, line, newsbench


def main() -> None:
    """Run one of the benchmarks, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--pages", type=int, default=20_000, help="pages of the boilerplate benchmark (default: 20000)")
    parser.add_argument("--rounds", type=int, default=5, help="of the boilerplate benchmark (default: 5)")
    parser.add_argument("--aeb-evaluate", type=Path, metavar="FILE", help="AEB's own evaluate.py, from its repository")
    options = parser.parse_args()
    for name in options.names or BENCHMARKS:
        if name not in BENCHMARKS:
            parser.error(f"no benchmark {name!r}; there are: {', '.join(BENCHMARKS)}")
        print(f"== {name}")
        BENCHMARKS[name](options)


def floor_loop(gold: Path, predictions: Path) -> None:
    """Parse each line, find the words of both texts with `re`, call rapidfuzz's LCSseq editops, and nothing else."""
    from pyarrow.parquet import ParquetFile
    from rapidfuzz.distance import LCSseq

    words = re.compile(r"\w+").findall
    with ParquetFile(gold / "pages.parquet") as file:
        texts = dict(zip(*file.read(columns=["id", "text"]).to_pydict().values(), strict=True))
    start = time.process_time()
    with predictions.open("rb") as lines:
        for text in lines:
            record = json.loads(text)
            LCSseq.editops(words(texts[record["id"]]), words(record["main_text"]))
    print(time.process_time() - start)


def measure_boilerplate(options: argparse.Namespace) -> None:
    """The whole of `newsbench score --task boilerplate` against the floor; memory; two processes."""
    with tempfile.TemporaryDirectory() as place:
        gold, predictions = make_corpus(Path(place), options.pages)
        code = (
            f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from pathlib import Path; "
            f"from benchmark import floor_loop; floor_loop(Path({str(gold)!r}), Path({str(predictions)!r}))"
        )
        arguments = ["score", str(predictions), "--gold", str(gold), "--task", "boilerplate"]
        floors, ones, twos = [], [], []
        for _ in range(options.rounds):
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
            floors.append(float(done.stdout))
            ones.append(command(newsbench(*arguments)))
            twos.append(command(newsbench(*arguments, "--jobs", "2")))
        # The quickest of each figure: how fast the machine is changes while they take turns.
        floor = min(floors)
        one, wall_one, memory_one = map(min, zip(*ones, strict=True))
        two, wall_two, memory_two = map(min, zip(*twos, strict=True))
        line(f"floor: {options.pages} x json, re, editops", floor)
        line("newsbench score --task boilerplate", one, base=floor, note=f"{wall_one:.2f} s wall, {memory_one:.0f} MB")
        # The quickest run of one process needs one processor at its best, that of two needs both at the same time: what
        # a second process brings is told by all rounds together.
        faster = sum(wall for _, wall, _ in ones) / sum(wall for _, wall, _ in twos)
        times = f"{faster:.2f} x as fast in the mean of {options.rounds}, {wall_one / wall_two:.2f} x by the quickest"
        line("  --jobs 2", two, base=floor, note=f"{wall_two:.2f} s wall ({times}), {memory_two:.0f} MB")
        fewer = Path(place) / "fewer.jsonl"
        with predictions.open(encoding="utf-8") as lines:
            fewer.write_text("".join(text for at, text in enumerate(lines) if at % 10 == 0), encoding="utf-8")
        _, _, memory_fewer = command(newsbench("score", str(fewer), "--gold", str(gold), "--task", "boilerplate"))
        print(f"peak memory with a tenth of the predictions: {memory_fewer:.0f} MB")


def measure_hard(options: argparse.Namespace) -> None:
    """Word alignment where it hurts: 100,000 words on each side."""
    from newsbench.align import align_words

    rng = random.Random(1)

    def natural(count: int) -> list[str]:
        return [f"w{int(rng.paretovariate(0.7)) % 30000}" for _ in range(count)]

    page = natural(100_000)
    cases = {
        "nothing in common": [f"v{number}" for number in range(100_000)],
        "another text": natural(100_000),
        "one word repeated": ["w1"] * 100_000,
        "the same text": page,
        "every fifth passage missing": [word for at, word in enumerate(page) if at % 50 > 9],
    }
    for name, output in cases.items():
        line(name, cpu(lambda output=output: align_words(page, output)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of all of them together: {peak:.0f} MB")


def measure_attributions(options: argparse.Namespace) -> None:
    """Pages a second at 25 gold and 25 predicted attributions, preparation included; nervaluate itself beside it."""
    from nervaluate import Evaluator

    from newsbench.metrics import load_family
    from newsbench.metrics.attribution_columns import MAIN_ELEMENTS
    from newsbench.scoring import BATCH

    pages = attribution_pages(500)
    sides = [
        [
            [
                {"label": name, "start": span.start, "end": span.end}
                for one in side.attributions
                for name in MAIN_ELEMENTS
                for span in getattr(one, name)
            ]
            for side in of_all
        ]
        for of_all in zip(*pages, strict=True)
    ]
    names = ("attributions.elements", "attributions.nervaluate")

    def count(name: str) -> None:
        family = load_family(name)
        if family.count_many is None:
            for page, prediction in pages:
                family.count(family.prepare(page), prediction)
            return
        for first in range(0, len(pages), BATCH):
            batch = pages[first : first + BATCH]
            family.count_many([page for page, _ in batch], [[prediction for _, prediction in batch]])

    def peer() -> None:
        Evaluator(*sides, tags=list(MAIN_ELEMENTS), loader="dict").evaluate()

    base, *ours = in_turn([peer, *(partial(count, name) for name in names)], rounds=5)
    line("nervaluate: four schemas, without a matching", base, note=f"{len(pages) / base:.0f} pages a second")
    for name, seconds in zip(names, ours, strict=True):
        note = f"{len(pages) / seconds:.0f} pages a second, {base / seconds:.1f} times as fast"
        line(f"newsbench: {name}", seconds, note=note)


def measure_bootstrap(options: argparse.Namespace) -> None:
    """10,000 resamples of 20 metrics over 500 pages, alone and paired; and over a million pages."""
    import numpy as np

    from newsbench.stats import Resampling, group_sums, interval_of, paired_randomization, resampled_sums

    rng = np.random.default_rng(1)
    setting = Resampling()

    def share(values):
        return values[..., 0] / values[..., 1]

    def metrics(pages: int, stories: int):
        counts = rng.integers(1, 100, size=(pages, 40)).astype(float)
        return group_sums(counts, np.arange(pages) % stories)

    sums, other = metrics(500, 112), metrics(500, 112)

    def intervals(sums=sums) -> None:
        drawn = resampled_sums(sums, setting)
        for at in range(0, 40, 2):
            interval_of(sums[:, at : at + 2], drawn[:, at : at + 2], share, setting)

    line("20 metrics, 500 pages in 112 stories", cpu(intervals, rounds=3))

    def paired() -> None:
        first, second = resampled_sums(sums, setting), resampled_sums(other, setting)
        for at in range(0, 40, 2):
            np.quantile(share(first[:, at : at + 2]) - share(second[:, at : at + 2]), (0.025, 0.975))

    line("paired", cpu(paired, rounds=3))
    line(
        "approximate randomization, one metric",
        cpu(lambda: paired_randomization(sums[:, :2], other[:, :2], share, setting), rounds=3),
    )

    def million() -> None:
        intervals(metrics(1_000_000, 200_000))

    line("a million pages in 200,000 stories", cpu(million))
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def measure_start(options: argparse.Namespace) -> None:
    """`newsbench score` of the packaged test split, start to table, against importing numpy and pyarrow and reading."""
    from newsbench.dataset import version_folder

    # As pip does when it installs: a checkout may have no byte code, and be told not to write any.
    compileall.compile_dir(Path(find_spec("newsbench").origin).parent, quiet=1)
    with tempfile.TemporaryDirectory() as place:
        predictions = Path(place) / "whole-page.jsonl"
        subprocess.run(newsbench("run", "whole-page", "-o", str(predictions)), check=True, capture_output=True)
        pages = version_folder() / "pages" / "test.parquet"
        read = (
            "import numpy, pyarrow\nfrom pyarrow.parquet import ParquetFile\n"
            f"ParquetFile({str(pages)!r}).read()\nopen({str(predictions)!r}, 'rb').read()"
        )
        commands = {
            "import numpy, pyarrow; read the files": [sys.executable, "-c", read],
            "newsbench score": newsbench("score", str(predictions)),
            "newsbench score --task boilerplate": newsbench("score", str(predictions), "--task", "boilerplate"),
            "newsbench --help": newsbench("--help"),
            "python -c pass": [sys.executable, "-c", "pass"],
        }
        # One after another, and again: how fast the machine is changes from second to second.
        rounds = [[command(arguments)[0] for arguments in commands.values()] for _ in range(20)]
        floor, *others = (min(of_command) for of_command in zip(*rounds, strict=True))
        for name, seconds in zip(commands, (floor, *others), strict=True):
            line(name, seconds, base=floor)


BENCHMARKS = {
    "boilerplate": measure_boilerplate,
    "hard": measure_hard,
    "attributions": measure_attributions,
    "rouge": measure_rouge,
    "aeb": measure_aeb,
    "bootstrap": measure_bootstrap,
    "start": measure_start,
}

if __name__ == "__main__":
    main()
