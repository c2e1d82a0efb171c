"""A static site that ranks systems, from predictions, tables of counts or reports."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsbench.formats.savedreports import is_report, read_reports
from newsbench.problems import InputError, Problem, UsageError
from newsbench.report import Report

if TYPE_CHECKING:
    from newsbench.scoring import CountTable
    from newsbench.stats import Resampling

#: The ranks that systems may have, first and last, by figure and by the place of a system among those shown.
Ranks = dict[str, dict[int, tuple[int, int]]]


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
    from newsbench.api import count_systems
    from newsbench.formats.sites import render_site, write_site
    from newsbench.reporting import build_report

    if not sources:
        raise UsageError("nothing to show: name at least one report, table of counts or file of predictions")
    reports = read_reports(source for source in map(str, sources) if is_report(source))
    others = [source for source in map(str, sources) if source not in reports]
    ranks = None
    if others:
        tables, ceiling = count_systems(
            others, gold=gold, split=split, tasks=tasks, policy=policy, peers=peers, skip_invalid=skip_invalid,
            jobs=jobs,
        )  # fmt: skip
        ranks = None if reports else rank_tables(tables, policy=policy, resampling=resampling)
        scored = build_report(tables, ceiling=ceiling, policy=policy, resampling=resampling)
        reports[", ".join(others)] = scored
    return write_site(render_site(join_reports(reports), ranks), folder)


def rank_tables(tables: Sequence[CountTable], *, policy: str = "strict", resampling: Resampling | None = None) -> Ranks:
    """Return the ranks that paired tests leave open, each figure among the systems that have it.

    A figure of one system, of fewer than two stories or without a paired test (no resamples) has none.
    """
    from newsbench.comparison import compare_tables

    ranks: Ranks = {}
    for family in dict.fromkeys(name for table in tables for name in table.families):
        # Systems go by their place: names are cleaned for display, and need not stay apart.
        rivals = [
            replace(table, system=str(at), families={family: table.families[family]})
            for at, table in enumerate(tables)
            if family in table.families
        ]
        if len(rivals) < 2 or _story_count(rivals[0], family) < 2:
            continue
        found = compare_tables(rivals, policy=policy, resampling=resampling)
        tested = {pair.figure for pair in found.pairs if math.isfinite(pair.p_holm)}
        for ranking in found.rankings:
            if ranking.figure in tested:
                ranks[ranking.figure] = {int(system): places for system, places in ranking.ranks.items()}
    return ranks


def _story_count(table: CountTable, family: str) -> int:
    """Return how many stories a family was counted on; a page without a story is one of its own."""
    stories = table.groups["story"]
    return len({stories[at] or table.pages[at] for at in table.families[family].positions})


def join_reports(reports: Mapping[str, Report]) -> Report:
    """Return one report with the systems of all; systems of the same name are numbered.

    Errors: InputError that says where two files differ in what figures depend on: they cannot stand in one table.
    """
    first, *others = reports
    problems = []
    versions: dict[str, tuple[str, str]] = {}
    for name, report in reports.items():
        for family, version in _metric_versions(report.signature).items():
            known, where = versions.setdefault(family, (version, name))
            if version != known:
                message = f"{family} has version {version}, but {where} has {known}"
                problems.append(Problem(name, None, "metrics", message))
    for name in others:
        differing = _differences(reports[name], reports[first])
        problems += [
            Problem(name, None, field, f"{theirs}, but {first} has {ours}") for field, theirs, ours in differing
        ]
    if problems:
        raise InputError(problems)
    shown = reports[first]
    systems, taken = [], set()
    for system in (system for report in reports.values() for system in report.systems):
        name, number = system.name, 2
        while name in taken:
            name, number = f"{system.name} ({number})", number + 1
        taken.add(name)
        systems.append(replace(system, name=name))
    covered = [report.settings.get("ceiling_pages") or {} for report in reports.values()]
    settings = {**shown.settings, "ceiling_pages": {task: pages for one in covered for task, pages in one.items()}}
    return Report(shown.signature, shown.data, settings, systems)


def _differences(one: Report, other: Report) -> Iterator[tuple[str, str, str]]:
    """Yield what two reports were not made alike in, and how each has it.

    Tasks that only some systems answer do not make figures incomparable. Where the signatures agree, so must what they
    were made from.
    """
    theirs, ours = _parts(one.signature), _parts(other.signature)
    differing = False
    for part in dict.fromkeys((*ours, *theirs)):
        if part != "metrics" and theirs.get(part) != ours.get(part):
            differing = True
            yield part, _said(theirs, part), _said(ours, part)
    if differing:
        return
    for field, mine, yours in (("data", one.data, other.data), ("settings", one.settings, other.settings)):
        # Over how many pages there is a ceiling depends on the tasks that were answered.
        for key in sorted((mine.keys() & yours.keys()) - {"ceiling_pages"}):
            if mine[key] != yours[key]:
                yield f"{field}.{key}", repr(mine[key]), repr(yours[key])


def _said(parts: Mapping[str, str], part: str) -> str:
    return repr(parts[part]) if part in parts else "nothing"


def _metric_versions(signature: str) -> dict[str, str]:
    """Return family -> version, as a signature names them: ``boilerplate.words.v1``."""
    named = _parts(signature).get("metrics", "").split(",")
    return {family: version for family, _, version in (name.rpartition(".") for name in named)}


def _parts(signature: str) -> dict[str, str]:
    """Return what a signature says, by name."""
    return dict(part.partition(":")[::2] for part in signature.split("|"))
