"""Distinguishes what a form has itself, such as a logo or numbered headings, from what a document adds."""

from collections.abc import Iterable
from hashlib import sha256

from lxml import etree

from service.extraction.characters import bare, unnumbered
from service.extraction.displayed.embedded_pictures import embedded
from service.extraction.paragraph_note import Note
from service.extraction.skeleton import Skeleton
from service.extraction.word_document import Document, Paragraph
from service.object_cache import object_cache
from service.wordml.word_package import MAIN

Parts = dict[str, bytes]


class OwnNotes:
    """The notes of a form's blank, which need no warning in a document."""

    def __init__(self, form: Skeleton) -> None:
        self._form = form
        #: The form's lines outside tables without their numbers, which may have become automatic ones.
        self.unnumbered = frozenset(map(unnumbered, form.lines)) - {""}
        on_blank = [(note, form.blank.parts) for each in _paragraphs(form.blank) for note in each.notes]
        self._notes = {_key(*each) for each in on_blank}
        self._numbered = {bare(note.text) for note, _ in on_blank if note.code == "numbering"}
        self._labels = tuple(self._numbered - {""})

    def has(self, note: Note, parts: Parts) -> bool:
        """Whether a note of a document with these parts is of what the form has itself."""
        if note.code == "numbering":
            text = bare(note.text)
            return text in self.unnumbered | self._numbered or text.startswith(self._labels)
        if note.code == "text_box":  # LibreOffice converts a positioned paragraph into one
            return all(bare(line) in self._form.lines for line in note.text.split("\n"))
        return _key(note, parts) in self._notes


@object_cache
def own_notes(form: Skeleton) -> OwnNotes:
    """The notes of a form, cached."""
    return OwnNotes(form)


def _paragraphs(document: Document) -> Iterable[Paragraph]:
    yield from document.paragraphs
    for cell in document.cells:
        yield from cell.paragraphs


def _key(note: Note, parts: Parts) -> tuple[str, str]:
    """What makes two notes alike: code and text, of a picture its file, of another drawing its markup."""
    if note.drawing is None:
        return note.code, bare(note.text)
    picture = embedded(note.drawing, parts, MAIN)
    drawn = picture.content if picture else etree.tostring(note.drawing)
    return note.code, sha256(drawn).hexdigest()
