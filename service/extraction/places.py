"""Places in a document, in words."""

from __future__ import annotations

from service.errors import Text


def in_table(table: int, row: int, cell: int | None = None) -> Text:
    """A cell, or a row, of a table; all count from 1."""
    if cell is None:
        return Text(f"第{table}个表格第{row}行", f"table {table}, row {row}")
    return Text(f"第{table}个表格第{row}行第{cell}格", f"table {table}, row {row}, cell {cell}")


def whole_table(table: int) -> Text:
    """A table, counted from 1."""
    return Text(f"第{table}个表格", f"table {table}")


def in_paragraph(number: int) -> Text:
    """A paragraph outside the tables, counted from 1."""
    return Text(f"表格外第{number}段", f"paragraph {number} outside the tables")


def in_properties() -> Text:
    """The document's properties."""
    return Text("文档属性", "the document's properties")


def whole_document() -> Text:
    """The document as a whole."""
    return Text("整份文书", "the document as a whole")
