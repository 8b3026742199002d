"""A blank form as it was read: its parts, its text, the places that people fill in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from lxml import etree

from service.blank_forms import blank_document, find_places
from service.blank_forms.blank_document import BlankDocument
from service.blank_forms.place import Place
from service.config import Settings
from service.conversion import file_kind, to_docx
from service.errors import UnreadableDocument
from service.form_authoring import cleared_document, form_plan, form_title, printed_braces
from service.form_authoring.form_plan import FormPlan
from service.form_authoring.positions import Positions
from service.wordml import W, word_package
from service.wordml.styles import Styles
from service.wordml.word_package import MAIN


@dataclass(frozen=True)
class BlankForm:
    """A blank form that was read: the .docx, its parts cleared, its text's root and blocks, places, title."""

    docx: bytes
    parts: Mapping[str, bytes]
    root: etree._Element
    document: BlankDocument
    places: tuple[Place, ...]
    title: str


def read(blank: bytes, settings: Settings) -> BlankForm:
    """Reads a blank form: .docx, .doc, .wps, .odt or .rtf.

    Raises UnreadableDocument, and for all but .docx as `to_docx` does.
    """
    kind = _kind(blank)
    if kind == file_kind.PDF:
        raise UnreadableDocument(
            "PDF 里没有可以填写的版式结构。请用 Word、WPS 的原文件（.docx、.doc、.wps、.odt、.rtf）。",
            "A PDF has no structure to fill in: use the original file (.docx, .doc, .wps, .odt, .rtf).",
        )
    docx = blank if kind == file_kind.DOCX else to_docx(blank, kind, settings)
    try:
        parts = cleared_document.cleared(word_package.opened(docx))
    except etree.XMLSyntaxError as error:
        raise word_package.incomplete() from error
    printed_braces.check(parts)
    root = word_package.part(parts, MAIN)
    body = None if root is None else root.find(W + "body")
    if root is None or body is None:
        raise word_package.incomplete()
    document = blank_document.read(body)
    places = tuple(find_places.find(document))
    title = form_title.title(document, places, Styles(partial(word_package.part, parts)))
    return BlankForm(docx, parts, root, document, places, title)


def _kind(blank: bytes) -> str:
    """The kind of file. Raises UnreadableDocument, which asks for a blank form."""
    try:
        return file_kind.kind(blank)
    except UnreadableDocument as error:
        raise UnreadableDocument(
            f"{error.text.zh}这里需要空白表：.docx、.doc、.wps、.odt 或 .rtf。",
            f"{error.text.en} A blank form is needed here: .docx, .doc, .wps, .odt or .rtf.",
        ) from error


def planned(blank: BlankForm) -> FormPlan:
    """The fields of a blank form, in the order of its text."""
    position = Positions(blank.root)
    found = form_plan.plan(blank.places, blank.title).headed
    return form_plan.arranged(sorted(found, key=lambda each: position(each[1].place)))
