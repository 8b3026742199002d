"""The pages of batches: submit, watch, cancel, download documents and errors."""

import time
from collections.abc import Callable
from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from service import catalog
from service.batch.documents import document_files
from service.batch.hosted import http_batch
from service.batch.inputs.read_input import SUFFIXES
from service.batch.jobs.failures import remarked, warned
from service.errors import UnreadableInput, UsageError
from service.web.api import batch_failures, batch_upload, batches
from service.web.http.archive_handle import archive
from service.web.http.audit_log import allowed, audited
from service.web.http.auth import caller, needs, settings
from service.web.http.json_fields import timestamp
from service.web.http.parameters import XLSX
from service.web.http.urls import link
from service.web.openapi import page_operations
from service.web.openapi.parts import TEXT, raises
from service.web.pages import batch_rows, error_pages, messages, page_access, render
from service.web.schemas.batches import FORMATS, links, read_formats
from service.web.schemas.forms import find_edition

_LISTED, _FAILED = 20, 50  # batches and failed items per page
_REFRESHING = 3  # seconds after which the page reloads itself without JavaScript
_SEND = ("generate", "archive:write")
_UPLOADED: dict[str, Any] = {
    "file": {"type": "array", "items": page_operations.FILE},
    "id": {"type": "array", "items": TEXT},
    **dict.fromkeys(("edition", "formats"), TEXT),
}


def _prepare() -> None:
    if request.method == "POST":
        batch_upload.prepare(settings().archive, settings().batch_limit)


blueprint = page_access.pages_blueprint("batch_pages", _prepare)


@blueprint.get("/batches")
@blueprint.doc(**page_operations.tenant_page("提交批次，查看各批次 / submit and list batches", "after"))
def index() -> Response:
    """Shows the upload form and the submitted batches, the latest first."""
    return _index()


@blueprint.post("/batches")
@blueprint.doc(
    **page_operations.upload_page(
        "批次 / the batch", "after", seen="批次的页面 / the batch's page", **_UPLOADED
    ),
    **raises("unreadable_input"),
)
@needs(*_SEND)
@audited("batch")
def posted_by_form() -> tuple[Response, int] | BaseResponse | Response:
    """Starts a batch from a browser without JavaScript; shows the page again if its file has an error."""
    if request.files and not any(each.filename for each in request.files.getlist("file")):
        return _index(messages.of(render.page_language())["batch_none"]), 400
    form, _, year = request.form.get("edition", "").partition("/")
    try:
        edition = find_edition(form, year) if form else None
        of_form, of_year = (edition.form, edition.year) if edition else (None, None)
        id, _ = batches.start_batch(
            of_form, of_year, read_formats("formats", request.form.get("formats", FORMATS[0]))
        )
    except (UnreadableInput, UsageError) as error:
        return _index(error_pages.fault(error)), error.status
    if page_access.requires_credentials():  # the browser would ask for the next page without a key
        return _batch(id)
    return redirect(render.linked()("batch_pages.batch", id=id), 303)


@blueprint.get("/batches/<id>")
@blueprint.doc(**page_operations.tenant_page("批次：进度、错误、文书 / progress, errors, documents", "after"))
def batch(id: str) -> Response:
    """Shows a batch's progress and results."""
    return _shown(id)


@blueprint.post("/batches/<id>")
@blueprint.doc(
    **page_operations.tenant_page(
        "批次，或它的文件 / the batch, or one of its files",
        "after",
        posts=True,
        files=("application/zip", "application/x-ndjson", XLSX),
    )
)
def posted_action(id: str) -> Response:
    """Without JavaScript: shows the batch, downloads one of its files, or cancels it."""
    action = request.form.get("do", "look")
    if action in _FILES:
        return _FILES[action](id=id)
    if action == "cancel":
        allowed("batch_cancel", *_SEND)
        batches.cancel_batch(id)
    elif action != "look":
        raise page_access.unknown_action("look", "cancel", *_FILES)
    return _shown(id)


def _shown(id: str) -> Response:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("batch", id=id, batch=None)
    return _batch(id)


_FILES: dict[str, Callable[..., Response]] = {
    "documents": batches.documents,
    "errors_sheet": batches.errors_sheet,
    "errors": batches.errors,
}


def _index(fault: str = "") -> Response:
    listed, following = None, None
    if page_access.has_scopes("archive:read"):
        after = request.args.get("after")
        tenant = caller().tenant
        behind = None if after is None else http_batch.find(archive(), tenant, after)
        found = http_batch.page(archive(), tenant, behind, _LISTED + 1)
        listed = [(id, each, timestamp(each.created)) for id, each in found[:_LISTED]]
        following = found[_LISTED - 1][0] if len(found) > _LISTED else None
    return page_access.tenant_page(
        "batches",
        fault=fault,
        accept=",".join(dict.fromkeys((*SUFFIXES, *document_files.SUFFIXES))),
        editions=[*reversed(catalog.editions())],
        batches=listed,
        next=following,
    )


def _batch(id: str) -> Response:
    found = http_batch.find(archive(), caller().tenant, id)
    ended = found.counts.ended
    failed, following = batch_failures.page(archive(), found, request.args.get("after"), _FAILED)
    rows = [batch_rows.row(failure, render.page_language()) for failure in failed]
    advised = remarked(archive(), found.job, batches.WARNED_MAXIMUM)
    remarks = [batch_rows.remarks_row(each, render.page_language()) for each in advised]
    return page_access.tenant_page(
        "batch",
        id=id,
        batch=found,
        counts=vars(found.counts),
        ended=ended,
        rate=_rate(ended, found),
        links=links(id, found),
        created=timestamp(found.created),
        finished=None if found.ended is None else timestamp(found.ended),
        seconds=None if found.ended is None else max(round(found.ended - found.created), 1),
        rows=rows,
        warned=list(warned(archive(), found.job, batches.WARNED_MAXIMUM)),
        remarks=remarks,
        most=batches.WARNED_MAXIMUM,
        columns=any(fault.column for row in (*rows, *remarks) for fault in row.faults),
        next=following,
        refreshing=_REFRESHING,
        watched=_watched(id, found, ended),
    )


def _rate(ended: int, found: http_batch.HttpBatch) -> int:
    """Items per minute."""
    until = time.time() if found.ended is None else found.ended
    return round(ended * 60 / max(until - found.created, 1))


def _watched(id: str, found: http_batch.HttpBatch, ended: int) -> dict[str, Any]:
    """The data with which the page's script follows the batch."""
    return {
        "self": link("batches.batch", id=id),
        "events": link("batches.events", id=id),
        "total": found.total,
        "ended": ended,
        "failed": found.counts.failed,
        "over": found.ended is not None,
    }
