"""Resolves the formatting of text from defaults, style chains, paragraph and run."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from service.extraction.word_document import part
from service.layout.spacing import Spacing, spacing
from service.layout.typeface_names import family, theme_fonts
from service.wordml import W, is_on, property_of, value, whole

_STYLES = "word/styles.xml"
_ALIGNMENTS = {"left": "left", "start": "left", "right": "right", "end": "right"}
_BLACK = {"auto", "000000"}
_TOGGLES = ("b", "i")
_SIZE = 20  # half points, the default (ECMA-376 part 1, 17.3.2.38)
Properties = dict[str, str]


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
    """The styles of one document (ECMA-376 part 1, 17.7)."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        """Reads the styles from the parts of a .docx; without a style part the standard's defaults apply."""
        found = part(parts, _STYLES)
        root = etree.Element(W + "styles") if found is None else found
        self._theme = theme_fonts(parts)
        self._styles = {style.get(W + "styleId"): style for style in root.iterchildren(W + "style")}
        self._default = {
            str(style.get(W + "type")): style.get(W + "styleId")
            for style in root.iterchildren(W + "style")
            if style.get(W + "default") in ("1", "true", "on")
        }
        self._root = root
        self._chains: dict[tuple[str, str | None], tuple[etree._Element, ...]] = {}
        self._bases: dict[tuple[str | None, str | None, str | None], Properties] = {}
        self._alignments: dict[tuple[str | None, str | None], str | None] = {}
        self._spacings: dict[tuple[object, ...], Spacing] = {}
        self._formats: dict[tuple[object, ...], Format] = {}

    def chain(self, kind: str, style: str | None) -> tuple[etree._Element, ...]:
        """A style after the styles it is based on; the default style of `kind` if it is unknown."""
        key = kind, style
        if key not in self._chains:
            self._chains[key] = tuple(self._walk(kind, style))[::-1]
        return self._chains[key]

    def _walk(self, kind: str, style: str | None) -> Iterator[etree._Element]:
        known = style if style in self._styles else self._default.get(kind)
        seen: set[str] = set()
        while known is not None and known not in seen and known in self._styles:
            seen.add(known)
            yield self._styles[known]
            known = value(self._styles[known].find(W + "basedOn"))

    def paragraph(self, element: etree._Element, table_style: str | None, name: str) -> etree._Element | None:
        """The effective property `name` of a paragraph."""
        direct = property_of(element, "pPr", name)
        if direct is not None:
            return direct
        style = value(property_of(element, "pPr", "pStyle"))
        tables = self.chain("table", table_style) if table_style else ()
        for found in reversed((*tables, *self.chain("paragraph", style))):
            if (inherited := property_of(found, "pPr", name)) is not None:
                return inherited
        return property_of(self._root, "docDefaults", "pPrDefault", "pPr", name)

    def alignment(self, element: etree._Element, table_style: str | None) -> str:
        """The alignment of a paragraph: left, center, right, both or distribute."""
        found = value(property_of(element, "pPr", "jc"))
        key = value(property_of(element, "pPr", "pStyle")), table_style
        if found is None and key not in self._alignments:
            self._alignments[key] = value(self.paragraph(element, table_style, "jc"))
        found = found or self._alignments[key] or "left"
        return _ALIGNMENTS.get(found, found)

    def spacing(self, element: etree._Element, table_style: str | None) -> Spacing:
        """The effective spacing of a paragraph."""
        own = element.find(W + "pPr")
        style = None if own is None else value(own.find(W + "pStyle"))
        direct = [] if own is None else [own.find(W + name) for name in ("spacing", "ind")]
        set_here = tuple(tuple(each.items()) for each in direct if each is not None)
        key = style, table_style, set_here
        if key not in self._spacings:
            defaults = property_of(self._root, "docDefaults", "pPrDefault", "pPr")
            tables = self.chain("table", table_style) if table_style else ()
            styles = (*tables, *self.chain("paragraph", style))
            inherited = [properties for each in styles if (properties := each.find(W + "pPr")) is not None]
            layers = [defaults, *inherited, own]
            self._spacings[key] = spacing(each for each in layers if each is not None)
        return self._spacings[key]

    def run(
        self,
        run: etree._Element,
        paragraph_style: str | None,
        table_style: str | None,
        paragraph: tuple[str, Spacing],
    ) -> Format:
        """The formatting of a run in a paragraph with that alignment and spacing."""
        direct = run.find(W + "rPr")
        own = () if direct is None else tuple(sorted(self._properties(direct).items()))
        character = None if direct is None else value(direct.find(W + "rStyle"))
        key = paragraph_style, character, table_style, paragraph, own
        if key not in self._formats:
            base = self._base(paragraph_style, character, table_style)
            self._formats[key] = _format({**base, **dict(own)}, *paragraph)
        return self._formats[key]

    def _base(self, paragraph: str | None, character: str | None, table: str | None) -> Properties:
        key = paragraph, character, table
        if key not in self._bases:
            self._bases[key] = self._based(paragraph, character, table)
        return self._bases[key]

    def _based(self, paragraph: str | None, character: str | None, table: str | None) -> Properties:
        merged = dict(self._defaults)
        layers = [
            self.chain("table", table) if table else (),
            self.chain("paragraph", paragraph),
            self.chain("character", character) if character else (),
        ]
        for layer in layers:
            found: Properties = {}
            for style in layer:
                if (properties := style.find(W + "rPr")) is not None:
                    found.update(self._properties(properties))
            for toggle in _TOGGLES:  # toggles set in two styles cancel out (17.7.3)
                if found.get(toggle) == "1" and merged.get(toggle) == "1":
                    found[toggle] = "0"
                elif found.get(toggle) == "0":
                    found.pop(toggle)
            merged.update(found)
        return merged

    @cached_property
    def _defaults(self) -> Properties:
        properties = property_of(self._root, "docDefaults", "rPrDefault", "rPr")
        return {} if properties is None else self._properties(properties)

    def _properties(self, properties: etree._Element) -> Properties:
        found: Properties = {}
        for element in properties:
            if not isinstance(element.tag, str):
                continue
            name = element.tag.removeprefix(W)
            if name == "rFonts":
                found.update(self._fonts(element))
            elif name in _TOGGLES:
                found[name] = "1" if is_on(element) else "0"
            elif name in ("sz", "u", "color", "highlight"):
                found[name] = value(element) or ""
            elif name == "shd":
                found[name] = fill(element) or ""
        return found

    def _fonts(self, fonts: etree._Element) -> Iterator[tuple[str, str]]:
        for name in ("ascii", "eastAsia"):
            theme = self._theme.get(fonts.get(f"{W}{name}Theme", ""))
            if font := theme or fonts.get(W + name):
                yield name, family(font)


def fill(shading: etree._Element | None) -> str | None:
    """The colour of a `w:shd`, RRGGBB; None for none or white."""
    if shading is None or value(shading) == "nil":
        return None
    pattern = value(shading)
    if pattern in (None, "clear"):
        colour = shading.get(W + "fill", "auto").upper()
        return None if colour in ("AUTO", "FFFFFF") else colour
    colour = shading.get(W + "color", "auto").upper()
    return f"{pattern} {colour}"


def _format(found: Properties, alignment: str, room: Spacing) -> Format:
    colour, underline = found.get("color", "auto"), found.get("u", "none")
    highlight = found.get("highlight", "none")
    return Format(
        found.get("eastAsia", ""),
        found.get("ascii", ""),
        whole(found.get("sz"), _SIZE),
        found.get("b") == "1",
        found.get("i") == "1",
        underline or "single",
        None if colour in _BLACK else colour.upper(),
        highlight if highlight not in ("none", "white") else found.get("shd") or None,
        alignment,
        room,
    )


def table_style(table: etree._Element) -> str | None:
    """The style of a `w:tbl`."""
    return value(property_of(table, "tblPr", "tblStyle"))
