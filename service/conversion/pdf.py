"""The PDF that LibreOffice wrote: judged, then made the same bytes for the same document."""

from __future__ import annotations

import io
from datetime import datetime

import pikepdf

from service.errors import ConversionFault

_ICC_DATE = slice(24, 36)  # ICC.1:2010 7.2.8: when the profile was made


def finish(pdf: bytes, date: datetime) -> bytes:
    """The PDF with all of its dates `date` (UTC), its language zh-CN, and an identifier from its content.

    Raises ConversionFault where it is no whole PDF of at least one page.
    """
    if not pdf.startswith(b"%PDF-") or b"%%EOF" not in pdf[-1024:]:
        raise _broken()
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if not document.pages:
                raise _broken()
            _normalise(document, date)
            out = io.BytesIO()
            # Object streams (ISO 19005-2 6.1.7 allows them) make it a fifth smaller and its writing faster.
            document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PdfError as error:
        raise _broken() from error
    return out.getvalue()


def _broken() -> ConversionFault:
    return ConversionFault(
        "LibreOffice 没有生成完整的 PDF。请稍后重试；仍失败时执行 kexie-forms doctor 检查环境。",
        "LibreOffice gave no whole PDF. Try again; if it fails again, run kexie-forms doctor.",
    )


def _normalise(document: pikepdf.Pdf, date: datetime) -> None:
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
            if name in xmp:
                xmp[name] = f"{date:%Y-%m-%dT%H:%M:%SZ}"
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
        profile.write(bytes(content))
