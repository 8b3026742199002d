"""The filled areas of a PDF's pages by their colour, and the pages as pictures without them."""

import ctypes
import io
import re
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from service.conversion.pdf import page_images

_DPI = 100
_DEEPEST = 4  # forms within forms

#: Left, top, right, bottom in points from the page's top left corner.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class FilledPage:
    """A page: its size in points, its picture as PNG, and its areas by colour."""

    width: float
    height: float
    png: bytes
    areas: Mapping[str, tuple[Box, ...]]


def read(pdf: bytes, own: Mapping[str, str], colours: Collection[str]) -> list[FilledPage]:
    """The pages with their areas of these colours, drawn in their `own` colours or not at all."""
    with page_images.one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
    try:
        return [_page(document, number, own, colours) for number in range(count)]
    finally:
        with page_images.one_at_a_time:
            document.close()


def _page(
    document: pypdfium2.PdfDocument, number: int, own: Mapping[str, str], colours: Collection[str]
) -> FilledPage:
    with page_images.one_at_a_time, closing(document[number]) as sheet:
        width, height = sheet.get_size()
        areas: dict[str, list[Box]] = {}
        for each in list(sheet.get_objects([pdfium.FPDF_PAGEOBJ_PATH], max_depth=_DEEPEST)):
            colour = _colour(each)
            if colour in colours:
                left, bottom, right, top = each.get_bounds()
                areas.setdefault(colour, []).append((left, height - top, right, height - bottom))
                _fill(each, own.get(colour, "auto"))
        drawn = page_images.picture(sheet, _DPI)
    picture = io.BytesIO()
    drawn.save(picture, "PNG")
    return FilledPage(width, height, picture.getvalue(), {c: tuple(found) for c, found in areas.items()})


def _colour(area: pypdfium2.PdfObject) -> str:
    """The colour that an area is filled with; "" for a line."""
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(area.raw, mode, stroked)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not mode.value or not pdfium.FPDFPageObj_GetFillColor(area.raw, red, green, blue, alpha):
        return ""
    return f"{red.value:02X}{green.value:02X}{blue.value:02X}"


def _fill(area: pypdfium2.PdfObject, colour: str) -> None:
    """Fills an area in another colour; with what is none it cannot be seen."""
    is_colour = re.fullmatch("[0-9A-Fa-f]{6}", colour)
    value, alpha = (int(colour, 16), 255) if is_colour else (0, 0)
    pdfium.FPDFPageObj_SetFillColor(area.raw, value >> 16, value >> 8 & 255, value & 255, alpha)
