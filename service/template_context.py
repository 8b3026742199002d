"""Builds the template context of a submission: strings, lists and dicts without None."""

from typing import Any

from marshmallow import Schema

from schemas.fields import Field
from schemas.tree import members
from service.submission import Submission


def build(submission: Submission) -> dict[str, Any]:
    """The template context with the keys of the payload, each field as its type shows it."""
    return _group(submission.edition.schema, submission.data)


def _group(schema: Schema, data: dict[str, Any]) -> dict[str, Any]:
    return {key: _shown(field, data[key]) for key, field in members(schema)}


def _shown(field: Field, value: Any) -> Any:
    if field.inside is None:
        return field.shown(value)
    return [_group(field.inside, row) for row in value] if field.repeats else _group(field.inside, value)
