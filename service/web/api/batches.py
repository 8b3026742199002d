"""The routes of batches: upload, progress, cancellation, results."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, request

from service import catalog, outbound_http
from service.batch.documents.reading_budget import Limits
from service.batch.hosted import error_workbook, http_batch, webhook_sender, zip_export
from service.batch.hosted.http_batch import HttpBatch
from service.batch.hosted.supervisor import Supervisor
from service.batch.jobs import active_jobs, webhook_queue
from service.batch.jobs.failures import remarked, warned
from service.batch.jobs.job_store import Options
from service.batch.sheets import blank_sheet
from service.catalog import Edition
from service.errors import UnknownBatch
from service.web.api import batch_failures, batch_upload
from service.web.api import server_sent_events as sent_events
from service.web.http.archive_handle import archive
from service.web.http.audit_log import actor, audited, happened, of_each
from service.web.http.auth import caller, needs
from service.web.http.auth import settings as _settings
from service.web.http.idempotency import replayable
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import XLSX, accepted_language
from service.web.http.urls import following, link, saved_as
from service.web.openapi.parts import (
    BATCH_BODY,
    BATCH_LOCATION,
    DOWNLOAD_HEADERS,
    cacheable_file_response,
    event_stream,
    file_response,
    raises,
)
from service.web.schemas.batches import (
    BatchesQuery,
    BatchListSchema,
    BatchPath,
    BatchQuery,
    BatchSchema,
    BatchWithErrorsSchema,
    EventsHeaders,
    FailuresQuery,
    ProgressSchema,
    dumpable,
)
from service.web.schemas.forms import EditionPath

WARNED_MAXIMUM = 100  # rows whose warnings a batch lists, and rows whose remarks
_PROGRESS = ProgressSchema()

blueprint = Blueprint("batches", __name__, url_prefix="/api/v1", description="批次")


def _supervisor() -> Supervisor:
    found: Supervisor = current_app.config["KEXIE_SUPERVISOR"]
    return found


@blueprint.get("/forms/<form>/<year>/sheet")
@blueprint.doc(**cacheable_file_response("空白表格 / the empty sheet", XLSX))
@blueprint.arguments(EditionPath, location="path")
def sheet(edition: Edition) -> Response:
    """批量填报用的空白表格 / download the empty sheet for a batch, as `kexie-forms sheet` writes it"""
    response = Response(blank_sheet.make(edition), content_type=XLSX)
    response.headers["Content-Disposition"] = saved_as("sheet.xlsx", f"{edition.title}（批量填报）.xlsx")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.post("/batches")
@blueprint.doc(operationId="startBatch", **BATCH_BODY, **raises("unreadable_input"))
@needs("generate", "archive:write")
@audited("batch")
@replayable(lambda: batch_upload.prepare(_settings().archive, _settings().batch_limit))
@blueprint.response(202, BatchSchema, description="已接收 / accepted", headers=BATCH_LOCATION)
@blueprint.arguments(BatchQuery)
def post(
    form: str | None, year: int | None, formats: tuple[str, ...], complete: bool, webhook: str | None
) -> tuple[Mapping[str, Any], dict[str, str]]:
    """提交批次 / submit a batch; resubmitting the same input returns the existing batch"""
    id, found = start_batch(form, year, formats, webhook, complete=complete)
    return dumpable(id, found), {"Location": link("batches.batch", id=id)}


def start_batch(
    form: str | None,
    of_year: int | None,
    formats: tuple[str, ...],
    hook: str | None = None,
    *,
    complete: bool = False,
) -> tuple[str, HttpBatch]:
    """Starts the batch in the request, or finds the existing one; returns its public id and the batch.

    `hook` is the URL notified when the batch ends; with `complete` incomplete items are refused. Raises as
    `batch_upload.batch`, and UnknownForm, UnknownYear, UnreadableInput, UsageError (webhook).
    """
    settings, tenant = _settings(), caller().tenant
    if form is not None and (of_year is not None or form not in {each.form for each in catalog.editions()}):
        catalog.edition(form, of_year or 0)  # raises if there is no such edition
    if hook is not None:
        webhook_sender.signing_secret(settings)
        outbound_http.target(hook, settings.allowed_hosts)
    with batch_upload.batch(settings.archive, settings.batch_limit) as given:
        options = Options(formats, tenant, form, of_year, complete)
        limits = Limits(settings.file_limit, settings.batch_limit)
        id = http_batch.submit(archive(), given, options, settings.archive, limits, actor())
    happened(action="batch", batch=id)
    found = http_batch.find(archive(), tenant, id)
    if hook is not None:
        with archive().writing() as connection:
            webhook_queue.register(connection, found.job, hook, link("batches.batch", id=id), time.time())
    _supervisor().wake()
    return id, found


@blueprint.get("/batches")
@blueprint.doc(operationId="listBatches")
@needs("archive:read")
@blueprint.response(200, BatchListSchema, description="批次 / batches")
@blueprint.arguments(BatchesQuery)
def batches(limit: int, after: str | None) -> dict[str, Any]:
    """列出批次 / list batches, the latest first"""
    behind = None if after is None else http_batch.find(archive(), caller().tenant, after)
    found = http_batch.page(archive(), caller().tenant, behind, limit + 1)
    more = len(found) > limit
    return {
        "batches": [dumpable(id, batch) for id, batch in found[:limit]],
        "next": following(found[limit - 1][0]) if more else None,
    }


@blueprint.get("/batches/<id>")
@needs("archive:read")
@blueprint.response(200, BatchWithErrorsSchema, description="批次 / the batch")
@blueprint.arguments(BatchPath, location="path")
@blueprint.arguments(FailuresQuery)
def batch(id: str, limit: int, after: str | None) -> Mapping[str, Any]:
    """批次：进度与各条的错误 / progress of a batch, with its failed items (paged)"""
    found = http_batch.find(archive(), caller().tenant, id)
    failed, behind = batch_failures.page(archive(), found, after, limit)
    with archive().reading() as connection:
        hooks = webhook_queue.of_batch(connection, found.job)
    return {
        **dumpable(id, found),
        "errors": failed,
        "next": None if behind is None else following(behind),
        "warnings": list(warned(archive(), found.job, WARNED_MAXIMUM)),
        "remarks": list(remarked(archive(), found.job, WARNED_MAXIMUM)),
        "webhooks": hooks,
    }


@blueprint.delete("/batches/<id>")
@blueprint.doc(operationId="cancelBatch")
@needs("generate", "archive:write")
@audited("batch_cancel")
@blueprint.response(200, BatchSchema, description="已取消，或早已结束 / cancelled, or already finished")
@blueprint.arguments(BatchPath, location="path")
def cancel(id: str) -> Mapping[str, Any]:
    """取消批次 / cancel a batch: queued items are cancelled, finished ones kept"""
    cancel_batch(id)
    return dumpable(id, http_batch.find(archive(), caller().tenant, id))


def cancel_batch(id: str) -> None:
    """Cancels the queued items of the caller's batch. Raises UnknownBatch."""
    found = http_batch.find(archive(), caller().tenant, id)
    happened(action="batch_cancel", batch=id)
    with archive().writing() as connection:
        active_jobs.cancel(connection, found.job, time.time())
    _supervisor().wake()


