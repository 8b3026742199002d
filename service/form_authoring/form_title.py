"""The title of a blank form: the largest words above its first table."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lxml import etree

from service.blank_forms.blank_document import BlankDocument, Table
from service.blank_forms.blank_lines import Line
from service.blank_forms.place import Place
from service.wordml import W, is_on, property_of, whole
from service.wordml.styles import Styles

_NO_TITLE = re.compile(r"^附件?[0-9一二三四五六七八九十]*[:：]?$|^[0-9]{4}年?版?$|编号|[:：]\s*$|^[0-9]+$")
_ANNEX = re.compile(r"^附件?[0-9一二三四五六七八九十]*[:：\s]+")
_LONGEST = 60  # characters
_USUAL = 21  # half-points


def title(document: BlankDocument, places: Sequence[Place], styles: Styles) -> str:
    """The title; "" if there are no such words."""
    lines = list(_in_front(document, places))
    sizes = {line: _size(line.element, styles) for line in lines if line and _may_be_title(line.text)}
    if not sizes:
        return ""
    largest = max(sizes.values())
    runs = groupby(lines, lambda line: line is not None and sizes.get(line) == largest)
    first = next(list(run) for is_large, run in runs if is_large)
    words = "".join(line.text for line in first if line).replace("_", " ").strip()
    return re.sub(r"\s+", "", _ANNEX.sub("", words))


def _in_front(document: BlankDocument, places: Sequence[Place]) -> Iterator[Line | None]:
    """The lines on the first page above the first table of several rows; None for those with places."""
    filled = {spot.line for place in places for spot in place.spots}
    for number, block in enumerate(document.blocks):
        if isinstance(block, Table):
            if len(block.rows) > 1:
                return
            yield from (None if line in filled else line for line in _single_row(block))
        elif number and _starts_page(block.element):
            return
        elif not block.is_blank:
            yield None if block in filled else block


def _single_row(table: Table) -> Iterator[Line]:
    if len(table.rows) == 1:
        yield from (line for cell in table.rows[0] for line in cell.lines if not line.is_blank)


def _starts_page(paragraph: etree._Element) -> bool:
    breaks = (each.get(W + "type") == "page" for each in paragraph.iter(W + "br"))
    return is_on(property_of(paragraph, "pPr", "pageBreakBefore")) or any(breaks)


def _may_be_title(text: str) -> bool:
    words = text.strip()
    return len(words) <= _LONGEST and not _NO_TITLE.search(words) and not re.search("[。；;]", words)


def _size(paragraph: etree._Element, styles: Styles) -> int:
    """The size of its largest run, in half-points."""
    place, sizes = styles.place(paragraph), [_USUAL]
    for run in paragraph.iter(W + "r"):
        if any((text.text or "").strip() for text in run.iter(W + "t")):
            found = styles.run(run.find(W + "rPr"), place).properties
            sizes.append(whole(found.get("sz"), _USUAL))
    return max(sizes)
