"""Where the package's own tables and dataset lie: inside an installed wheel, or at the top of a checkout."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """Return the folder `schema` or `data`, as installed or as in the checkout.

    Errors: FileNotFoundError naming both places.
    """
    installed = _PACKAGE / f"_{name}"
    checkout = _PACKAGE.parents[1] / name
    for place in (installed, checkout):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"no folder {name!r}: looked at {installed} and {checkout}")


@cache
def table(name: str) -> Any:
    """Return the JSON table ``schema/<name>.json``."""
    return json.loads((folder("schema") / f"{name}.json").read_text(encoding="utf-8"))
