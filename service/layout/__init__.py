"""The layout certificate: compares a filled document with its official form outside fillable fields.

official_form            the form with marks and the standard of each passage, cached
formatting               effective formatting of text (spacing, typeface_names)
compare_text             text and formatting of a passage (compare_characters)
compare_page_setup       page set-up of each section
compare_headers_footers  headers and footers
compare_paragraphs       paragraphs outside tables (pagination: page starts)
compare_tables           tables (compare_rows, compare_cells, grid, borders)
picture_places           the cells in which the form has pictures
seals_and_review_marks   tracked changes, comments, drawings
certificate              differences with their positions
"""

from collections.abc import Iterator

from service.catalog import Edition
from service.extraction.align_tables import Alignment, align
from service.extraction.word_document import Document, load
from service.layout import (
    compare_headers_footers,
    compare_page_setup,
    compare_paragraphs,
    compare_tables,
    picture_places,
    seals_and_review_marks,
)
from service.layout.certificate import Certificate, Difference, LayoutFinding, differences
from service.layout.formatting import Styles
from service.layout.official_form import Official, official

__all__ = ["Certificate", "Difference", "certify"]


def certify(docx: bytes | Document, edition: Edition) -> Certificate:
    """Compares `docx` with the layout of `edition`'s official form.

    Raises UnreadableDocument if it is no .docx, TemplateFault if the edition's template is faulty.
    """
    document = load(docx) if isinstance(docx, bytes) else docx
    form = official(edition)
    alignment = align(form.document, document)
    own = seals_and_review_marks.findings(form.document, form.framed)
    drawn = [finding for finding in own if finding.code not in seals_and_review_marks.REVIEW_MARKS]
    pictures = picture_places.places(form, alignment)
    added = seals_and_review_marks.added(document, drawn, form.framed, pictures)
    return Certificate(tuple(differences([*_findings(form, document, alignment), *added])))


def findings(form: Official, document: Document) -> Iterator[LayoutFinding]:
    """All findings except review marks and drawings."""
    return _findings(form, document, align(form.document, document))


def _findings(form: Official, document: Document, alignment: Alignment) -> Iterator[LayoutFinding]:
    styles = Styles(document.formatting)
    yield from compare_page_setup.findings(form.document, document)
    yield from compare_headers_footers.findings(form.document, form.styles, document, styles)
    yield from compare_paragraphs.findings(form, document, styles, alignment)
    yield from compare_tables.findings(form, styles, alignment)
