"""Embeds files in a PDF as PDF/A-3 requires (ISO 19005-3, 6.8), and reads them."""

import hashlib
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pikepdf

from service.conversion.pdf.pdf_reader import PlainPdf, Stream
from service.conversion.pdf.pdf_syntax import array, dictionary, moment, string
from service.errors import UnreadableDocument

PDF_LIMIT = 32 * 1024 * 1024  # bytes
UNPACKED_LIMIT = 2 * 1024 * 1024  # bytes, of all attachments together; a form's take some kilobytes
# Filters that qpdf's limits hold for, or that expand nothing (ISO 32000-2, tables 6 and 92).
_FILTERS = frozenset([
    "/FlateDecode", "/Fl", "/RunLengthDecode", "/RL", "/ASCIIHexDecode", "/AHx", "/ASCII85Decode", "/A85",
])  # fmt: skip
_MOST_FILTERS = 4

# What pikepdf raises for damaged, encrypted or malicious files.
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
    """A JSON file to embed in a PDF: name, description, bytes."""

    name: str
    description: str
    content: bytes


def embed(pdf: PlainPdf, attachments: Sequence[Attachment], date: datetime) -> None:
    """Embeds each file with `date` (UTC) and lists it in the catalogue's /AF and /Names. Raises Irregular.

    ISO 32000-2: 7.11.3 file specifications, 7.11.4 embedded files, 14.13 associated files.
    """
    files = {
        string(attachment.name): pdf.add(_specification(pdf, attachment, date))
        for attachment in sorted(attachments, key=lambda attachment: attachment.name)
    }
    tree = pdf.add(dictionary({b"/Names": array(part for file in files.items() for part in file)}))
    catalogue = pdf.entries(pdf.trailer[b"/Root"])
    names = pdf.entries(catalogue.get(b"/Names", b"<<>>")) | {b"/EmbeddedFiles": tree}
    added = {b"/Names": dictionary(names), b"/AF": array(files.values())}
    pdf.replace(pdf.trailer[b"/Root"], catalogue | added)


def _specification(pdf: PlainPdf, attachment: Attachment, date: datetime) -> bytes:
    content, name = attachment.content, string(attachment.name)
    checksum = hashlib.md5(content, usedforsecurity=False)  # required by ISO 32000-2, table 45
    parameters = {
        b"/ModDate": moment(date),
        b"/Size": b"%d" % len(content),
        b"/CheckSum": b"<%s>" % checksum.hexdigest().encode(),
    }
    head = {
        b"/Type": b"/EmbeddedFile",
        b"/Subtype": b"/application#2Fjson",
        b"/Params": dictionary(parameters),
    }
    stream = pdf.add(Stream(head, content))
    return dictionary(
        {
            b"/Type": b"/Filespec",
            b"/F": name,
            b"/UF": name,
            b"/Desc": string(attachment.description),
            b"/AFRelationship": b"/Source",
            b"/EF": dictionary({b"/F": stream, b"/UF": stream}),
        }
    )


def attachments(pdf: bytes, wanted: Collection[str] | None = None) -> dict[str, bytes]:
    """The embedded files of a PDF by name, all or those `wanted`; other programs may add more.

    Raises UnreadableDocument if there are none or they are unreadable.
    """
    _check(pdf)
    # Prevents decompression bombs. The setting applies to the whole process.
    pikepdf.settings.set_qpdf_limits(flate_max_memory=UNPACKED_LIMIT, run_length_max_memory=UNPACKED_LIMIT)
    try:
        with pikepdf.open(io.BytesIO(pdf), inherit_page_attributes=False, attempt_recovery=False) as document:
            found = _read(document, wanted)
    except FAULTS as error:
        raise UnreadableDocument(
            "PDF 已损坏、已加密或附件过大，无法读取其中的数据。请使用生成时的原文件。",
            "The PDF is damaged or encrypted, or its attachment is too large. Use the original file.",
        ) from error
    if not found:
        raise UnreadableDocument(
            "这份 PDF 没有携带数据。只能读取附有数据的 PDF。",
            "This PDF has no attached data. Only PDFs with attached data can be read.",
        )
    return found


def _check(pdf: bytes) -> None:
    if not pdf.startswith(b"%PDF-"):
        raise UnreadableDocument(
            "这不是 PDF 文件。只能读取附有数据的 PDF。",
            "This is not a PDF. Only PDFs with attached data can be read.",
        )
    if len(pdf) > PDF_LIMIT:
        raise UnreadableDocument(
            f"PDF 超过 {PDF_LIMIT // 1024**2} MiB，不予读取。只能读取附有数据的 PDF。",
            f"The PDF is larger than {PDF_LIMIT // 1024**2} MiB. Only PDFs with attached data can be read.",
        )


def _read(document: pikepdf.Pdf, wanted: Collection[str] | None) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for names, specification in _specifications(document):
        name = next((each for each in names if wanted is None or each in wanted), None)
        if name is None or name in found:
            continue
        files = specification.EF
        found[name] = _content(files.UF if "/UF" in files else files.F)
        if sum(map(len, found.values())) > UNPACKED_LIMIT:
            raise ValueError(name)
    return found


def _specifications(document: pikepdf.Pdf) -> Iterator[tuple[list[str], pikepdf.Object]]:
    """The file specifications with their names: of the name tree, and the catalogue's associated files."""
    listed: list[tuple[str | None, pikepdf.Object]] = []
    if (tree := document.Root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles")) is not None:
        listed += pikepdf.NameTree(tree).items()
    listed += ((None, each) for each in document.Root.get("/AF", pikepdf.Array()))
    for key, specification in listed:
        names = (key, specification.get("/UF"), specification.get("/F"))
        yield [str(name) for name in names if name is not None], specification


def _content(stream: pikepdf.Object) -> bytes:
    """The decoded content. Raises ValueError for filters without a limit of size."""
    given = stream.get("/Filter", pikepdf.Array())
    filters = [str(each) for each in given] if isinstance(given, pikepdf.Array) else [str(given)]
    if len(filters) > _MOST_FILTERS or not _FILTERS.issuperset(filters):
        raise ValueError(filters)
    return stream.read_bytes(decode_level=pikepdf.StreamDecodeLevel.specialized)
