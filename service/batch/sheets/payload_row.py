"""Converts a payload into the cells of a sheet's row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell

from service.batch.inputs import sheet_columns
from service.batch.inputs.sheet_columns import EditionColumns, FieldColumn, LeafColumn
from service.batch.inputs.xlsx_cells import escaped
from service.payload_json import dump, value_at

#: The least numbered columns for each table of a form, and for each table within a row.
ROWS, WITHIN = 10, 3


def shown_columns(known: EditionColumns, payloads: Iterable[Any] = ()) -> tuple[FieldColumn, ...]:
    """The columns of a sheet for these payloads: all fields, with tables as numbered columns.

    Tables within rows that are too long for such columns are one column each.
    """
    most = [ROWS, WITHIN]
    tables = [column for column in known.leaves if not isinstance(column, LeafColumn)]
    for payload in payloads:
        for table in tables:
            depth = sum(isinstance(key, int) for key in table.path)
            most[depth] = max(most[depth], len(value_at(payload, table.path) or ()))
    return tuple(column for column in known.leaves if _is_shown(column, *most))


def _is_shown(column: FieldColumn, rows: int, within: int) -> bool:
    numbers = [key for key in column.path if isinstance(key, int)]
    if numbers and numbers[0] >= rows:
        return False
    is_whole = within > sheet_columns.WITHIN
    if not isinstance(column, LeafColumn):
        return is_whole and len(numbers) == 1
    return column.field.column.offered and (len(numbers) < 2 or (not is_whole and numbers[1] < within))


def sheet_row(leaves: Iterable[FieldColumn], payload: Any) -> list[Any]:
    """The value of each column's cell, None if blank: 是 and 否, numbers, dates, text, a table as JSON."""
    found = ((leaf, value_at(payload, leaf.path)) for leaf in leaves)
    return [None if value is None else _cell(leaf, value) for leaf, value in found]


def _cell(leaf: FieldColumn, value: Any) -> Any:
    return leaf.field.to_cell(value) if isinstance(leaf, LeafColumn) else dump(value).decode().strip()


def set_cell(cell: Cell | WriteOnlyCell, value: Any) -> None:
    """Sets a cell's value; text is never taken for a formula."""
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
    else:
        cell.value = value
