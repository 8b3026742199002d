"""Determines the printed lines around each cell from table style, table, row and cell."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from service.extraction.word_document import Table, TableRow
from service.layout.formatting import Styles
from service.layout.grid import Grid, Placed, number
from service.wordml import W, property_of, value
from service.wordml.styles import table_style

_ALSO = {"left": "start", "right": "end"}
_NONE = ("nil", "none")
_TOLERANCE = 2.0  # eighths of a point: 1/4 pt
_OVERLAP = 20.0  # twentieths of a point that neighbouring cells must share


class Border(NamedTuple):
    """A line: width in eighths of a point (0 for none), style, colour."""

    width: float
    style: str
    colour: str

    def is_like(self, other: "Border") -> bool:
        """Whether the two lines print alike."""
        if not self.width or not other.width:
            return not self.width and not other.width
        close = abs(self.width - other.width) <= _TOLERANCE
        return close and self.style == other.style and self.colour == other.colour


NO_LINE = Border(0.0, "none", "")


class Borders:
    """The lines of one table."""

    def __init__(self, table: Table, grid: Grid, styles: Styles) -> None:
        self._rows = [(row, grid.rows[row]) for row in table.rows]
        self._numbers = {row: at for at, (row, _) in enumerate(self._rows)}
        self._table = [
            each
            for style in reversed(styles.chain("table", table_style(table.element)))
            if (each := property_of(style, "tblPr", "tblBorders")) is not None
        ]
        if (own := property_of(table.element, "tblPr", "tblBorders")) is not None:
            self._table.insert(0, own)
        self._known: dict[tuple[Placed, str], Border] = {}
        self._sides: dict[tuple[TableRow, int, str], Border | None] = {}

    def side(self, row: TableRow, cell: int, side: str) -> Border | None:
        """The line on a side of a cell; None within a merged cell."""
        key = row, cell, side
        if key not in self._sides:
            self._sides[key] = self._side(*key)
        return self._sides[key]

    def _side(self, row: TableRow, cell: int, side: str) -> Border | None:
        at, cells = self._numbers[row], self._rows[self._numbers[row]][1]
        if side in ("left", "right"):
            beside = cell + (1 if side == "right" else -1)
            own = self._own(at, cell, side)
            if 0 <= beside < len(cells):
                return max(own, self._own(at, beside, "left" if side == "right" else "right"))
            return own
        return self._across(at, cell, side)

    def _across(self, at: int, cell: int, side: str) -> Border | None:
        """The weakest line between a cell and its neighbours above or below."""
        next_row, other = (at - 1, "bottom") if side == "top" else (at + 1, "top")
        placed, own = self._rows[at][1][cell], self._own(at, cell, side)
        if not 0 <= next_row < len(self._rows):
            return own
        neighbours = list(self._neighbours(placed, next_row))
        if side == "top" and placed.cell.continues:
            return None
        if side == "bottom" and any(self._rows[next_row][1][each].cell.continues for each in neighbours):
            return None
        return min((max(own, self._own(next_row, each, other)) for each in neighbours), default=own)

    def _neighbours(self, placed: Placed, row: int) -> Iterator[int]:
        for at, other in enumerate(self._rows[row][1]):
            if min(placed.right, other.right) - max(placed.left, other.left) > _OVERLAP:
                yield at

    def _own(self, at: int, cell: int, side: str) -> Border:
        row, cells = self._rows[at]
        key = cells[cell], side
        if key not in self._known:
            own = property_of(cells[cell].cell.element, "tcPr", "tcBorders")
            line = _line(own, side)
            self._known[key] = self._of_table(row, at, cell, len(cells), side) if line is None else line
        return self._known[key]

    def _of_table(self, row: TableRow, at: int, cell: int, cells: int, side: str) -> Border:
        outer = {
            "top": at == 0,
            "bottom": at == len(self._rows) - 1,
            "left": cell == 0,
            "right": cell == cells - 1,
        }[side]
        inner = "insideH" if side in ("top", "bottom") else "insideV"
        exception = property_of(row.element, "tblPrEx", "tblBorders")
        for borders in (exception, *self._table):
            if (line := _line(borders, side if outer else inner)) is not None:
                return line
        return NO_LINE


def _line(borders: etree._Element | None, side: str) -> Border | None:
    """The line that a borders element sets on a side, if any."""
    if borders is None:
        return None
    element = property_of(borders, side)
    if element is None and side in _ALSO:
        element = property_of(borders, _ALSO[side])
    if element is None:
        return None
    style = value(element) or "none"
    if style in _NONE:
        return NO_LINE
    colour = element.get(W + "color", "auto")
    return Border(
        number(element.get(W + "sz")) or 2.0, style, "" if colour in ("auto", "000000") else colour.upper()
    )
