"""Hold a record against a JSON Schema: quickly, and where it fails with messages that name what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from newsbench.resources import table

#: A fault inside a record: where, and what is allowed there.
Fault = tuple[str, str]


@cache
def quick_check(name: str) -> Callable[[Any], bool]:
    """Return a function that says whether a record fits ``schema/<name>.schema.json`` (jsonschema-rs)."""
    import jsonschema_rs

    return jsonschema_rs.validator_for(table(f"{name}.schema")).is_valid


@cache
def _reference(name: str) -> Any:
    import jsonschema

    schema = table(f"{name}.schema")
    return jsonschema.validators.validator_for(schema)(schema)


def faults(name: str, record: Any) -> list[Fault]:
    """Return all faults of a record, empty where it fits; the messages come from the reference implementation."""
    if quick_check(name)(record):
        return []
    return list(dict.fromkeys(_explained(error) for error in _leaves(_reference(name).iter_errors(record))))


def _leaves(errors: Any) -> Iterator[Any]:
    """Step into alternatives where one of them is clearly meant, so that the message is about that one."""
    for error in errors:
        meant = _meant(error) if error.validator == "anyOf" else None
        if meant:
            yield from _leaves(meant)
        else:
            yield error


def _meant(error: Any) -> list[Any]:
    branches: dict[int, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    return next(
        (inners for inners in branches.values() if not any(e.validator == "type" and not e.path for e in inners)), []
    )


def _explained(error: Any) -> Fault:
    field = _path(error.absolute_path)
    value = error.instance
    rule = error.validator
    allowed = error.validator_value
    if rule == "required":
        missing = [name for name in allowed if name not in value]
        return field, f"lacks {', '.join(map(repr, missing))}"
    if rule == "additionalProperties":
        known = sorted(error.schema.get("properties", ()))
        unknown = [name for name in value if name not in known]
        return (
            field,
            f"unknown field {', '.join(map(repr, unknown))}; allowed: {', '.join(known)}{_nearest(unknown[0], known)}",
        )
    if rule == "enum":
        names = [str(name) for name in allowed if name is not None]
        return field, f"{_shown(value)} is not allowed; allowed: {', '.join(names)}{_nearest(str(value), names)}"
    if rule == "type":
        names = [allowed] if isinstance(allowed, str) else allowed
        return field, f"{_shown(value)} is {_kind(value)}; allowed: {', '.join(n for n in names if n != 'null')}"
    if rule == "anyOf":
        return field, f"{_shown(value)} is {_kind(value)}; allowed: {_alternatives(allowed)}"
    if rule == "pattern":
        return field, f"{_shown(value)} does not have the form {allowed}"
    if rule == "minimum":
        return field, f"{value} is too small; allowed: {allowed} or more"
    return field, error.message


def _alternatives(schemas: Any) -> str:
    names = []
    for schema in schemas:
        name = schema.get("type") or schema.get("$ref", "").rpartition("/")[2]
        if name and name != "null":
            names.append(
                {
                    "code": "a topic code",
                    "topic": "an object with code and score",
                    "span": "an object with start and end",
                }.get(name, str(name))
            )
    return ", ".join(names)


def _path(parts: Any) -> str:
    found = ""
    for part in parts:
        found += f"[{part}]" if isinstance(part, int) else f".{part}" if found else str(part)
    return found


def _kind(value: Any) -> str:
    names: Mapping[type, str] = {bool: "a boolean", int: "a number", float: "a number", str: "a string",
                                 list: "a list", dict: "an object", type(None): "null"}  # fmt: skip
    return names.get(type(value), type(value).__name__)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _nearest(name: str, known: list[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, known, 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def jsonable(value: Any) -> Any:
    """Return a row as JSON has it: Parquet gives dates as dates, and nulls for what is absent."""
    if isinstance(value, dict):
        return {key: jsonable(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [jsonable(inner) for inner in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
