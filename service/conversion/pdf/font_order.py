"""Sorts the fonts of a PDF by name.

LibreOffice writes them in the order of memory addresses, which differs between processes.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from service.conversion.pdf.pdf_reader import PlainPdf
from service.conversion.pdf.pdf_syntax import reference, renumbered

_PROGRAMS = (b"/FontFile", b"/FontFile2", b"/FontFile3")  # ISO 32000-1, table 122
_FONTS = re.compile(rb"/Font\s+(\d+)\s+0\s+R")  # in a dictionary of resources


class Font(NamedTuple):
    """A font: its reference in the resources, its entries, and its descriptor's entries."""

    place: bytes
    entries: dict[bytes, bytes]
    described: dict[bytes, bytes]

    def parts(self) -> Iterator[int]:
        """The object numbers of the font's parts."""
        programs = [self.described.get(name) for name in _PROGRAMS]
        others = [self.entries.get(name) for name in (b"/FontDescriptor", b"/ToUnicode")]
        for value in (*programs, *others, self.place):
            if value and (number := reference(value)):
                yield number


def used(pdf: PlainPdf, pages: Iterable[dict[bytes, bytes]]) -> Iterator[Font]:
    """The fonts in the pages' resources, ordered by resource name. Raises Irregular."""
    for resources in dict.fromkeys(page.get(b"/Resources", b"<<>>") for page in pages):
        fonts = pdf.entries(pdf.entries(resources).get(b"/Font", b"<<>>"))
        for name in sorted(fonts, key=lambda name: (len(name), name)):
            entries = pdf.entries(fonts[name])
            yield Font(fonts[name], entries, pdf.entries(entries.get(b"/FontDescriptor", b"<<>>")))


def settle(pdf: PlainPdf, fonts: Iterable[Font]) -> None:
    """Renumbers the font objects after all others, in the order of `fonts`."""
    parts = dict.fromkeys(part for font in fonts for part in font.parts())
    numbers = {old: new for new, old in enumerate(parts, pdf.size)}
    naming = {number for number, text in pdf.objects.items() if b"/Font" in text}
    held = {int(found) for number in naming for found in _FONTS.findall(pdf.objects[number])}
    for number in naming | (held & pdf.objects.keys()):
        pdf.objects[number] = renumbered(pdf.objects[number], numbers)
    for stream in pdf.streams.values():
        if b"/Resources" in stream.entries:
            stream.entries[b"/Resources"] = renumbered(stream.entries[b"/Resources"], numbers)
    for old, new in numbers.items():
        if old in pdf.streams:
            pdf.streams[new] = pdf.streams.pop(old)
        elif old in pdf.objects:
            pdf.objects[new] = pdf.objects.pop(old)
