"""Turns the rows of a sheet into items: finds its headings, skips notes and repeated headings."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from schemas import cells
from schemas.cells import UnreadableCell
from service.batch.inputs import item_identity, sheet_columns
from service.batch.inputs.input_errors import field_error
from service.batch.inputs.item import InputPlace, Item
from service.batch.inputs.table_model import CellDoubt, ColumnMeanings, HeadingRow, SheetRow, SheetTable
from service.batch.inputs.table_row import fill_row
from service.errors import FieldError
from service.extraction.characters import is_total

SEARCHED = 5  # non-blank rows among which the headings are searched
_NOTE = re.compile(
    r"\s*(注|备注|说明|填表说明|填报说明|附注|notes?)\s*[0-9一二三四五]?\s*[:：.．、]", re.IGNORECASE
)


@dataclass(frozen=True)
class OpenedTable:
    """A table with its heading row: the rows down to it, and each row below it with its item."""

    above: tuple[SheetRow, ...]
    head: HeadingRow
    rows: Iterator[tuple[SheetRow, Item]]


def open_table(table: SheetTable, form: str | None, year: int | None) -> OpenedTable | None:
    """Opens a table; None if it has no heading row. `form` and `year` are the defaults."""
    rows = iter(table.rows)
    first = list(islice(rows, SEARCHED))
    scores = [sheet_columns.recognised(_texts(row)) for row in first]
    if max(scores, default=0) < 2:
        return None
    best = scores.index(max(scores))
    head = _head(first[best])
    form, year = table.form or form, table.year or year
    pairs = (
        (row, _item(table.sheet, head, row, form, year))
        for row in _submissions(chain(first[best + 1 :], rows))
    )
    return OpenedTable(tuple(first[: best + 1]), head, pairs)


def _head(row: SheetRow) -> HeadingRow:
    unclear = frozenset(column for column, value in row.cells.items() if isinstance(value, UnreadableCell))
    return HeadingRow(
        row.number, {column: cells.shown(value) for column, value in row.cells.items()}, unclear
    )


def _submissions(rows: Iterable[SheetRow]) -> Iterator[SheetRow]:
    """Yields the rows except repeated headings and notes; the first that uses a hidden column names it."""
    noted, reported = False, frozenset[int]()
    for row in rows:
        alone = len(row.cells) == 1 and isinstance(next(iter(row.cells.values())), str)
        if alone and (noted or _is_note(row)):
            noted = True
        elif not _is_heading(row):
            hidden = row.hidden_columns & row.cells.keys()
            yield replace(row, hidden_columns=hidden - reported) if hidden else row
            reported |= hidden


def _is_note(row: SheetRow) -> bool:
    column, value = next(iter(row.cells.items()))
    wide = any(area.top == row.number and area.left <= column < area.right for area in row.areas)
    return wide or _NOTE.match(cells.shown(value)) is not None


def _is_heading(row: SheetRow) -> bool:
    """Whether the row repeats headings: `blank_sheet` writes JSON paths below the labels."""
    texts = _texts(row)
    return len(texts) > 1 and len(texts) == len(row.cells) and sheet_columns.all_known(texts)


def _texts(row: SheetRow) -> list[str]:
    return [value for value in row.cells.values() if isinstance(value, str)]


def _item(sheet: str, head: HeadingRow, row: SheetRow, form: str | None, year: int | None) -> Item:
    if refused := _no_submission(row):
        place = InputPlace("row", row.number, sheet, head.named)
        return Item(place, form, year, None, {}, (place.locate(refused),))
    given = {kind: row.cells.get(column) for kind, column in head.special.items()}
    named = item_identity.of_cells(given, form, year)
    if not named.edition:
        place = InputPlace("row", row.number, sheet, head.named)
        errors = tuple(place.locate(error) for error in named.errors)
        return Item(place, named.form, named.year, named.id, {}, errors)
    meanings = head.meanings(named.edition.form, named.edition.year)
    place = InputPlace("row", row.number, sheet, meanings.columns)
    filled = fill_row(place, head, meanings, row)
    errors = (*(place.locate(error) for error in named.errors), *filled.errors)
    warnings = (*_hidden(place, head, meanings, row), *filled.warnings)
    return Item(place, named.form, named.year, named.id, filled.data, errors, warnings)


def _no_submission(row: SheetRow) -> FieldError | None:
    """The error of a row that is a total, or is struck out as a whole."""
    values = [value for _, value in sorted(row.cells.items())]
    if all(isinstance(value, UnreadableCell) and value.code == "struck_cell" for value in values):
        return field_error("struck_row")
    texts = (value for value in values if isinstance(value, str))
    first = next((text for text in texts if any(each.isalpha() for each in text)), "")
    return field_error("total_row", name=cells.trimmed(first)) if is_total(first) else None


def _hidden(
    place: InputPlace, head: HeadingRow, meanings: ColumnMeanings, row: SheetRow
) -> Iterator[FieldError]:
    """Yields the warnings of what the sheet may show of a row otherwise, or not at all."""
    if row.hidden:
        yield place.locate(field_error("hidden_row"))
    unseen = [CellDoubt(column, "hidden_column") for column in sorted(row.hidden_columns & row.cells.keys())]
    for doubt in (*unseen, *row.doubts):
        leaf = meanings.leaves.get(doubt.column)
        if leaf or doubt.column in head.special.values():
            pointer, label = (leaf.pointer, meanings.known.label(leaf)) if leaf else ("", "")
            error = field_error(doubt.code, pointer, label, name=doubt.text)
            yield place.located(error, head.column(doubt.column))
