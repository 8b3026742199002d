"""Positions in a document, in words."""

from service.errors import Bilingual


def in_table(table: int, row: int, cell: int | None = None) -> Bilingual:
    """A cell or row of a table, counted from 1."""
    if cell is None:
        return Bilingual(f"第{table}个表格第{row}行", f"table {table}, row {row}")
    return Bilingual(f"第{table}个表格第{row}行第{cell}格", f"table {table}, row {row}, cell {cell}")


def whole_table(table: int) -> Bilingual:
    """A table, counted from 1."""
    return Bilingual(f"第{table}个表格", f"table {table}")


def in_paragraph(number: int) -> Bilingual:
    """A paragraph outside the tables, counted from 1."""
    return Bilingual(f"表格外第{number}段", f"paragraph {number} outside the tables")
