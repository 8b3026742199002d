"""Streams the XML parts of a spreadsheet as tags, without tree, entities or external files."""

from collections.abc import Iterator
from typing import IO, NamedTuple
from xml.parsers import expat

_CHUNK = 65_536  # bytes
DEPTH_MAXIMUM = 64  # a spreadsheet nests less than 12 deep; the parser keeps every open tag
TOKEN_MAXIMUM = 1024 * 1024  # bytes of a tag or comment; expat's time grows with the square of its length
TAGS_MAXIMUM = 16_000_000  # per part, as many as a sheet of 256 MB has
# The elements that matter for reading; others are skipped.
_READ = frozenset([
    "Relationship", "author", "bgColor", "c", "cellXfs", "cfRule", "clrScheme", "col", "color", "comment",
    "conditionalFormatting", "dataBar", "definedName", "dxf", "dxfs", "f", "fgColor", "fill", "fills", "font",
    "fonts", "formula", "iconSet", "is", "mergeCell", "numFmt", "numFmts", "patternFill", "r", "rPh", "row",
    "sheet", "sheetFormatPr", "sheetView", "si", "sqref", "srgbClr", "strike", "sysClr", "sz", "t", "v",
    "vertAlign", "workbookPr", "xf",
])  # fmt: skip


class XmlTag(NamedTuple):
    """A start tag with its attributes, or an end tag with the text since the tag before it; no prefixes."""

    start: bool
    name: str
    attributes: dict[str, str]
    text: str


class BadMarkup(ValueError):
    """The XML is not well-formed, has a document type, or exceeds the limits."""


class _Stream:
    def __init__(self) -> None:
        self.tags: list[XmlTag] = []
        self._text: list[str] = []
        self._depth = self._count = self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, chunk: bytes) -> list[XmlTag]:
        self.tags = []
        try:
            self._parser.Parse(chunk, not chunk)
            self._fed += len(chunk)
            if self._fed - self._parser.CurrentByteIndex > TOKEN_MAXIMUM:
                raise BadMarkup("too long a tag or comment")
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise BadMarkup(str(error)) from error
        return self.tags

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_MAXIMUM or self._count > TAGS_MAXIMUM:
            raise BadMarkup("too deep or too many tags")
        self._text.clear()
        name = name.rpartition(":")[2]
        if name in _READ:
            self.tags.append(XmlTag(True, name, attributes, ""))

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in _READ:
            self.tags.append(XmlTag(False, name, {}, "".join(self._text)))
        self._text.clear()
        self._depth -= 1

    def _refuse(self, *_: object) -> None:
        raise BadMarkup("DOCTYPE")


def tags(part: IO[bytes]) -> Iterator[XmlTag]:
    """The tags of an XML part, in constant memory. Raises BadMarkup."""
    stream = _Stream()
    while chunk := part.read(_CHUNK):
        yield from stream.feed(chunk)
    yield from stream.feed(b"")
