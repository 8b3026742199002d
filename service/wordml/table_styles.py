"""Finds the conditional formats of a table style that apply to a cell (ECMA-376 part 1, 17.7.6)."""

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
    chain: Sequence[etree._Element], table: etree._Element, cell: etree._Element
) -> Iterator[etree._Element]:
    """The `w:tblStylePr` of a chain of table styles that apply to a cell, later ones overriding earlier."""
    formats = [each for style in chain for each in style.iterchildren(W + "tblStylePr")]
    if formats:
        for kind in _kinds(chain, table, cell):
            yield from (each for each in formats if each.get(W + "type") == kind)


def _kinds(chain: Sequence[etree._Element], table: etree._Element, cell: etree._Element) -> Iterator[str]:
    look = _look(table)
    rows = list(nearest(table, W + "tr"))
    row = next(each for each in rows if each in set(cell.iterancestors(W + "tr")))
    cells = list(nearest(row, W + "tc"))
    across = _edges(cells.index(cell), len(cells), ("firstCol", "lastCol"), look)
    down = _edges(rows.index(row), len(rows), ("firstRow", "lastRow"), look)
    yield "wholeTable"
    if not look["columns"]:
        column = sum(grid_span(each) for each in cells[: cells.index(cell)]) - look["firstCol"]
        yield _band(column, chain, "Col", "Vert")
    if not look["rows"]:
        yield _band(rows.index(row) - look["firstRow"], chain, "Row", "Horz")
    yield from (*down, *across)
    yield from (_CORNERS[one, other] for one in down for other in across)


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
