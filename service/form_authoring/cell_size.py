"""The room for a picture in a cell of a form."""

from collections.abc import Iterator

from lxml import etree

from service.wordml import W, cell_around, grid_span, nearest, property_of, value, whole

_TWIPS = 56.7  # twentieths of a point in a millimetre
_MARGINS = 3.8  # mm of a cell's usual margins, left and right
_LINE = 312  # twips of a row without a height
_PHOTO = (25, 35)  # mm: a photograph of one 寸
_LEAST = 10  # mm


def size(paragraph: etree._Element) -> tuple[int, int]:
    """Width and height, in mm, of a picture in this paragraph's cell; of a usual photograph outside one."""
    cell = cell_around(paragraph)
    row = next(paragraph.iterancestors(W + "tr"), None)
    table = next(paragraph.iterancestors(W + "tbl"), None)
    if cell is None or row is None or table is None:
        return _PHOTO
    column = next(start for start, each in _columns(row) if each is cell)
    width = _width(table, cell, column) / _TWIPS - _MARGINS
    height = sum(map(_height, _rows(table, row, column))) / _TWIPS - 1
    return max(int(width), _LEAST), max(int(height), _LEAST)


def _columns(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """The cells of a row with the columns where they begin."""
    column = whole(value(property_of(row, "trPr", "gridBefore")), 0)
    for cell in nearest(row, W + "tc"):
        yield column, cell
        column += grid_span(cell)


def _width(table: etree._Element, cell: etree._Element, column: int) -> int:
    grid = property_of(table, "tblGrid")
    columns = [] if grid is None else [whole(each.get(W + "w"), 0) for each in grid.iter(W + "gridCol")]
    own = property_of(cell, "tcPr", "tcW")
    stated = 0 if own is None or own.get(W + "type") not in (None, "dxa") else whole(own.get(W + "w"), 0)
    return stated or sum(columns[column : column + grid_span(cell)])


def _rows(table: etree._Element, row: etree._Element, column: int) -> Iterator[etree._Element]:
    """The row, and those below whose cells continue its cell in this column."""
    rows = list(nearest(table, W + "tr"))
    below = rows[rows.index(row) + 1 :]
    yield row
    for each in below:
        cell = dict(_columns(each)).get(column)
        merge = None if cell is None else property_of(cell, "tcPr", "vMerge")
        if merge is None or value(merge) == "restart":
            return
        yield each


def _height(row: etree._Element) -> int:
    return whole(value(property_of(row, "trPr", "trHeight")), _LINE)
