"""NewsBench: score what a system extracts from news pages.

>>> import newsbench
>>> report = newsbench.score("predictions.jsonl")          # doctest: +SKIP
>>> report["boilerplate"]["token_f1"].value                # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsbench.api import compare, score
    from newsbench.dataset import load
    from newsbench.stats import Resampling
    from newsbench.validation import validate

__version__ = "0.3.4"

#: Name -> "module:object"; imported when first asked for, so that `import newsbench` stays light.
_EXPORTS = {
    "load": "newsbench.dataset:load",
    "score": "newsbench.api:score",
    "compare": "newsbench.api:compare",
    "validate": "newsbench.validation:validate",
    "Resampling": "newsbench.stats:Resampling",
}

__all__ = ["Resampling", "__version__", "compare", "load", "score", "validate"]


def __getattr__(name: str) -> Any:
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, _, attribute = _EXPORTS[name].partition(":")
    found = getattr(import_module(module), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
