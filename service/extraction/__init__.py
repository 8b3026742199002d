"""The way back: a filled .docx gives its payload, found by the official labels around each cell."""

from __future__ import annotations

from service.extraction.findings import Extraction, ReadingWarning

__all__ = ["Extraction", "ReadingWarning", "extract"]


def extract(docx: bytes, form: str | None = None, year: int | None = None) -> Extraction:
    """The payload of a filled form, and what could not be read for certain.

    Form and year are recognised from the document unless they are given. Raises UnreadableDocument where
    `docx` is no Word document, UnrecognisedForm where it is none of the forms, UnknownForm, UnknownYear.
    """
    raise NotImplementedError
