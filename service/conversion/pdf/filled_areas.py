"""The filled areas of a PDF's pages by their colour, and the pages as pictures without them."""

import io
from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass

import pypdfium2

from service.conversion.pdf import fills, page_images
from service.conversion.pdf.fills import Box

_DPI = 100


@dataclass(frozen=True)
class PageAreas:
    """A page: its size in points, and its areas by colour."""

    width: float
    height: float
    areas: Mapping[str, tuple[Box, ...]]


@dataclass(frozen=True)
class FilledPage(PageAreas):
    """A page with its picture as PNG."""

    png: bytes


def read(pdf: bytes, colours: Collection[str]) -> list[PageAreas]:
    """The pages with their areas of these colours."""
    with page_images.one_at_a_time, closing(pypdfium2.PdfDocument(pdf)) as document:
        return [_areas(document, number, colours) for number in range(len(document))]


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


def _areas(document: pypdfium2.PdfDocument, number: int, colours: Collection[str]) -> PageAreas:
    with closing(document[number]) as sheet:
        width, height = sheet.get_size()
        return PageAreas(width, height, fills.areas(sheet, colours))


def _page(document: pypdfium2.PdfDocument, number: int, own: Mapping[str, str]) -> FilledPage:
    with page_images.one_at_a_time:
        found = _areas(document, number, own)
        drawn = page_images.drawn(document, number, _DPI, own)
    picture = io.BytesIO()
    drawn.save(picture, "PNG")
    return FilledPage(found.width, found.height, found.areas, picture.getvalue())
