"""Locates the cells of a table: left and right edges in twentieths of a point."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from lxml import etree

from service.extraction.word_document import Cell, Table, TableRow
from service.wordml import W, property_of

TOLERANCE = 0.03  # of the table's width
HALF_MILLIMETRE = 28.35  # in twentieths of a point


@dataclass(frozen=True, eq=False)
class Placed:
    """A cell with its left and right edge, measured from the table's left edge."""

    cell: Cell
    left: float
    right: float


class Grid:
    """The located cells of a table."""

    def __init__(self, table: Table) -> None:
        """Position the cells by their own widths, and by the table's grid where they give none (17.4.71)."""
        columns = table.element.iterfind(f"{W}tblGrid/{W}gridCol")
        self._columns = [0.0, *accumulate(number(column.get(W + "w")) for column in columns)]
        self.rows: dict[TableRow, tuple[Placed, ...]] = {row: tuple(self._placed(row)) for row in table.rows}
        rights = [cells[-1].right for cells in self.rows.values() if cells]
        self.width = max(rights, default=0.0)

    def _placed(self, row: TableRow) -> list[Placed]:
        left, placed = self._at(row.cells[0].column) if row.cells else 0.0, []
        for cell in row.cells:
            right = left + self._width(cell)
            placed.append(Placed(cell, left, right))
            left = right
        return placed

    def _width(self, cell: Cell) -> float:
        width = property_of(cell.element, "tcPr", "tcW")
        if width is not None and width.get(W + "type", "dxa") == "dxa" and number(width.get(W + "w")) > 0:
            return number(width.get(W + "w"))
        return self._at(cell.column + cell.span) - self._at(cell.column)

    def _at(self, column: int) -> float:
        return self._columns[min(column, len(self._columns) - 1)]

    def fractions(self, row: TableRow) -> list[float]:
        """The edges of a row's cells from left to right, as fractions of the table's width."""
        cells, width = self.rows[row], self.width or 1.0
        return [each.left / width for each in cells[:1]] + [each.right / width for each in cells]


def number(text: str | None) -> float:
    """A measure of WordprocessingML in twentieths of a point; 0 for none, and for a percentage."""
    try:
        found = float(text or 0)
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0


def measure(element: etree._Element | None, name: str) -> float:
    """The measure in attribute `w:name`."""
    return number(None if element is None else element.get(W + name))


def millimetres(twentieths: float) -> str:
    """A measure in twentieths of a point, in mm."""
    return f"{twentieths / (2 * HALF_MILLIMETRE):.1f}"


def same_edges(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether both have the same edges."""
    return len(one) == len(other) and all(abs(a - b) <= TOLERANCE for a, b in zip(one, other, strict=True))


def within(some: Sequence[float], all_edges: Sequence[float]) -> bool:
    """Whether `some` are among `all_edges`, with the same outer edges."""
    if not some or not all_edges:
        return False
    ends = same_edges([some[0], some[-1]], [all_edges[0], all_edges[-1]])
    return ends and all(any(abs(each - edge) <= TOLERANCE for edge in all_edges) for each in some)
