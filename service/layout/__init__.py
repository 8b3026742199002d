"""The layout certificate: a filled document beside its official form; only fillable cells may differ.

official    the form with a mark in the place of each field, its standards prepared once
formatting  what text prints with (spacing); fonts: one name for each design
wording     text and formatting of one place, whatever is filled in; printing: of one character
page        page set-up; margins: headers and footers
body        paragraphs outside tables; pagination: which of them start a page
tables      tables; rows, cells, grid, borders: what each of them compares
proofs      tracked changes, comments, what is drawn over the form
certificate what is change
"""

from __future__ import annotations

from service.catalog import Edition
from service.extraction.align_tables import align
from service.extraction.word_document import Document, load
from service.layout import (
    compare_headers_footers,
    compare_page_setup,
    compare_paragraphs,
    compare_tables,
    review_marks,
)
from service.layout.certificate import Certificate, Difference, differences
from service.layout.formatting import Styles
from service.layout.official_form import official

__all__ = ["Certificate", "Difference", "certify"]


def certify(docx: bytes | Document, edition: Edition) -> Certificate:
    """Whether `docx` has the layout of `edition`'s official form, and every difference.

    Raises UnreadableDocument where it is no .docx, TemplateFault where the edition's template is broken.
    """
    document = load(docx) if isinstance(docx, bytes) else docx
    form, styles = official(edition), Styles(document.parts)
    alignment = align(form.document, document)
    found = [
        *compare_page_setup.findings(form.document, document),
        *compare_headers_footers.findings(form.document, form.styles, document, styles),
        *compare_paragraphs.findings(form, document, styles, alignment),
        *compare_tables.findings(form, styles, alignment),
        *review_marks.findings(document, form.framed),
    ]
    return Certificate(tuple(differences(found)))
