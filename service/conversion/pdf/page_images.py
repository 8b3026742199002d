"""Renders one page of a PDF as PNG for the preview."""

import io
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType

import pypdfium2
from PIL import Image, ImageDraw

from service.conversion.pdf import fills
from service.errors import ConversionFault, UsageError

DPI = 144  # an A4 page of 1191 × 1684 pixels
_OUTLINED = 100  # dpi of a page with outlines
_OUTLINE, _LINE, _APART = (208, 0, 0), 3, 2  # colour and pixels
_COLOURS = 32
_COMPRESSION = 3  # of 0 to 9; more takes longer without gain
NO_FILLS: Mapping[str, str] = MappingProxyType({})
one_at_a_time = threading.Lock()  # PDFium is not thread-safe, not even closing


@dataclass(frozen=True)
class PageImage:
    """A page as PNG, and the page count of its document."""

    png: bytes
    count: int


def page(pdf: bytes, number: int, own: Mapping[str, str] = NO_FILLS) -> PageImage:
    """Renders page `number` (from 1) on white at 144 dpi with stable bytes.

    Areas filled with a colour in `own` are drawn in the colour that it names, or not at all for "auto".
    Raises UsageError with the page count if there is no such page, and ConversionFault if PDFium cannot
    read the PDF.
    """
    try:
        with one_at_a_time:
            image, count = _drawn(pdf, number, own)
    except pypdfium2.PdfiumError as error:
        raise ConversionFault(
            "无法显示生成的 PDF。请下载 PDF 查看。", "The PDF cannot be rendered. Download the PDF itself."
        ) from error
    png = io.BytesIO()
    image.save(png, "PNG", compress_level=_COMPRESSION)
    return PageImage(png.getvalue(), count)


def outlined(
    pdf: bytes, number: int, boxes: Iterable[Sequence[float]], own: Mapping[str, str] = NO_FILLS
) -> bytes:
    """Page `number` (from 1) as a small PNG with boxes outlined (left, top, right, bottom in points).

    Filled areas are drawn as in `page`. Raises pypdfium2.PdfiumError.
    """
    with one_at_a_time, closing(pypdfium2.PdfDocument(pdf)) as document:
        picture = drawn(document, number - 1, _OUTLINED, own).convert("RGB")
    pen, scale = ImageDraw.Draw(picture), _OUTLINED / 72
    for left, top, right, bottom in ([edge * scale for edge in box] for box in boxes):
        around = (left - _APART, top - _APART, right + _APART, bottom + _APART)
        pen.rectangle(around, outline=_OUTLINE, width=_LINE)
    png = io.BytesIO()
    picture.quantize(_COLOURS, Image.Quantize.FASTOCTREE).save(png, "PNG", compress_level=_COMPRESSION)
    return png.getvalue()


def page_count(pdf: bytes) -> int | None:
    """The number of pages; None if PDFium cannot read the PDF."""
    try:
        with one_at_a_time, closing(pypdfium2.PdfDocument(pdf)) as document:
            return len(document)
    except pypdfium2.PdfiumError:
        return None


def _drawn(pdf: bytes, number: int, own: Mapping[str, str]) -> tuple[Image.Image, int]:
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        count = len(document)
        if not 1 <= number <= count:
            raise UsageError(
                f"page 应为 1 至 {count} 的整数：该文书共 {count} 页。",
                f"page must be 1 to {count}: the document has {count} page(s).",
            )
        return drawn(document, number - 1, DPI, own), count


def drawn(
    document: pypdfium2.PdfDocument, number: int, dpi: int, own: Mapping[str, str] = NO_FILLS
) -> Image.Image:
    """Page `number` (from 0) on white, filled areas as in `page`; the caller holds `one_at_a_time`."""
    with closing(document[number]) as sheet:
        fills.refill(sheet, own)
        return picture(sheet, dpi)


def picture(sheet: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    """A page on white; the caller holds `one_at_a_time`."""
    with closing(sheet.render(scale=dpi / 72, rev_byteorder=True)) as bitmap:
        image: Image.Image = bitmap.to_pil()
        return image.copy()  # since the bitmap's memory is freed
