"""Checks a .docx before conversion and reads its modification date."""

import io
import zipfile
import zlib
from datetime import UTC, datetime

from lxml import etree

from service.errors import ConversionFault
from service.wordml import parse

_ROOTS = {  # ECMA-376 part 1, 17.2.3, transitional and strict
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}document",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}document",
}
_BEGINNING = 4096  # bytes, in which the root's tag ends
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_FAULTS = (
    KeyError,
    EOFError,
    RuntimeError,  # encrypted, or a method that zipfile does not know
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
)


def modified(docx: bytes) -> datetime:
    """The document's `dcterms:modified` (ECMA-376 part 2, 11.2) in UTC; 1980-01-01 if missing.

    Raises ConversionFault for a broken .docx, which LibreOffice might print instead of refusing.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        if _root(parts["word/document.xml"]) not in _ROOTS:
            raise _broken()
        core = parse(parts.get("docProps/core.xml", b"<none/>"))
    except _FAULTS as error:
        raise _broken() from error
    return _read(core.findtext(_MODIFIED) or "")


def _root(body: bytes) -> str | None:
    """The name of the body's root; what else is wrong with its XML, LibreOffice refuses itself."""
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False)
    parser.feed(body[:_BEGINNING])
    return next((str(root.tag) for _, root in parser.read_events() if etree.iselement(root)), None)


def _read(date: str) -> datetime:
    try:
        read = datetime.fromisoformat(date)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return datetime(1980, 1, 1, tzinfo=UTC)


def _broken() -> ConversionFault:
    return ConversionFault(
        "要转换的 Word 文档已损坏，无法读取。请重新生成该文档。",
        "The Word document is broken and cannot be read. Generate it again.",
    )
