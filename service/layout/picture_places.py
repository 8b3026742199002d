"""Finds the cells of a document in which its official form has a place for a picture."""

from dataclasses import dataclass

from lxml import etree

from schemas.normal_pictures import EMU
from service.extraction.align_tables import Alignment
from service.extraction.match_cells import match_cells
from service.layout.official_form import Official

_TOLERANCE = 1.0  # mm


@dataclass(frozen=True)
class PicturePlace:
    """The place of a picture, in millimetres."""

    width: float
    height: float

    def holds(self, width: float, height: float) -> bool:
        """Whether a picture of that size in EMU is no larger."""
        return width <= (self.width + _TOLERANCE) * EMU and height <= (self.height + _TOLERANCE) * EMU


def places(form: Official, alignment: Alignment) -> dict[etree._Element, PicturePlace]:
    """The place in each such cell of the document."""
    found: dict[etree._Element, PicturePlace] = {}
    rows = [row for table in alignment.tables for row in table.rows] if form.pictures else []
    for row in rows:
        if row.official is None or row.found is None or form.pictures.keys().isdisjoint(row.official.text):
            continue
        for pair in match_cells(row.official, row.found):
            for mark in form.pictures.keys() & set(pair.official.text):
                found |= {cell.element: PicturePlace(*form.pictures[mark]) for cell in pair.found}
    return found
