"""A static site that ranks systems, from predictions, tables of counts or reports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsbench.files import write_whole
from newsbench.problems import InputError, Problem, UsageError
from newsbench.report import Report, report_of_json
from newsbench.schema import faults, quick_check

if TYPE_CHECKING:
    from newsbench.comparison import Comparison
    from newsbench.stats import Resampling

_PARTS = "|"


def make_leaderboard(
    sources: Sequence[str | Path],
    folder: str | Path,
    *,
    gold: str | Path | None = None,
    split: str | None = "test",
    tasks: Iterable[str] | None = None,
    policy: str = "strict",
    peers: bool = False,
    skip_invalid: bool = False,
    jobs: int = 1,
    resampling: Resampling | None = None,
) -> list[Path]:
    """Write the site into `folder`, which is made if need be, and return its files.

    Each of `sources` is a report (`newsbench score --format json`), a table of counts, or predictions. Where none is a
    report, systems are ranked by paired tests. Errors: InputError where a report does not fit its schema, or where
    reports and scores were not made in the same way; else as `newsbench.score`.
    """
    from newsbench.formats.sites import render_site

    if not sources:
        raise UsageError("nothing to show: name at least one report, table of counts or file of predictions")
    given = {source: read_report(source) for source in map(str, sources) if is_report(source)}
    others = [source for source in map(str, sources) if source not in given]
    reports, comparison = dict(given), None
    if others:
        scored, comparison = _score(
            others, gold=gold, split=split, tasks=tasks, policy=policy, peers=peers, skip_invalid=skip_invalid,
            jobs=jobs, resampling=resampling, alone=not given,
        )  # fmt: skip
        reports[", ".join(others)] = scored
    files = render_site(join_reports(reports), comparison)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        write_whole(target / name, lambda draft, text=text: draft.write_text(text, encoding="utf-8"))
    return [target / name for name in files]


def _score(
    sources: Sequence[str], *, policy: str, resampling: Resampling | None, alone: bool, **options: Any
) -> tuple[Report, Comparison | None]:
    from newsbench.api import count_systems
    from newsbench.comparison import compare_tables
    from newsbench.reporting import build_report

    tables, ceiling = count_systems(sources, policy=policy, **options)
    report = build_report(tables, ceiling=ceiling, policy=policy, resampling=resampling)
    if not alone or len(tables) < 2 or report.settings["stories"] < 2:
        return report, None
    shared = set.intersection(*(set(table.families) for table in tables))
    return report, compare_tables(tables, policy=policy, resampling=resampling) if shared else None


def is_report(source: str | Path) -> bool:
    """Say whether a file is one JSON object with a signature: a report, not predictions, of which each line is one."""
    path = Path(source)
    if path.suffix != ".json" or not path.is_file():
        return False
    try:
        return "signature" in json.loads(path.read_bytes())
    except (ValueError, TypeError):
        return False


def read_report(path: str | Path) -> Report:
    """Read a report that `newsbench score --format json` wrote.

    Errors: InputError that names every place that does not fit `schema/report.schema.json`.
    """
    document = json.loads(Path(path).read_bytes())
    if not quick_check("report")(document):
        found = [Problem(str(path), None, field, message) for field, message in faults("report", document)]
        raise InputError(found)
    return report_of_json(document)


def join_reports(reports: dict[str, Report]) -> Report:
    """Return one report with the systems of all; systems of the same name are numbered.

    Errors: InputError that says which parts of the signatures differ: such figures cannot stand in one table.
    """
    names = list(reports)
    first = reports[names[0]]
    problems = []
    for name in names[1:]:
        for part, theirs in _parts(reports[name]).items():
            ours = _parts(first).get(part)
            if part != "metrics" and ours != theirs:
                problems.append(Problem(name, None, part, f"{theirs!r}, but {names[0]} has {ours!r}"))
    if problems:
        raise InputError(problems)
    joined, taken = Report(first.signature, first.data, first.settings, []), set()
    for system in (system for report in reports.values() for system in report.systems):
        name, number = system.name, 2
        while name in taken:
            name, number = f"{system.name} ({number})", number + 1
        taken.add(name)
        system.name = name
        joined.systems.append(system)
    return joined


def _parts(report: Report) -> dict[str, str]:
    """Return what a signature says, by name; tasks that only some systems answer do not make figures incomparable."""
    return dict(part.partition(":")[::2] for part in report.signature.split(_PARTS))
