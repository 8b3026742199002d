"""The number that a printed row has in the payload: blank rows there are not printed where they were sent."""

from collections.abc import Mapping
from typing import Any

from schemas.tree import Path


def path(payload: Any, printed: Path) -> Path:
    """The path in the payload of a field at this path of the document; blank rows are printed last."""
    found: list[str | int] = []
    here = payload
    for key in printed:
        if isinstance(key, int):
            rows = here if isinstance(here, list) else []
            order = sorted(range(len(rows)), key=lambda number: _is_blank(rows[number]))
            key = order[key] if key < len(rows) else key
            here = rows[key] if key < len(rows) else None
        else:
            here = here.get(key) if isinstance(here, Mapping) else None
        found.append(key)
    return tuple(found)


def _is_blank(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_blank, value.values()))
    return all(map(_is_blank, value)) if isinstance(value, list) else value is None or not str(value).strip()
