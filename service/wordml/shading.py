"""Shades cells and paragraphs of a copy of a document, each in a colour of its own.

Shading (ECMA-376 part 1, 17.3.5) moves nothing, and the PDF has a filled area for each: where they are.
"""

import copy

from lxml import etree

from service.wordml import W, property_of

_SHADING = W + "shd"


class Shading:
    """A copy of a document in which things are shaded; each call returns the colour, RRGGBB."""

    def __init__(self, root: etree._Element) -> None:
        self.root = copy.deepcopy(root)
        #: The copy of each element.
        self.copies = dict(zip(root.iter(), self.root.iter(), strict=True))
        #: The own colour of what is shaded, "auto" if it has none, by the new one.
        self.own: dict[str, str] = {}

    def cell(self, cell: etree._Element, colour: str = "") -> str:
        """Shades a cell, in a colour that was used before or another one."""
        return self.shade(self.copies[cell], "tcPr", colour)

    def paragraph(self, paragraph: etree._Element, colour: str = "") -> str:
        """Shades a paragraph, which reaches from margin to margin."""
        return self.shade(self.copies[paragraph], "pPr", colour)

    def next_colour(self) -> str:
        """Another colour, light so that black text on it stays black."""
        number, blue = divmod(len(self.own), 256)
        green, red = divmod(number, 64)
        colour = f"{0xC0 + red:02X}{0xF1 + green % 14:02X}{blue:02X}"
        self.own[colour] = "auto"
        return colour

    def shade(self, element: etree._Element, kind: str, colour: str = "") -> str:
        """Shades an element of the copy, whose properties are of this kind."""
        colour = colour or self.next_colour()
        properties = property_of(element, kind)
        if properties is None:
            properties = etree.Element(W + kind)
            element.insert(0, properties)
        for own in properties.findall(_SHADING):
            self.own[colour] = own.get(W + "fill", "auto")
            properties.remove(own)
        etree.SubElement(properties, _SHADING, {W + "val": "clear", W + "color": "auto", W + "fill": colour})
        return colour
