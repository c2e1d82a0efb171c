"""Offsets counted in other units than code points."""

from __future__ import annotations

#: Unit of offsets -> (encoding, bytes a unit). Other units are converted at the border and never used inside.
OFFSET_UNITS = {"code-points": ("utf-32-le", 4), "utf-16": ("utf-16-le", 2), "utf-8": ("utf-8", 1)}


def code_point_offsets(text: str, unit: str) -> list[int]:
    """Return, for each offset in `unit` from 0 to the end, the offset in code points; inside a character: its start.

    Errors: ValueError that names the units there are.
    """
    if unit not in OFFSET_UNITS:
        raise ValueError(f"no unit of offsets {unit!r}; allowed: {', '.join(OFFSET_UNITS)}")
    encoding, size = OFFSET_UNITS[unit]
    found: list[int] = []
    for at, character in enumerate(text):
        found.extend([at] * (len(character.encode(encoding, "surrogatepass")) // size))
    found.append(len(text))
    return found
