"""Keeps the pictures of a package from LibreOffice: they may name something outside, or take minutes to draw.

In their place it gets dots of one pixel, each of another colour; what it writes gets the pictures back.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

from service.conversion.libreoffice import hidden_passages

_PICTURE = re.compile(
    r"(?:Pictures|Thumbnails|ObjectReplacements|word/media)/.*|"
    r".*\.(?:bmp|emf|emz|eps|gif|jpe?g|pcx|pdf|png|ps|psd|svgz?|tiff?|webp|wmf|wmz)",
    re.IGNORECASE | re.DOTALL,
)


class WithheldPictures:
    """The pictures of one package, which `file_kind.kind` has accepted."""

    def __init__(self) -> None:
        self._pictures: dict[bytes, bytes] = {}  # by their dots

    def without(self, package: bytes) -> bytes:
        """The package rewritten, so that other readers see exactly the checked parts, with dots.

        The hidden passages of an .odt are marked.
        """
        return _rewritten(package, self._changed)

    def restored(self, docx: bytes) -> bytes:
        """The .docx with the pictures in the place of their dots."""
        if not self._pictures:
            return docx
        return _rewritten(docx, lambda name, content: self._pictures.get(content, content))

    def _changed(self, name: str, content: bytes) -> bytes:
        if name == hidden_passages.CONTENT:
            return hidden_passages.marked(content)
        return self._dot(content) if _is_picture(name) else content

    def _dot(self, picture: bytes) -> bytes:
        dot = _dot(len(self._pictures))
        self._pictures[dot] = picture
        return dot


def _is_picture(name: str) -> bool:
    return _PICTURE.fullmatch(name) is not None


def _rewritten(package: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as read, zipfile.ZipFile(out, "w") as written:
        for name in read.namelist():
            written.writestr(zipfile.ZipInfo(name), change(name, read.read(name)))
    return out.getvalue()


def _dot(number: int) -> bytes:
    """A PNG (ISO/IEC 15948) of one pixel in the colour of that number."""
    header, pixel = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0), bytes([0]) + number.to_bytes(3, "big")
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixel)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
