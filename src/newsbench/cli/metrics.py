"""List what is measured: definition, range, empty cases, source and version of every figure."""

from __future__ import annotations

import argparse
import json
import textwrap

from newsbench.problems import UsageError


def configure(parser: argparse.ArgumentParser) -> None:
    """Add this command's options."""
    from newsbench.metrics import TASKS

    parser.add_argument("names", nargs="*", metavar="NAME", help="such as boilerplate.token_f1 (default: all)")
    parser.add_argument("--task", action="append", choices=TASKS, metavar="T", help="only this task; may be repeated")
    parser.add_argument("--format", default="text", choices=["text", "json"], help="how to print (default: text)")


def run(options: argparse.Namespace) -> None:
    """Print definitions."""
    from newsbench.metrics import TASKS, families

    rows = []
    for family in families(options.task or TASKS, peers=True):
        for metric in (*family.metrics, *family.corpus_metrics):
            rows.append(
                {
                    "name": f"{family.task}.{metric.name}",
                    "version": metric.version,
                    "formula": metric.formula,
                    "range": metric.range,
                    "better": metric.better,
                    "empty": metric.empty,
                    "source": metric.source,
                    "peer": family.peer,
                }
            )
    if options.names:
        known = {row["name"] for row in rows}
        if unknown := [name for name in options.names if name not in known]:
            import difflib

            near = difflib.get_close_matches(unknown[0], known, 3)
            hint = f"; near: {', '.join(near)}" if near else ""
            raise UsageError(f"no figure {', '.join(unknown)}{hint}")
        rows = [row for row in rows if row["name"] in options.names]
    if options.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print(f"{row['name']}  (version {row['version']}{', --peers' if row['peer'] else ''})")
        for label in ("formula", "range", "better", "empty", "source"):
            print(textwrap.fill(row[label], 110, initial_indent=f"    {label:<8} ", subsequent_indent=" " * 13))
        print()
