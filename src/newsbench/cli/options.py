"""Options that several commands share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from newsbench.dataset import SPLITS
from newsbench.files import STANDARD_OUTPUT, write_whole
from newsbench.formats.escaping import one_line
from newsbench.formats.records import STORED
from newsbench.metrics import TASKS
from newsbench.stats import LEVEL, RESAMPLES, SEED, Resampling

_COUNTING = ("gold", "policy", "peers", "skip_invalid", "jobs", "stored_as")


def add_gold(parser: argparse.ArgumentParser) -> None:
    """Add `--gold` and `--split`."""
    parser.add_argument(
        "--gold",
        metavar="PATH",
        help="Parquet file, folder of them, or JSON Lines of pages; the packaged dataset where it is absent",
    )
    # None where it was not given: tables of counts bring their own.
    parser.add_argument("--split", choices=[*SPLITS, "all"], help="split of the dataset (default: test)")


def add_stored(parser: argparse.ArgumentParser) -> None:
    """Add `--from`."""
    formats = "; ".join(f"{name}: {expected}" for name, expected in STORED.items())
    parser.add_argument(
        "--from", dest="stored_as", choices=STORED, metavar="FORMAT", help=f"PREDICTIONS are stored outputs: {formats}"
    )


def add_scoring(parser: argparse.ArgumentParser) -> None:
    """Add what decides which figures are computed."""
    parser.add_argument(
        "--task",
        action="append",
        choices=TASKS,
        metavar="T",
        help=f"one of {', '.join(TASKS)}; may be repeated (default: what the predictions answer)",
    )
    parser.add_argument(
        "--policy", default="strict", help="which segment types count, a name in schema/policies.json (default: strict)"
    )
    parser.add_argument("--peers", action="store_true", help="add the peers' metrics under their own names")
    parser.add_argument(
        "--jobs", type=int, default=1, metavar="N", help="processes, up to one a processor (default: 1)"
    )
    parser.add_argument(
        "--skip-invalid",
        action="store_true",
        help="leave out invalid records and report how many, instead of refusing the file",
    )
    parser.add_argument(
        "--resamples",
        type=int,
        default=RESAMPLES,
        metavar="N",
        help=f"resamples of the bootstrap over stories, 0 for none (default: {RESAMPLES})",
    )
    parser.add_argument(
        "--interval", default="percentile", choices=["percentile", "bca"], help="kind of interval (default: percentile)"
    )
    parser.add_argument(
        "--level", type=float, default=LEVEL, metavar="P", help=f"level of the intervals (default: {LEVEL})"
    )
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help=f"seed of all draws (default: {SEED})")


def counting_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return what decides what is counted, as keywords of `newsbench.api.count_systems`."""
    given = {name: vars(options)[name] for name in _COUNTING if name in options}
    return {**given, "split": split_of(options), "tasks": options.task}


def resampling_of(options: argparse.Namespace) -> Resampling:
    """Return how to resample, as the options say."""
    return Resampling(options.resamples, options.seed, options.level, options.interval)


def split_of(options: argparse.Namespace) -> str | None:
    """Return the split, None for all of them."""
    return None if options.split == "all" else options.split or "test"


def check_split(options: argparse.Namespace, scored: Mapping[str, Any]) -> None:
    """Raise a UsageError where `--split` was given and tables of counts, which bring their own, are of another."""
    from newsbench.storedcounts import check_split_of

    if options.split is not None:
        check_split_of(scored, split_of(options), options.gold)


def write_result(text: str, path: str | None, notes: Iterable[str] = ()) -> None:
    """Print a result, or put it into a file that is never half-written; the path ``-`` prints too.

    Notes go to standard error.
    """
    if path in (None, STANDARD_OUTPUT):
        sys.stdout.write(text)
    else:
        write_whole(path, lambda draft: draft.write_text(text, encoding="utf-8"))
    for note in notes:
        print(one_line(note), file=sys.stderr)
