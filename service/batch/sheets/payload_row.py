"""Converts a payload into the cells of a sheet's row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell

from service.batch.inputs.columns import EditionColumns, LeafColumn
from service.batch.inputs.xlsx_cells import escaped

#: The minimum number of numbered columns for each table of a form.
ROWS = 10


def sheet_columns(known: EditionColumns, payloads: Iterable[Any] = ()) -> tuple[LeafColumn, ...]:
    """The columns of a sheet for these payloads: all fields, with tables as numbered columns."""
    rows = max([ROWS, *(_longest(payload) for payload in payloads)])
    return tuple(
        leaf
        for leaf in known.leaves
        if isinstance(leaf, LeafColumn)
        and leaf.field.column.offered
        and all(key < rows for key in leaf.path if isinstance(key, int))
    )


def _longest(payload: Any) -> int:
    inner = payload.values() if isinstance(payload, dict) else payload if isinstance(payload, list) else ()
    return max([len(payload) if isinstance(payload, list) else 0, *map(_longest, inner)])


def sheet_row(leaves: Iterable[LeafColumn], payload: Any) -> list[Any]:
    """The value of each column's cell, None if blank: 是 and 否, numbers, dates, text."""
    found = ((leaf, _at(payload, leaf.path)) for leaf in leaves)
    return [None if value is None else leaf.field.to_cell(value) for leaf, value in found]


def _at(payload: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        if isinstance(key, int):
            payload = payload[key] if isinstance(payload, list) and key < len(payload) else None
        else:
            payload = payload.get(key) if isinstance(payload, dict) else None
    return payload


def set_cell(cell: Cell | WriteOnlyCell, value: Any) -> None:
    """Sets a cell's value; text is never taken for a formula."""
    if isinstance(value, str):
        cell.value = escaped(value)
        cell.data_type = "s"
    else:
        cell.value = value
