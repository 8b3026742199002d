"""Resolves the formatting of text from defaults, style chains, paragraph and run."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from service.extraction.paragraph_text import run_texts
from service.layout.spacing import Spacing, spacing
from service.layout.typeface_names import family
from service.wordml import W, property_of, value, whole
from service.wordml.document_styles import Formatting
from service.wordml.run_properties import ON, Properties, RunFormat
from service.wordml.styles import Layers, Place

_ALIGNMENTS = {"left": "left", "start": "left", "right": "right", "end": "right"}
_BLACK = {"auto", "000000"}
_SIZE = 20  # half points, the default (ECMA-376 part 1, 17.3.2.38)


class Format(NamedTuple):
    """The formatting of a character. Sizes are half points; a colour is RRGGBB, None for black."""

    east_asian: str
    ascii: str
    size: int
    bold: bool
    italic: bool
    underline: str
    colour: str | None
    highlight: str | None
    alignment: str
    spacing: Spacing


class Styles:
    """The formats of one document's text, each resolved once."""

    def __init__(self, document: Formatting) -> None:
        """Resolves by the styles of a document's formatting."""
        self.document = document
        self._styles = document.styles
        self._alignments: dict[Place, str | None] = {}
        self._spacings: dict[tuple[object, ...], Spacing] = {}
        self._formats: dict[tuple[object, ...], Format] = {}

    def chain(self, kind: str, style: str | None) -> Layers:
        """A style after the styles it is based on."""
        return self._styles.chain(kind, style)

    def paragraph(self, element: etree._Element, name: str) -> etree._Element | None:
        """The effective property `name` of a paragraph."""
        return self._styles.paragraph(element, self._styles.place(element), name)

    def alignment(self, element: etree._Element, place: Place) -> str:
        """The alignment of a paragraph: left, center, right, both or distribute."""
        found = value(property_of(element, "pPr", "jc"))
        if found is None and place not in self._alignments:
            self._alignments[place] = value(self._styles.inherited(place, "jc"))
        found = found or self._alignments[place] or "left"
        return _ALIGNMENTS.get(found, found)

    def spacing(self, element: etree._Element, place: Place) -> Spacing:
        """The effective spacing of a paragraph."""
        own = element.find(W + "pPr")
        direct = [] if own is None else [own.find(W + name) for name in ("spacing", "ind")]
        set_here = tuple(tuple(each.items()) for each in direct if each is not None)
        key = place, set_here
        if key not in self._spacings:
            layers = [*self._styles.paragraph_layers(place), own]
            self._spacings[key] = spacing(each for each in layers if each is not None)
        return self._spacings[key]

    def runs(self, paragraph: etree._Element) -> Iterator[tuple[str, Format]]:
        """The text and formatting of each printing run of a paragraph."""
        place = self._styles.place(paragraph)
        block = self.alignment(paragraph, place), self.spacing(paragraph, place)
        for run, text in run_texts(paragraph, self.document):
            yield text, self._format(self._styles.run(run.find(W + "rPr"), place), *block)

    def _format(self, run: RunFormat, alignment: str, room: Spacing) -> Format:
        key = run, alignment, room
        if key not in self._formats:
            self._formats[key] = _format(run.properties, alignment, room)
        return self._formats[key]


def _format(found: Properties, alignment: str, room: Spacing) -> Format:
    colour, underline = found.get("color", "auto"), found.get("u", "none")
    highlight = found.get("highlight", "none")
    return Format(
        family(found.get("eastAsia", "")),
        family(found.get("ascii", "")),
        whole(found.get("sz"), _SIZE),
        found.get("b") == ON,
        found.get("i") == ON,
        underline or "single",
        None if colour in _BLACK else colour.upper(),
        highlight if highlight not in ("none", "white") else found.get("shd") or None,
        alignment,
        room,
    )
