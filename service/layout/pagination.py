"""Finds the paragraphs outside tables that start a page, by any kind of page break."""

from lxml import etree

from service.extraction.word_document import Document, Paragraph, Table
from service.layout.formatting import Styles
from service.wordml import W, is_on, property_of, value

_SHOWN = {W + "t", W + "tab", W + "sym", W + "drawing", W + "pict", W + "object"}
_NEW_PAGE = {None, "nextPage", "oddPage", "evenPage"}


def starts_of_pages(document: Document, styles: Styles) -> set[Paragraph]:
    """The paragraphs with text preceded by a page break, section break or paragraph setting."""
    starts, broken = set(), False
    for block in document.blocks:
        if isinstance(block, Table):
            broken = False
            continue
        before, after = _breaks(block.element)
        own = is_on(styles.paragraph(block.element, "pageBreakBefore"))
        if block.text.strip():
            if broken or own or before:
                starts.add(block)
            broken = after
        else:  # a break in an empty paragraph applies to the next text
            broken = broken or before or after or own
    return starts


def _breaks(paragraph: etree._Element) -> tuple[bool, bool]:
    """Whether a page break precedes and follows the text of a paragraph."""
    before = after = seen = False
    for element in paragraph.iter():
        if element.tag in _SHOWN:
            seen, after = True, False
        elif element.tag == W + "br" and element.get(W + "type") == "page":
            before, after = before or not seen, seen
    section = property_of(paragraph, "pPr", "sectPr")
    return before, after or (section is not None and value(section.find(W + "type")) in _NEW_PAGE)
