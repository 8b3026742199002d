"""Finds the text of a document that no reader has taken, in elements of any kind."""

from collections.abc import Collection
from typing import cast

from lxml import etree

from service.wordml import W

_TEXTS = etree.XPath("descendant::text()[normalize-space()]")
# What Word does not print: settings, deletions, instructions, and positions of drawings.
_UNPRINTED = {
    W + name
    for name in (
        "pPr", "rPr", "tblPr", "tblGrid", "tblPrEx", "trPr", "tcPr", "sdtPr", "sdtEndPr", "sectPr", "ffData",
        "del", "moveFrom", "delText", "delInstrText", "instrText", "rt",
    )
}  # fmt: skip
_DELETED = {W + "tr": "trPr/w:del", W + "tc": "tcPr/w:cellDel"}
_SPACES = {"w": W[1:-1]}


def unread(element: etree._Element, taken: Collection[etree._Element], length: int = 0) -> str:
    """The printed text below an element that is in none of `taken`, nor below one.

    `length` is that of the text in `taken`; it may be less, for this only saves the search.
    """
    if len(etree.tostring(element, encoding="unicode", method="text", with_tail=False)) == length:
        return ""
    above = {*taken}
    texts = cast("list[etree._ElementUnicodeResult]", _TEXTS(element))
    return " ".join(text.strip() for text in texts if not _is_taken(text, element, above))


def _is_taken(text: etree._ElementUnicodeResult, top: etree._Element, taken: set[etree._Element]) -> bool:
    holder = text.getparent()
    if holder is not None and text.is_tail:
        holder = holder.getparent()
    while holder is not None:
        if holder in taken or holder.tag in _UNPRINTED or _is_deleted(holder):
            return True
        if holder is top:
            return False
        holder = holder.getparent()
    return False


def _is_deleted(element: etree._Element) -> bool:
    """Whether a row's or cell's deletion is tracked."""
    path = _DELETED.get(str(element.tag))
    return path is not None and element.find(f"w:{path}", _SPACES) is not None
