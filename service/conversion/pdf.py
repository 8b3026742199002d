"""The PDF that LibreOffice wrote: judged, then made the same bytes for the same document."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import BinaryIO

import pikepdf

from service.conversion import font_order
from service.conversion.deflated import Deflated, deflated
from service.conversion.embedded import FAULTS, Attachment, embed
from service.conversion.type1 import renumber
from service.errors import ConversionFault

_ENDING = 1024  # bytes, in which a whole PDF has its %%EOF
_STATIC_ID = b"31415926535897932384626433832795"  # qpdf's
_ICC_DATE = slice(24, 36)  # ICC.1:2010 7.2.8: when the profile was made
_CLAIM = re.compile(rb"<pdfaid:part>2</pdfaid:part>(\s*<pdfaid:conformance>B</pdfaid:conformance>)")
_DATE = re.compile(rb"<(xmp:(?:Create|Modify|Metadata)Date)>[^<]*</\1>")
_TAG_WITH_DATE = re.compile(rb"<(?!/)[^<>]*?\w:\w*Date\b")
_PADDING = re.compile(rb"\s+(<\?xpacket end=)")


def finish(pdf: BinaryIO, date: datetime, attachments: Sequence[Attachment] = ()) -> bytes:
    """The PDF with all of its dates `date` (UTC), its language zh-CN, and an identifier from its content.

    `pdf` is a file of the file system. PDF/A-2b (ISO 19005-2) as it came; with `attachments`, which it
    then carries, PDF/A-3b (ISO 19005-3). Raises ConversionFault where it is no whole PDF/A-2b of at least
    one page.
    """
    size = pdf.seek(0, io.SEEK_END)
    pdf.seek(max(size - _ENDING, 0))
    if b"%%EOF" not in pdf.read():
        raise _broken()
    try:
        return _finished(pdf, date, attachments)
    except FAULTS as error:
        raise _broken() from error


def _finished(file: BinaryIO, date: datetime, attachments: Sequence[Attachment]) -> bytes:
    with pikepdf.open(
        file,
        access_mode=pikepdf.AccessMode.mmap_only,  # qpdf reads in small steps: 0.3 ms in place of 6
        inherit_page_attributes=False,
        attempt_recovery=False,
    ) as document:
        if not document.pages:
            raise _broken()
        contents = [page.obj.Contents for page in document.pages if "/Contents" in page.obj]
        with Deflated(chain(font_order.streams(document), contents)) as made:
            _normalise(document, date)
            _metadata(document, date, part=3 if attachments else 2)
            font_order.settle(document, made)
            for content in contents:
                made.write(content, content)
        renumber(document)
        if attachments:
            embed(document, attachments, date)
        return _saved(document)


def _saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pikepdf.settings.set_flate_compression_level(1)  # of these, 2 % larger than at level 6
    # Object streams (ISO 19005-2 6.1.7 allows them) make it a fifth smaller and its writing faster.
    document.save(
        out,
        static_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        fix_metadata_version=False,
    )
    return _identified(out.getvalue())


def _identified(pdf: bytes) -> bytes:
    """The PDF with an identifier from its content, twice as fast as qpdf's own by MD5."""
    identifier = hashlib.sha256(pdf).hexdigest()[:32].encode()
    head, place, trailer = pdf.rpartition(b"/ID [")
    if trailer.count(_STATIC_ID) != 2:
        raise _unlike("/ID")
    return head + place + trailer.replace(_STATIC_ID, identifier)


def _broken() -> ConversionFault:
    return ConversionFault(
        "LibreOffice 没有生成完整的 PDF。请稍后重试；仍失败时执行 kexie-forms doctor 检查环境。",
        "LibreOffice gave no whole PDF. Try again; if it fails again, run kexie-forms doctor.",
    )


def _unlike(part: str) -> ConversionFault:
    return ConversionFault(
        f"LibreOffice 生成的 PDF 与 PDF/A-2b 不符（{part}）。请执行 kexie-forms doctor 检查其版本。",
        f"LibreOffice's PDF is not the PDF/A-2b asked for ({part}): run kexie-forms doctor, see its version.",
    )


def _normalise(document: pikepdf.Pdf, date: datetime) -> None:
    for name in ("/CreationDate", "/ModDate"):
        if name in document.docinfo:
            document.docinfo[name] = pikepdf.String(f"D:{date:%Y%m%d%H%M%SZ}")
    document.Root.Lang = pikepdf.String("zh-CN")
    for name in ("/DocChecksum", "/ID"):  # of a given /ID its first half would be kept
        if name in document.trailer:
            del document.trailer[name]
    for intent in document.Root.get("/OutputIntents", ()):
        profile = intent.DestOutputProfile
        content = bytearray(profile.read_bytes())
        content[_ICC_DATE] = bytes(12)
        profile.write(deflated(bytes(content)), filter=pikepdf.Name.FlateDecode)


def _metadata(document: pikepdf.Pdf, date: datetime, part: int) -> None:
    """Sets the XMP's dates and claim within its bytes; reading it as XML would take 1 ms more."""
    stream = document.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        raise _unlike("/Metadata")
    xmp = stream.read_bytes()
    dates = len(_TAG_WITH_DATE.findall(xmp))
    xmp, claims = _CLAIM.subn(rb"<pdfaid:part>%d</pdfaid:part>\1" % part, xmp)
    xmp, dated = _DATE.subn(rb"<\1>%s</\1>" % f"{date:%Y-%m-%dT%H:%M:%SZ}".encode(), xmp)
    if claims != 1:
        raise _unlike("pdfaid:part")
    if not 0 < dated == dates:
        raise _unlike("xmp:CreateDate")
    stream.write(_PADDING.sub(rb"\n\1", xmp))
