"""The styles of a workbook's cells: number format, strikethrough, unseen text (ECMA-376 part 1, 18.8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.batch.inputs.number_format import BUILTIN
from service.batch.inputs.xlsx_colours import WHITE, colour
from service.batch.inputs.xml_stream import XmlTag
from service.wordml.ground_colour import is_close

GENERAL = "General"
_LISTS = ("numFmts", "fonts", "fills", "cellXfs", "dxfs")
TINY = 2.5  # points


@dataclass(frozen=True)
class CellStyle:
    """The code of a number format, whether the font is struck out, or unseen, and the colour of the fill.

    `unseen`: of the fill's colour, or too small; `ground` is RRGGBB, or "" if it is unclear.
    """

    code: str = GENERAL
    struck: bool = False
    unseen: bool = False
    ground: str = WHITE


@dataclass
class _Font:
    struck: bool = False
    colour: str = ""
    size: float = 11


class _Styles:
    """The lists of a styles part, while it is read."""

    def __init__(self, theme: Sequence[str]) -> None:
        self._theme = theme
        self._custom: dict[int, str] = {}
        self._fonts: list[_Font] = []
        self._fills: list[str] = []
        self._pattern = ""
        self.cells: list[CellStyle] = []
        self.conditional = list[DifferentialStyle]()

    def take(self, inside: str, tag: XmlTag) -> None:
        """Takes a start tag inside one of the lists."""
        match inside, tag.name:
            case "numFmts", "numFmt":
                self._custom[int(tag.attributes["numFmtId"])] = tag.attributes.get("formatCode", "")
            case "fonts", "font":
                self._fonts.append(_Font())
            case "fonts", "strike":
                self._fonts[-1].struck = is_on(tag)
            case "fonts", "color":
                self._fonts[-1].colour = colour(tag.attributes, self._theme)
            case "fills", "fill":
                self._fills.append("")
            case "fills", "patternFill":
                self._pattern = tag.attributes.get("patternType", "none")
                self._fills[-1] = WHITE if self._pattern == "none" else ""
            case "fills", "fgColor" if self._pattern == "solid":
                self._fills[-1] = colour(tag.attributes, self._theme)
            case "fonts", "sz":
                self._fonts[-1].size = size(tag)
            case "cellXfs", "xf":
                self.cells.append(self._cell(tag))
            case "dxfs", "dxf":
                self.conditional.append(DifferentialStyle())
            case "dxfs", _ if self.conditional:
                self.conditional[-1].take(tag, self._theme)

    def _cell(self, tag: XmlTag) -> CellStyle:
        format, font, fill = (int(tag.attributes.get(f"{name}Id", 0)) for name in ("numFmt", "font", "fill"))
        code = self._custom.get(format) or BUILTIN.get(format, GENERAL)
        used = self._fonts[font] if font < len(self._fonts) else _Font()
        ground = self._fills[fill] if fill < len(self._fills) else WHITE
        is_unseen = is_close(used.colour, ground) or used.size <= TINY
        return CellStyle(code, used.struck, is_unseen, ground)


@dataclass
class DifferentialStyle:
    """What a conditional format changes (18.8.14), as far as it may hide, strike or rewrite a cell."""

    struck: bool = False
    rewrites: bool = False  # by a number format
    font: str | None = None
    ground: str | None = None

    def take(self, tag: XmlTag, theme: Sequence[str]) -> None:
        """Takes a start tag inside it."""
        match tag.name:
            case "strike":
                self.struck = is_on(tag)
            case "numFmt":
                self.rewrites = True
            case "color" if self.font is None:  # borders, which follow, have colours too
                self.font = colour(tag.attributes, theme)
            case "bgColor":
                self.ground = colour(tag.attributes, theme)

    def conceals(self, ground: str) -> bool:
        """Whether it changes what a cell on a ground shows, but for looks."""
        behind = ground if self.ground is None else self.ground
        return self.struck or self.rewrites or (self.font is not None and is_close(self.font, behind))


@dataclass(frozen=True)
class WorkbookStyles:
    """The cell styles (18.8.10) and the differential styles (18.8.15) of a workbook, by number."""

    cells: Sequence[CellStyle] = ()
    conditional: Sequence[DifferentialStyle] = ()
    theme: Sequence[str] = ()


def workbook_styles(styles: Iterable[XmlTag], theme: Sequence[str]) -> WorkbookStyles:
    """The styles in a workbook's styles part, with the colours of its theme."""
    found, inside = _Styles(theme), ""
    for tag in styles:
        if tag.name in _LISTS:
            inside = tag.name if tag.start else ""
        elif tag.start:
            found.take(inside, tag)
    return WorkbookStyles(found.cells, found.conditional, theme)


def size(tag: XmlTag) -> float:
    """The size of a font in points; that of new workbooks if it is invalid."""
    try:
        return float(tag.attributes.get("val", ""))
    except ValueError:
        return _Font.size


def is_on(tag: XmlTag) -> bool:
    """Whether a property such as <strike> is on (18.18 and 22.9.2.7): it is unless it says no."""
    return tag.attributes.get("val", "1") not in ("0", "false", "off")
