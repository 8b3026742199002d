"""One page of a PDF as a picture, for a look before the document is taken."""

from __future__ import annotations

import contextlib
import io
import threading
from dataclasses import dataclass

import pypdfium2
from PIL import Image

from service.errors import ConversionFault, UsageError

DPI = 144  # an A4 page of 1191 × 1684 pixels
_COMPRESSION = 3  # of 0 to 9; more takes longer and gains nothing here
one_at_a_time = threading.Lock()  # PDFium is not thread-safe, its closing included


@dataclass(frozen=True)
class Page:
    """A page as PNG, and the number of pages of its document."""

    png: bytes
    count: int


def page(pdf: bytes, number: int) -> Page:
    """Page `number` (from 1) of a PDF on white at 144 dpi, the same bytes each time.

    Raises UsageError, which tells the number of pages, where there is no such page, and
    ConversionFault where PDFium cannot read the PDF.
    """
    try:
        with one_at_a_time:
            picture, count = _drawn(pdf, number)
    except pypdfium2.PdfiumError as error:
        raise ConversionFault(
            "无法显示生成的 PDF。请下载 PDF 查看。",
            "The PDF cannot be drawn: take the PDF itself.",
        ) from error
    png = io.BytesIO()
    picture.save(png, "PNG", compress_level=_COMPRESSION)
    return Page(png.getvalue(), count)


def _drawn(pdf: bytes, number: int) -> tuple[Image.Image, int]:
    with contextlib.ExitStack() as opened:
        document = opened.enter_context(contextlib.closing(pypdfium2.PdfDocument(pdf)))
        count = len(document)
        if not 1 <= number <= count:
            raise UsageError(
                f"page 应为 1 至 {count} 的整数：该文书共 {count} 页。",
                f"page takes 1 to {count}: the document has {count} page(s).",
            )
        sheet = opened.enter_context(contextlib.closing(document[number - 1]))
        bitmap = opened.enter_context(contextlib.closing(sheet.render(scale=DPI / 72, rev_byteorder=True)))
        return bitmap.to_pil().copy(), count  # a copy: the bitmap's memory goes with it
