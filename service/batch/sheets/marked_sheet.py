"""The failed rows of a sheet with their faulty cells marked, to be corrected and resubmitted."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import ERROR_CODES, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from schemas.cells import UnreadableCell, Value
from service import catalog
from service.batch.inputs import sheet_columns
from service.batch.inputs.input_errors import unreadable
from service.batch.inputs.item import FailedRows, Item, RemarkedRows
from service.batch.inputs.read_input import open_tables
from service.batch.inputs.table_items import SEARCHED, OpenedTable, open_table
from service.batch.inputs.table_model import SheetRow
from service.batch.sheets import guide, payload_row
from service.batch.sheets.blank_sheet import SHEET, store_edition, workbook_bytes
from service.batch.sheets.column_rules import ColumnRules
from service.batch.sheets.guide import GuideRows
from service.catalog import Edition
from service.errors import Bilingual, FieldError, Remarks

_WRONG = PatternFill("solid", fgColor="FFC7CE")
_ODD = PatternFill("solid", fgColor="FFEB9C")
_HEAD = PatternFill("solid", fgColor="D9D9D9")
_ERRORS_WIDTH, _WIDTH = 80, 16  # characters
_COMMENT_MAXIMUM = 2_000  # characters
#: What errors that name rows of the input say in the copy, which lacks those or gives them other numbers.
_WITHOUT_ROWS = {
    "duplicate_id": Bilingual(
        "编号与原表中前面的一行相同。请改正编号，或删去其中一行。",
        "An earlier row of the original has the same id: correct the id, or delete one of the rows.",
    ),
    "merged_rows": Bilingual(
        "这一格在原表中跨行合并，其值只算作首行的。请逐行填写。",
        "This cell was merged across rows, and its value counts for the first only: fill each row.",
    ),
    "merged_columns": Bilingual(
        "这一格在原表中跨列合并，无法判断属于哪一项。请逐格填写。",
        "This cell was merged across columns, so the field is unclear: fill each cell.",
    ),
}


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
    `year` are those with which the input was read; `name` replaces the file's own. A sheet of one edition has
    the rules and notes of its columns, and a guide. Raises UnreadableInput.
    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    guides: list[Callable[[openpyxl.Workbook], None]] = []
    with ExitStack() as stack:
        for table in open_tables(source, stack, name):
            if opened := open_table(table, form, year):
                sheet = book.create_sheet(table.sheet or SHEET)
                copy = _Copy(sheet, opened)
                copy.write(failed, remarks, table.sheet, good_rows=good_rows)
                if edition := catalog.find(table.form or form, table.year or year):
                    store_edition(sheet, edition.form, edition.year)
                    guides.append(copy.rule(edition, guide.SHEET + str(len(guides) + 1) * bool(guides)))
        for add in guides:
            add(book)
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

    def rule(self, edition: Edition, page: str) -> Callable[[openpyxl.Workbook], None]:
        """Gives the columns their rules and notes; returns what adds the guide, as the page of that name."""
        meanings = self._opened.head.meanings(edition.form, edition.year)
        leaves = [leaf for _, leaf in sorted(meanings.leaves.items())]
        heading = len(self._opened.above)
        rules = ColumnRules(self._sheet, edition, heading, heading + 1, leaves, page)
        if (column := self._opened.head.special.get("id")) is not None:
            rules.set_id(column + 1)
        for column, leaf in meanings.leaves.items():
            rules.set_field(column + 1, leaf)
        rows = GuideRows(heading, heading + 1)
        return lambda book: guide.add_guide(book, page, meanings.known, leaves, rows)

    def _headings(self) -> None:
        for row in self._opened.above:
            self._put(row)
        for column in range(1, self._width + 1):
            cell = self._sheet.cell(self._row, column)
            cell.font, cell.fill = Font(bold=True), _HEAD
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            self._sheet.column_dimensions[get_column_letter(column)].width = _WIDTH
        self._sheet.cell(self._row, self._width, sheet_columns.ERRORS)
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
            if column := item.place.column_of(error):
                number = openpyxl.utils.column_index_from_string(column.letter)
                by_cell.setdefault(number, []).append(str(_message(item, error)))
        for number, messages in by_cell.items():
            cell = self._sheet.cell(self._row, number)
            cell.fill = fill
            if comments:
                cell.comment = Comment(
                    "\n".join(messages)[:_COMMENT_MAXIMUM], "kexie-forms", height=120, width=320
                )

    def _list(self, item: Item, errors: Sequence[FieldError], remarks: Remarks) -> None:
        lines = [_line(item, error) for error in item.place.in_columns_order((*errors, *remarks.advice))]
        if remarks.missing:
            lines.append(f"未填 / blank：{item.place.names(remarks.missing)}")
        if lines:
            cell = self._sheet.cell(self._row, self._width)
            payload_row.set_cell(cell, "\n".join(dict.fromkeys(lines)))
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _message(item: Item, error: FieldError) -> Bilingual:
    """The message of an error without rows of the input."""
    return _WITHOUT_ROWS.get(error.code) or item.place.without_place(error)


def _line(item: Item, error: FieldError) -> str:
    """An error with its column, for the last column of its row."""
    message, column = _message(item, error), item.place.column_of(error)
    if column is None:
        return str(message)
    zh, en = f"{column.letter} 列“{column.heading}”", f"Column {column.letter}"
    return f"{zh}：{message.zh} {en}: {message.en}"


def _copy(cell: Cell, value: Value) -> None:
    """Copies a value; an unreadable cell becomes an error until it is corrected."""
    if isinstance(value, UnreadableCell):
        cell.value = value.text if value.text in ERROR_CODES else "#N/A"
        cell.data_type = "e"
    else:
        payload_row.set_cell(cell, value)
