"""The routes under /api/v1."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Sequence

from flask import Response, request
from flask_smorest import Blueprint

from service import catalog, conversion, filled_form, pipeline
from service.catalog import Edition
from service.conversion.pdf.page_images import Page
from service.errors import ConversionFault, ProofFault, UnknownYear
from service.glyph_warnings import CharacterWarning
from service.submission import Submission, dump, validate
from service.web.api import archive_document
from service.web.controls import outline
from service.web.http.auth import needs, require, settings
from service.web.http.idempotency import replayable
from service.web.http.parameters import (
    MEDIA_TYPES,
    attach,
    document_format,
    flag,
    page_number,
    payload,
    prove,
    take_upload,
    upload,
)
from service.web.http.problems import json_response, language
from service.web.http.urls import saved_as
from service.web.openapi import forms as openapi

_WARNINGS_LIMIT = 4096  # bytes of a header that every proxy takes

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="科协表单")

_BLANK = ("pdf", "docx", "png")
_DOCUMENTS = ("pdf", "docx", "zip", "png")


def find_edition(form: str, year: str) -> Edition:
    """The edition that an address names. Raises UnknownForm or UnknownYear."""
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        if form not in {found.form for found in catalog.editions()}:
            catalog.edition(form, 0)  # an unknown form is told first
        raise UnknownYear(f"年度“{year}”应为四位数字。", f"Year '{year}' must be four digits.")
    return catalog.edition(form, int(year))


@blueprint.get("/forms")
@blueprint.doc(**openapi.forms())
def forms() -> Response:
    """列出表单和版次 / the catalogue of forms and editions"""
    return json_response({"forms": [edition.summary() for edition in catalog.editions()]})


@blueprint.get("/forms/<form>/<year>")
@blueprint.doc(**openapi.edition())
def edition(form: str, year: str) -> Response:
    """一个版次：结构、标签、字数限制、样例 / an edition: schema, labels, limits, sample"""
    found = find_edition(form, year)
    return json_response(
        {
            **found.summary(),
            "schema": found.json_schema(),
            "labels": found.labels(),
            "limits": found.limits(),
            "sample": found.sample("full"),
        }
    )


@blueprint.get("/forms/<form>/<year>/blank")
@blueprint.doc(**openapi.document(_BLANK))
def blank(form: str, year: str) -> Response:
    """空白表 / the official blank form"""
    found = find_edition(form, year)
    format = document_format(_BLANK)
    submission, number = validate(found, {}), page_number(format)
    if format == "png":
        response = _picture(submission, number)
    else:
        product = pipeline.blank(submission, format, settings())
        response = download(submission, product.documents[format], format, product.warnings)
    response.headers["Cache-Control"] = "no-cache"  # kept, but asked for again: it may change
    response.make_conditional(request)
    return response


@blueprint.post("/forms/<form>/<year>/validate")
@blueprint.doc(**openapi.validation())
@needs("generate")
@replayable()
def validate_payload(form: str, year: str) -> Response:
    """校验报文 / counts and totals, or every error at once"""
    submission = validate(find_edition(form, year), payload())
    warnings = pipeline.warnings(submission, settings())
    return json_response(
        {**submission.report(), "warnings": [warning.as_dict(language()) for warning in warnings]}
    )


@blueprint.post("/forms/<form>/<year>/documents")
@blueprint.doc(**openapi.document(_DOCUMENTS, takes_payload=True))
@needs("generate")
@replayable()
def documents(form: str, year: str) -> Response:
    """由报文生成文书 / payload in, document out"""
    found = find_edition(form, year)
    format = document_format(_DOCUMENTS)
    number, attached, proved = page_number(format), attach(format), prove()
    if flag("archive"):
        return _archived(found, format, number, attached)
    submission = validate(found, payload())
    with _counted() if proved else contextlib.nullcontext():
        if format == "png":
            return _picture(submission, number, proved)
        if format == "zip":
            document, warnings = pipeline.bundle(submission, settings(), attach=attached, prove=proved)
            return download(submission, document, format, warnings)
        product = pipeline.produce(submission, (format,), settings(), attach=attached, prove=proved)
        return download(submission, product.documents[format], format, product.warnings)


def _archived(edition: Edition, format: str, number: int, attached: bool) -> Response:
    """The document of a payload that is archived with both of its documents."""
    require("archive:write")
    submission, id = archive_document.submitted(edition, payload(), attached)
    with _counted():
        product = pipeline.produce(submission, settings=settings(), prove=True)
    if format == "png":
        response = _picture_of(submission, number, pipeline.pictured(product, number), product.warnings)
    elif format == "zip":
        response = download(submission, pipeline.packed(submission, product), format, product.warnings)
    else:
        response = download(submission, product.documents[format], format, product.warnings)
    return archive_document.kept(submission, id, product, response)


@contextlib.contextmanager
def _counted() -> Iterator[None]:
    """Counts the proof of the document that is made meanwhile; a conversion that fails comes after it."""
    try:
        yield
    except ProofFault:
        conversion.count_proof(settings(), passed=False)
        raise
    except ConversionFault:
        conversion.count_proof(settings(), passed=True)
        raise
    conversion.count_proof(settings(), passed=True)


@blueprint.post("/extract")
@blueprint.doc(**openapi.extraction())
@needs("generate")
@replayable(lambda: take_upload(settings().file_limit))
def extract() -> Response:
    """读取填好的表单 / a filled form in, its payload out"""
    content, form, year = upload(settings().file_limit)
    found = filled_form.examine(content, form, year, settings())
    return Response(dump(found.as_dict(language())), content_type="application/json")


def _picture(submission: Submission, number: int, proved: bool = False) -> Response:
    """A page of the PDF as PNG, how many there are, and on which the form's sections begin."""
    sections = outline.sections(submission.edition)
    titled = [section for section in sections if section.label]
    lines = [section.label for section in titled]
    page, warnings = pipeline.page(submission, number, settings(), prove=proved, lines=lines)
    response = _picture_of(submission, number, page, warnings)
    begun = {sections[0].pointer: 1}
    begun |= {each.pointer: place for each, place in zip(titled, page.lines, strict=True) if place}
    response.headers["X-Section-Pages"] = json.dumps(begun, separators=(",", ":"))
    return response


