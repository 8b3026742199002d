"""The XML parts of a spreadsheet as a stream of tags: no tree, no entities, no outside files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple
from xml.parsers import expat

_CHUNK = 65_536  # bytes


class Tag(NamedTuple):
    """A start tag with its attributes, or an end tag with the text since the tag before it; no prefixes."""

    start: bool
    name: str
    attributes: dict[str, str]
    text: str


class BadMarkup(ValueError):
    """Not well-formed, or with a document type, which no spreadsheet has."""


class _Stream:
    def __init__(self) -> None:
        self.tags: list[Tag] = []
        self._text: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, chunk: bytes) -> list[Tag]:
        self.tags = []
        try:
            self._parser.Parse(chunk, not chunk)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise BadMarkup(str(error)) from error
        return self.tags

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._text.clear()
        self.tags.append(Tag(True, name.rpartition(":")[2], attributes, ""))

    def _end(self, name: str) -> None:
        self.tags.append(Tag(False, name.rpartition(":")[2], {}, "".join(self._text)))
        self._text.clear()

    def _refuse(self, *_: object) -> None:
        raise BadMarkup("DOCTYPE")


def tags(part: IO[bytes]) -> Iterator[Tag]:
    """The tags of an XML part, in constant memory. Raises BadMarkup."""
    stream = _Stream()
    while chunk := part.read(_CHUNK):
        yield from stream.feed(chunk)
    yield from stream.feed(b"")
