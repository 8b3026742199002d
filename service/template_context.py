"""Builds the template context of a submission: strings, lists and dicts without None."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema

from schemas.fields import Leaf, Rows
from schemas.tree import Path, members
from service.submission import Submission

#: What the template sees of a field's value.
Shown = Callable[[Path, Leaf, Any], Any]


def build(
    submission: Submission,
    shown: Shown = lambda path, field, value: field.shown(value),
    *,
    least: int = 0,
) -> dict[str, Any]:
    """The template context with the keys of the payload, each field as its type shows it.

    A table has at least `least` rows, and the printed minimum.
    """
    return _Context(shown).group(submission.edition.schema, submission.data, (), least)


class _Context:
    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def group(self, schema: Schema, data: Mapping[str, Any], above: Path, least: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, field in members(schema):
            path, value = (*above, key), data[key]
            if field.repeats:
                made[key] = self._rows(field, value, path, least)
            elif field.inside is not None:
                made[key] = self.group(field.inside, value, path, least)
            else:
                made[key] = self._shown(path, field, value)
        return made

    def _rows(self, table: Rows, rows: list[Any], path: Path, least: int) -> list[Any]:
        """The rows, blank ones up to the printed minimum; in a row at least one, which prints that row."""
        blank = [table.blank] * (max(table.minimum, least) - len(rows))
        return [
            self.group(table.inside, row, (*path, number), 1) for number, row in enumerate((*rows, *blank))
        ]
