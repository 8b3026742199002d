"""Builds the template context of a submission: strings, lists and dicts without None."""

import datetime
from decimal import Decimal
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
    return {
        key: _show(field, data[key])
        for key, field in ((field.data_key or name, field) for name, field in schema.fields.items())
    }


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
        return _date(value)
    if isinstance(field, Money):
        return f"{value:.2f}"
    return _points(value) if isinstance(field, Points) else str(value)


def _date(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _points(points: Decimal) -> str:
    return f"{points.normalize():f}"
