"""Detects the kind of a document by its signature and checks that it is safe to unpack."""

import contextlib
import io
import re
import zipfile
import zlib
from itertools import accumulate
from xml.parsers import expat

from service import zip_directory
from service.conversion import unsupported_formats
from service.conversion.conversion_errors import unreadable
from service.errors import UnreadableDocument
from service.wordml.word_package import main_part

DOCX, STRICT, ODT, DOC, RTF, PDF = "docx", "strict", "odt", "doc", "rtf", "pdf"

UNPACKED_LIMIT = 100 * 1024 * 1024  # bytes, of all parts of a package together
XML_LIMIT = 16 * 1024 * 1024  # bytes of XML, which needs ten times as much memory when parsed
PARTS_LIMIT = 2000
PROLOG_LIMIT = 1024 * 1024  # bytes before the root; expat's time grows with the square of a comment's length

RTF_DEPTH_LIMIT = 2000  # groups within each other; braces in pictures' data count too

_CHUNK = 64 * 1024
_OPENING, _NO_BRACES = ord("{"), bytes(byte for byte in range(256) if byte not in b"{}")
_DATA = re.compile(rb"\\bin([0-9]+)")
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")  # [MS-CFB] 2.2
_FIB = b"\xec\xa5"  # [MS-DOC] 2.5.2, wIdent
_LINKS = "_rels/.rels"
_TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main document"  # ECMA-376 1, 17.2.3
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main document"
_LOCKED, _METHODS = 1, (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NEVER_PARSED = (".htm", ".html", ".svg", ".xhtml")  # nor by the import filters
_MUST_PARSE = (".rels", ".xml")
_FAULTS = (
    EOFError,
    LookupError,  # an encoding that Python does not know
    NotImplementedError,
    RuntimeError,
    ValueError,  # an encoding of several bytes a character
    zipfile.BadZipFile,
    zlib.error,
)


def kind(content: bytes) -> str:
    """The document's kind: DOCX, STRICT (ISO strict .docx), ODT, DOC (also .wps), RTF or PDF.

    A package is unpacked once within the limits; XML with a DOCTYPE is refused.
    Raises UnreadableDocument.
    """
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"{\\rtf"):
        return _rtf(content)
    if content.startswith(_OLE):
        return _ole(content)
    if content.startswith(b"PK\x03\x04"):
        return _package(content)
    raise unsupported_formats.refusal(content)


def _rtf(content: bytes) -> str:
    """RTF, unless its groups or its lengths of data (RTF 1.9.1, \\binN) would keep a reader busy for long."""
    unescaped = content.replace(b"\\\\", b"").replace(b"\\{", b"").replace(b"\\}", b"")
    depths = accumulate(1 if brace == _OPENING else -1 for brace in unescaped.translate(None, _NO_BRACES))
    lengths = (int(found[1][:20]) for found in _DATA.finditer(unescaped))
    if max(depths, default=0) > RTF_DEPTH_LIMIT or any(length > len(content) for length in lengths):
        raise _broken()
    return RTF


