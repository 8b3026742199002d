"""The fonts inside a PDF, put into the order of their names.

LibreOffice writes them in the order of addresses in its memory, which is not the same in every process.
"""

from __future__ import annotations

import pikepdf
from pikepdf import Dictionary, Name

_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")  # ISO 32000-1, table 122


def settle(document: pikepdf.Pdf) -> None:
    """Numbers the objects of every page's fonts anew, after all others, by the fonts' resource names."""
    seen = set()
    for page in document.pages:
        fonts = page.obj.get("/Resources", Dictionary()).get("/Font", Dictionary())
        for name in sorted(fonts.keys(), key=lambda name: (len(name), name)):
            if fonts[name].objgen not in seen:
                fonts[name] = _anew(document, fonts[name])
                seen.add(fonts[name].objgen)


def _anew(document: pikepdf.Pdf, font: pikepdf.Object) -> pikepdf.Object:
    descriptor = font.get("/FontDescriptor")
    if descriptor is not None:
        described = Dictionary(dict(descriptor.items()))
        for name in _PROGRAMS:
            if name in described:
                described[name] = _copy(document, described[name])
        font.FontDescriptor = document.make_indirect(described)
    if "/ToUnicode" in font:
        font.ToUnicode = _copy(document, font.ToUnicode)
    return document.make_indirect(Dictionary(dict(font.items())))


def _copy(document: pikepdf.Pdf, stream: pikepdf.Object) -> pikepdf.Object:
    made = document.make_stream(b"", dict(stream.items()))
    made.write(stream.read_raw_bytes(), filter=Name(str(stream.Filter)) if "/Filter" in stream else None)
    return made
