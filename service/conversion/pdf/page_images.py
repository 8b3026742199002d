"""Renders one page of a PDF as PNG for the preview."""

import io
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pypdfium2
from PIL import Image

from service.errors import ConversionFault, UsageError

DPI = 144  # an A4 page of 1191 × 1684 pixels
_COMPRESSION = 3  # of 0 to 9; more takes longer without gain
one_at_a_time = threading.Lock()  # PDFium is not thread-safe, not even closing


@dataclass(frozen=True)
class PageImage:
    """A page as PNG, and the page count of its document.

    `lines` holds the page number of each requested line, 0 if uncertain.
    """

    png: bytes
    count: int
    lines: tuple[int, ...] = ()


def page(pdf: bytes, number: int, lines: Sequence[str] = ()) -> PageImage:
    """Renders page `number` (from 1) on white at 144 dpi with stable bytes, and locates `lines`.

    Raises UsageError with the page count if there is no such page, and ConversionFault if PDFium cannot
    read the PDF.
    """
    try:
        with one_at_a_time:
            image, count, places = _drawn(pdf, number, lines)
    except pypdfium2.PdfiumError as error:
        raise ConversionFault(
            "无法显示生成的 PDF。请下载 PDF 查看。", "The PDF cannot be rendered. Download the PDF itself."
        ) from error
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=_COMPRESSION)
    return PageImage(png.getvalue(), count, places)


def _drawn(pdf: bytes, number: int, lines: Sequence[str]) -> tuple[Image.Image, int, tuple[int, ...]]:
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        count = len(document)
        if not 1 <= number <= count:
            raise UsageError(
                f"page 应为 1 至 {count} 的整数：该文书共 {count} 页。",
                f"page must be 1 to {count}: the document has {count} page(s).",
            )
        return drawn(document, number - 1, DPI), count, _places(document, lines) if lines else ()


def drawn(document: pypdfium2.PdfDocument, number: int, dpi: int) -> Image.Image:
    """Page `number` (from 0) on white; the caller holds `one_at_a_time`."""
    with closing(document[number]) as sheet:
        return picture(sheet, dpi)


def picture(sheet: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    """A page on white; the caller holds `one_at_a_time`."""
    with closing(sheet.render(scale=dpi / 72, rev_byteorder=True)) as bitmap:
        image: Image.Image = bitmap.to_pil()
        return image.copy()  # since the bitmap's memory is freed


def _places(document: pypdfium2.PdfDocument, lines: Sequence[str]) -> tuple[int, ...]:
    """The page of each line; 0 if it is on none or on several, as typed text may repeat it."""
    found: dict[str, list[int]] = {}
    for number in range(len(document)):
        with closing(document[number]) as sheet, closing(sheet.get_textpage()) as text:
            for line in text.get_text_range().splitlines():
                found.setdefault(line.strip(), []).append(number + 1)
    places = (found.get(line, ()) for line in lines)
    return tuple(place[0] if len(place) == 1 else 0 for place in places)
