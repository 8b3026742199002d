"""The fonts inside a PDF, put into the order of their names.

LibreOffice writes them in the order of addresses in its memory, which is not the same in every process.
"""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Dictionary

from service.conversion.deflated import Deflated

_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")  # ISO 32000-1, table 122


def streams(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """The programs and character maps of every page's fonts."""
    for fonts, name in used(document):
        font = fonts[name]
        descriptor = font.get("/FontDescriptor", Dictionary())
        yield from (descriptor[program] for program in _PROGRAMS if program in descriptor)
        if "/ToUnicode" in font:
            yield font.ToUnicode


def settle(document: pikepdf.Pdf, deflated: Deflated) -> None:
    """Numbers the objects of every page's fonts anew, after all others, by the fonts' resource names."""
    numbered: dict[tuple[int, int], pikepdf.Object] = {}
    new = set()
    for fonts, name in used(document):
        old = fonts[name].objgen
        if old in new:  # pages share their resources
            continue
        if old not in numbered or not fonts[name].is_indirect:
            numbered[old] = _anew(document, fonts[name], deflated)
            new.add(numbered[old].objgen)
        fonts[name] = numbered[old]


def used(document: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Object, str]]:
    """The fonts of every page's resources, which pages may share, and each name in them."""
    seen = set()
    for page in document.pages:
        fonts = page.obj.get("/Resources", Dictionary()).get("/Font", Dictionary())
        if fonts.is_indirect and fonts.objgen in seen:
            continue
        seen.add(fonts.objgen)
        for name in sorted(fonts.keys(), key=lambda name: (len(name), name)):
            yield fonts, name


def _anew(document: pikepdf.Pdf, font: pikepdf.Object, deflated: Deflated) -> pikepdf.Object:
    descriptor = font.get("/FontDescriptor")
    if descriptor is not None:
        described = Dictionary(dict(descriptor.items()))
        for name in _PROGRAMS:
            if name in described:
                described[name] = _copy(document, described[name], deflated)
        font.FontDescriptor = document.make_indirect(described)
    if "/ToUnicode" in font:
        font.ToUnicode = _copy(document, font.ToUnicode, deflated)
    return document.make_indirect(Dictionary(dict(font.items())))


def _copy(document: pikepdf.Pdf, stream: pikepdf.Object, deflated: Deflated) -> pikepdf.Object:
    made = document.make_stream(b"", dict(stream.items()))
    deflated.write(stream, made)
    return made
