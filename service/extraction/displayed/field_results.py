"""Fields (ECMA-376 part 1, 17.16): what they display in the place of their instruction."""

import re
from dataclasses import dataclass, field

from lxml import etree

from service.extraction.displayed.symbols import CHECKED, EMPTY, symbol, symbol_font
from service.wordml import W, is_on, property_of, value, whole

#: Elements of a run that print a date or page number (17.3.3).
CALCULATED = {
    W + name for name in ("dayLong", "dayShort", "monthLong", "monthShort", "yearLong", "yearShort", "pgNum")
}

_DRAWN = ("EQ", "SYMBOL", "LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT")
_SYMBOL = re.compile(
    r"\s*SYMBOL\s+(?P<code>0[xX][0-9A-Fa-f]{1,6}|[1-9][0-9]{0,6})"
    r"(?P<switches>(?:\s+\\(?:[uah]|s\s*[0-9]+|\*\s*\w+|f\s*(?:\"(?P<font>[^\"]*)\"|(?P<name>[^\s\\]+))))*)\s*",
    re.IGNORECASE,
)
_OVERLAY = re.compile(
    r"\s*EQ\s*\\o(?:\s*\\a[clr])?\s*\(\s*([□○])\s*[,;，；]\s*(\w+|[√✓✔])\s*\)\s*", re.IGNORECASE
)
_SQUARES, _TICKS = "□", "√✓✔"
_RINGED, _MOST_RINGED = 0x245F, 20  # ① is one above
_ASCII_END = 0x80
_COUNTED = ("PAGE", "NUMPAGES", "SECTIONPAGES")


@dataclass
class Field:
    """A complex field being read; for a form field of Word 97 with its `choice`, if it has one."""

    is_control: bool
    choice: str | None
    has_result: bool = False
    instruction: str = ""
    hidden: list[etree._Element] = field(default_factory=list)  # elements beside the instruction


def opened(mark: etree._Element) -> Field:
    """The field that a `w:fldChar` begins."""
    return Field(mark.find(W + "ffData") is not None, _choice(mark))


def _choice(mark: etree._Element) -> str | None:
    """The box of a form field of Word 97, or the selected list entry."""
    box = property_of(mark, "ffData", "checkBox")
    if box is not None:
        checked = box.find(W + "checked")
        return CHECKED if is_on(box.find(W + "default") if checked is None else checked) else EMPTY
    choices = property_of(mark, "ffData", "ddList")
    if choices is None:
        return None
    entries = [value(entry) or "" for entry in choices.iterchildren(W + "listEntry")]
    default = whole(value(property_of(choices, "default")), 0)
    chosen = whole(value(property_of(choices, "result")), default)
    return "".join(entries[chosen : chosen + 1])


def drawn(instruction: str, has_result: bool) -> str | None:
    """The character that a field draws beside its result; None if what it prints is no known text."""
    kind = (instruction.split() or [""])[0].upper()
    if kind in _DRAWN:
        return None if has_result else _symbol(instruction) or _overlaid(instruction)
    return "" if has_result or kind in _COUNTED else None


def _symbol(instruction: str) -> str | None:
    """The character of a SYMBOL field (17.16.5.62); by its Unicode number with the switch \\u."""
    found = _SYMBOL.fullmatch(instruction)
    if found is None:
        return None
    code, font = int(found["code"], 0), (found["font"] or found["name"] or "")
    is_known = code < _ASCII_END or symbol_font((font,)) is not None or "\\u" in found["switches"]
    return symbol(font, code) if is_known else None


def _overlaid(instruction: str) -> str | None:
    """A boxed tick or ringed number, of two characters that an EQ field lays on each other (17.16.5.17)."""
    found = _OVERLAY.fullmatch(instruction)
    if found is None:
        return None
    around, inside = found.groups()
    if around in _SQUARES:
        return CHECKED if inside in _TICKS else None
    return chr(_RINGED + int(inside)) if inside.isdecimal() and 1 <= int(inside) <= _MOST_RINGED else None
