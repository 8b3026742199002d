"""The .docx before it is converted: whole or broken, and its own date."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import UTC, datetime

from lxml import etree

from service.errors import ConversionFault

_BODY = "word/document.xml"
_ROOTS = {  # ECMA-376 part 1, 17.2.3, transitional and strict
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}document",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}document",
}
_CORE = "docProps/core.xml"
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_FAULTS = (
    KeyError,
    EOFError,
    RuntimeError,  # encrypted, or a method that zipfile does not know
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
)
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)


def modified(docx: bytes) -> datetime:
    """The document's `dcterms:modified` (ECMA-376 part 2, 11.2) in UTC; 1980-01-01 where it has none.

    Raises ConversionFault where the .docx is broken, which LibreOffice would rather print than refuse.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            if package.testzip() or _root(package) not in _ROOTS:
                raise _broken()
            core = package.read(_CORE) if _CORE in package.namelist() else b"<none/>"
        date = etree.fromstring(core, etree.XMLParser(resolve_entities=False)).findtext(_MODIFIED)
    except _FAULTS as error:
        raise _broken() from error
    return _read(date or "")


def _root(package: zipfile.ZipFile) -> str:
    """The name of the body's root; what else is wrong with its XML, LibreOffice refuses itself."""
    with package.open(_BODY) as body:
        _, root = next(etree.iterparse(body, events=("start",), resolve_entities=False))
    return str(root.tag)


def _read(date: str) -> datetime:
    try:
        read = datetime.fromisoformat(date)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return _EPOCH


def _broken() -> ConversionFault:
    return ConversionFault(
        "要转换的 Word 文档已损坏，无法读取。请重新生成该文档。",
        "The Word document to convert is broken and cannot be read: make it anew.",
    )
