"""List what can be run, with versions; what is missing and how to install it."""

from __future__ import annotations

import argparse


def configure(parser: argparse.ArgumentParser) -> None:
    """This command has no options."""


def run(options: argparse.Namespace) -> None:
    """Print one line a system."""
    from newsbench.systems import describe

    rows = describe()
    for row in rows:
        state = row["version"] or "built in"
        if row["distribution"] and not row["version"]:
            state = f"missing: {row['install']}"
        print(f"{row['name']:<14} {', '.join(row['tasks']):<14} {row['description']}  [{state}]")
