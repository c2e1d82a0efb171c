"""Measure speed: ratios against a floor or a peer, in one run on one machine.

    python scripts/benchmark.py boilerplate [--pages 20000]

The package must be installed with its test extra.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path


def main() -> None:
    """Run one of the benchmarks, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)} (default: all)")
    parser.add_argument("--pages", type=int, default=20_000, help="pages of the boilerplate benchmark (default: 20000)")
    options = parser.parse_args()
    for name in options.names or BENCHMARKS:
        if name not in BENCHMARKS:
            parser.error(f"no benchmark {name!r}; there are: {', '.join(BENCHMARKS)}")
        print(f"== {name}")
        BENCHMARKS[name](options)


def line(label: str, seconds: float, *, base: float | None = None, note: str = "") -> None:
    """Print one measurement, with its ratio to a base."""
    ratio = f"  {seconds / base:6.2f} x" if base else ""
    print(f"{label:<46} {seconds:9.3f} s CPU{ratio}  {note}")


def cpu(work: Callable[[], object], *, rounds: int = 1) -> float:
    """Return the CPU seconds of this process for the quickest of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def command(arguments: list[str]) -> tuple[float, float, float]:
    """Run a command; return CPU seconds of it and its children, wall seconds, and peak memory in MB."""
    code = (
        "import resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    seconds, wall, memory = map(float, done.stdout.split())
    return seconds, wall, memory


def newsbench(*arguments: str) -> list[str]:
    """Return the command line of a newsbench command."""
    return [sys.executable, "-m", "newsbench", *arguments]


def synthetic_pages(count: int, seed: int = 1) -> Iterator[tuple[dict, str]]:
    """Yield pages of about 4 KB made of sentences of the packaged pages, with an output of about 3 KB for each.

    An output has the article's paragraphs, now and then one fewer, and some of the furniture.
    """
    from newsbench.gold import load_gold
    from newsbench.metrics.pagewords import roles

    rng = random.Random(seed)
    content, furniture = [], []
    for page in load_gold(split=None).pages:
        for segment in page.segments:
            pool = content if roles()[segment.type] == "content" else furniture
            pool.append((segment.type, page.text[segment.start : segment.end]))
    for number in range(count):
        parts: list[tuple[str, str, bool]] = [(*rng.choice(furniture), rng.random() < 0.05) for _ in range(4)]
        size = 0
        while size < 2900:
            kind, text = rng.choice(content)
            size += len(text)
            parts.append((kind, text, rng.random() < 0.97))
            if rng.random() < 0.2:
                parts.append((*rng.choice(furniture), rng.random() < 0.5))
        while sum(len(part[1]) for part in parts) < 4000:
            parts.append((*rng.choice(furniture), rng.random() < 0.1))
        segments, position = [], 0
        for kind, text, _ in parts:
            segments.append({"start": position, "end": position + len(text), "type": kind})
            position += len(text) + 1
        page = {
            "id": f"page-{number}",
            "story": {"id": f"story-{number // 5}", "title": None, "titles": None},
            "text": "\n".join(text for _, text, _ in parts),
            "segments": segments,
        }
        yield page, "\n".join(text for _, text, kept in parts if kept)


def make_corpus(folder: Path, count: int) -> tuple[Path, Path]:
    """Write synthetic gold pages and one system's outputs; return the folder of pages and the predictions."""
    from newsbench.formats.pages import write_pages

    predictions = folder / "system.jsonl"
    with predictions.open("w", encoding="utf-8") as out:

        def rows() -> Iterator[dict]:
            for page, output in synthetic_pages(count):
                out.write(json.dumps({"id": page["id"], "main_text": output}, ensure_ascii=False) + "\n")
                yield page

        write_pages(rows(), folder / "gold")
    return folder / "gold", predictions


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
        floor = float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        line(f"floor: {options.pages} x json, re, editops", floor)
        arguments = ["score", str(predictions), "--gold", str(gold), "--task", "boilerplate"]
        one, wall_one, memory = command(newsbench(*arguments))
        line("newsbench score --task boilerplate", one, base=floor, note=f"{wall_one:.2f} s wall, {memory:.0f} MB")
        two, wall_two, memory = command(newsbench(*arguments, "--jobs", "2"))
        line(
            "  --jobs 2",
            two,
            base=floor,
            note=f"{wall_two:.2f} s wall ({wall_one / wall_two:.2f} x as fast), {memory:.0f} MB",
        )
        fewer = Path(place) / "fewer.jsonl"
        with predictions.open(encoding="utf-8") as lines:
            fewer.write_text("".join(text for at, text in enumerate(lines) if at % 10 == 0), encoding="utf-8")
        _, _, memory_fewer = command(newsbench("score", str(fewer), "--gold", str(gold), "--task", "boilerplate"))
        print(f"peak memory with a tenth of the predictions: {memory_fewer:.0f} MB")


BENCHMARKS = {"boilerplate": measure_boilerplate}

if __name__ == "__main__":
    main()
