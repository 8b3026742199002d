"""The routes of forms: catalogue, blank forms, validation, documents, extraction."""

import contextlib
import json
from collections.abc import Sequence
from typing import Any

from flask import Response, request

from schemas.tree import any_row
from service import catalog, filled_form, pipeline
from service.batch.inputs.item_identity import id_errors
from service.catalog import Edition
from service.character_notices import FieldNotice
from service.conversion.pdf.page_images import PageImage
from service.field_places.boxes_on_pages import PlacesOnPage
from service.payload_json import dump, pointer
from service.submission import Submission, validate
from service.web.api import archive_document
from service.web.api.document_response import download, remarked
from service.web.api.portal_submission import reviewed, validated
from service.web.controls import lookup, outline
from service.web.http.audit_log import audited, happened
from service.web.http.auth import needs, settings
from service.web.http.idempotency import replayable
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import MEDIA_TYPES, payload, take_upload
from service.web.openapi.parts import (
    ARCHIVED_HEADERS,
    CONVERTING,
    DOCUMENT_HEADERS,
    PAYLOAD_BODY,
    PRODUCING,
    READING,
    cacheable_file_response,
    file_response,
    raises,
)
from service.web.schemas.forms import (
    BLANK,
    DOCUMENTS,
    BlankQuery,
    CatalogueSchema,
    DocumentQuery,
    EditionPath,
    EditionSchema,
    ExtractForm,
    ExtractionSchema,
    PlacesSchema,
    ReportSchema,
    ValidateQuery,
)

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="科协表单")

_FORMATS = tuple(MEDIA_TYPES[name] for name in DOCUMENTS)


def _with_decimals(value: Any, status: int) -> Response:
    """JSON in which a payload's Decimals keep their digits."""
    return Response(dump(value), status, content_type="application/json")


@blueprint.get("/forms")
@blueprint.doc(operationId="listForms")
@blueprint.response(200, CatalogueSchema, description="表单和版次 / forms and editions")
def forms() -> dict[str, Any]:
    """列出表单和版次 / list forms and editions"""
    return {"forms": [edition.summary() for edition in catalog.editions()]}


@blueprint.get("/forms/<form>/<year>")
@blueprint.response(200, EditionSchema, description="版次 / the edition")
@blueprint.arguments(EditionPath, location="path")
def edition(edition: Edition) -> dict[str, Any]:
    """一个版次：结构、标签、字数限制、样例 / get an edition: schema, labels, limits, sample"""
    return {
        **edition.summary(),
        "schema": edition.json_schema(),
        "labels": edition.labels(),
        "limits": edition.limits(),
        "expected": edition.expected(),
        "sample": edition.sample("full"),
    }


@blueprint.get("/forms/<form>/<year>/blank")
@blueprint.doc(**raises(*CONVERTING))
@blueprint.doc(
    **cacheable_file_response(
        "文书 / the document", *(MEDIA_TYPES[name] for name in BLANK), headers=DOCUMENT_HEADERS
    )
)
@blueprint.arguments(EditionPath, location="path")
@blueprint.arguments(BlankQuery)
def blank(edition: Edition, format: str, page: int) -> Response:
    """空白表 / download the official blank form"""
    submission = validate(edition, {})
    if format == "png":
        response = picture(submission, page)
    else:
        product = pipeline.blank(submission, format, settings())
        response = download(submission, product.documents[format], format, product.warnings)
    response.headers["Cache-Control"] = "no-cache"  # cached, but revalidated
    response.make_conditional(request)
    return response


@blueprint.post("/forms/<form>/<year>/validate")
@blueprint.doc(operationId="validatePayload", **PAYLOAD_BODY, **raises("missing"))
@needs("generate")
@replayable()
@blueprint.response(200, ReportSchema, description="字数与合计 / counts and totals")
@blueprint.arguments(EditionPath, location="path")
@blueprint.arguments(ValidateQuery)
def validate_payload(edition: Edition, complete: bool) -> dict[str, Any]:
    """校验报文 / validate a payload: counts and totals, or every error"""
    return report(edition, payload(), complete=complete)


def report(edition: Edition, payload: Any, *, complete: bool = False) -> dict[str, Any]:
    """Counts, totals, warnings and remarks of a payload. Raises InvalidPayload."""
    submission, remarks = reviewed(edition, payload, complete=complete)
    return {**submission.report(), "warnings": pipeline.warnings(submission, settings()), **vars(remarks)}