def _picture_of(
    submission: Submission, number: int, page: Page, warnings: Sequence[CharacterWarning]
) -> Response:
    response = download(submission, page.png, "png", warnings, f"第{number}页.png")
    response.headers["X-Page-Count"] = str(page.count)
    return response


def _warned(warnings: Sequence[CharacterWarning]) -> dict[str, str]:
    """The headers that tell how many warnings there are, and as many of them as fit, as ASCII JSON."""
    if not warnings:
        return {}
    items: list[str] = []
    size = 1
    for warning in warnings:
        items.append(json.dumps(warning.as_dict(language()), separators=(",", ":")))
        size += len(items[-1]) + 1
        if size > _WARNINGS_LIMIT:
            items.pop()
            break
    return {"X-Warning-Count": str(len(warnings)), "X-Warnings": f"[{','.join(items)}]"}


def download(
    submission: Submission,
    document: bytes,
    format: str,
    warnings: Sequence[CharacterWarning],
    extension: str | None = None,
) -> Response:
    """A document to save under a Chinese name (RFC 6266, RFC 8187), its warnings told beside it."""
    name = pipeline.file_name(submission.edition, submission, extension or format)
    response = Response(document, content_type=MEDIA_TYPES[format])
    response.set_etag(hashlib.sha256(document).hexdigest())
    response.headers["Content-Disposition"] = saved_as(f"form.{format}", name)
    response.headers.update(_warned(warnings))
    return response
