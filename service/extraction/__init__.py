"""Extracts the payload of a filled .docx by the official labels around each field.

document   .docx → paragraphs and tables, as its reader sees them (runs, characters)
skeleton   edition → the same of its own form, with a mark in the place of each field
recognise  which form it is, and of which year
align      which table and row is which of the form's (cells: which cell; lines: outside tables)
pattern    what was written in each field (boxes: which answer was ticked)
results    that text as its value (values); what is not certain is a warning (warnings, places)
body       the fields outside tables; tables: those in them
reading    all of these in their order
"""

from __future__ import annotations

from service.extraction.extraction_result import Extraction, ReadingWarning
from service.extraction.reading import read
from service.extraction.recognise import recognise
from service.extraction.skeleton import skeleton
from service.extraction.word_document import Document, load

__all__ = ["Extraction", "ReadingWarning", "extract"]


def extract(docx: bytes | Document, form: str | None = None, year: int | None = None) -> Extraction:
    """The payload of a filled form, and warnings for what could not be read with certainty.

    Form and year are recognised from the document unless given. Raises UnreadableDocument if `docx` is no
    Word document, UnrecognisedForm if it is none of the forms, UnknownForm, UnknownYear.
    """
    document = load(docx) if isinstance(docx, bytes) else docx
    edition = recognise(document, form, year)
    return read(skeleton(edition), document)
