"""Writes a compact PDF: objects in an object stream, uncompressed content deflated.

ISO 32000-1: 7.5.7 object streams, 7.5.8 cross-reference streams. ISO 19005-2 requires the line ends
around a stream's content (6.1.7.1), the comment after the header and the /ID (6.1.3).
"""

import hashlib
import struct
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, chain

from service.conversion.pdf.pdf_reader import PlainPdf, Stream
from service.conversion.pdf.pdf_syntax import dictionary

_BINARY = b"\n%\xbf\xf7\xa2\xfe\n"
# Of the trailer; LibreOffice derives the first two from the time.
_LEFT_OUT = (b"/ID", b"/DocChecksum", b"/Size")
_PLACE = struct.Struct(">BII")  # cross-reference stream fields: kind, offset or stream, index
_FREE = _PLACE.pack(0, 0, 65535)

Deflate = Callable[[bytes], bytes]


def packed(pdf: PlainPdf, deflate: Deflate) -> bytes:
    """The file with an /ID derived from its content; /Metadata stays uncompressed for XMP readers."""
    numbers = sorted(pdf.objects)
    holder = pdf.size
    streams = {number: _small(pdf.streams[number], deflate) for number in sorted(pdf.streams)}
    streams[holder] = _small(_holder(numbers, pdf.objects), deflate)
    parts = [pdf.header + _BINARY, *(_written(number, stream) for number, stream in streams.items())]
    begins = dict(zip((*streams, holder + 1), accumulate(map(len, parts)), strict=True))
    places = {number: _PLACE.pack(1, begin, 0) for number, begin in begins.items()}
    places |= {number: _PLACE.pack(2, holder, index) for index, number in enumerate(numbers)}
    rows = b"".join([places.get(number, _FREE) for number in range(holder + 2)])
    table = _small(Stream(_trailer(pdf, holder + 2), rows), deflate)
    identifier = hashlib.sha256(b"".join([*parts, dictionary(table.entries), table.content])).hexdigest()[:32]
    table.entries[b"/ID"] = b"[<%s><%s>]" % (identifier.encode(), identifier.encode())
    end = b"startxref\n%d\n%%%%EOF\n" % begins[holder + 1]
    return b"".join([*parts, _written(holder + 1, table), end])


def _holder(numbers: Sequence[int], objects: Mapping[int, bytes]) -> Stream:
    """The object stream: number and offset of each object, then the objects."""
    texts = [objects[number] for number in numbers]
    begins = accumulate((len(text) + 1 for text in texts), initial=0)
    index = b"%d %d " * len(texts) % tuple(chain.from_iterable(zip(numbers, begins, strict=False)))
    head = {b"/Type": b"/ObjStm", b"/N": b"%d" % len(texts), b"/First": b"%d" % len(index)}
    return Stream(head, index + b"\n".join(texts))


def _trailer(pdf: PlainPdf, size: int) -> dict[bytes, bytes]:
    kept = {name: value for name, value in pdf.trailer.items() if name not in _LEFT_OUT}
    return kept | {b"/Type": b"/XRef", b"/Size": b"%d" % size, b"/W": b"[1 4 4]"}


def _small(stream: Stream, deflate: Deflate) -> Stream:
    if b"/Filter" in stream.entries or stream.entries.get(b"/Type") == b"/Metadata":
        return stream
    return Stream({**stream.entries, b"/Filter": b"/FlateDecode"}, deflate(stream.content))


def _written(number: int, stream: Stream) -> bytes:
    head = dictionary({**stream.entries, b"/Length": b"%d" % len(stream.content)})
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, stream.content)
