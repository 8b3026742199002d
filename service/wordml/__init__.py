"""Reads WordprocessingML (ECMA-376 part 1, 17): safe parsing, properties, positions of paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from service.errors import Bilingual

OFF = ("0", "false", "off")  # ST_OnOff (22.9.2.7)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL, _TEXT = (f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "t"))
_LOW = 80  # twentieths of a point
_WHOLE = re.compile("[0-9]{1,9}")
_STORIES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注"}


@dataclass(frozen=True)
class PlacedParagraph:
    """A paragraph and its position; tables, rows, cells and paragraphs count from 1."""

    element: etree._Element
    place: Bilingual

    @property
    def texts(self) -> list[etree._Element]:
        """Its `w:t` elements without those of a text box in it."""
        texts = self.element.iter(_TEXT)
        return [text for text in texts if next(text.iterancestors(_PARAGRAPH), None) is self.element]

    @property
    def text(self) -> str:
        """Its text without that of text boxes."""
        return "".join(element.text or "" for element in self.texts)


def parse(xml: bytes) -> etree._Element:
    """Parses a part into elements alone: no comments, processing instructions, entities, external resources.

    Raises etree.XMLSyntaxError.
    """
    parser = etree.XMLParser(
        remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    return etree.fromstring(xml, parser)


def property_of(element: etree._Element, *names: str) -> etree._Element | None:
    """The element at the path of `names` below `element`."""
    found = element
    for name in names:
        tag = W + name
        for child in found:  # takes a third of the time of iterchildren(tag)
            if child.tag == tag:
                found = child
                break
        else:
            return None
    return found


def cell_around(element: etree._Element) -> etree._Element | None:
    """The innermost `w:tc` around an element; None outside tables."""
    return next(element.iterancestors(_CELL), None)


def remove(element: etree._Element) -> None:
    """Takes an element with all that is in it out of its document."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def properties_of(element: etree._Element, name: str) -> dict[str, etree._Element]:
    """The properties in the child `name`, as "rPr" or "tcPr", by their tags."""
    found = property_of(element, name)
    return {} if found is None else {each.tag: each for each in found}


def value(element: etree._Element | None) -> str | None:
    """The `w:val` of a property, if any."""
    return None if element is None else element.get(W + "val")


def is_on(element: etree._Element | None) -> bool:
    """Whether an on/off property (17.17.4) is set and not off."""
    return element is not None and value(element) not in OFF


def whole(text: str | None, default: int) -> int:
    """An attribute's number of 0 or more; `default` if it is invalid or has more than 9 digits."""
    return int(text) if text and _WHOLE.fullmatch(text) else default


def grid_span(cell: etree._Element) -> int:
    """The number of columns of the grid that a cell spans (17.4.17)."""
    return whole(value(property_of(cell, "tcPr", "gridSpan")), 1)


def is_too_low(height: etree._Element, amount: str, rule: str) -> bool:
    """Whether a line's or row's exact height, given by two attributes, shows nothing of its text."""
    return height.get(W + rule) == "exact" and whole(height.get(W + amount), _LOW) < _LOW


def paragraphs(root: etree._Element, part: str = "word/document.xml") -> list[PlacedParagraph]:
    """The paragraphs of a part in reading order; positions outside the body name the part."""
    return list(_walk(root, _story(part), _Numbering()))


@dataclass
class _Numbering:
    """Counts of paragraphs and tables so far, at one level."""

    paragraphs: int = 0
    tables: int = 0
    in_cell: bool = False


def _story(part: str) -> Bilingual:
    stem = part.rsplit("/", 1)[-1].removesuffix(".xml")
    kind = _STORIES.get(stem.rstrip("0123456789"))
    return Bilingual(f"{kind} {stem}，", f"{stem}, ") if kind else Bilingual("", "")


def _walk(element: etree._Element, above: Bilingual, count: _Numbering) -> Iterator[PlacedParagraph]:
    for child in element:
        if child.tag == _TABLE:
            count.tables += 1
            yield from _table(child, above, count.tables)
        elif child.tag == _PARAGRAPH:
            count.paragraphs += 1
            place = _place(above, count)
            yield PlacedParagraph(child, place)
            inside = Bilingual(f"{place.zh}的文本框，", f"{place.en}, text box, ")
            yield from _walk(child, inside, _Numbering())
        else:
            yield from _walk(child, above, count)


def _place(above: Bilingual, count: _Numbering) -> Bilingual:
    if count.in_cell:
        return Bilingual(above.zh.removesuffix("，"), above.en.removesuffix(", "))
    return Bilingual(f"{above.zh}第 {count.paragraphs} 段", f"{above.en}paragraph {count.paragraphs}")


def _table(table: etree._Element, above: Bilingual, number: int) -> Iterator[PlacedParagraph]:
    for r, row in enumerate(nearest(table, _ROW), 1):
        for c, cell in enumerate(nearest(row, _CELL), 1):
            here = Bilingual(
                f"{above.zh}表 {number} 第 {r} 行第 {c} 格，",
                f"{above.en}table {number}, row {r}, cell {c}, ",
            )
            yield from _walk(cell, here, _Numbering(in_cell=True))


def nearest(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The elements called `tag` in `element` that are in no other of them, such as the rows of a table."""
    for child in element:
        if child.tag == tag:
            yield child
        else:
            yield from nearest(child, tag)
