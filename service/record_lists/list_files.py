"""Writes a list, of records by default, as .xlsx or .csv, in constant memory."""

import csv
import io
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from service.archive.bagit_export import csv_cell
from service.batch.sheets import payload_row
from service.record_lists.list_columns import COLUMNS, Column, Value

_HEAD = PatternFill("solid", fgColor="D9D9D9")
TITLE, _A4 = "档案", 9
_MINUTES = "yyyy-mm-dd hh:mm"
_temporaries = threading.Lock()


def write(
    records: Iterable[Any],
    format: str,
    file: IO[bytes],
    temporary: Path,
    columns: Sequence[Column] = COLUMNS,
    title: str = TITLE,
) -> int:
    """Writes the list in "xlsx" or "csv" to a file; returns the number of rows.

    Temporary files are in the folder `temporary`. Raises OSError, and as the iteration.
    """
    if format == "csv":
        return _write_csv(records, file, columns)
    return _write_xlsx(records, file, temporary, columns, title)


def _write_csv(records: Iterable[Any], file: IO[bytes], columns: Sequence[Column]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", errors="backslashreplace")
    rows = csv.writer(text)
    rows.writerow(column.heading for column in columns)
    count = 0
    for record in records:
        rows.writerow(csv_cell(_plain(column.value(record))) for column in columns)
        count += 1
    text.flush()
    text.detach()
    return count


def _plain(value: Value) -> object:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


def _write_xlsx(
    records: Iterable[Any], file: IO[bytes], temporary: Path, columns: Sequence[Column], title: str
) -> int:
    with _temporaries_in(temporary):
        book = openpyxl.Workbook(write_only=True)
        page = _page(book, columns, title)
        count = 0
        for record in records:
            page.append([_cell(page, column.value(record)) for column in columns])
            count += 1
        page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count + 1}"
        book.save(file)
    return count


def _page(book: openpyxl.Workbook, columns: Sequence[Column], title: str) -> WriteOnlyWorksheet:
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    for number, column in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    head = [WriteOnlyCell(page, column.heading) for column in columns]
    for cell in head:
        cell.font, cell.fill = Font(bold=True), _HEAD
    page.append(head)
    return page


def _cell(page: WriteOnlyWorksheet, value: Value) -> Any:
    """A value, or a cell for what would otherwise be a formula, or needs a format."""
    if isinstance(value, datetime):
        cell = WriteOnlyCell(page, value)
        cell.number_format = _MINUTES
        return cell
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(page)
    payload_row.set_cell(cell, text)
    return cell


@contextmanager
def _temporaries_in(folder: Path) -> Iterator[None]:
    """Directs openpyxl's temporary files, of one list at a time, to the folder."""
    with _temporaries:
        before, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            yield
        finally:
            tempfile.tempdir = before
