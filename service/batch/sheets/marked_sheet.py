"""The failed rows of a sheet with their faulty cells marked, to be corrected and resubmitted."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import ERROR_CODES, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from schemas.cells import UnreadableCell, Value
from service.batch.inputs import columns
from service.batch.inputs.input_errors import unreadable
from service.batch.inputs.item import FailedRows, Item, RemarkedRows
from service.batch.inputs.read_input import open_tables
from service.batch.inputs.table_items import SEARCHED, OpenedTable, open_table
from service.batch.inputs.table_model import SheetRow
from service.batch.sheets import payload_row
from service.batch.sheets.blank_sheet import SHEET, store_edition, workbook_bytes
from service.errors import FieldError, Remarks

_WRONG = PatternFill("solid", fgColor="FFC7CE")
_ODD = PatternFill("solid", fgColor="FFEB9C")
_HEAD = PatternFill("solid", fgColor="D9D9D9")
_ERRORS_WIDTH, _WIDTH = 80, 16  # characters
_COMMENT_MAXIMUM = 2_000  # characters


def make(
    source: Path,
    failed: FailedRows,
    form: str | None = None,
    year: int | None = None,
    *,
    name: str | None = None,
    good_rows: bool = False,
    remarks: RemarkedRows = {},  # noqa: B006 - a Mapping
) -> bytes:
    """An .xlsx of the input's headings and its failed rows, with `good_rows` also the others.

    Each faulty cell is red and has the message as a comment. A cell on which there are `remarks` is yellow,
    with the advice as a comment. The last column, which `read_input` ignores, lists all of it. `form` and
    `year` are those with which the input was read; `name` replaces the file's own. Raises UnreadableInput.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    with ExitStack() as stack:
        for table in open_tables(source, stack, name):
            if opened := open_table(table, form, year):
                sheet = book.create_sheet(table.sheet or SHEET)
                known = (table.form or form, table.year or year)
                if known[0] and known[1]:
                    store_edition(sheet, known[0], known[1])
                _Copy(sheet, opened).write(failed, remarks, table.sheet, good_rows=good_rows)
    if not book.sheetnames:
        raise unreadable("no_headings", searched=SEARCHED)
    return workbook_bytes(book)


class _Copy:
    """A copy of one sheet."""

    def __init__(self, sheet: Worksheet, opened: OpenedTable) -> None:
        self._sheet = sheet
        self._opened = opened
        self._width = max(opened.head.texts) + 2
        self._row = 0

    def write(self, failed: FailedRows, remarks: RemarkedRows, name: str, *, good_rows: bool) -> None:
        self._headings()
        for row, item in self._opened.rows:
            errors = failed.get((name, row.number), ())
            if errors or good_rows:
                self._put(row)
                noted = remarks.get((name, row.number), Remarks())
                self._mark(item, noted.missing, _ODD, comments=False)
                self._mark(item, noted.advice, _ODD)
                self._mark(item, errors, _WRONG)
                self._list(item, errors, noted)

    def _headings(self) -> None:
        for row in self._opened.above:
            self._put(row)
        for column in range(1, self._width + 1):
            cell = self._sheet.cell(self._row, column)
            cell.font, cell.fill = Font(bold=True), _HEAD
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            self._sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
        self._sheet.cell(self._row, self._width, columns.ERRORS)
        self._sheet.column_dimensions[get_column_letter(self._width)].width = _ERRORS_WIDTH
        self._sheet.freeze_panes = self._sheet.cell(self._row + 1, 2)

    def _put(self, row: SheetRow) -> None:
        self._row += 1
        for column, value in row.cells.items():
            if column < self._width - 1:
                cell = self._sheet.cell(self._row, column + 1)
                _copy(cell, value)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if isinstance(value, str):
                    cell.number_format = "@"

    def _mark(
        self, item: Item, found: Sequence[FieldError], fill: PatternFill, *, comments: bool = True
    ) -> None:
        by_cell: dict[int, list[str]] = {}
        for error in found:
            column = item.place.column(error.shown_at)
            if column:
                number = openpyxl.utils.column_index_from_string(column.letter)
                by_cell.setdefault(number, []).append(str(error.message))
        for number, messages in by_cell.items():
            cell = self._sheet.cell(self._row, number)
            cell.fill = fill
            if comments:
                cell.comment = Comment(
                    "\n".join(messages)[:_COMMENT_MAXIMUM], "kexie-forms", height=120, width=320
                )

    def _list(self, item: Item, errors: Sequence[FieldError], remarks: Remarks) -> None:
        lines = [str(error.message) for error in (*errors, *remarks.advice)]
        if remarks.missing:
            lines.append(f"未填 / blank：{item.place.names(remarks.missing)}")
        if lines:
            cell = self._sheet.cell(self._row, self._width)
            payload_row.set_cell(cell, "\n".join(dict.fromkeys(lines)))
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _copy(cell: Cell, value: Value) -> None:
    """Copies a value; an unreadable cell becomes an error until it is corrected."""
    if isinstance(value, UnreadableCell):
        cell.value = value.text if value.text in ERROR_CODES else "#N/A"
        cell.data_type = "e"
    else:
        payload_row.set_cell(cell, value)
