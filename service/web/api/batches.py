"""The routes of batches: sent, watched, cancelled, and what they came to."""

from __future__ import annotations

import threading
import time
from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint

from service import catalog
from service.batch.hosted import error_workbook, http_batch, outbound_http, webhook_sender, zip_export
from service.batch.hosted.http_batch import HttpBatch
from service.batch.hosted.supervisor import Supervisor
from service.batch.jobs import active_jobs, webhook_queue
from service.batch.jobs.job_store import Options, formats_of
from service.batch.sheets import blank_sheet
from service.errors import UnknownBatch, UsageError
from service.web.api import batch_failures, batch_json, batch_upload
from service.web.api import server_sent_events as sent_events
from service.web.api.documents import find_edition
from service.web.http.archive_handle import archive
from service.web.http.auth import caller, needs
from service.web.http.auth import settings as _settings
from service.web.http.idempotency import replayable
from service.web.http.parameters import XLSX, limit, text, year
from service.web.http.problems import json_response, language
from service.web.http.urls import following, link, saved_as
from service.web.openapi import batches as openapi_batches
from service.web.openapi import forms
from service.web.openapi.batches import FORMATS

blueprint = Blueprint("batches", __name__, url_prefix="/api/v1", description="批次")


def _supervisor() -> Supervisor:
    found: Supervisor = current_app.config["KEXIE_SUPERVISOR"]
    return found


@blueprint.get("/forms/<form>/<year>/sheet")
@blueprint.doc(**forms.sheet(XLSX))
def sheet(form: str, year: str) -> Response:
    """批量填报用的空白表格 / the empty sheet to fill in for a batch, as `kexie-forms sheet` writes it"""
    edition = find_edition(form, year)
    response = Response(blank_sheet.make(edition), content_type=XLSX)
    response.headers["Content-Disposition"] = saved_as("sheet.xlsx", f"{edition.title}（批量填报）.xlsx")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.post("/batches")
@blueprint.doc(**openapi_batches.post())
@needs("generate", "archive:write")
@replayable(lambda: batch_upload.prepare(_settings().archive, _settings().batch_limit))
def post() -> Response:
    """提交批次 / many submissions as one job; the same again is the same batch"""
    id, found = take_in(
        text("form"),
        year(),
        asked_formats(request.args.get("formats", FORMATS[0])),
        request.args.get("webhook"),
    )
    response = json_response(batch_json.whole(id, found), 202)
    response.headers["Location"] = link("batches.batch", id=id)
    return response


def take_in(
    form: str | None, of_year: int | None, formats: tuple[str, ...], hook: str | None = None
) -> tuple[str, HttpBatch]:
    """The batch in the request, begun or found again, with its name in addresses; `hook` is told of its end.

    Raises as `sent.batch`, and UnknownForm, UnknownYear, UnreadableInput, and UsageError for the webhook.
    """
    settings, tenant = _settings(), caller().tenant
    if form is not None and (of_year is not None or form not in {each.form for each in catalog.editions()}):
        catalog.edition(form, of_year or 0)  # is there such an edition
    if hook is not None:
        webhook_sender.signing_secret(settings)
        outbound_http.target(hook, settings.allowed_hosts)
    with batch_upload.batch(settings.archive, settings.batch_limit) as given:
        options = Options(formats, tenant, form, of_year)
        id = http_batch.submit(archive(), given, options, settings.archive)
    found = http_batch.find(archive(), tenant, id)
    if hook is not None:
        with archive().writing() as connection:
            webhook_queue.register(connection, found.job, hook, link("batches.batch", id=id), time.time())
    _supervisor().wake()
    return id, found


@blueprint.get("/batches")
@blueprint.doc(**openapi_batches.batches())
@needs("archive:read")
def batches() -> Response:
    """列出批次 / the batches, the latest first"""
    count, after = limit(), request.args.get("after")
    behind = None if after is None else http_batch.find(archive(), caller().tenant, after)
    found = http_batch.page(archive(), caller().tenant, behind, count + 1)
    more = len(found) > count
    return json_response(
        {
            "batches": [batch_json.whole(id, batch) for id, batch in found[:count]],
            "next": following(found[count - 1][0]) if more else None,
        }
    )


