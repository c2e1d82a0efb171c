"""What measures and prints."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence


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


def in_turn(works: Sequence[Callable[[], object]], *, rounds: int, each: int = 1) -> list[float]:
    """Return the CPU seconds of the quickest run of each of some works, which take turns.

    How fast a machine is changes from second to second: what is compared should meet the same seconds.
    """
    return [
        min(of_work)
        for of_work in zip(*([cpu(work, rounds=each) for work in works] for _ in range(rounds)), strict=True)
    ]
