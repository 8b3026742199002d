"""The layout certificate: a filled document beside its official form; only fillable cells may differ.

official    the form with a mark in the place of each field, its standards prepared once
formatting  what text prints with (spacing); fonts: one name for each design
wording     text and formatting of one place, whatever is filled in; printing: of one character
page        page set-up; margins: headers and footers
body        paragraphs outside tables; pagination: which of them start a page
tables      tables; rows, cells, grid, borders: what each of them compares
proofs      tracked changes, comments, what is drawn over the form
certificate what is told
"""

from __future__ import annotations

from service.catalog import Edition
from service.extraction.align import align
from service.extraction.document import Document, load
from service.layout import body, margins, page, proofs, tables
from service.layout.certificate import Certificate, Difference, differences
from service.layout.formatting import Styles
from service.layout.official import official

__all__ = ["Certificate", "Difference", "certify"]


def certify(docx: bytes | Document, edition: Edition) -> Certificate:
    """Whether `docx` has the layout of `edition`'s official form, and every difference.

    Raises UnreadableDocument where it is no .docx, TemplateFault where the edition's template is broken.
    """
    document = load(docx) if isinstance(docx, bytes) else docx
    form, styles = official(edition), Styles(document.parts)
    alignment = align(form.document, document)
    found = [
        *page.findings(form.document, document),
        *margins.findings(form.document, form.styles, document, styles),
        *body.findings(form, document, styles, alignment),
        *tables.findings(form, styles, alignment),
        *proofs.findings(document, form.framed),
    ]
    return Certificate(tuple(differences(found)))