@blueprint.get("/batches/<id>/events")
@blueprint.doc(operationId="watchBatch", **event_stream())
@needs("archive:read")
@blueprint.arguments(BatchPath, location="path")
@blueprint.arguments(EventsHeaders, location="headers")
def events(id: str, last: str) -> Response:
    """进度推送 / stream progress as server-sent events; EventSource reconnects by itself"""
    tenant, handle, url = caller().tenant, archive(), link("batches.batch", id=id)
    found = http_batch.find(handle, tenant, id)
    if found.ended is not None and last == sent_events.id_of(found):
        return Response(status=204)  # ends the reconnections of EventSource
    listeners: threading.Semaphore = current_app.config["KEXIE_LISTENERS"]
    shutdown: threading.Event = current_app.config["KEXIE_SHUTDOWN"]

    def report(batch: HttpBatch) -> Any:
        return _PROGRESS.dump({**vars(batch), "id": id, "total": batch.total, "url": url})

    if listeners.acquire(blocking=False):
        stream = sent_events.stream(lambda: http_batch.find(handle, tenant, id), report, last, shutdown.wait)
    else:
        listeners, stream = threading.Semaphore(0), sent_events.once(found, report)
    response = Response(stream, content_type="text/event-stream")
    response.call_on_close(listeners.release)
    return response


@blueprint.get("/batches/<id>/documents.zip")
@blueprint.doc(
    **file_response(
        "各条的文书、manifest.csv、errors.ndjson / the documents", "application/zip", headers=DOWNLOAD_HEADERS
    )
)
@needs("archive:read")
@audited("download")
@blueprint.arguments(BatchPath, location="path")
def documents(id: str) -> Response:
    """批次的全部文书 / download the batch's documents so far, streamed"""
    found = http_batch.find(archive(), caller().tenant, id)
    leaving = of_each("download", batch=id, detail="documents.zip")
    stream = zip_export.stream(archive(), found.job, _settings().archive, leaving)
    return _saved(Response(stream, content_type="application/zip"), "documents.zip", id)


@blueprint.get("/batches/<id>/errors.ndjson")
@blueprint.doc(**file_response("每行一条 / one per line", "application/x-ndjson", headers=DOWNLOAD_HEADERS))
@needs("archive:read")
@audited("download")
@blueprint.arguments(BatchPath, location="path")
def errors(id: str) -> Response:
    """各条的错误 / download the errors of all failed items, one per line"""
    found = http_batch.find(archive(), caller().tenant, id)
    stream = zip_export.errors(archive(), found.job, accepted_language())
    return _saved(Response(stream, content_type="application/x-ndjson"), "errors.ndjson", id)


@blueprint.get("/batches/<id>/errors.xlsx")
@blueprint.doc(
    operationId="getBatchErrorsSheet",
    **file_response("失败的行，错误单元格已标出 / the failed rows", XLSX, headers=DOWNLOAD_HEADERS),
)
@needs("archive:read")
@audited("download")
@blueprint.arguments(BatchPath, location="path")
def errors_sheet(id: str) -> Response:
    """标出错误的表格 / download the failed rows of a sheet, invalid cells marked, to correct and resubmit"""
    found = http_batch.find(archive(), caller().tenant, id)
    made = error_workbook.make(archive(), found, _settings().archive)
    if made is None:
        raise UnknownBatch(
            "这个批次不是表格，或没有失败的行。全部错误见 errors.ndjson。",
            "The batch is not a sheet, or none of its rows failed: see errors.ndjson.",
        )
    return _saved(Response(made, content_type=XLSX), "errors.xlsx", id)


def _saved(response: Response, plain: str, id: str) -> Response:
    names = {"documents.zip": "批次文书", "errors.ndjson": "批次错误", "errors.xlsx": "批次错误"}
    name = f"{names[plain]}（{id[:8]}）.{plain.rpartition('.')[2]}"
    response.headers["Content-Disposition"] = saved_as(plain, name)
    happened(action="download", batch=id, detail=plain)
    return response
