"""Resolves the colours of a workbook's styles: RRGGBB of each that is certain (ECMA-376 part 1, 18.8.3)."""

import colorsys
from collections.abc import Iterable, Mapping, Sequence

from openpyxl.styles.colors import COLOR_INDEX

from service.batch.inputs.xml_stream import XmlTag

WHITE = "FFFFFF"
OFFICE = (WHITE, "000000")  # the first colours of the theme of a workbook that has none
_INDEXED = (*COLOR_INDEX[:64], "", WHITE)  # the last two follow the system (18.8.27)


def theme_colours(theme: Iterable[XmlTag]) -> list[str]:
    """The colours of a theme part (20.1.6.2), in the order in which styles number them."""
    found: list[str] = []
    inside = False
    for tag in theme:
        if tag.name == "clrScheme":
            inside = tag.start
        elif inside and tag.start:
            found.append(tag.attributes.get("lastClr") or tag.attributes.get("val", ""))
    return [*found[1::-1], *found[3:1:-1], *found[4:]]  # a theme has dark before light


def colour(given: Mapping[str, str], theme: Sequence[str]) -> str:
    """The colour of an element's attributes, RRGGBB; "" if it is automatic or unclear."""
    try:
        if "theme" in given:
            plain = theme[int(given["theme"])]
        else:
            plain = given.get("rgb") or _INDEXED[int(given["indexed"])]
        return _tinted(plain[-6:], float(given.get("tint", 0)))
    except (LookupError, OverflowError, ValueError):
        return ""


def _tinted(plain: str, tint: float) -> str:
    """A colour made lighter, or darker if `tint` is negative."""
    if not tint:
        return plain
    hue, light, strength = colorsys.rgb_to_hls(*(each / 255 for each in bytes.fromhex(plain)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return bytes(round(255 * each) for each in colorsys.hls_to_rgb(hue, light, strength)).hex().upper()