@blueprint.get("/batches/<id>")
@blueprint.doc(**openapi_batches.batch())
@needs("archive:read")
def batch(id: str) -> Response:
    """批次：进度与各条的错误 / how far a batch is, and the errors of its items, page by page"""
    found = http_batch.find(archive(), caller().tenant, id)
    failed, behind = batch_failures.page(archive(), found, request.args.get("after"), limit())
    return json_response(
        {
            **batch_json.whole(id, found),
            "errors": [failure.as_dict(language()) for failure in failed],
            "next": None if behind is None else following(behind),
            "webhooks": batch_json.webhooks(archive(), found),
        }
    )


@blueprint.delete("/batches/<id>")
@blueprint.doc(**openapi_batches.cancel())
@needs("generate", "archive:write")
def cancel(id: str) -> Response:
    """取消批次 / cancels what has not begun; what is done is kept"""
    stop(id)
    return json_response(batch_json.whole(id, http_batch.find(archive(), caller().tenant, id)))


def stop(id: str) -> None:
    """Cancels what of the caller's batch has not begun. Raises UnknownBatch."""
    found = http_batch.find(archive(), caller().tenant, id)
    with archive().writing() as connection:
        active_jobs.cancel(connection, found.job, time.time())
    _supervisor().wake()


@blueprint.get("/batches/<id>/events")
@blueprint.doc(**openapi_batches.events())
@needs("archive:read")
def events(id: str) -> Response:
    """进度推送 / progress as server-sent events; EventSource reconnects by itself"""
    tenant, there, url = caller().tenant, archive(), link("batches.batch", id=id)
    found = http_batch.find(there, tenant, id)
    last = request.headers.get("Last-Event-ID", "")
    if found.ended is not None and last == sent_events.id_of(found):
        return Response(status=204)  # EventSource comes back no more
    listeners: threading.Semaphore = current_app.config["KEXIE_LISTENERS"]
    leaving: threading.Event = current_app.config["KEXIE_LEAVING"]

    def told(batch: HttpBatch) -> dict[str, Any]:
        return {"id": id, **batch_json.progress(batch), "url": url}

    if listeners.acquire(blocking=False):
        stream = sent_events.stream(lambda: http_batch.find(there, tenant, id), told, last, leaving.wait)
    else:
        listeners, stream = threading.Semaphore(0), sent_events.once(found, told)
    response = Response(stream, content_type="text/event-stream")
    response.call_on_close(listeners.release)
    return response


@blueprint.get("/batches/<id>/documents.zip")
@blueprint.doc(**openapi_batches.documents())
@needs("archive:read")
def documents(id: str) -> Response:
    """批次的全部文书 / all documents of a batch so far, streamed"""
    found = http_batch.find(archive(), caller().tenant, id)
    stream = zip_export.stream(archive(), found.job, _settings().archive)
    return _saved(Response(stream, content_type="application/zip"), "documents.zip", id)


@blueprint.get("/batches/<id>/errors.ndjson")
@blueprint.doc(**openapi_batches.errors())
@needs("archive:read")
def errors(id: str) -> Response:
    """各条的错误 / the errors of all failed items, a line each"""
    found = http_batch.find(archive(), caller().tenant, id)
    stream = zip_export.errors(archive(), found.job, language())
    return _saved(Response(stream, content_type="application/x-ndjson"), "errors.ndjson", id)


@blueprint.get("/batches/<id>/errors.xlsx")
@blueprint.doc(**openapi_batches.errors_sheet())
@needs("archive:read")
def errors_sheet(id: str) -> Response:
    """标出错误的表格 / the failed rows of a sheet, faulty cells marked, to be mended and sent again"""
    found = http_batch.find(archive(), caller().tenant, id)
    made = error_workbook.make(archive(), found, _settings().archive)
    if made is None:
        raise UnknownBatch(
            "这个批次不是表格，或没有失败的行。全部错误见 errors.ndjson。",
            "The batch was no sheet, or no row of it failed: see errors.ndjson.",
        )
    return _saved(Response(made, content_type=XLSX), "errors.xlsx", id)


def asked_formats(asked: str) -> tuple[str, ...]:
    """What of each item is archived, of the text that asks for it. Raises UsageError."""
    if asked not in FORMATS:
        raise UsageError(
            f"formats 只能取 {'、'.join(FORMATS)}。", f"formats takes one of: {'; '.join(FORMATS)}."
        )
    return formats_of(asked)


def _saved(response: Response, plain: str, id: str) -> Response:
    names = {"documents.zip": "批次文书", "errors.ndjson": "批次错误", "errors.xlsx": "批次错误"}
    name = f"{names[plain]}（{id[:8]}）.{plain.rpartition('.')[2]}"
    response.headers["Content-Disposition"] = saved_as(plain, name)
    return response
