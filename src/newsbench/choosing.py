"""Which figures several systems can be compared on, and what to say of a name that is none of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from newsbench.metrics import TASKS, families, load_family
from newsbench.pairtests import Figure
from newsbench.problems import UsageError, safe
from newsbench.scoring import CountTable


def name_of(system: str) -> str:
    """Return a system's name for a message: on one line, without control characters."""
    return " ".join(safe(system).split())


def choose_figures(tables: Sequence[CountTable], metrics: Iterable[str] | None) -> list[Figure]:
    """Return the figures of these names, or the headline figures, that all systems have.

    Errors: UsageError that names the tasks of each system where they share none, and each name that is no figure.
    """
    shared = [name for name in tables[0].families if all(name in table.families for table in tables)]
    known: dict[str, Figure] = {}
    for name in shared:
        family = load_family(name)
        for metric in (*family.metrics, *family.corpus_metrics):
            figure = Figure(name, family, metric)
            known[figure.name] = figure
    if not known:
        answered = (f"{name_of(table.system)} answers {', '.join(_tasks(table)) or 'nothing'}" for table in tables)
        raise UsageError(f"the systems have no task in common, there is nothing to compare: {'; '.join(answered)}")
    if metrics is None:
        return [figure for figure in known.values() if figure.metric.headline]
    names = list(dict.fromkeys(metrics))
    unknown = [_unknown(name, known, tables) for name in names if name not in known]
    if unknown:
        raise UsageError("\n".join([*unknown, f"there are: {', '.join(known)}"]))
    return [known[name] for name in names]


def _tasks(table: CountTable) -> list[str]:
    """Return the tasks that a system answers on some page."""
    answered = {name.partition(".")[0] for name, rows in table.families.items() if rows.answered.any()}
    return [task for task in TASKS if task in answered]


def _unknown(name: str, known: Collection[str], tables: Sequence[CountTable]) -> str:
    """Say why a name is no figure of these systems: a peer's, of a task that some do not answer, or mistyped."""
    import difflib

    task = name.partition(".")[0]
    said = f"no figure {name!r} that all systems have"
    silent = [name_of(table.system) for table in tables if task not in _tasks(table)]
    if task in TASKS:
        measured = {
            f"{family.task}.{metric.name}": family.peer
            for family in families([task], peers=True)
            for metric in (*family.metrics, *family.corpus_metrics)
        }
        if name in measured and silent:
            return f"{said}: {', '.join(silent)} {'do' if len(silent) > 1 else 'does'} not answer {task}"
        if measured.get(name):
            return f"{said}: the peers' figures need --peers (peers=True)"
    near = difflib.get_close_matches(name, known, 1)
    return f"{said}{f'; near: {near[0]}' if near else ''}"
