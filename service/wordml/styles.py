"""Resolves run and paragraph properties from document defaults and styles (ECMA-376 part 1, 17.7.2)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from service.wordml import W, properties_of, property_of, value
from service.wordml.lines import PLAIN, SETTING, Lines, lines
from service.wordml.run_properties import CANCELLED, OFF, ON, TOGGLES, Properties, RunFormat, run_properties
from service.wordml.table_styles import conditional
from service.wordml.theme_colours import theme_colours
from service.wordml.theme_fonts import theme_fonts

_STYLES, _THEME = "word/styles.xml", "word/theme/theme1.xml"
_TABLE, _CELL, _RUN, _PARAGRAPH, _STYLE = (W + name for name in ("tbl", "tc", "rPr", "pPr", "pStyle"))

Layers = tuple[etree._Element, ...]
Elements = Mapping[str, etree._Element]  # by their tags


@dataclass(frozen=True, eq=False)
class Place:
    """What a paragraph inherits its formatting from: its style, and the layers of its table's style.

    `runs` are the formats that runs there were found to have, by what is set in the runs themselves.
    """

    style: str | None
    table: Layers
    runs: dict[tuple[object, ...], RunFormat] = field(default_factory=dict)


class Styles:
    """The styles of one document, each resolved once."""

    def __init__(self, part: Callable[[str], etree._Element | None], *, shaded: bool = False) -> None:
        """Reads the styles; `part` gives a part's root. Without styles the standard's defaults apply.

        `shaded`: whether the text may have any shading that is not of a style.
        """
        root = part(_STYLES)
        self._part = part
        self._root = etree.Element(W + "styles") if root is None else root
        self._styles = {
            (style.get(W + "type", "paragraph"), style.get(W + "styleId")): style
            for style in self._root.iterchildren(W + "style")
        }
        self._default = {
            kind: style
            for (kind, style), element in self._styles.items()
            if element.get(W + "default") in ("1", "true", "on")
        }
        self._shaded = shaded or self.has("shd")
        self._chains: dict[tuple[str, str | None], Layers] = {}
        self._own: dict[etree._Element, Properties] = {}
        self._bases: dict[tuple[Place, str | None], Properties] = {}
        self._places: dict[tuple[str | None, Layers], Place] = {}
        self._tables: dict[etree._Element, dict[etree._Element, Layers]] = {}
        self._lines: dict[Place, Lines] = {}

    def chain(self, kind: str, style: str | None) -> Layers:
        """A style after the styles it is based on; the default style of `kind` if it is unknown."""
        key = kind, style
        if key not in self._chains:
            self._chains[key] = tuple(self._walk(kind, style))[::-1]
        return self._chains[key]

    def _walk(self, kind: str, style: str | None) -> Iterator[etree._Element]:
        known = style if (kind, style) in self._styles else self._default.get(kind)
        seen: set[str | None] = {None}
        while known not in seen and (kind, known) in self._styles:
            seen.add(known)
            yield self._styles[kind, known]
            known = value(self._styles[kind, known].find(W + "basedOn"))

    def place(self, paragraph: etree._Element, properties: Elements | None = None) -> Place:
        """What a paragraph inherits its formatting from; `properties` are those set in it, if known."""
        own = properties_of(paragraph, "pPr") if properties is None else properties
        key = value(own.get(_STYLE)), self._table_layers(paragraph)
        if key not in self._places:
            self._places[key] = Place(*key)
        return self._places[key]

    def has(self, *names: str) -> bool:
        """Whether any style, or the defaults, set one of the properties `names`."""
        return next(self._root.iter(*(W + name for name in names)), None) is not None

    @cached_property
    def _tables_format(self) -> bool:
        """Whether any table style formats text."""
        tables = (style for (kind, _), style in self._styles.items() if kind == "table")
        return any(_sets_formatting(each) for style in tables for each in (style, *style))

    def _table_layers(self, paragraph: etree._Element) -> Layers:
        if not self._tables_format:
            return ()
        cell = next(paragraph.iterancestors(_CELL), None)
        table = None if cell is None else next(cell.iterancestors(_TABLE), None)
        if cell is None or table is None:
            return ()
        chain = self.chain("table", table_style(table))
        own = tuple(filter(_sets_formatting, chain))
        if table not in self._tables:
            self._tables[table] = {
                each: (*own, *filter(_sets_formatting, formats))
                for each, formats in conditional(chain, table)
            }
        return self._tables[table].get(cell, own)

    def lines(self, own: Elements, place: Place) -> Lines:
        """How the lines of a paragraph with `own` properties at a place are set."""
        inherited = self._lines.get(place)
        if inherited is None:
            found = {str(each.tag): each for layer in self.paragraph_layers(place) for each in layer}
            inherited = self._lines[place] = lines(found, PLAIN)
        return inherited if own.keys().isdisjoint(SETTING) else lines(own, inherited)

    def paragraph(self, element: etree._Element, place: Place, *names: str) -> etree._Element | None:
        """The effective property at the path of `names` of a paragraph."""
        direct = property_of(element, "pPr", *names)
        return self.inherited(place, *names) if direct is None else direct

    def inherited(self, place: Place, *names: str) -> etree._Element | None:
        """The property at the path of `names` that paragraphs at a place inherit."""
        for layer in reversed(self.paragraph_layers(place)):
            if (found := property_of(layer, *names)) is not None:
                return found
        return None

    def paragraph_layers(self, place: Place) -> Layers:
        """Each `w:pPr` that paragraphs at a place inherit, later ones overriding earlier ones."""
        defaults = property_of(self._root, "docDefaults", "pPrDefault", "pPr")
        styles = (*place.table, *self.chain("paragraph", place.style))
        layers = [defaults, *(style.find(_PARAGRAPH) for style in styles)]
        return tuple(layer for layer in layers if layer is not None)

    def run(self, properties: etree._Element | None, place: Place) -> RunFormat:
        """The format of a run with that `w:rPr` in a paragraph at a place; runs alike share it."""
        own = () if properties is None else tuple([(each.tag, *each.items()) for each in properties])
        known = place.runs.get(own)
        if known is None:
            character = None if properties is None else value(property_of(properties, "rStyle"))
            known = RunFormat({**self._base(place, character), **self._set(properties)}, shaded=self._shaded)
            place.runs[own] = known
        return known

    def _set(self, properties: etree._Element | None) -> Properties:
        return run_properties(properties, self._theme)

    def _base(self, place: Place, character: str | None) -> Properties:
        """The properties that a run with a character style inherits."""
        key = place, character
        if key not in self._bases:
            paragraph, run = self.chain("paragraph", place.style), self.chain("character", character)
            self._bases[key] = self._merged((place.table, paragraph, run))
        return self._bases[key]

    def _merged(self, levels: Sequence[Layers]) -> Properties:
        """The properties of the levels over the defaults; toggles set in two levels cancel out (17.7.3)."""
        merged, defaults = dict(self._defaults), self._defaults
        for level in filter(None, levels):
            found: Properties = {}
            for style in level:
                found.update(self._of_style(style))
            for toggle in TOGGLES & found.keys():
                found[toggle] = (
                    ON if defaults.get(toggle) == ON else _toggled(merged.get(toggle), found[toggle])
                )
            merged.update(found)
        return merged

    def _of_style(self, style: etree._Element) -> Properties:
        if style not in self._own:
            self._own[style] = self._set(style.find(_RUN))
        return self._own[style]

    @cached_property
    def _defaults(self) -> Properties:
        return self._set(property_of(self._root, "docDefaults", "rPrDefault", "rPr"))

    @cached_property
    def _theme(self) -> dict[str, str]:
        root = self._part(_THEME)
        return theme_fonts(root) | theme_colours(root)


def _toggled(above: str | None, here: str) -> str:
    if here == OFF:
        return above or OFF
    return CANCELLED if above == ON else ON


def _sets_formatting(style: etree._Element) -> bool:
    return style.find(_RUN) is not None or style.find(_PARAGRAPH) is not None


def table_style(table: etree._Element) -> str | None:
    """The style of a `w:tbl`."""
    return value(property_of(table, "tblPr", "tblStyle"))
