"""Determines whether text has the colour of what is behind it."""

import re
from collections.abc import Iterator

from lxml import etree

from service.wordml import W, property_of
from service.wordml.run_properties import Properties, fill
from service.wordml.styles import Place, Styles

_CLOSE = 24  # of 255, in each of red, green and blue
_WHITE = "FFFFFF"
_DOTS = re.compile("pct([0-9]{1,3}) (?:AUTO|000000)")
_HIGHLIGHTS = {
    "black": "000000",
    "blue": "0000FF",
    "cyan": "00FFFF",
    "darkBlue": "000080",
    "darkCyan": "008080",
    "darkGray": "808080",
    "darkGreen": "008000",
    "darkMagenta": "800080",
    "darkRed": "800000",
    "darkYellow": "808000",
    "green": "00FF00",
    "lightGray": "C0C0C0",
    "magenta": "FF00FF",
    "red": "FF0000",
    "yellow": "FFFF00",
}


def is_of_ground_colour(run: etree._Element, properties: Properties, place: Place, styles: Styles) -> bool:
    """Whether a run with these effective properties in a paragraph at a place has the colour behind it."""
    colour = properties.get("color", "auto")
    return colour != "auto" and is_close(colour, _ground(run, properties, place, styles))


def is_close(one: str, other: str) -> bool:
    """Whether two colours, RRGGBB, can hardly be distinguished."""
    pairs = list(zip(_channels(one), _channels(other), strict=False))
    return bool(pairs) and all(abs(a - b) <= _CLOSE for a, b in pairs)


def _channels(colour: str) -> tuple[int, ...]:
    try:
        return tuple(bytes.fromhex(colour)) if len(colour) == 6 else ()
    except ValueError:
        return ()


def _ground(run: etree._Element, properties: Properties, place: Place, styles: Styles) -> str:
    """The colour behind a run, RRGGBB; "" for a pattern."""
    highlight = _HIGHLIGHTS.get(properties.get("highlight", ""))
    return highlight or _mixed(next(filter(None, _fills(run, properties, place, styles)), _WHITE))


def _mixed(fill: str) -> str:
    """The colour of a fill: of black dots on white that of the mixture, as "pct5 AUTO" (17.18.78)."""
    found = _DOTS.fullmatch(fill)
    return f"{255 - 255 * int(found[1]) // 100:02X}" * 3 if found and int(found[1]) <= 100 else fill


def _fills(run: etree._Element, properties: Properties, place: Place, styles: Styles) -> Iterator[str | None]:
    """The shading of a run, its paragraph, cell and table, the nearest first."""
    yield properties.get("shd")
    paragraph = next(run.iterancestors(W + "p"), None)
    if paragraph is not None:
        yield fill(styles.paragraph(paragraph, place, "shd"))
    for cell in run.iterancestors(W + "tc"):
        yield fill(property_of(cell, "tcPr", "shd"))
        break
    yield from (fill(property_of(layer, "tcPr", "shd")) for layer in reversed(place.table))
    for table in run.iterancestors(W + "tbl"):
        yield fill(property_of(table, "tblPr", "shd"))
        break
