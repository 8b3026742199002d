"""Converts a cell of a sheet into the JSON value of its field."""

import re
from typing import Any

from schemas.cells import CellError, PartOfDate, UnreadableCell, Value, shown
from schemas.fields import Field
from service.errors import NotJson
from service.payload_json import parse

#: A formula that keeps a spreadsheet from changing a text: ="0123".
TEXT_FORMULA = re.compile(r'=\s*"((?:[^"]|"")*)"', re.DOTALL)


def read(field: Field, value: Value) -> Any:
    """The JSON value of a cell; None if it is blank. Raises CellError.

    A number out of the field's range is returned as it is: `validate` reports it.
    """
    if isinstance(value, PartOfDate) and field.inside is None and value.parts.startswith(field.date_parts):
        return field.cell(value.date)
    if isinstance(value, UnreadableCell):
        raise CellError(value.code, value.text)
    return field.cell(value) if field.inside is None else _rows(value)


def _rows(value: Value) -> Any:
    try:
        rows = parse(shown(value).encode("utf-8", "surrogatepass"))
    except NotJson as error:
        raise CellError("rows_not_json") from error
    if not isinstance(rows, list):
        raise CellError("rows_not_json")
    return rows