def _ole(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:  # [MS-OFFCRYPTO] 2.3.4.4
        raise _locked()
    if "WordDocument".encode("utf-16-le") not in content:  # [MS-DOC] 2.1.1
        raise unsupported_formats.ole_refusal(content)
    if _is_encrypted(content):
        raise _locked()
    return DOC


def _is_encrypted(content: bytes) -> bool:
    """Whether the first File Information Block ([MS-DOC] 2.5.2) has `fEncrypted`; it begins a sector."""
    begins = next((at for at in range(512, len(content), 512) if content.startswith(_FIB, at)), None)
    return begins is not None and bool(int.from_bytes(content[begins + 10 : begins + 12], "little") & 0x100)


def _package(content: bytes) -> str:
    if zip_directory.is_too_large(io.BytesIO(content)):
        raise _too_large(UNPACKED_LIMIT)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check(package.infolist())
            roots = {part.filename: _root(package, part) for part in package.infolist()}
            if sum(part.file_size for part in package.infolist() if roots[part.filename]) > XML_LIMIT:
                raise _too_large(XML_LIMIT)
            if package.NameToInfo.keys() >= {"mimetype", "content.xml"}:
                return _odt(package)
            links = {_LINKS: package.read(_LINKS)} if _LINKS in package.NameToInfo else {}
            main = roots.get(main_part(links))
    except _FAULTS as error:
        raise _broken() from error
    if main == _TRANSITIONAL:
        return DOCX
    if main != _STRICT:
        raise unsupported_formats.package_refusal(roots)
    return STRICT


def _odt(package: zipfile.ZipFile) -> str:
    if package.read("mimetype").strip() != b"application/vnd.oasis.opendocument.text":
        raise UnreadableDocument(
            "这个 OpenDocument 文件不是文字文书。请用 Word 或 WPS 另存为 .docx 后重新提交。",
            "This OpenDocument file is not a text document. Save it as .docx and resubmit it.",
        )
    manifest = "META-INF/manifest.xml"
    if manifest in package.NameToInfo and b"encryption-data" in package.read(manifest):
        raise _locked()
    return ODT


def _check(parts: list[zipfile.ZipInfo]) -> None:
    """Raises UnreadableDocument if the zip directory shows that the package must not be unpacked."""
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise _too_large(UNPACKED_LIMIT)
    if any(part.flag_bits & _LOCKED for part in parts):
        raise _locked()
    names = {part.filename for part in parts}
    if len(names) < len(parts) or any(part.compress_type not in _METHODS for part in parts):
        raise _broken()


def _root(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> str | None:
    """The root element's name of an XML part; None for other parts. Reads all of it to check the CRC."""
    name, root = part.filename.lower(), None
    with package.open(part) as file:
        chunk = file.read(_CHUNK)
        is_xml = chunk.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<")
        if is_xml and not name.endswith(_NEVER_PARSED):
            prolog = _Prolog()
            while chunk and not prolog.ended(chunk):
                chunk = file.read(_CHUNK)
            root = prolog.finished()
        elif chunk and name.endswith(_MUST_PARSE) and "mimetype" not in package.NameToInfo:
            raise _broken()  # OpenDocument may encrypt single parts (1.2 part 3, 3.4): see `_odt`
        while file.read(_CHUNK):
            pass
    return root


class _Prolog:
    """Parses an XML part up to its root; a DOCTYPE can only be declared before it (XML 1.0, 2.8)."""

    def __init__(self) -> None:
        self.root: str | None = None
        self._fed = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = self._declare

    def ended(self, chunk: bytes) -> bool:
        """Feeds a chunk and returns whether the root has begun. Raises UnreadableDocument."""
        self._fed += len(chunk)
        if self._fed > PROLOG_LIMIT:
            raise _broken()
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError as error:
            if self.root is None:  # content after the root is left to the document's reader
                raise _broken() from error
        return self.root is not None

    def finished(self) -> str | None:
        """The root, once the long tokens that expat 2.6 puts off are parsed. Raises UnreadableDocument."""
        if self.root is None:
            with contextlib.suppress(expat.ExpatError):  # the part has no root
                self._parser.Parse(b"", True)
        return self.root

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name

    def _declare(self, *declared: object) -> None:
        raise UnreadableDocument(
            "文书的 XML 中有 DTD 声明，不予读取。请用 Word 或 WPS 另存为 .docx 后重新提交。",
            "The document's XML declares a DTD, which is not accepted. Save it as .docx and resubmit it.",
        )


def _too_large(limit: int) -> UnreadableDocument:
    return UnreadableDocument(
        f"文书展开后超过 {limit // 1024**2} MiB 或 {PARTS_LIMIT} 个部件，不予读取。"
        "请删去多余的内容和图片后重新提交。",
        f"The document unpacks to more than {limit // 1024**2} MiB or {PARTS_LIMIT} parts. "
        "Remove pictures and unrelated content and resubmit it.",
    )


def _locked() -> UnreadableDocument:
    return UnreadableDocument(
        "文书设有密码。请取消密码，保存后重新提交。",
        "The document is protected by a password. Remove it, save, and resubmit.",
    )


def _broken() -> UnreadableDocument:
    return unreadable("文书已损坏，无法读取。", "The document is damaged.")
