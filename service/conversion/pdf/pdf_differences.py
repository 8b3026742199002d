"""Compares two PDFs: pages that look different, and fonts that only one contains."""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
import pypdfium2
from pikepdf import Dictionary
from PIL import Image, ImageChops, ImageDraw

from service.conversion.pdf.attachments import FAULTS
from service.conversion.pdf.page_images import drawn, one_at_a_time
from service.errors import ConversionFault

_DPI = 50  # enough to notice a thin line
_PICTURE_DPI = 90
_MARGIN, _GAP = 6, 12  # pixels
_MARK, _NOTHING = "#d00000", "#d0d0d0"


@dataclass(frozen=True)
class PdfDifferences:
    """Page counts before and now, pages (from 1) that look different, fonts removed and added."""

    before: int
    now: int
    pages: tuple[int, ...]
    fonts_gone: tuple[str, ...]
    fonts_new: tuple[str, ...]


def compare(before: bytes, now: bytes) -> PdfDifferences:
    """The visible differences between two PDFs. Raises ConversionFault if one is damaged."""
    gone, new = _fonts(before), _fonts(now)
    with _opened(before) as one, _opened(now) as other:
        pages = tuple(
            number + 1
            for number in range(max(len(one), len(other)))
            if _drawn(one, number, _DPI).tobytes() != _drawn(other, number, _DPI).tobytes()
        )
        return PdfDifferences(
            len(one), len(other), pages, tuple(sorted(gone - new)), tuple(sorted(new - gone))
        )


def picture(before: bytes, now: bytes, number: int) -> bytes:
    """Page `number` (from 1) of both side by side as PNG, differences framed in red, a missing page grey.

    Raises ConversionFault if one is damaged.
    """
    with _opened(before) as one, _opened(now) as other:
        left, right = (_drawn(each, number - 1, _PICTURE_DPI) for each in (one, other))
    size = max(left.width, right.width), max(left.height, right.height)
    sheet = Image.new("RGB", (2 * size[0] + _GAP, size[1]), _NOTHING)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (size[0] + _GAP, 0))
    if area := _area(left, right, size):
        draw = ImageDraw.Draw(sheet)
        for offset in (0, size[0] + _GAP):
            box = (
                area[0] + offset - _MARGIN,
                area[1] - _MARGIN,
                area[2] + offset + _MARGIN,
                area[3] + _MARGIN,
            )
            draw.rectangle(box, outline=_MARK, width=2)
    png = io.BytesIO()
    sheet.save(png, "PNG")
    return png.getvalue()


def _area(one: Image.Image, other: Image.Image, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The bounding box of the differences."""
    sheets = [Image.new("RGB", size, _NOTHING) for _ in range(2)]
    for sheet, page in zip(sheets, (one, other), strict=True):
        sheet.paste(page, (0, 0))
    return ImageChops.difference(*sheets).getbbox()


def _fonts(pdf: bytes) -> set[str]:
    """The font names without subset prefixes (ISO 32000-2, 9.9.2)."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            names = {
                str(font.get("/BaseFont", "/?"))
                for page in document.pages
                for font in page.obj.get("/Resources", Dictionary()).get("/Font", Dictionary()).values()
            }
    except FAULTS as error:
        raise _broken() from error
    return {name.lstrip("/").rpartition("+")[2] for name in names}


@contextlib.contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise _broken() from error
    try:
        yield document
    finally:
        with one_at_a_time:
            document.close()


def _drawn(document: pypdfium2.PdfDocument, number: int, dpi: int) -> Image.Image:
    """A page (from 0) on white; one grey pixel if it does not exist."""
    with one_at_a_time:
        if number >= len(document):
            return Image.new("RGB", (1, 1), _NOTHING)
        return drawn(document, number, dpi).convert("RGB")


def _broken() -> ConversionFault:
    return ConversionFault(
        "PDF 无法读取，不能比较。请执行 kexie-forms verify 检查档案。",
        "A PDF cannot be read for the comparison. Check the archive with kexie-forms verify.",
    )
