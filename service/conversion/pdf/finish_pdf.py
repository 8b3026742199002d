"""Validates LibreOffice's PDF and normalises it to the same bytes for the same document."""

import contextlib
import io
import re
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple

import pikepdf

from service.conversion.pdf import broken_cells, font_order, pdf_reader
from service.conversion.pdf.attachments import FAULTS, Attachment, embed
from service.conversion.pdf.broken_cells import Cells
from service.conversion.pdf.pdf_compression import ThreadedDeflate
from service.conversion.pdf.pdf_reader import PlainPdf
from service.conversion.pdf.pdf_syntax import Irregular, elements, moment
from service.conversion.pdf.pdf_writer import packed
from service.conversion.pdf.type1 import renumber
from service.errors import ConversionFault

_ENDING = 1024  # bytes at the end, which contain %%EOF
_DATES = (b"/CreationDate", b"/ModDate")
_ICC_DATE = slice(24, 36)  # ICC.1:2010 7.2.8: when the profile was made
_CLAIM = re.compile(rb"<pdfaid:part>2</pdfaid:part>(\s*<pdfaid:conformance>B</pdfaid:conformance>)")
_DATE = re.compile(rb"<(xmp:(?:Create|Modify|Metadata)Date)>[^<]*</\1>")
_TAG_WITH_DATE = re.compile(rb"<(?!/)[^<>]*?\w:\w*Date\b")
_PADDING = re.compile(rb"\s+(<\?xpacket end=)")


class Finished(NamedTuple):
    """A finished PDF, the number of its pages, and its cells that go on over pages."""

    pdf: bytes
    pages: int
    cells: Cells


def finish(pdf: BinaryIO, date: datetime, attachments: Sequence[Attachment] = ()) -> Finished:
    """Sets all dates to `date` (UTC), the language to zh-CN, and an identifier derived from the content.

    `pdf` is a real file with PDF/A-2b (ISO 19005-2); with `attachments` the result is PDF/A-3b
    (ISO 19005-3). Raises ConversionFault if it is no complete PDF/A-2b of at least one page.
    """
    size = pdf.seek(0, io.SEEK_END)
    pdf.seek(max(size - _ENDING, 0))
    if b"%%EOF" not in pdf.read():
        raise _broken()
    try:
        pdf.seek(0)
        with contextlib.suppress(Irregular):
            return _packed(pdf.read(), date, attachments)
        return _packed(_plain(pdf), date, attachments)
    except FAULTS as error:
        raise _broken() from error


def _packed(content: bytes, date: datetime, attachments: Sequence[Attachment]) -> Finished:
    pdf = pdf_reader.read(content)
    deflate = ThreadedDeflate(
        stream.content for stream in pdf.streams.values() if b"/Filter" not in stream.entries
    )
    pages = list(pdf.pages())
    if not pages:
        raise _broken()
    for page in pages:
        if b"/Contents" in page:
            pdf.stream(page[b"/Contents"])
    cells = broken_cells.read(pdf)
    fonts = list(font_order.used(pdf, pages))
    renumber(pdf, fonts)
    _normalise(pdf, date)
    _metadata(pdf, date, part=3 if attachments else 2)
    if attachments:
        embed(pdf, attachments, date)
    font_order.settle(pdf, fonts)
    return Finished(packed(pdf, deflate), len(pages), cells)


def _plain(file: BinaryIO) -> bytes:
    """Rewrites a PDF of another LibreOffice version in the form that `pdf_reader` reads."""
    out = io.BytesIO()
    with pikepdf.open(
        file,
        access_mode=pikepdf.AccessMode.mmap_only,  # qpdf reads in small steps: 0.3 ms in place of 6
        inherit_page_attributes=False,
        attempt_recovery=False,
    ) as document:
        document.save(
            out,
            min_version="1.5",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            fix_metadata_version=False,
        )
        if document.get_warnings():  # qpdf replaces unreadable objects by null
            raise _broken()
    return out.getvalue()


def _broken() -> ConversionFault:
    return ConversionFault(
        "LibreOffice 没有生成完整的 PDF。请稍后重试；仍失败时执行 kexie-forms doctor 检查环境。",
        "LibreOffice wrote an incomplete PDF. Try again; if it fails again, run kexie-forms doctor.",
    )


def _unlike(part: str) -> ConversionFault:
    return ConversionFault(
        f"LibreOffice 生成的 PDF 与 PDF/A-2b 不符（{part}）。请执行 kexie-forms doctor 检查其版本。",
        f"LibreOffice's PDF is not PDF/A-2b ({part}). Run kexie-forms doctor to check its version.",
    )


def _normalise(pdf: PlainPdf, date: datetime) -> None:
    info, catalogue = (pdf.entries(pdf.trailer[name]) for name in (b"/Info", b"/Root"))
    dates = {name: moment(date) for name in _DATES if name in info}
    pdf.replace(pdf.trailer[b"/Info"], info | dates)
    pdf.replace(pdf.trailer[b"/Root"], catalogue | {b"/Lang": b"(zh-CN)"})
    for intent in elements(pdf.text(catalogue.get(b"/OutputIntents", b"[]"))):
        profile = pdf.stream(pdf.entries(intent).get(b"/DestOutputProfile", b""))
        content = bytearray(profile.plain)
        content[_ICC_DATE] = bytes(12)
        profile.content = bytes(content)


def _metadata(pdf: PlainPdf, date: datetime, part: int) -> None:
    """Sets the XMP dates and PDF/A part by regular expressions; parsing it would take 1 ms more."""
    place = pdf.entries(pdf.trailer[b"/Root"]).get(b"/Metadata")
    if place is None:
        raise _unlike("/Metadata")
    stream = pdf.stream(place)
    xmp = stream.plain
    dates = len(_TAG_WITH_DATE.findall(xmp))
    xmp, claims = _CLAIM.subn(rb"<pdfaid:part>%d</pdfaid:part>\1" % part, xmp)
    xmp, dated = _DATE.subn(rb"<\1>%s</\1>" % f"{date:%Y-%m-%dT%H:%M:%SZ}".encode(), xmp)
    if claims != 1:
        raise _unlike("pdfaid:part")
    if not 0 < dated == dates:
        raise _unlike("xmp:CreateDate")
    stream.content = _PADDING.sub(rb"\n\1", xmp)
