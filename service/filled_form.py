"""Reads a filled form: payload and layout certificate."""

from dataclasses import dataclass
from typing import Any

from service import document_data
from service.catalog import Edition
from service.config import Settings
from service.conversion import file_kind, to_docx
from service.errors import UnreadableDocument
from service.extraction import Extraction, extract
from service.extraction.recognise import recognise
from service.extraction.word_document import Document, load
from service.layout import Certificate, certify


@dataclass(frozen=True)
class Examination:
    """The payload of a filled form, and its layout certificate; None for a PDF."""

    extraction: Extraction
    certificate: Certificate | None

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The API's response with messages in `lang`, for `payload_json.dump`: `data` may hold Decimals."""
        layout = self.certificate.as_dict(lang) if self.certificate else None
        return {**self.extraction.as_dict(lang), "layout": layout}


def examine(
    content: bytes, form: str | None = None, year: int | None = None, settings: Settings | None = None
) -> Examination:
    """The payload and the layout of a filled form. Takes and raises as `read`."""
    if file_kind.kind(content) == file_kind.PDF:
        return Examination(document_data.read_back(content, form, year), None)
    document = _document(content, settings)
    extraction = extract(document, form, year)
    return Examination(extraction, certify(document, extraction.edition))


def read(
    content: bytes, form: str | None = None, year: int | None = None, settings: Settings | None = None
) -> Extraction:
    """The payload of a filled form: .docx, .doc, .wps, .odt, .rtf, or a PDF with attached data.

    Form and year are recognised from the document unless given. Raises UnreadableDocument,
    UnrecognisedForm, UnknownForm, UnknownYear; and for all but .docx and PDF as `to_docx` does.
    """
    if file_kind.kind(content) == file_kind.PDF:
        return document_data.read_back(content, form, year)
    return extract(_document(content, settings), form, year)


def check(
    content: bytes, form: str | None = None, year: int | None = None, settings: Settings | None = None
) -> tuple[Edition, Certificate]:
    """The edition and the layout certificate of a filled form. Takes and raises as `read`; no PDF."""
    if file_kind.kind(content) == file_kind.PDF:
        raise UnreadableDocument(
            "PDF 没有可以核对的版式结构。请提交生成它的 .docx。",
            "A PDF has no layout structure to check. Submit the .docx that it was made from.",
        )
    document = _document(content, settings)
    edition = recognise(document, form, year)
    return edition, certify(document, edition)


def _document(content: bytes, settings: Settings | None) -> Document:
    kind = file_kind.kind(content)
    if kind != file_kind.DOCX:
        content = to_docx(content, kind, settings or Settings.from_env())
    return load(content)
