"""Builds the template context of a submission: strings, lists and dicts without None."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from schemas.fields import Field, Rows
from schemas.tree import members
from service.submission import Submission


def build(submission: Submission) -> dict[str, Any]:
    """The template context with the keys of the payload, each field as its type shows it."""
    return _group(submission.edition.schema, submission.data, 0)


def _group(schema: Schema, data: Mapping[str, Any], least: int) -> dict[str, Any]:
    return {key: _shown(field, data[key], least) for key, field in members(schema)}


def _shown(field: Field, value: Any, least: int) -> Any:
    if field.inside is None:
        return field.shown(value)
    return _rows(field, value, least) if field.repeats else _group(field.inside, value, least)


def _rows(table: Rows, rows: list[Any], least: int) -> list[Any]:
    """The rows, blank ones up to the printed minimum; within a row at least one, which prints that row."""
    blank = [table.blank] * (max(table.minimum, least) - len(rows))
    return [_group(table.inside, row, 1) for row in (*rows, *blank)]
