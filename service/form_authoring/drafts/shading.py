"""Shades cells, paragraphs and characters of a copy of a document, each in a colour of its own.

Shading (ECMA-376 part 1, 17.3.5) moves nothing, and the PDF has a filled area for each: where they are.
"""

import copy
from collections.abc import Mapping, Sequence

from lxml import etree

from service.blank_forms.blank_lines import Line
from service.wordml import W, property_of, remove

Span = tuple[int, int]

_RUN, _TEXT, _SHADING = W + "r", W + "t", W + "shd"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Shading:
    """A copy of a document in which things are shaded; each call returns the colour, RRGGBB."""

    def __init__(self, root: etree._Element) -> None:
        self.root = copy.deepcopy(root)
        self._copies = dict(zip(root.iter(), self.root.iter(), strict=True))
        #: The colours that were used.
        self.colours: set[str] = set()
        #: The own colour of what is shaded, by the new one.
        self.own: dict[str, str] = {}

    def cell(self, cell: etree._Element) -> str:
        """Shades a cell."""
        return self._shade(self._copies[cell], "tcPr")

    def paragraph(self, paragraph: etree._Element) -> str:
        """Shades a paragraph, which reaches from margin to margin."""
        return self._shade(self._copies[paragraph], "pPr")

    def characters(self, line: Line, spans: Sequence[Span]) -> list[str]:
        """Shades spans of the characters of a line, those first that come first; only once for each line."""
        colours: dict[int, str] = {}
        found = [self._next() for _ in spans]
        for (start, end), colour in zip(spans, found, strict=True):
            colours = {**dict.fromkeys(range(start, end), colour), **colours}
        at = 0
        by_run: dict[etree._Element, dict[etree._Element, list[str]]] = {}
        for piece in line.pieces:
            shades = [colours.get(number, "") for number in range(at, at + len(piece.text))]
            at += len(piece.text)
            element = self._copies[piece.element]
            if any(shades) and (run := element.getparent()) is not None and run.tag == _RUN:
                by_run.setdefault(run, {})[element] = shades
        for run, shaded in by_run.items():
            self._split(run, shaded)
        return found

    def _split(self, run: etree._Element, shaded: Mapping[etree._Element, list[str]]) -> None:
        """Puts a run of its own in place of each stretch of one colour."""
        properties = property_of(run, "rPr")
        for child in [each for each in run if each is not properties]:
            for colour, part in _stretches(child, shaded.get(child, [])):
                made = etree.Element(_RUN)
                if properties is not None:
                    made.append(copy.deepcopy(properties))
                if colour:
                    self._shade(made, "rPr", colour)
                made.append(part)
                run.addprevious(made)
        remove(run)

    def _next(self) -> str:
        """Another colour, light so that black text on it stays black."""
        number, blue = divmod(len(self.colours), 256)
        green, red = divmod(number, 64)
        colour = f"{0xC0 + red:02X}{0xF1 + green % 14:02X}{blue:02X}"
        self.colours.add(colour)
        return colour

    def _shade(self, element: etree._Element, kind: str, colour: str = "") -> str:
        colour = colour or self._next()
        properties = property_of(element, kind)
        if properties is None:
            properties = etree.Element(W + kind)
            element.insert(0, properties)
        for own in properties.findall(_SHADING):
            self.own[colour] = own.get(W + "fill", "auto")
            properties.remove(own)
        etree.SubElement(properties, _SHADING, {W + "val": "clear", W + "color": "auto", W + "fill": colour})
        return colour


def _stretches(child: etree._Element, shades: list[str]) -> list[tuple[str, etree._Element]]:
    """A child of a run, split where the colours of its characters change; "" is none."""
    text = child.text or ""
    if child.tag != _TEXT or len(text) != len(shades):
        return [(next(filter(None, shades), ""), child)]
    found: list[tuple[str, etree._Element]] = []
    for character, colour in zip(text, shades, strict=True):
        if not found or found[-1][0] != colour:
            found.append((colour, etree.Element(_TEXT, {_SPACE: "preserve"})))
        found[-1][1].text = (found[-1][1].text or "") + character
    return found
