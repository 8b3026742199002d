"""The payload of one row of a sheet, and what is wrong with its cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schemas.fields import Rows
from service.batch.inputs import cell_values
from service.batch.inputs.cell_values import CellFault, Value
from service.batch.inputs.columns import Leaf
from service.batch.inputs.item import Place, fault
from service.batch.inputs.table_model import Head, Meanings, Row
from service.errors import FieldError

Path = tuple[str | int, ...]


@dataclass
class Filled:
    """What a row holds. A cell that cannot be read stands in `data` as text, beside its error."""

    data: dict[str, Any] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    _whole: set[Path] = field(default_factory=set)

    def put(self, leaf: Leaf, value: Any) -> None:
        """Sets a field, with the groups and rows around it. Raises CellFault where rows come twice."""
        target: Any = self.data
        for depth, key in enumerate(leaf.path[:-1], 1):
            if leaf.path[:depth] in self._whole:
                raise CellFault("rows_twice")
            if isinstance(key, int):
                target += ({} for _ in range(key + 1 - len(target)))
                target = target[key]
            else:
                target = target.setdefault(key, [] if isinstance(leaf.path[depth], int) else {})
        last = str(leaf.path[-1])
        if last in target:
            raise CellFault("rows_twice")
        target[last] = value
        if isinstance(leaf.field, Rows):
            self._whole.add(leaf.path)


def fill(place: Place, head: Head, meanings: Meanings, row: Row) -> Filled:
    """The payload of a row, and its errors."""
    filled = Filled()
    for column, value in sorted(row.cells.items()):
        if leaf := meanings.leaves.get(column):
            _read(filled, place, meanings, leaf, value)
        elif column not in head.ignored:
            filled.errors.append(_stray(place, head, meanings, column))
    filled.errors += _merged(place, meanings, row)
    if not filled.data and not filled.errors:
        filled.errors.append(place.locate(fault("empty_row")))
    return filled


def _read(filled: Filled, place: Place, meanings: Meanings, leaf: Leaf, value: Value) -> None:
    try:
        read = cell_values.read(leaf.field, value)
        if read is not None:
            filled.put(leaf, read)
    except CellFault as found:
        error = fault(found.code, leaf.pointer, meanings.known.label(leaf), name=found.name)
        filled.errors.append(place.locate(error))
        if found.code != "rows_twice":
            _read_as_text(filled, leaf, value)


def _read_as_text(filled: Filled, leaf: Leaf, value: Value) -> None:
    try:
        filled.put(leaf, cell_values.shown(value))
    except CellFault:
        return


def _stray(place: Place, head: Head, meanings: Meanings, column: int) -> FieldError:
    """The error of a cell whose column is no field."""
    error = meanings.faults.get(column) or fault("no_heading")
    return place.located(error, head.column(column))


def _merged(place: Place, meanings: Meanings, row: Row) -> Iterator[FieldError]:
    for area in row.areas:
        covered = [column for column in meanings.leaves if area.left <= column <= area.right]
        if not covered:
            continue
        leaf = meanings.leaves[covered[0]]
        label = meanings.known.label(leaf)
        if area.top < row.number:
            error = fault("merged_rows", leaf.pointer, label, area=area.name, first=area.top)
            yield place.locate(error)
        elif len(covered) > 1 and area.left in row.cells:
            yield place.locate(fault("merged_columns", leaf.pointer, label, area=area.name))
