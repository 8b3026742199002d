"""Builds the template context of a submission: strings, lists and dicts without None."""

from typing import Any

from marshmallow import Schema, fields

from schemas.fields import Day, Line, Money, Points, Rows, Text, YesNo
from service.catalog import nested
from service.submission import Submission

CHECKED, EMPTY = "☑", "□"


def build(submission: Submission) -> dict[str, Any]:
    """The template context with the keys of the payload.

    A blank field is "", a long text a list of its lines, a date `2021年3月9日`, an
    amount of two decimals in 万元, a yes/no the two boxes `yes` and `no`.
    """
    return _group(submission.edition.schema, submission.data)


def _group(schema: Schema, data: dict[str, Any]) -> dict[str, Any]:
    named = {field.data_key or name: field for name, field in schema.fields.items()}
    return {key: _show(field, data[key]) for key, field in named.items()}


def _show(field: fields.Field[Any], value: Any) -> Any:
    if inner := nested(field):
        return [_group(inner, row) for row in value] if isinstance(field, Rows) else _group(inner, value)
    if isinstance(field, YesNo):
        return {"yes": _box(value is True), "no": _box(value is False)}
    if isinstance(field, Text) and not isinstance(field, Line):
        return (value or "").split("\n")
    return "" if value is None else _string(field, value)


def _box(checked: bool) -> str:
    return CHECKED if checked else EMPTY


def _string(field: fields.Field[Any], value: Any) -> str:
    if isinstance(field, Day):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(field, Money):
        return f"{value:.2f}"
    return f"{value.normalize():f}" if isinstance(field, Points) else str(value)
