"""Finds the conditional formats of a table style that apply to each cell (ECMA-376 part 1, 17.7.6)."""

from collections.abc import Iterator, Sequence

from lxml import etree

from service.wordml import W, grid_span, nearest, property_of, value, whole

# The `w:tblLook` attribute and bit that turn a condition on; for bands, off (17.4.56).
_LOOK = {
    "firstRow": ("firstRow", 0x20),
    "lastRow": ("lastRow", 0x40),
    "firstCol": ("firstColumn", 0x80),
    "lastCol": ("lastColumn", 0x100),
    "rows": ("noHBand", 0x200),
    "columns": ("noVBand", 0x400),
}
_CORNERS = {("firstRow", "firstCol"): "nwCell", ("firstRow", "lastCol"): "neCell"}
_CORNERS |= {("lastRow", "firstCol"): "swCell", ("lastRow", "lastCol"): "seCell"}


def conditional(
    chain: Sequence[etree._Element], table: etree._Element
) -> Iterator[tuple[etree._Element, list[etree._Element]]]:
    """Each cell of a table, and the `w:tblStylePr` of a chain of table styles that apply to it.

    Later ones override earlier. There is nothing if the chain has none.
    """
    formats = [each for style in chain for each in style.iterchildren(W + "tblStylePr")]
    for cell, kinds in _cells(chain, table) if formats else ():
        yield cell, [each for kind in kinds for each in formats if each.get(W + "type") == kind]


def _cells(
    chain: Sequence[etree._Element], table: etree._Element
) -> Iterator[tuple[etree._Element, list[str]]]:
    """Each cell of a table, with the conditions that it meets."""
    look = _look(table)
    rows = list(nearest(table, W + "tr"))
    for number, row in enumerate(rows):
        down = _edges(number, len(rows), ("firstRow", "lastRow"), look)
        bands = [] if look["rows"] else [_band(number - look["firstRow"], chain, "Row", "Horz")]
        cells, column = list(nearest(row, W + "tc")), -look["firstCol"]
        for at, cell in enumerate(cells):
            across = _edges(at, len(cells), ("firstCol", "lastCol"), look)
            columns = [] if look["columns"] else [_band(column, chain, "Col", "Vert")]
            corners = [_CORNERS[one, other] for one in down for other in across]
            yield cell, ["wholeTable", *columns, *bands, *down, *across, *corners]
            column += grid_span(cell)


def _look(table: etree._Element) -> dict[str, bool]:
    look = property_of(table, "tblPr", "tblLook")
    bits = int(value(look) or "0", 16) if look is not None and _is_hexadecimal(value(look)) else 0
    found = {}
    for name, (attribute, bit) in _LOOK.items():
        own = None if look is None else look.get(W + attribute)
        found[name] = bool(bits & bit) if own is None else own in ("1", "true", "on")
    return found


def _is_hexadecimal(text: str | None) -> bool:
    return text is not None and len(text) <= 8 and all(each in "0123456789abcdefABCDEF" for each in text)


def _edges(at: int, count: int, names: tuple[str, str], look: dict[str, bool]) -> list[str]:
    first, last = names
    return [name for name, is_here in ((first, at == 0), (last, at == count - 1)) if is_here and look[name]]


def _band(at: int, chain: Sequence[etree._Element], size: str, name: str) -> str:
    """The band of a row or column, counted from 0 behind the first one if that has its own format."""
    sizes = (value(property_of(style, "tblPr", f"tblStyle{size}BandSize")) for style in reversed(chain))
    rows = whole(next(filter(None, sizes), None), 1) or 1
    return f"band{1 + max(at, 0) // rows % 2}{name}"
