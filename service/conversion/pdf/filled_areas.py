"""The filled areas of a PDF's pages by their colour, and the pages as pictures without them."""

import io
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from service.conversion.pdf import fills, page_images
from service.conversion.pdf.fills import Box

_DPI = 100


@dataclass(frozen=True)
class PageAreas:
    """A page: its size in points, its areas by colour, and the letters in some of them."""

    width: float
    height: float
    areas: Mapping[str, tuple[Box, ...]]
    letters: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class FilledPage(PageAreas):
    """A page with its picture as PNG."""

    png: bytes = b""


def read(pdf: bytes, colours: Collection[str], lettered: Collection[str] = ()) -> list[PageAreas]:
    """The pages with their areas of these colours, and the letters in those of the `lettered` colours."""
    with page_images.one_at_a_time, closing(pypdfium2.PdfDocument(pdf)) as document:
        return [_areas(document, number, colours, lettered) for number in range(len(document))]


def draw(pdf: bytes, own: Mapping[str, str]) -> list[FilledPage]:
    """The pages with their areas of the colours in `own`, drawn in the colours that it names for them."""
    with page_images.one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
    try:
        return [_page(document, number, own) for number in range(count)]
    finally:
        with page_images.one_at_a_time:
            document.close()


def _areas(
    document: pypdfium2.PdfDocument, number: int, colours: Collection[str], lettered: Collection[str] = ()
) -> PageAreas:
    with closing(document[number]) as sheet:
        width, height = sheet.get_size()
        areas = fills.areas(sheet, colours)
        found = {colour: boxes for colour, boxes in areas.items() if colour in lettered}
        return PageAreas(width, height, areas, _letters(sheet, found) if found else {})


def _letters(sheet: pypdfium2.PdfPage, areas: Mapping[str, tuple[Box, ...]]) -> dict[str, tuple[Box, ...]]:
    """The boxes of the letters in areas, in the order of the text, without white space."""
    found: dict[str, tuple[Box, ...]] = dict.fromkeys(areas, ())
    height = sheet.get_height()
    with closing(sheet.get_textpage()) as text:
        for number in range(text.count_chars()):
            if chr(pdfium.FPDFText_GetUnicode(text.raw, number)).isspace():
                continue
            left, bottom, right, top = text.get_charbox(number)
            x, y = (left + right) / 2, height - (bottom + top) / 2
            for colour, boxes in areas.items():
                if any(box[0] <= x <= box[2] and box[1] <= y <= box[3] for box in boxes):
                    found[colour] += ((left, height - top, right, height - bottom),)
    return found


def _page(document: pypdfium2.PdfDocument, number: int, own: Mapping[str, str]) -> FilledPage:
    with page_images.one_at_a_time:
        found = _areas(document, number, own)
        drawn = page_images.drawn(document, number, _DPI, own)
    picture = io.BytesIO()
    drawn.save(picture, "PNG")
    return FilledPage(found.width, found.height, found.areas, png=picture.getvalue())
