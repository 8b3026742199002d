"""What the script of the page for new forms tries a form with: its fields, their check, its document."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Response, request
from werkzeug.datastructures import MultiDict

from service import payload_json, pipeline
from service.catalog import Edition
from service.form_authoring import blank_form
from service.form_authoring.drafts import form_of_draft
from service.submission import validate
from service.web.api import documents
from service.web.controls import form_data
from service.web.http.auth import needs, settings
from service.web.http.problems import json_response
from service.web.openapi import page_operations
from service.web.openapi.parts import CONVERTING, raises
from service.web.pages import page_access, posted_draft, render
from service.web.schemas.forms import PlacesSchema, ReportSchema

_DRAWN = raises("character_not_drawable", *CONVERTING)

blueprint = page_access.pages_blueprint("trial_pages", posted_draft.prepare)


@blueprint.post("/forms/new/try")
@blueprint.doc(**page_operations.new_form("试填的栏目，填有样例 / the form's fields with the sample"))
@needs("admin")
def fields() -> Response:
    """Shows the fields of a form that is tried, filled in with its sample."""
    with _edition() as edition:
        values = form_data.texts(edition, edition.sample("full"))
        return page_access.private(render.form_page("trial_form", edition, MultiDict(values)))


@blueprint.post("/forms/new/try/validate")
@blueprint.doc(
    operationId="validateTriedForm",
    **page_operations.new_form("校验试填的内容 / check what is filled in", page_operations.REPORT),
)
@needs("admin")
def validate_payload() -> Response:
    """Responds as the API's route of an installed form does."""
    with _edition() as edition:
        return json_response(ReportSchema().dump(documents.report(edition, _payload())))


@blueprint.post("/forms/new/try/documents")
@blueprint.doc(
    operationId="getTriedFormPage",
    **page_operations.new_form("试填的文书的一页 / a page of the document", page_operations.PICTURE, "page"),
    **_DRAWN,
)
@needs("admin")
def document() -> Response:
    """Responds with a page of the document as PNG, as the API's route of an installed form does."""
    with _edition() as edition:
        number = request.args.get("page", "1")
        page = int(number) if re.fullmatch("[0-9]{1,4}", number) else 0
        return documents.picture(validate(edition, _payload()), page)


@blueprint.post("/forms/new/try/places")
@blueprint.doc(
    operationId="listTriedFieldPlaces",
    **page_operations.new_form(
        "试填的各栏在文书上的位置 / where its fields are printed", page_operations.PLACES
    ),
    **_DRAWN,
)
@needs("admin")
def places() -> Response:
    """Responds as the API's route of an installed form does."""
    with _edition() as edition:
        found = pipeline.places(validate(edition, _payload()), settings())
        return json_response(PlacesSchema().dump({"pages": found}))


@contextmanager
def _edition() -> Iterator[Edition]:
    sent = posted_draft.posted()
    blank = blank_form.read(sent.blank, settings())
    with form_of_draft.tried(blank, sent.draft(blank), settings()) as edition:
        yield edition


def _payload() -> object:
    return payload_json.parse(request.form.get("payload", "{}").encode())
