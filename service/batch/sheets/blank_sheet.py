"""The blank sheet of an edition: headings, drop-downs, limits, notes; always the same bytes."""

import io
import re
import zipfile
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from service.batch.inputs import sheet_columns
from service.batch.inputs.sheet_columns import EditionColumns, FieldColumn
from service.batch.inputs.xlsx import FORM_NAME, YEAR_NAME
from service.batch.sheets import guide, payload_row
from service.batch.sheets.column_rules import ColumnRules
from service.batch.sheets.guide import GuideRows
from service.catalog import Edition
from service.rendering.zip_writer import fixed

SHEET = "申报数据"
TITLE_ROW, SECTION_ROW, HEADING_ROW, PATH_ROW, FIRST_ROW = range(1, 6)
_BANDS = ("DDEBF7", "E2EFDA", "FFF2CC", "FCE4D6", "EDEDED")
_THIN = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_FOREVER = rb"\g<1>2021-01-01T00:00:00Z"


def make(edition: Edition, submissions: Sequence[tuple[str, Any]] = ()) -> bytes:
    """The .xlsx of an edition, with a row for each (id, payload)."""
    known = sheet_columns.edition_columns(edition)
    leaves = payload_row.shown_columns(known, (payload for _, payload in submissions))
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    store_edition(sheet, edition.form, edition.year)
    _head(sheet, known, leaves)
    rules = ColumnRules(sheet, edition, HEADING_ROW, FIRST_ROW, leaves, guide.SHEET)
    rules.set_id(1)
    for column, leaf in enumerate(leaves, 2):
        rules.set_field(column, leaf)
    for number, (id, payload) in enumerate(submissions, FIRST_ROW):
        for column, value in enumerate([id, *payload_row.sheet_row(leaves, payload)], 1):
            _fill(sheet, number, column, value)
    guide.add_guide(book, guide.SHEET, known, leaves, GuideRows(HEADING_ROW, FIRST_ROW, PATH_ROW))
    return workbook_bytes(book)


def store_edition(sheet: Worksheet, form: str, year: int) -> None:
    """Stores form and year in the sheet's defined names, where `service.batch.inputs.xlsx` finds them."""
    for name, text in ((FORM_NAME, f'"{form}"'), (YEAR_NAME, str(year))):
        sheet.defined_names[name] = DefinedName(name, attr_text=text, hidden=True)


def workbook_bytes(book: Workbook) -> bytes:
    """The workbook as bytes, without its time of creation."""
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    return fixed(
        (name, _MODIFIED.sub(_FOREVER, part) if name == "docProps/core.xml" else part) for name, part in parts
    ).with_parts(())


def _head(sheet: Worksheet, known: EditionColumns, leaves: Sequence[FieldColumn]) -> None:
    """Title, sections, headings, and JSON paths."""
    edition = known.edition
    sheet.cell(TITLE_ROW, 1, edition.title).font = Font(name="宋体", size=16, bold=True)
    sheet.row_dimensions[TITLE_ROW].height = 26
    sheet.row_dimensions[HEADING_ROW].height = 48
    _heading(sheet, 1, sheet_columns.SPECIAL["id"][0], "id", "D9D9D9")
    column = 2
    for band, (section, group) in enumerate(groupby(leaves, key=lambda leaf: leaf.labels[0])):
        colour, first = _BANDS[band % len(_BANDS)], column
        for leaf in group:
            _heading(sheet, column, known.heading(leaf), leaf.name, colour)
            column += 1
        _section(sheet, section if len(leaves[first - 2].labels) > 1 else "", first, column - 1, colour)
    sheet.freeze_panes = sheet.cell(FIRST_ROW, 2)
    sheet.print_title_rows, sheet.print_title_cols = f"{TITLE_ROW}:{PATH_ROW}", "A:A"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3


def _section(sheet: Worksheet, label: str, first: int, last: int, colour: str) -> None:
    for column in range(first, last + 1):
        sheet.cell(SECTION_ROW, column).fill = PatternFill("solid", fgColor=colour)
    cell = sheet.cell(SECTION_ROW, first, label or None)
    cell.font = Font(name="宋体", bold=True)


def _heading(sheet: Worksheet, column: int, heading: str, name: str, colour: str) -> None:
    for row, text, font in (
        (HEADING_ROW, heading, Font(name="宋体", bold=True)),
        (PATH_ROW, name, Font(name="Arial", size=7, color="808080")),
    ):
        cell = sheet.cell(row, column)
        payload_row.set_cell(cell, text)
        cell.font, cell.alignment, cell.border = font, _CENTRE, _BORDER
        cell.fill = PatternFill("solid", fgColor=colour)


def _fill(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    cell = sheet.cell(row, column)
    payload_row.set_cell(cell, value)
    shape = sheet.column_dimensions[get_column_letter(column)]
    cell.number_format, cell.alignment = shape.number_format, _TOP
