"""Assembles extracted values into a payload."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema

from schemas.fields import Rows
from service.catalog import nested

Path = tuple[str | int, ...]


def joined(lines: Sequence[str]) -> str:
    """Joins lines, with a space only between ASCII characters."""
    text = ""
    for line in lines:
        text += (" " if text and text[-1].isascii() and line[0].isascii() else "") + line
    return text


def assembled(schema: Schema, values: Mapping[Path, Any], above: Path = ()) -> dict[str, Any]:
    """The payload of the values by path, in the form's order, without blank fields."""
    data: dict[str, Any] = {}
    for name, field in schema.fields.items():
        key = field.data_key or name
        path, inner = (*above, key), nested(field)
        if inner and isinstance(field, Rows):
            found = [assembled(inner, values, (*path, number)) for number in range(_rows(values, path))]
            value: Any = [row for row in found if row]
        else:
            value = assembled(inner, values, path) if inner else values.get(path)
        if value not in (None, {}, []):
            data[key] = value
    return data


def _rows(values: Mapping[Path, Any], path: Path) -> int:
    numbers = [each[len(path)] for each in values if each[: len(path)] == path]
    return 1 + max((number for number in numbers if isinstance(number, int)), default=-1)
