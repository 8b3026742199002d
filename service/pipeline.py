"""The pipeline: payload → submission → context → .docx → PDF/A."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from service import catalog, glyph_warnings, template_context
from service.catalog import Edition
from service.character_notices import FieldNotice, notices
from service.config import Settings
from service.conversion import convert, lone_lines
from service.conversion.fonts.font_check import FontCheck, GlyphFallback, font_check
from service.errors import ConverterMissing, UsageError
from service.forms.form_folder import font_folders
from service.submission import Submission, validate

if TYPE_CHECKING:
    from service.conversion.pdf.attachments import Attachment
    from service.conversion.pdf.page_images import PageImage
    from service.field_places.boxes_on_pages import PlacesOnPage
    from service.field_places.marked_document import MarkedDocument

FORMATS = ("docx", "pdf")
UNSAFE = r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\\/:*?"<>|]'  # in a file's name; pages use it too
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def generate(
    form: str,
    year: int,
    payload: Any,
    formats: Sequence[str] = FORMATS,
    settings: Settings | None = None,
    *,
    attach: bool = False,
    prove: bool = False,
    complete: bool = False,
) -> dict[str, bytes]:
    """The documents of a payload, as bytes by format ("docx", "pdf").

    With `attach` the PDF contains the payload and a manifest and is PDF/A-3b. With `prove` the .docx is
    read back before the conversion. With `complete` an incomplete payload is refused. Raises UnknownForm,
    UnknownYear, InvalidPayload, TemplateFault, ProofFault, ConversionFault, and UsageError for an unknown
    format, or `attach` without a PDF.
    """
    submission = validate(catalog.edition(form, year), payload, complete=complete)
    return documents(submission, formats, settings, attach=attach, prove=prove)


def documents(
    submission: Submission,
    formats: Sequence[str] = FORMATS,
    settings: Settings | None = None,
    *,
    attach: bool = False,
    prove: bool = False,
) -> dict[str, bytes]:
    """The documents of a submission, as bytes by format. Raises as `generate` does."""
    return produce(submission, formats, settings, attach=attach, prove=prove).documents


@dataclass(frozen=True)
class Product:
    """The documents of a submission by format, and its notices."""

    documents: dict[str, bytes]
    warnings: tuple[FieldNotice, ...]


def produce(
    submission: Submission,
    formats: Sequence[str] = FORMATS,
    settings: Settings | None = None,
    *,
    attach: bool = False,
    prove: bool = False,
    rules: int = lone_lines.LATEST,
) -> Product:
    """The documents of a submission, and its notices, those of its PDF included. Raises as `generate`.

    The PDF's pages are set by these `rules` of typesetting.
    """
    _check_usage(formats, attach)
    made = {"docx": docx(submission, prove=prove)}
    if "pdf" not in formats:
        return Product({format: made[format] for format in formats}, notices(submission))
    settings = settings or Settings.from_env()
    drawable, warned = _drawable(submission, made["docx"], settings)
    inside: tuple[Attachment, ...] = ()
    if attach:
        from service import document_data  # at its first use: other commands start in half the time

        files = {file_name(submission.edition, submission, "docx"): made["docx"]}
        inside = document_data.attached(submission, files, warned)
    made["pdf"] = convert(drawable, settings, carrying=inside, rules=rules)
    return Product({format: made[format] for format in formats}, warned)


def _check_usage(formats: Sequence[str], attach: bool) -> None:
    if unknown := sorted(set(formats) - set(FORMATS)):
        raise UsageError(
            f"没有 {'、'.join(unknown)} 格式，可选：{'、'.join(FORMATS)}。",
            f"No format {', '.join(unknown)}; available: {', '.join(FORMATS)}.",
        )
    if attach and "pdf" not in formats:
        raise UsageError(
            "只有 PDF 能携带数据：请同时生成 PDF，或不要附加数据。",
            "Only a PDF can contain the data. Request a PDF as well, or do not attach.",
        )


def _drawable(
    submission: Submission, docx: bytes, settings: Settings
) -> tuple[bytes, tuple[FieldNotice, ...]]:
    """The .docx to convert, and the notices. Raises CharacterNotDrawable."""
    check = font_check(font_folders(settings))
    checked = check.check(docx)
    warned = glyph_warnings.warnings(submission, checked.findings, partial(_found, check))
    glyph_warnings.refuse(warned)
    return checked.docx, (*notices(submission), *warned)


def _found(check: FontCheck, submission: Submission) -> tuple[GlyphFallback, ...]:
    return check.check(_render(submission)).findings


def warnings(submission: Submission, settings: Settings | None = None) -> tuple[FieldNotice, ...]:
    """The notices of a submission, and of its PDF unless no font is installed.

    Characters without a face are among them. Raises TemplateFault.
    """
    try:
        check = font_check(font_folders(settings or Settings.from_env()))
    except ConverterMissing:
        return notices(submission)
    warned = glyph_warnings.warnings(submission, _found(check, submission), partial(_found, check))
    return (*notices(submission), *warned)


def blank(submission: Submission, format: str, settings: Settings | None = None) -> Product:
    """The official blank form for the submission of an empty payload. Its PDF is cached.

    Raises as `generate` does, FormNotDrawable included.
    """
    if format != "pdf":
        return produce(submission, (format,), settings)
    settings = settings or Settings.from_env()
    drawable, warned = _drawable(submission, _render(submission), settings)
    return Product({format: cached_pdf(drawable, settings)}, warned)


def page(
    submission: Submission, number: int, settings: Settings | None = None, *, prove: bool = False
) -> tuple[PageImage, tuple[FieldNotice, ...], list[PlacesOnPage]]:
    """Page `number` (from 1) of the submission's PDF, the notices, and where the fields are on all pages.

    Raises as `page_images.page` too.
    """
    pdf, marked, warned = _preview(submission, settings, prove)
    return _draw(pdf, number, marked.own), warned, marked.places(pdf)


@dataclass(frozen=True)
class LocatedFields:
    """A PDF with shades for its fields, what is drawn in their place, and where the fields are."""

    pdf: bytes
    own: Mapping[str, str]
    pages: list[PlacesOnPage]


def located(
    submission: Submission, settings: Settings | None = None, *, rules: int = lone_lines.LATEST
) -> LocatedFields:
    """Where the fields of the payload are on each page of its PDF, and that PDF. Raises as `page`."""
    pdf, marked, _ = _preview(submission, settings, rules=rules)
    return LocatedFields(pdf, marked.own, [page.sent(submission.payload) for page in marked.places(pdf)])


def places(submission: Submission, settings: Settings | None = None) -> list[PlacesOnPage]:
    """Where the fields of the payload are on each page of its PDF. Raises as `page`."""
    return located(submission, settings).pages


def _preview(
    submission: Submission,
    settings: Settings | None,
    prove: bool = False,
    rules: int = lone_lines.LATEST,
) -> tuple[bytes, MarkedDocument, tuple[FieldNotice, ...]]:
    """The cached PDF of a submission with shades for its fields, which a page of it is drawn without."""
    from service.field_places import marked_document

    settings = settings or Settings.from_env()
    marked = marked_document.mark(submission, docx(submission, prove=prove))
    drawable, warned = _drawable(submission, marked.docx, settings)
    return cached_pdf(drawable, settings, rules), marked, warned


@lru_cache(maxsize=16)
def cached_pdf(docx: bytes, settings: Settings, rules: int = lone_lines.LATEST) -> bytes:
    """The cached PDF of a document that is previewed page by page, or of a blank form."""
    return convert(docx, settings, rules=rules)


def product_page(product: Product, number: int) -> PageImage:
    """Page `number` (from 1) of a produced PDF. Raises as `page_images.page`."""
    return _draw(product.documents["pdf"], number)


def bundle(
    submission: Submission, settings: Settings | None = None, *, attach: bool = False, prove: bool = False
) -> tuple[bytes, tuple[FieldNotice, ...]]:
    """A zip of the .docx, the PDF and `manifest.json`, and the warnings, also listed in the manifest."""
    product = produce(submission, FORMATS, settings, attach=attach, prove=prove)
    return zip_bundle(submission, product), product.warnings


def zip_bundle(submission: Submission, product: Product) -> bytes:
    """A zip of a submission's documents and `manifest.json` with the warnings."""
    from service import document_data

    files = {
        file_name(submission.edition, submission, format): document
        for format, document in product.documents.items()
    }
    files[document_data.MANIFEST] = document_data.manifest(submission.edition, files, product.warnings)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def file_name(edition: Edition, submission: Submission | None, extension: str) -> str:
    """A document's file name: the form's title, the submitter if given, the extension."""
    plain = submitter(submission) if submission else ""
    return f"{edition.title}{f'（{plain}）' if plain else ''}.{extension}"


def submitter(submission: Submission) -> str:
    """The submitter's name, as far as a file's name can have it; "" if it is not given."""
    found = submission.edition.schema.submitter_in(submission.data)
    return re.sub(UNSAFE, "", found).strip(" .")[:60]


def docx(submission: Submission, *, prove: bool = False) -> bytes:
    """The .docx of a submission, with `prove` read back. Raises TemplateFault or ProofFault."""
    rendered = _render(submission)
    if prove:
        from service import roundtrip

        roundtrip.prove(submission, rendered)
    return rendered


def _render(submission: Submission) -> bytes:
    return submission.edition.template.render(template_context.build(submission))


def _draw(pdf: bytes, number: int, own: Mapping[str, str] | None = None) -> PageImage:
    from service.conversion.pdf.page_images import page

    return page(pdf, number, own or {})
