"""The filled areas of a page by colour, and other colours for them; the caller holds PDFium's lock."""

import ctypes
import re
from collections.abc import Collection, Iterator, Mapping

import pypdfium2
import pypdfium2.raw as pdfium

_DEEPEST = 4  # forms within forms

#: Left, top, right, bottom in points from the page's top left corner.
Box = tuple[float, float, float, float]


def areas(sheet: pypdfium2.PdfPage, colours: Collection[str]) -> dict[str, tuple[Box, ...]]:
    """The areas that are filled with one of these colours, by colour."""
    height = sheet.get_height()
    found: dict[str, tuple[Box, ...]] = {}
    for each, colour in _filled(sheet, colours):
        left, bottom, right, top = each.get_bounds()
        found[colour] = (*found.get(colour, ()), (left, height - top, right, height - bottom))
    return found


def refill(sheet: pypdfium2.PdfPage, own: Mapping[str, str]) -> None:
    """Fills areas of these colours with others; what is filled with no colour ("auto") cannot be seen."""
    for each, colour in list(_filled(sheet, own)):
        is_colour = re.fullmatch("[0-9A-Fa-f]{6}", own[colour])
        value, alpha = (int(own[colour], 16), 255) if is_colour else (0, 0)
        pdfium.FPDFPageObj_SetFillColor(each.raw, value >> 16, value >> 8 & 255, value & 255, alpha)


def _filled(sheet: pypdfium2.PdfPage, colours: Collection[str]) -> Iterator[tuple[pypdfium2.PdfObject, str]]:
    if not colours:
        return
    for each in sheet.get_objects([pdfium.FPDF_PAGEOBJ_PATH], max_depth=_DEEPEST):
        if (colour := _colour(each)) in colours:
            yield each, colour


def _colour(area: pypdfium2.PdfObject) -> str:
    """The colour that an area is filled with; "" for a line."""
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(area.raw, mode, stroked)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not mode.value or not pdfium.FPDFPageObj_GetFillColor(area.raw, red, green, blue, alpha):
        return ""
    return f"{red.value:02X}{green.value:02X}{blue.value:02X}"
