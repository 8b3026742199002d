"""Quotes the text of other parts where a part refers to it: footnotes, endnotes, diagrams, charts."""

from collections.abc import Iterator

from lxml import etree

from service.wordml import W, parse
from service.wordml.word_package import R, relations

#: The attribute of a reference that holds the text.
QUOTED = "{urn:kexie-forms:reading}quoted"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_NOTES = {
    W + "footnoteReference": ("footnotes", W + "footnote"),
    W + "endnoteReference": ("endnotes", W + "endnote"),
}
#: Diagrams and charts, with the attribute that names their part.
DRAWN = {"{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": R + "dm", _C + "chart": R + "id"}


def quote(root: etree._Element, parts: dict[str, bytes], name: str) -> None:
    """Puts the text that each reference in the part `name` stands for into its `QUOTED`."""
    for reference in root.iter(*_NOTES):
        part, tag = _NOTES[str(reference.tag)]
        notes = _root(parts, f"word/{part}.xml")
        wanted = [each for each in _all(notes, tag) if each.get(W + "id") == reference.get(W + "id")]
        _set(reference, (text.text for each in wanted for text in each.iter(W + "t")))
    for drawing in root.iter(*DRAWN):
        target = relations(parts, name).get(drawing.get(DRAWN[str(drawing.tag)], ""), "")
        _set(drawing, (text.text for text in _all(_root(parts, target), _A + "t", _C + "v")))


def _all(root: etree._Element | None, *tags: str) -> Iterator[etree._Element]:
    yield from () if root is None else root.iter(*tags)


def _root(parts: dict[str, bytes], name: str) -> etree._Element | None:
    try:
        return parse(parts[name]) if name in parts else None
    except etree.XMLSyntaxError:
        return None


def _set(reference: etree._Element, texts: Iterator[str | None]) -> None:
    reference.set(QUOTED, " ".join(filter(None, texts)))
