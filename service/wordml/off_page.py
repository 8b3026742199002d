"""Determines whether a paragraph or table is moved off the page."""

from collections.abc import Mapping

from lxml import etree

from service.wordml import W

_MARGIN = 2880  # twentieths of a point: no margin is as wide
_PAGE = 24_000  # those of an A3 page's longer side
_CHARACTER = 2  # of them in a hundredth of a small character
_HANGING = {W + "hanging", W + "hangingChars"}


def is_indented_off(indent: etree._Element) -> bool:
    """Whether a `w:ind` (17.3.1.12) puts lines off any page."""
    given = "".join(map(str, indent.values()))
    if len(given) <= len("9999") and "-" not in given and _HANGING.isdisjoint(map(str, indent.keys())):
        return False  # nearly always
    left, right = _length(indent, "left", "start"), _length(indent, "right", "end")
    first = left + _length(indent, "firstLine") - _length(indent, "hanging")
    return _is_off(left) or _is_off(first) or right <= -_MARGIN


def is_placed_off(frame: etree._Element) -> bool:
    """Whether a `w:framePr` (17.3.1.11) or `w:tblpPr` (17.4.57) puts a paragraph or table off any page."""
    places = [_place(frame, *names) for names in (("x", "xAlign"), ("y", "yAlign"))]
    places += [_place(frame, *names) for names in (("tblpX", "tblpXSpec"), ("tblpY", "tblpYSpec"))]
    return any(map(_is_off, places))


def is_table_off(properties: Mapping[str, etree._Element]) -> bool:
    """Whether the position (17.4.57) or indent (17.4.50) in these properties puts a table off any page."""
    floating, indent = properties.get(W + "tblpPr"), properties.get(W + "tblInd")
    is_indented = indent is not None and _is_off(_signed(indent.get(W + "w", "0")))
    return is_indented or (floating is not None and is_placed_off(floating))


def _is_off(start: int) -> bool:
    return start <= -_MARGIN or start >= _PAGE


def _length(element: etree._Element, *names: str) -> int:
    """The first of some lengths that is given, in characters or in twentieths of a point."""
    for name in names:
        if characters := element.get(f"{W}{name}Chars"):
            return _signed(characters) * _CHARACTER
        if length := element.get(W + name):
            return _signed(length)
    return 0


def _place(element: etree._Element, name: str, alignment: str) -> int:
    """A position, which an alignment overrides."""
    return 0 if element.get(W + alignment) else _signed(element.get(W + name, "0"))


def _signed(text: str) -> int:
    try:
        return int(text) if len(text) < len("-100000000") else 0
    except ValueError:
        return 0
