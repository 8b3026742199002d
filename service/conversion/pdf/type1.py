"""Renumbers the Type 1 fonts in a PDF.

LibreOffice embeds an OpenType face with CFF outlines as Type 1, with a /UniqueID that counts up during
the life of the process, so that the bytes of the same document differ. TrueType has none.
Adobe Type 1 Font Format: 2.5 (UniqueID), 7.2 and 7.3 (eexec encryption).
"""

import re
from collections.abc import Iterable

from service.conversion.pdf.font_order import Font
from service.conversion.pdf.pdf_reader import PlainPdf, Stream

_FIRST = 4_100_001  # LibreOffice's first; 4,000,000 to 4,999,999 are free for private use
_NUMBER = re.compile(rb"(?<=/UniqueID )\d{7}(?= def)")
_KEY, _FACTOR, _SUMMAND, _MASK = 55665, 52845, 22719, 0xFFFF


def renumber(pdf: PlainPdf, fonts: Iterable[Font]) -> None:
    """Numbers the document's Type 1 fonts as a fresh LibreOffice would; takes 0.2 ms per KB."""
    places = {font.described[b"/FontFile"] for font in fonts if b"/FontFile" in font.described}
    files = [pdf.stream(place) for place in places]
    numbered = [(int(found[0]), file) for file in files if (found := _NUMBER.search(file.plain))]
    for number, (_, file) in enumerate(sorted(numbered, key=lambda one: one[0]), _FIRST):
        file.content = _numbered(file, str(number).encode())


def _numbered(file: Stream, number: bytes) -> bytes:
    font = file.plain
    begin = int(file.entries[b"/Length1"])
    end = begin + int(file.entries[b"/Length2"])
    private = _NUMBER.sub(number, _decrypted(font[begin:end]), count=1)
    return _NUMBER.sub(number, font[:begin]) + _encrypted(private) + font[end:]


def _decrypted(section: bytes) -> bytes:
    key, plain = _KEY, bytearray()
    for byte in section:
        plain.append(byte ^ (key >> 8))
        key = ((byte + key) * _FACTOR + _SUMMAND) & _MASK
    return bytes(plain)


def _encrypted(plain: bytes) -> bytes:
    key, section = _KEY, bytearray()
    for byte in plain:
        byte ^= key >> 8
        section.append(byte)
        key = ((byte + key) * _FACTOR + _SUMMAND) & _MASK
    return bytes(section)
