"""The PDF that LibreOffice wrote: judged, then made the same bytes for the same document."""

from __future__ import annotations

import io
import re
import zipfile

import pikepdf
from lxml import etree

from service.errors import ConversionFault

_MODIFIED = "{http://purl.org/dc/terms/}modified"
_EPOCH = "1980-01-01T00:00:00Z"
_ICC_DATE = slice(24, 36)  # ICC.1:2010 7.2.8: when the profile was made


def finish(pdf: bytes, docx: bytes) -> bytes:
    """The PDF with its dates from `docx`, its language zh-CN, and an identifier from its content.

    Raises ConversionFault where it is no whole PDF of at least one page.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if not document.pages or b"%%EOF" not in pdf[-1024:]:
                raise _broken()
            _normalise(document, _modified(docx))
            out = io.BytesIO()
            document.save(out, deterministic_id=True, linearize=False)
    except pikepdf.PdfError as error:
        raise _broken() from error
    return out.getvalue()


def _broken() -> ConversionFault:
    return ConversionFault(
        "LibreOffice 没有生成完整的 PDF，请执行 kexie-forms doctor 检查。",
        "LibreOffice gave no whole PDF; run kexie-forms doctor to check it.",
    )


def _modified(docx: bytes) -> str:
    """The document's own date, `dcterms:modified` (ECMA-376 part 2, 11.2), ISO 8601 in UTC."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            date = etree.fromstring(package.read("docProps/core.xml")).findtext(_MODIFIED)
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError):
        date = None
    return date if date and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date) else _EPOCH


def _normalise(document: pikepdf.Pdf, date: str) -> None:
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            if name in xmp:
                xmp[name] = date
    stamp = "D:" + re.sub(r"\D", "", date) + "Z"
    for name in ("/CreationDate", "/ModDate"):
        if name in document.docinfo:
            document.docinfo[name] = pikepdf.String(stamp)
    document.Root.Lang = pikepdf.String("zh-CN")
    for name in ("/DocChecksum", "/ID"):
        if name in document.trailer:
            del document.trailer[name]
    for intent in document.Root.get("/OutputIntents", ()):
        profile = intent.DestOutputProfile
        content = bytearray(profile.read_bytes())
        content[_ICC_DATE] = bytes(12)
        profile.write(bytes(content))
