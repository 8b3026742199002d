"""Warns of the text of a document that no other reader has read or reported."""

import re
from collections.abc import Iterator

from lxml import etree

from service.errors import Bilingual
from service.extraction.characters import bare
from service.extraction.displayed.unread_text import unread
from service.extraction.extraction_result import in_paragraph, in_table
from service.extraction.headers_footers import NAMES, HeadersFooters
from service.extraction.paragraph_note import Note
from service.extraction.paragraph_text import paragraph_text
from service.extraction.reading_results import ReadingResults
from service.extraction.skeleton import Skeleton
from service.extraction.word_document import Document, Paragraph
from service.object_cache import object_cache
from service.wordml import W

_COUNT = etree.XPath("count(descendant::w:p)", namespaces={"w": W[1:-1]})
_PAGE_NUMBER = re.compile(r"[\W\d_第页共]*|(?:page|of|[\W\d_])*", re.IGNORECASE)


def read_rest(form: Skeleton, document: Document, results: ReadingResults) -> None:
    """Warns of unread paragraphs, of text outside of them, and of text in headers and footers."""
    if any(each.element not in results.noted for each in _all(document)):
        for place, paragraph in placed(document):
            if paragraph.element not in results.noted:
                results.notes(paragraph, place)
                if paragraph.bare:
                    results.warn("unread_text", place, paragraph.text)
    if text := outside_paragraphs(document):
        results.warn("missed_text", Bilingual("整份文书", "the document as a whole"), text)
    _read_headers_footers(form, document, results)


def outside_paragraphs(document: Document) -> str:
    """The printed text of the body that is in none of the document's paragraphs."""
    body, read = document.element.find(W + "body"), _all(document)
    if body is None or _COUNT(body) == sum([1 + len(each.joined) for each in read]):
        return ""
    return unread(body, {element for each in read for element in (each.element, *each.joined)})


def _all(document: Document) -> list[Paragraph]:
    in_cells = [paragraph for cell in document.cells for paragraph in cell.paragraphs]
    return [*document.paragraphs, *in_cells]


def placed(document: Document) -> Iterator[tuple[Bilingual, Paragraph]]:
    """The paragraphs outside tables and in cells, with their positions."""
    for number, paragraph in enumerate(document.paragraphs, 1):
        yield in_paragraph(number), paragraph
    for table in document.tables:
        for number, row in enumerate(table.rows, 1):
            for at, cell in enumerate(row.cells, 1):
                place = in_table(table.number, number, at)
                yield from ((place, paragraph) for paragraph in cell.paragraphs)


def _read_headers_footers(form: Skeleton, document: Document, results: ReadingResults) -> None:
    own_parts, own_texts = _official(form)
    found = HeadersFooters(document)
    for kind, place in NAMES.items():
        for name in dict.fromkeys(found.names(*kind)):
            if name is None or document.parts.get(name) in own_parts:
                continue
            for text, notes in _paragraphs(found.root(name), document):
                if bare(text) not in own_texts and not _PAGE_NUMBER.fullmatch(bare(text)):
                    results.warn("unread_text", place, text)
                for note in notes:
                    if note.code != "field" and not _PAGE_NUMBER.fullmatch(bare(note.text)):
                        results.warn(note.code, place, note.text)


@object_cache
def _official(form: Skeleton) -> tuple[frozenset[bytes], frozenset[str]]:
    """The form's headers and footers: their parts, and the normalised texts of their paragraphs."""
    own = HeadersFooters(form.document)
    names = {name for kind in NAMES for name in own.names(*kind) if name is not None}
    texts = {bare(text) for name in names for text, _ in _paragraphs(own.root(name), form.document)}
    return frozenset(form.document.parts[name] for name in names), frozenset(texts)


def _paragraphs(root: etree._Element | None, document: Document) -> Iterator[tuple[str, tuple[Note, ...]]]:
    """The text and notes of each paragraph of a header or footer; those of text boxes are notes."""
    formatting = document.formatting._replace(has_controls=True)
    for element in [] if root is None else root.iter(W + "p"):
        if next(element.iterancestors(W + "p"), None) is None:
            yield paragraph_text(element, formatting)
