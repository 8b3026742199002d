"""The styles of a workbook's cells: number format, strikethrough, unseen colour (ECMA-376 part 1, 18.8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.batch.inputs.number_format import BUILTIN
from service.batch.inputs.xlsx_colours import WHITE, colour
from service.batch.inputs.xml_stream import XmlTag
from service.wordml.ground_colour import is_close

GENERAL = "General"
_LISTS = ("numFmts", "fonts", "fills", "cellXfs")  # differential formats have numbers of their own


@dataclass(frozen=True)
class CellStyle:
    """The code of a number format, whether the font is struck out, and whether it has the fill's colour."""

    code: str = GENERAL
    struck: bool = False
    unseen: bool = False


@dataclass
class _Font:
    struck: bool = False
    colour: str = ""


class _Styles:
    """The lists of a styles part, while it is read."""

    def __init__(self, theme: Sequence[str]) -> None:
        self._theme = theme
        self._custom: dict[int, str] = {}
        self._fonts: list[_Font] = []
        self._fills: list[str] = []
        self._pattern = ""
        self.cells: list[CellStyle] = []

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
            case "cellXfs", "xf":
                self.cells.append(self._cell(tag))

    def _cell(self, tag: XmlTag) -> CellStyle:
        format, font, fill = (int(tag.attributes.get(f"{name}Id", 0)) for name in ("numFmt", "font", "fill"))
        code = self._custom.get(format) or BUILTIN.get(format, GENERAL)
        used = self._fonts[font] if font < len(self._fonts) else _Font()
        ground = self._fills[fill] if fill < len(self._fills) else WHITE
        return CellStyle(code, used.struck, is_close(used.colour, ground))


def cell_styles(styles: Iterable[XmlTag], theme: Sequence[str]) -> list[CellStyle]:
    """The cell styles (18.8.10) of a workbook's styles part, in order, with the colours of its theme."""
    found, inside = _Styles(theme), ""
    for tag in styles:
        if tag.name in _LISTS:
            inside = tag.name if tag.start else ""
        elif tag.start:
            found.take(inside, tag)
    return found.cells


def is_on(tag: XmlTag) -> bool:
    """Whether a property such as <strike> is on (18.18 and 22.9.2.7): it is unless it says no."""
    return tag.attributes.get("val", "1") not in ("0", "false", "off")
