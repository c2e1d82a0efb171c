"""A report as one page, or as a static site: an overview that ranks systems on the headline figures, a page a task."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from newsbench.files import write_together
from newsbench.formats.boards import boards_of, explained, only_task, sections_of
from newsbench.formats.reports import render
from newsbench.metrics import TASKS
from newsbench.problems import safe
from newsbench.report import Report

if TYPE_CHECKING:
    import jinja2

TITLE = "NewsBench leaderboard"
_TEMPLATES = Path(__file__).parent / "site"
_BEGINNING = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="newsbench {}">
"""
#: How every page of a site begins: what does not is never removed.
_OF_SITE = _BEGINNING.format("leaderboard")


def write_site(files: Mapping[str, str], folder: str | Path) -> list[Path]:
    """Write the files of a site into `folder`, made if need be, and remove the task pages that an older site left.

    All are written before the first takes its name. Errors: OSError that names the file.
    """
    written = write_together(folder, files)
    for name in map(_page_name, TASKS):
        page = Path(folder) / name
        if name not in files and page.is_file() and not page.is_symlink() and _is_ours(page):
            page.unlink()
    return written


def _is_ours(page: Path) -> bool:
    beginning = _OF_SITE.encode()
    with page.open("rb") as file:
        return file.read(len(beginning)) == beginning


def render_site(report: Report, ranks: Mapping[str, Mapping[int, tuple[int, int]]] | None = None) -> dict[str, str]:
    """Return the files of the site by name: `index.html`, one page a task, `results.json`, `results.csv`.

    `ranks` has, by figure, the first and last rank that a system may have, by its place in the report; None where there
    was nothing to test with. Without a rank systems are ordered by value alone.
    """
    from markupsafe import Markup

    tasks = [
        {"name": name, "file": _page_name(name, at), "boards": list(boards_of(report, name, ranks))}
        for at, name in enumerate(_tasks_of(report))
    ]
    shared = {"beginning": Markup(_OF_SITE), "tasks": tasks, "explanation": list(explained(report, ranks))}
    files = {"index.html": _template("index.html.j2").render(shared, title=TITLE)}
    page = _template("task.html.j2")
    for task in tasks:
        title = f"{TITLE}: {task['name']}"
        files[task["file"]] = page.render(shared, title=title, **_tables(report, task["name"]))
    return files | {"results.json": render(report, "json"), "results.csv": render(report, "csv", slices=True)}


def render_page(report: Report) -> str:
    """Return a report as one page that needs no other file: pictures, all figures, and the slices that there are."""
    from markupsafe import Markup

    tasks = [
        {"name": name, "boards": list(boards_of(report, name, None)), **_tables(report, name)}
        for name in _tasks_of(report)
    ]
    return _template("report.html.j2").render(
        beginning=Markup(_BEGINNING.format("score")),
        title="NewsBench report",
        tasks=tasks,
        explanation=list(explained(report, None)),
    )


def _template(name: str) -> jinja2.Template:
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
        # What drives a terminal is no character of HTML either.
        finalize=lambda value: safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    return environment.get_template(name)


def _tasks_of(report: Report) -> list[str]:
    return list(dict.fromkeys(task for system in report.systems for task in system.tasks))


def _tables(report: Report, task: str) -> dict[str, object]:
    """Return the systems that answer a task and its tables of figures and slices."""
    of_task = only_task(report, task)
    return {"systems": [system.name for system in of_task.systems], "sections": list(sections_of(of_task, task))}


def _page_name(task: str, at: int = 0) -> str:
    """Return the file name of a task's page; what is no task of ours gives it no letter."""
    return f"{task}.html" if task in TASKS else f"task-{at + 1}.html"
