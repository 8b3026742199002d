"""Quotes the text of other parts where a part refers to it: footnotes, endnotes, diagrams, charts."""

from collections.abc import Iterator
from itertools import chain

from lxml import etree

from service.extraction.displayed.left_out_text import beginning
from service.wordml import W, parse
from service.wordml.word_package import R, relations

#: The attribute of a reference that holds the text.
QUOTED = "{urn:kexie-forms:reading}quoted"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_NOTES = {
    W + "footnoteReference": ("word/footnotes.xml", W + "footnote"),
    W + "endnoteReference": ("word/endnotes.xml", W + "endnote"),
}
#: Diagrams and charts, with the attribute that names their part.
DRAWN = {"{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds": R + "dm", _C + "chart": R + "id"}


class SideParts:
    """The other parts of a document, each read once, however often it is referred to."""

    def __init__(self, parts: dict[str, bytes]) -> None:
        self._parts = parts
        self._notes: dict[str, dict[str | None, str]] = {}
        self._drawn: dict[str, str] = {}

    def quote(self, root: etree._Element, name: str) -> None:
        """Puts the beginning of what each reference in the part `name` stands for into its `QUOTED`."""
        for reference in root.iter(*_NOTES):
            texts = self._texts_of_notes(*_NOTES[str(reference.tag)])
            reference.set(QUOTED, texts.get(reference.get(W + "id"), ""))
        drawings = list(root.iter(*DRAWN))
        targets = relations(self._parts, name) if drawings else {}
        for drawing in drawings:
            target = targets.get(drawing.get(DRAWN[str(drawing.tag)], ""), "")
            drawing.set(QUOTED, self._text_of_drawing(target))

    def _texts_of_notes(self, part: str, tag: str) -> dict[str | None, str]:
        """The beginning of each note in a part by its id."""
        if part not in self._notes:
            found = self._notes[part] = {}
            for note in self._all(part, tag):
                number = note.get(W + "id")
                found[number] = beginning(
                    chain([found.get(number)], (text.text for text in note.iter(W + "t")))
                )
        return self._notes[part]

    def _text_of_drawing(self, part: str) -> str:
        if part not in self._drawn:
            self._drawn[part] = beginning(text.text for text in self._all(part, _A + "t", _C + "v"))
        return self._drawn[part]

    def _all(self, part: str, *tags: str) -> Iterator[etree._Element]:
        try:
            yield from parse(self._parts[part]).iter(*tags) if part in self._parts else ()
        except etree.XMLSyntaxError:
            return
