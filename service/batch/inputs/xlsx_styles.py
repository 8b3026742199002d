"""The styles of a workbook's cells: number format and strikethrough (ECMA-376 part 1, 18.8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.batch.inputs.number_format import BUILTIN
from service.batch.inputs.xml_stream import XmlTag

GENERAL = "General"


@dataclass(frozen=True)
class CellStyle:
    """The code of a number format, and whether the cell's font is struck out."""

    code: str = GENERAL
    struck: bool = False


def cell_styles(styles: Iterable[XmlTag]) -> list[CellStyle]:
    """The cell styles (18.8.10) of a workbook's styles part, in order."""
    custom: dict[int, str] = {}
    fonts: list[bool] = []
    found: list[CellStyle] = []
    inside = ""
    for tag in styles:
        if tag.name in ("fonts", "cellXfs"):
            inside = tag.name if tag.start else ""
        elif not tag.start:
            continue
        elif tag.name == "numFmt" and not found:  # differential formats follow, with numbers of their own
            custom[int(tag.attributes["numFmtId"])] = tag.attributes.get("formatCode", "")
        elif tag.name == "font" and inside == "fonts":
            fonts.append(False)
        elif tag.name == "strike" and fonts and inside == "fonts":
            fonts[-1] = is_on(tag)
        elif tag.name == "xf" and inside == "cellXfs":
            format, font = (int(tag.attributes.get(name, 0)) for name in ("numFmtId", "fontId"))
            code = custom.get(format) or BUILTIN.get(format, GENERAL)
            found.append(CellStyle(code, font < len(fonts) and fonts[font]))
    return found


def is_on(tag: XmlTag) -> bool:
    """Whether a property such as <strike> is on (18.18 and 22.9.2.7): it is unless it says no."""
    return tag.attributes.get("val", "1") not in ("0", "false", "off")
