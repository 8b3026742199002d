"""Adds a sealed copy from a record's page, without JavaScript too."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from service.errors import KexieError
from service.web.api import records, sealed_copies
from service.web.http.audit_log import audited
from service.web.http.auth import needs
from service.web.http.parameters import take_sealed_copy
from service.web.openapi import page_operations
from service.web.openapi.parts import raises
from service.web.pages import error_pages, messages, page_access, record_pages, render

blueprint = page_access.pages_blueprint("sealed_pages", take_sealed_copy)


@blueprint.post("/records/<key>/sealed")
@audited("seal")
@blueprint.doc(
    **page_operations.upload_page(
        "存入盖章件 / add a sealed copy", refused=(409, 410), seen="档案的页面 / the record's page"
    ),
    **raises("unreadable_document", "other_record", "not_sealed"),
)
@needs("archive:read", "archive:write")
def add(key: str) -> tuple[Response, int] | BaseResponse | Response:
    """Adds the file; shows the record's page with it, or with what is wrong."""
    found = records.find(key)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return record_pages.shown(found, sealed_fault=messages.of(render.page_language())["sealed_none"]), 400
    try:
        copy, _ = sealed_copies.add_to(found, sent.read())
    except KexieError as error:
        return record_pages.shown(found, sealed_fault=error_pages.fault(error)), error.status
    if page_access.requires_credentials():  # the browser would ask for the next page without a key
        return record_pages.shown(found, sealed_added=copy.number)
    return redirect(f"{render.linked()('record_pages.record', key=key)}#sealed", 303)
