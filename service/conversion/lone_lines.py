"""How texts in cells go on over pages. Manifests name the rules by number, so that a PDF can be made again.

1: as LibreOffice breaks pages; where rows may break, it leaves a paragraph's first or last line alone.
2: no line alone, as in Word: in the copy that is converted such cells have a deeper margin below their text,
   by which each page holds some lines less.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

from lxml import etree

from service.conversion.fonts.docx_runs import replaced
from service.conversion.pdf.broken_cells import BrokenCell
from service.wordml import W, property_of, value, whole, word_package
from service.wordml.styles import Styles, table_style

if TYPE_CHECKING:
    from service.conversion.pdf.finish_pdf import Finished

AS_CONVERTED, LATEST = 1, 2
_MOST_LINES = 3  # that a page holds less
_MOST_COPIES = 4
_TWIPS = 20  # in a point
_ROUNDING = 2  # twips
_CELL, _TABLE = W + "tc", W + "tbl"
_BEHIND_MARGINS = {W + name for name in ("textDirection", "tcFitText", "vAlign", "hideMark")}


def without_lone_lines(docx: bytes, made: Finished, convert: Callable[[bytes], Finished]) -> Finished:
    """The PDF of a .docx with the fewest lines alone, mostly none; `made` is that of the .docx as it is.

    One cell after the other gets its margin, for it moves all that follows; no margin may cost a page.
    Raises as `convert`.
    """
    best, margins = made, dict[int, float]()
    for _ in range(_MOST_COPIES):
        cell = next((each for each in made.cells.broken if lines_less(each)), None)
        if cell is None:
            break
        margins[cell.number] = margins.get(cell.number, 0.0) + lines_less(cell) * cell.pitch
        copy = _with_margins(docx, margins, made.cells.total)
        if copy is None or (made := convert(copy)).pages > best.pages:
            break
        best = min(best, made, key=_lone_lines)
    return best


def _lone_lines(made: Finished) -> int:
    return sum(_lone(cell, 0) for cell in made.cells.broken)


def lines_less(cell: BrokenCell) -> int:
    """How many lines less a page has to hold so that none of a cell is alone; 0 if none is, or in vain."""
    if not _lone(cell, 0):
        return 0
    return next((less for less in range(1, _MOST_LINES + 1) if not _lone(cell, less)), 0)


def _lone(cell: BrokenCell, less: int) -> int:
    """How many page breaks leave a line of a paragraph or the cell alone if each page is `less` shorter."""
    ends = {0, *accumulate(cell.paragraphs)}
    outer = {0, max(ends)}
    breaks = [place - number * less for number, place in enumerate(accumulate(cell.pages[:-1]), 1)]
    around = [(place, {place - 1, place + 1}) for place in breaks]
    return sum(bool(beside & outer or (place not in ends and beside & ends)) for place, beside in around)


def _with_margins(docx: bytes, margins: Mapping[int, float], total: int) -> bytes | None:
    """A copy with margins, in points, added below the text of cells; None unless it has `total` cells."""
    parts = word_package.unpack(docx)
    root = word_package.part(parts, word_package.MAIN)
    cells = [] if root is None else list(_cells(root))
    if root is None or len(cells) != total:
        return None
    styles = Styles(lambda name: word_package.part(parts, name))
    for number, margin in margins.items():
        _set_bottom(cells[number], _bottom(cells[number], styles) + round(margin * _TWIPS) - _ROUNDING)
    return replaced(docx, {word_package.MAIN: root})


def _cells(root: etree._Element) -> Iterator[etree._Element]:
    """The cells but for those that continue one above (17.4.84), which have no tag in the PDF."""
    for cell in root.iter(_CELL):
        merged = property_of(cell, "tcPr", "vMerge")
        if merged is None or value(merged) == "restart":
            yield cell


def _bottom(cell: etree._Element, styles: Styles) -> int:
    """The margin below the text of a cell in twentieths of a point (17.4.2, 17.4.42)."""
    table = next(cell.iterancestors(_TABLE))
    chain = reversed(styles.chain("table", table_style(table)))
    layers = [(cell, "tcPr", "tcMar"), *((each, "tblPr", "tblCellMar") for each in (table, *chain))]
    found = (property_of(*layer, "bottom") for layer in layers)
    return next((whole(each.get(W + "w"), 0) for each in found if each is not None), 0)


def _set_bottom(cell: etree._Element, twips: int) -> None:
    properties = _child(cell, "tcPr", 0)
    behind = next((at for at, each in enumerate(properties) if each.tag in _BEHIND_MARGINS), len(properties))
    bottom = _child(_child(properties, "tcMar", behind), "bottom", 0)
    bottom.set(W + "w", str(twips))
    bottom.set(W + "type", "dxa")


def _child(element: etree._Element, name: str, at: int) -> etree._Element:
    """The child `name`, inserted at a place if it is missing."""
    found = property_of(element, name)
    if found is None:
        found = etree.Element(W + name)
        element.insert(at, found)
    return found
