"""The command line: one verb a file, found through the table below and imported only when used."""

from __future__ import annotations

import atexit
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from newsbench import __version__
from newsbench.files import errors_naming
from newsbench.problems import UsageError

#: Verb -> (module, one line of help).
VERBS = {
    "score": ("newsbench.cli.score", "score predictions against gold pages"),
    "compare": ("newsbench.cli.compare", "test systems pair by pair over the same pages"),
    "leaderboard": ("newsbench.cli.leaderboard", "write a static site that ranks systems"),
    "run": ("newsbench.cli.run", "run a baseline or an installed extractor over the pages"),
    "systems": ("newsbench.cli.systems", "list what can be run"),
    "metrics": ("newsbench.cli.metrics", "list what is measured, with definitions"),
    "info": ("newsbench.cli.info", "say what the dataset holds"),
    "validate": ("newsbench.cli.validate", "check pages or predictions"),
    "show": ("newsbench.cli.show", "show a page with its labels and a system's misses"),
    "import": ("newsbench.cli.import_", "turn other corpora and texts into pages"),
    "export": ("newsbench.cli.export", "turn pages into other people's formats"),
}

_OUTPUT = "standard output"
DONE, REFUSED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 done, 1 input refused, 2 wrong usage."""
    import argparse

    for stream in (sys.stdout, sys.stderr):
        # What the terminal's encoding lacks is written as an escape, instead of losing the whole result.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="newsbench",
        description="Score what a system extracts from news pages.",
        formatter_class=_help_formatter,
        epilog="commands:\n"
        + "\n".join(f"  {verb:<11} {text}" for verb, (_, text) in VERBS.items())
        + "\n\n`newsbench COMMAND --help` says more.",
    )
    parser.add_argument("--version", action="version", version=f"newsbench {__version__}")
    parser.add_argument("command", choices=VERBS, metavar="COMMAND", help="one of the commands below")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    if not arguments:
        parser.print_help(sys.stderr)
        return USAGE
    if arguments[0] in VERBS:
        return _run_verb(arguments[0], arguments[1:])
    try:
        parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    return USAGE


def program() -> NoReturn:
    """Run the command line as a process of its own, and end it.

    Python would first take apart all that was loaded, object by object: some 70 ms after the last line is out.
    """
    status = main()
    # Whoever watches (a profiler, coverage, a prompt) or still works has a say when Python ends.
    threads = sys.modules.get("threading")
    busy = sys.gettrace() or sys.getprofile() or sys.flags.inspect or (threads and threads.active_count() > 1)
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (AttributeError, OSError, ValueError):
        busy = True
    if busy:
        sys.exit(status)
    atexit._run_exitfuncs()
    os._exit(status)


def _warn(message: object, category: type, *_: object) -> None:
    """Print a warning as one line without the place in the code."""
    print(f"newsbench: {message}", file=sys.stderr)


def _help_formatter(prog: str) -> Any:
    """Lay out help as wide as the terminal; argparse would import `shutil`, and with it compression, to measure it."""
    import argparse

    width = os.environ.get("COLUMNS", "")
    try:
        columns = int(width) if width.isdecimal() else os.get_terminal_size(sys.__stdout__.fileno()).columns
    except (AttributeError, OSError, ValueError):
        columns = 0
    return argparse.RawDescriptionHelpFormatter(prog, width=(columns or 80) - 2)


def _drop_output() -> None:
    """Write no more to standard output, not even what is left at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run_verb(verb: str, arguments: list[str]) -> int:
    import argparse

    if verb != "run":
        # Read when numpy is imported. Our matrices are small: more threads would mostly wait, and use up a processor
        # each while they do. Systems that are run may have others.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # Read when Arrow is: what it reads then lies in memory that arrays gave back, and the other way round.
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    module = import_module(VERBS[verb][0])
    parser = argparse.ArgumentParser(
        prog=f"newsbench {verb}", description=module.__doc__, formatter_class=_help_formatter
    )
    module.configure(parser)
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    warnings.showwarning = _warn
    try:
        with errors_naming(_OUTPUT):
            status = module.run(options)
            sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away (`| head`): not an error, unless what is cut short are problems.
        _drop_output()
        return getattr(module, "CUT_SHORT", DONE)
    except KeyboardInterrupt:
        print(f"newsbench {verb}: interrupted", file=sys.stderr)
        return 130
    except UsageError as error:
        print(f"newsbench {verb}: {error}", file=sys.stderr)
        return USAGE
    except (ValueError, OSError, ImportError) as error:
        print(f"newsbench {verb}: {error}", file=sys.stderr)
        if getattr(error, "filename", None) == _OUTPUT:
            _drop_output()
        return REFUSED
    except Exception as error:
        # A fault of ours: one line for the user, all of it for whoever looks for it.
        if os.environ.get("NEWSBENCH_TRACEBACK"):
            raise
        print(f"newsbench {verb}: unexpected {type(error).__name__}: {error}", file=sys.stderr)
        print("set NEWSBENCH_TRACEBACK=1 to see where, and please report it", file=sys.stderr)
        return REFUSED
    return DONE if status is None else status
