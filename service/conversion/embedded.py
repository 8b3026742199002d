"""Files that a PDF carries inside: embedded as PDF/A-3 asks (ISO 19005-3, 6.8), and read back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from service.errors import UnreadableDocument

PDF_LIMIT = 32 * 1024 * 1024  # bytes
UNPACKED_LIMIT = 16 * 1024 * 1024  # bytes, of all attachments together

# What pikepdf raises for a file that is broken, locked, or built to confuse.
FAULTS = (
    pikepdf.PikepdfError,
    AttributeError,
    IndexError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Attachment:
    """A JSON file to travel inside a PDF: its name, what it is for its readers, its bytes."""

    name: str
    description: str
    content: bytes


def embed(document: pikepdf.Pdf, attachments: Sequence[Attachment], date: datetime) -> None:
    """Embeds each file with `date` (UTC) and names it in the catalogue's /AF and /Names.

    ISO 32000-2: 7.11.3 file specifications, 7.11.4 embedded files, 14.13 associated files.
    """
    files = {
        attachment.name: document.make_indirect(_specification(document, attachment, date))
        for attachment in sorted(attachments, key=lambda attachment: attachment.name)
    }
    tree = Array([part for name, file in files.items() for part in (String(name), file)])
    names = document.Root.get("/Names", Dictionary())
    names.EmbeddedFiles = document.make_indirect(Dictionary(Names=tree))
    document.Root.Names = names
    document.Root.AF = Array(files.values())


def _specification(document: pikepdf.Pdf, attachment: Attachment, date: datetime) -> Dictionary:
    content = attachment.content
    checksum = hashlib.md5(content, usedforsecurity=False).digest()  # what ISO 32000-2 table 45 asks for
    stream = document.make_stream(
        content,
        Type=Name.EmbeddedFile,
        Subtype=Name("/application/json"),
        Params=Dictionary(
            ModDate=String(f"D:{date:%Y%m%d%H%M%SZ}"), Size=len(content), CheckSum=String(checksum)
        ),
    )
    return Dictionary(
        Type=Name.Filespec,
        F=String(attachment.name),
        UF=String(attachment.name),
        Desc=String(attachment.description),
        AFRelationship=Name.Source,
        EF=Dictionary(F=stream, UF=stream),
    )


def attachments(pdf: bytes) -> dict[str, bytes]:
    """The files inside a PDF, by name. Raises UnreadableDocument where it is no PDF, too large, or empty."""
    _check(pdf)
    # Else a few kilobytes unpack to gigabytes. A setting of the whole process, which needs no more than this.
    pikepdf.settings.set_qpdf_limits(flate_max_memory=UNPACKED_LIMIT, run_length_max_memory=UNPACKED_LIMIT)
    try:
        with pikepdf.open(io.BytesIO(pdf), inherit_page_attributes=False, attempt_recovery=False) as document:
            found = _read(document)
    except FAULTS as error:
        raise UnreadableDocument(
            "PDF 已损坏、已加密或附件过大，无法读取其中的数据。请使用以 --attach 生成的原文件。",
            "The PDF is damaged, locked, or its attachment too large: take the file as --attach made it.",
        ) from error
    if not found:
        raise UnreadableDocument(
            "这份 PDF 没有携带数据。只能读取以 --attach 生成的 PDF。",
            "This PDF carries no data. Only PDFs that were made with --attach can be read.",
        )
    return found


def _check(pdf: bytes) -> None:
    if not pdf.startswith(b"%PDF-"):
        raise UnreadableDocument(
            "这不是 PDF 文件。只能读取以 --attach 生成的 PDF。",
            "This is no PDF. Only PDFs that were made with --attach can be read.",
        )
    if len(pdf) > PDF_LIMIT:
        raise UnreadableDocument(
            f"PDF 超过 {PDF_LIMIT // 1024**2} MiB，不予读取。只能读取以 --attach 生成的 PDF。",
            f"The PDF is larger than {PDF_LIMIT // 1024**2} MiB: only PDFs made with --attach can be read.",
        )


def _read(document: pikepdf.Pdf) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, specification in document.attachments.items():
        stream = specification.get_file().obj
        if stream.get("/Filter", Name.FlateDecode) != Name.FlateDecode:  # no limit holds for the others
            raise ValueError(name)
        found[name] = stream.read_bytes()
        if sum(map(len, found.values())) > UNPACKED_LIMIT:
            raise ValueError(name)
    return found
