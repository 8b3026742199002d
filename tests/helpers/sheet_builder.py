"""Sheets as a person makes them, with openpyxl, for the tests."""

from __future__ import annotations

import io

import openpyxl

from service.batch.inputs.read_input import read


def workbook(rows, *, title="Sheet1", merge=(), formats=None, errors=()):
    """The .xlsx of rows of values; `merge` areas, `formats` by cell, `errors` cells of error values."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name in errors:
        sheet[name].data_type = "e"
    for name, format in (formats or {}).items():
        sheet[name].number_format = format
    for area in merge:
        sheet.merge_cells(area)
    return saved(book)


def saved(book):
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def items(content, name="input.xlsx", form="annex2", year=2021):
    """The items of an input's bytes."""
    return list(read(io.BytesIO(content), form, year, name=name))


def one(content, **keywords):
    (item,) = items(content, **keywords)
    return item
