"""The payload of one row of a sheet, and the errors of its cells."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from schemas.cells import CellError, UnreadableCell, Value, shown
from schemas.tree import Path
from service.batch.inputs import cell_values
from service.batch.inputs.input_errors import field_error
from service.batch.inputs.item import InputPlace
from service.batch.inputs.sheet_columns import FieldColumn
from service.batch.inputs.table_model import ColumnMeanings, HeadingRow, SheetRow
from service.character_notices import notice
from service.errors import FieldError
from service.extraction.characters import is_total


@dataclass
class FilledRow:
    """The data of a row, its errors and warnings; `data` has unreadable cells as text."""

    data: dict[str, Any] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    warnings: list[FieldError] = field(default_factory=list)
    _whole: set[Path] = field(default_factory=set)

    def put(self, leaf: FieldColumn, value: Any) -> None:
        """Sets a field, creating the groups and rows around it. Raises CellError for rows given twice."""
        target: Any = self.data
        for depth, key in enumerate(leaf.path[:-1], 1):
            if leaf.path[:depth] in self._whole:
                raise CellError("rows_twice")
            if isinstance(key, int):
                target += ({} for _ in range(key + 1 - len(target)))
                target = target[key]
            else:
                target = target.setdefault(key, [] if isinstance(leaf.path[depth], int) else {})
        last = str(leaf.path[-1])
        if last in target:
            raise CellError("rows_twice")
        target[last] = value
        if leaf.field.repeats:
            self._whole.add(leaf.path)


def fill_row(place: InputPlace, head: HeadingRow, meanings: ColumnMeanings, row: SheetRow) -> FilledRow:
    """Reads the payload of a row and its errors."""
    filled = FilledRow()
    for column, value in sorted(row.cells.items()):
        if leaf := meanings.leaves.get(column):
            _read(filled, place, meanings, leaf, value)
        elif column not in head.ignored:
            error = meanings.faults.get(column) or field_error("no_heading")
            filled.errors.append(place.located(error, head.column(column)))
    filled.errors += _merged(place, meanings, row)
    is_read = not any(isinstance(value, UnreadableCell) for value in row.cells.values())
    if is_read and not filled.data and not filled.errors:
        filled.errors.append(place.locate(field_error("empty_row")))
    return filled


def _read(
    filled: FilledRow, place: InputPlace, meanings: ColumnMeanings, leaf: FieldColumn, value: Value
) -> None:
    try:
        read = cell_values.read(leaf.field, value)
        if isinstance(read, str) and any(isinstance(key, int) for key in leaf.path) and is_total(read):
            raise CellError("total_item", read)
        if read is not None:
            filled.put(leaf, read)
        filled.warnings += _noticed(meanings, leaf, value, read)
    except CellError as found:
        error = field_error(found.code, leaf.pointer, meanings.known.label(leaf), name=found.name)
        filled.errors.append(place.locate(error))
        if found.code != "rows_twice":
            with contextlib.suppress(CellError):
                filled.put(leaf, shown(value))


def _noticed(meanings: ColumnMeanings, leaf: FieldColumn, value: Value, read: Any) -> Iterator[FieldError]:
    """Yields the warnings of what reading changed in the text of a cell."""
    if leaf.field.inside is None and isinstance(value, str) and read not in (None, ""):
        for change in leaf.field.typed_changes(value, read):
            yield notice(change, leaf.pointer, meanings.known.label(leaf)).as_error()


def _merged(place: InputPlace, meanings: ColumnMeanings, row: SheetRow) -> Iterator[FieldError]:
    for area in row.areas:
        covered = [column for column in meanings.leaves if area.left <= column <= area.right]
        if not covered:
            continue
        leaf = meanings.leaves[covered[0]]
        label = meanings.known.label(leaf)
        if area.top < row.number:
            error = field_error("merged_rows", leaf.pointer, label, area=area.name, first=area.top)
            yield place.locate(error)
        elif len(covered) > 1 and area.left in row.cells:
            yield place.locate(field_error("merged_columns", leaf.pointer, label, area=area.name))
