"""Parses a PDF with plain objects and one cross-reference table, as LibreOffice writes it.

ISO 32000-1: 7.3.8 streams, 7.5.4 cross-reference table, 7.5.5 trailer. Objects are located by the table,
stream ends by /Length, without searching.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from service.conversion.pdf.pdf_syntax import Irregular, dictionary, elements, entries, reference

_HEADER = re.compile(rb"%PDF-1\.[5-7](?=[\r\n])")  # 1.5 introduced object streams
_END = re.compile(rb"\sstartxref\s+(\d{1,10})\s+%%EOF\s*\Z")
_ENDING = 64  # bytes that contain `_END`
_TABLE = re.compile(
    rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [fn] \n)*+)trailer\s*(<<.*>>)\s*startxref\s+\d+\s+%%EOF\s*\Z",
    re.DOTALL,
)
# LibreOffice writes comments before and after some objects.
_OBJECT = re.compile(rb"(?:%[^\n]*+\n)*+(\d+) 0 obj\n(.*)\nendobj\n(?:\n|%[^\n]*+\n)*+", re.DOTALL)


@dataclass
class Stream:
    """A stream: its dictionary without /Length, and its encoded content."""

    entries: dict[bytes, bytes]
    content: bytes

    @property
    def plain(self) -> bytes:
        """The content of an unfiltered stream. Raises Irregular if it has filters."""
        if b"/Filter" in self.entries:
            raise Irregular("/Filter")
        return self.content


@dataclass
class PlainPdf:
    """Header, trailer, and by number the streams and the other objects as text."""

    header: bytes
    trailer: dict[bytes, bytes]
    objects: dict[int, bytes]
    streams: dict[int, Stream]

    @property
    def size(self) -> int:
        """The first free object number."""
        return max((*self.objects, *self.streams)) + 1

    def add(self, new: bytes | Stream) -> bytes:
        """Adds an object and returns a reference to it."""
        number = self.size
        if isinstance(new, Stream):
            self.streams[number] = new
        else:
            self.objects[number] = new
        return b"%d 0 R" % number

    def text(self, value: bytes) -> bytes:
        """Resolves `value` if it is a reference. Raises Irregular."""
        number = reference(value)
        if number is None:
            return value
        if number not in self.objects:
            raise Irregular("reference")
        return self.objects[number]

    def entries(self, value: bytes) -> dict[bytes, bytes]:
        """The entries of a dictionary given directly or by reference. Raises Irregular."""
        return entries(self.text(value))

    def replace(self, value: bytes, entries: dict[bytes, bytes]) -> None:
        """Replaces the entries of the referenced dictionary. Raises Irregular."""
        number = reference(value) or 0
        if number not in self.objects:
            raise Irregular("reference")
        self.objects[number] = dictionary(entries)

    def stream(self, value: bytes) -> Stream:
        """The referenced stream. Raises Irregular."""
        found = self.streams.get(reference(value) or 0)
        if found is None:
            raise Irregular("stream")
        return found

    def pages(self) -> Iterator[dict[bytes, bytes]]:
        """The entries of each page (7.7.3) in order. Raises Irregular."""
        waiting = [self.entries(self.trailer[b"/Root"])[b"/Pages"]]
        seen = set()
        while waiting:
            node = waiting.pop()
            if node in seen:
                raise Irregular("/Kids")
            seen.add(node)
            found = self.entries(node)
            if b"/Kids" in found:
                waiting += elements(self.text(found[b"/Kids"]))[::-1]
            else:
                yield found


def read(pdf: bytes) -> PlainPdf:
    """Parses a PDF. Raises Irregular."""
    header, end = _HEADER.match(pdf), _END.search(pdf, max(len(pdf) - _ENDING, 0))
    table = _TABLE.match(pdf, int(end[1])) if end else None
    if not header or not table:
        raise Irregular("xref")
    trailer = entries(table[3])
    if not {b"/Root", b"/Info"} <= trailer.keys() or trailer.keys() & {b"/Prev", b"/XRefStm", b"/Encrypt"}:
        raise Irregular("trailer")
    objects = _objects(pdf, table)
    streams = {number: text for number, text in objects.items() if text.endswith(b"endstream")}
    found = {number: _stream(objects, text) for number, text in streams.items()}
    for number in (*streams, *(length for _, length in found.values())):
        objects.pop(number, None)
    return PlainPdf(header[0], trailer, objects, {number: stream for number, (stream, _) in found.items()})


def _objects(pdf: bytes, table: re.Match[bytes]) -> dict[int, bytes]:
    fields = table[2].split()
    if 3 * int(table[1]) != len(fields) or {*fields[4::3], *fields[5::3]} != {b"00000", b"n"}:
        raise Irregular("xref")
    places = sorted((int(place), number) for number, place in enumerate(fields[3::3], 1))
    begins, numbers = zip(*places, strict=True)
    objects = map(_OBJECT.fullmatch, repeat(pdf), begins, (*begins[1:], table.start()))
    found = {int(whole[1]): whole[2] for whole in objects if whole}
    if tuple(found) != numbers:
        raise Irregular("object")
    return found


def _stream(objects: dict[int, bytes], text: bytes) -> tuple[Stream, int]:
    """A stream, and the number of the object with its length, or 0."""
    head, _, rest = text.partition(b"\nstream\n")
    content = entries(head)
    length = content.pop(b"/Length", b"")
    number = reference(length) or 0
    size = objects.get(number, length)
    if not size.isdigit() or rest[int(size) :] != b"\nendstream":
        raise Irregular("/Length")
    return Stream(content, rest[: int(size)]), number