@blueprint.post("/forms/<form>/<year>/documents")
@blueprint.doc(operationId="makeDocument", **PAYLOAD_BODY, **raises(*PRODUCING))
@blueprint.doc(**file_response("文书 / the document", *_FORMATS, headers=DOCUMENT_HEADERS))
@blueprint.doc(
    **file_response(
        "文书，新存档 / document, newly archived", *_FORMATS, status=201, headers=ARCHIVED_HEADERS
    )
)
@needs("generate", archive="archive:write")
@audited("generate")
@replayable()
@blueprint.arguments(EditionPath, location="path")
@blueprint.arguments(DocumentQuery)
def documents(
    edition: Edition,
    format: str,
    page: int,
    attach: bool,
    prove: bool,
    complete: bool,
    archive: bool,
    id: str | None,
) -> Response:
    """由报文生成文书 / generate a document from a payload"""
    if archive:
        happened(action="archive")
        id = archive_document.permitted_id(id)
        submission = archive_document.parse_submission(edition, payload(), id_errors(id), complete=complete)
        response = _archived(submission, id, format, page)
    else:
        check = validate if format == "png" else validated  # a preview is of a form that is being filled in
        submission = check(edition, payload(), complete=complete)
        response = _generated(submission, format, page, attach=attach, prove=prove)
    response.headers.update(remarked(submission.remarks()))
    return response


def _generated(submission: Submission, format: str, page: int, *, attach: bool, prove: bool) -> Response:
    with archive_document.counted_proof() if prove else contextlib.nullcontext():
        if format == "png":
            happened(action=None)
            return picture(submission, page, prove)
        if format == "zip":
            document, warnings = pipeline.bundle(submission, settings(), attach=attach, prove=prove)
            return download(submission, document, format, warnings)
        product = pipeline.produce(submission, (format,), settings(), attach=attach, prove=prove)
        return download(submission, product.documents[format], format, product.warnings)


def _archived(submission: Submission, id: str | None, format: str, number: int) -> Response:
    """Archives a submission with both documents; responds with the one asked for."""
    product = archive_document.proved(submission)
    if format == "png":
        response = _picture_of(submission, number, pipeline.product_page(product, number), product.warnings)
    elif format == "zip":
        response = download(submission, pipeline.zip_bundle(submission, product), format, product.warnings)
    else:
        response = download(submission, product.documents[format], format, product.warnings)
    return archive_document.located(response, *archive_document.add(submission, product, id))


@blueprint.post("/forms/<form>/<year>/places")
@blueprint.doc(operationId="listFieldPlaces", **PAYLOAD_BODY, **raises("character_not_drawable", *CONVERTING))
@needs("generate")
@replayable()
@blueprint.response(200, PlacesSchema, description="各栏在文书上的位置 / where each field is printed")
@blueprint.arguments(EditionPath, location="path")
def places(edition: Edition) -> dict[str, Any]:
    """各栏在文书各页上的位置 / locate the fields on the pages of the document"""
    # As of a preview: a portal's rules hold when the form is handed in.
    return {"pages": pipeline.places(validate(edition, payload()), settings())}


@blueprint.post("/extract")
@blueprint.doc(
    operationId="extractPayload",
    **raises("unknown_form", "unreadable_document", "unrecognised_form", *READING),
)
@needs("generate")
@replayable(take_upload)
@blueprint.response(
    200, ExtractionSchema, write=_with_decimals, description="报文和提醒 / payload and warnings"
)
@blueprint.arguments(ExtractForm, location="files", content_type="multipart/form-data")
def extract(body: dict[str, Any]) -> filled_form.Examination:
    """读取填好的表单 / extract the payload of a filled form"""
    return filled_form.examine(body["file"], body["form"], body["year"], settings())


def picture(submission: Submission, number: int, proved: bool = False) -> Response:
    """A page of the PDF as PNG; headers give the page count and the first page of each section."""
    image, warnings, places = pipeline.page(submission, number, settings(), prove=proved)
    response = _picture_of(submission, number, image, warnings)
    begun = _section_pages(submission.edition, places)
    response.headers["X-Section-Pages"] = json.dumps(begun, separators=(",", ":"))
    return response


def _section_pages(edition: Edition, places: list[PlacesOnPage]) -> dict[str, int]:
    """The page on which each section has its first field."""
    first: dict[str, int] = {}
    for number, page in enumerate(places, 1):
        for place in page.fields:
            first.setdefault(pointer(any_row(place.path)), number)
    begun = {outline.sections(edition)[0].pointer: 1}
    for section in outline.sections(edition):
        found = [first[each.pointer] for each in lookup.parts(section.parts) if each.pointer in first]
        if found:
            begun[section.pointer] = min(found)
    return begun


def _picture_of(
    submission: Submission, number: int, page: PageImage, warnings: Sequence[FieldNotice]
) -> Response:
    response = download(submission, page.png, "png", warnings, f"第{number}页.png")
    response.headers["X-Page-Count"] = str(page.count)
    return response
