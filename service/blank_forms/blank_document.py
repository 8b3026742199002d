"""Reads a blank form: numbered paragraphs, and tables whose vertically merged cells are one."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from service.blank_forms import blank_lines
from service.blank_forms.blank_lines import Line
from service.wordml import W, grid_span, nearest, property_of, value, whole

_PARAGRAPH, _TABLE, _ROW, _CELL = (W + name for name in ("p", "tbl", "tr", "tc"))
_CLOSED = {W + name for name in ("pPr", "rPr", "sdtPr", "tblPr", "trPr", "tcPr", "sectPr", "del", "moveFrom")}
_LINE = 312  # twentieths of a point between lines of the body text


@dataclass(eq=False)
class Cell:
    """A cell, with those below that continue it; row and number count from 1, columns from 0."""

    table: int
    row: int
    number: int
    column: int
    span: int
    lines: list[Line]
    height: int
    """At least, of all its rows, in twentieths of a point."""
    width: int
    last: int
    """The number of its last row."""
    element: etree._Element
    tables: "list[Table]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its lines."""
        return "\n".join(line.text for line in self.lines)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed in it."""
        return not self.tables and all(line.is_blank for line in self.lines)

    @property
    def room(self) -> int:
        """The number of lines that it has room for."""
        return max(self.height // _LINE, len(self.lines))

    @property
    def end(self) -> int:
        """The column behind it."""
        return self.column + self.span


@dataclass(eq=False)
class Table:
    """A table: for each row the cells that cover it, from left to right."""

    number: int
    rows: list[list[Cell]]
    elements: list[etree._Element]
    """Its rows."""
    before: list[Line]
    """The paragraphs between the block before and the table."""

    @property
    def columns(self) -> int:
        """The number of its grid's columns."""
        return max((cell.end for row in self.rows for cell in row), default=0)


@dataclass(frozen=True, eq=False)
class BlankDocument:
    """The body of a blank form, block by block."""

    blocks: tuple[Line | Table, ...]


def read(body: etree._Element) -> BlankDocument:
    """The blank form with this `w:body`."""
    return BlankDocument(tuple(_Reader().blocks(body)))


class _Reader:
    def __init__(self) -> None:
        self._paragraphs = self._tables = 0

    def blocks(self, body: etree._Element) -> Iterator[Line | Table]:
        """The body's paragraphs and tables."""
        before: list[Line] = []
        for element in _flat(body):
            if element.tag == _PARAGRAPH:
                self._paragraphs += 1
                before.append(blank_lines.read(element, self._paragraphs))
                yield before[-1]
                yield from blank_lines.boxed(element, self._paragraphs)
            else:
                yield self._table(element, before)
                before = []

    def _table(self, element: etree._Element, before: list[Line]) -> Table:
        self._tables += 1
        number, rows, above = self._tables, list[list[Cell]](), dict[int, Cell]()
        elements = list(nearest(element, _ROW))
        for at, row in enumerate(elements, 1):
            cells = self._cells(row, number, at, above)
            above = {cell.column: cell for cell in cells}
            rows.append(cells)
        return Table(number, rows, elements, before)

    def _cells(self, row: etree._Element, table: int, at: int, above: dict[int, Cell]) -> list[Cell]:
        column = whole(value(property_of(row, "trPr", "gridBefore")), 0)
        height = whole(value(property_of(row, "trPr", "trHeight")), _LINE)
        cells = []
        for number, element in enumerate(nearest(row, _CELL), 1):
            merge = property_of(element, "tcPr", "vMerge")
            span = grid_span(element)
            owner = above.get(column) if merge is not None and value(merge) != "restart" else None
            if owner is None:
                cells.append(self._cell(element, (table, at, number, column, span), height))
            else:
                owner.height, owner.last = owner.height + height, at
                cells.append(owner)
            column += span
        return cells

    def _cell(self, element: etree._Element, where: tuple[int, int, int, int, int], height: int) -> Cell:
        lines: list[Line] = []
        size = property_of(element, "tcPr", "tcW")
        width = whole(None if size is None else size.get(W + "w"), 0)
        cell = Cell(*where, lines, height, width, where[1], element)
        for block in _flat(element):
            if block.tag == _PARAGRAPH:
                lines.append(blank_lines.read(block))
            else:
                cell.tables.append(self._table(block, list(lines)))
        return cell


def _flat(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif child.tag not in _CLOSED and len(child):
            yield from _flat(child)
