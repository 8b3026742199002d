"""The routes of batches: sent, watched, cancelled, and what they came to."""

from __future__ import annotations

import itertools
import re
import threading
import time
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint

from service import catalog, pipeline
from service.archive.tables import iso
from service.batch import bundle, courier, hooks, live, marked, outside, posted
from service.batch.failures import failures
from service.batch.inputs import SHEETS
from service.batch.job import Options, formats_of
from service.batch.keeper import Keeper
from service.batch.posted import Posted
from service.config import Settings
from service.errors import UnknownBatch, UsageError
from service.web import events as sent_events
from service.web import openapi_batches, sent
from service.web.access import caller, needs
from service.web.archives import archive
from service.web.idempotency import replayable
from service.web.links import link, saved_as
from service.web.negotiation import limit, text, year
from service.web.problems import json_response, language

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("batches", __name__, url_prefix="/api/v1", description="批次")


def _settings() -> Settings:
    found: Settings = current_app.config["KEXIE_SETTINGS"]
    return found


def _keeper() -> Keeper:
    found: Keeper = current_app.config["KEXIE_KEEPER"]
    return found


@blueprint.post("/batches")
@blueprint.doc(**openapi_batches.post())
@needs("generate", "archive:write")
@replayable(lambda: sent.prepare(_settings().archive, _settings().batch_limit))
def post() -> Response:
    """提交批次 / many submissions as one job; the same again is the same batch"""
    settings, tenant = _settings(), caller().tenant
    formats = formats_of(request.args.get("formats", ",".join(pipeline.FORMATS)))
    form, of_year = text("form"), year()
    if form is not None and (of_year is not None or form not in {each.form for each in catalog.editions()}):
        catalog.edition(form, of_year or 0)  # is there such an edition
    hook = request.args.get("webhook")
    if hook is not None:
        courier.signing(settings)
        outside.target(hook, settings.allowed_hosts)
    with sent.batch(settings.archive, settings.batch_limit) as given:
        options = Options(formats, tenant, form, of_year)
        id = posted.post(archive(), given, options, settings.archive)
    found = posted.find(archive(), tenant, id)
    if hook is not None:
        with archive().writing() as connection:
            hooks.register(connection, found.job, hook, link("batches.batch", id=id), time.time())
    _keeper().wake()
    response = json_response(_told(id, found), 202)
    response.headers["Location"] = link("batches.batch", id=id)
    return response


@blueprint.get("/batches")
@blueprint.doc(**openapi_batches.batches())
@needs("archive:read")
def batches() -> Response:
    """列出批次 / the batches, the latest first"""
    count, after = limit(), request.args.get("after")
    try:
        behind = None if after is None else posted.find(archive(), caller().tenant, after)
    except UnknownBatch as error:
        raise _bad_after() from error
    found = posted.page(archive(), caller().tenant, behind, count + 1)
    more = len(found) > count
    following = {**request.args.to_dict(), "after": found[count - 1][0]} if more else {}
    return json_response(
        {
            "batches": [_told(id, batch) for id, batch in found[:count]],
            "next": link("batches.batches", **following) if more else None,
        }
    )


@blueprint.get("/batches/<id>")
@blueprint.doc(**openapi_batches.batch())
@needs("archive:read")
def batch(id: str) -> Response:
    """批次：进度与各条的错误 / how far a batch is, and the errors of its items, page by page"""
    found = posted.find(archive(), caller().tenant, id)
    count, after = limit(), request.args.get("after", "-1")
    if not re.fullmatch("-1|[0-9]{1,9}", after):
        raise _bad_after()
    failed = list(itertools.islice(failures(archive(), found.job, int(after)), count + 1))
    more = len(failed) > count
    following = {**request.args.to_dict(), "after": failed[count - 1].position} if more else {}
    return json_response(
        {
            **_told(id, found),
            "errors": [failure.as_dict(language()) for failure in failed[:count]],
            "next": link("batches.batch", id=id, **following) if more else None,
            "webhooks": _webhooks(found),
        }
    )


@blueprint.delete("/batches/<id>")
@blueprint.doc(**openapi_batches.cancel())
@needs("generate", "archive:write")
def cancel(id: str) -> Response:
    """取消批次 / cancels what has not begun; what is done is kept"""
    found = posted.find(archive(), caller().tenant, id)
    with archive().writing() as connection:
        live.cancel(connection, found.job, time.time())
    _keeper().wake()
    return json_response(_told(id, posted.find(archive(), caller().tenant, id)))


@blueprint.get("/batches/<id>/events")
@blueprint.doc(**openapi_batches.events())
@needs("archive:read")
def events(id: str) -> Response:
    """进度推送 / progress as server-sent events; EventSource reconnects by itself"""
    tenant, there, url = caller().tenant, archive(), link("batches.batch", id=id)
    found = posted.find(there, tenant, id)
    last = request.headers.get("Last-Event-ID", "")
    if found.ended is not None and last == sent_events.id_of(found):
        return Response(status=204)  # EventSource comes back no more
    listeners: threading.Semaphore = current_app.config["KEXIE_LISTENERS"]
    leaving: threading.Event = current_app.config["KEXIE_LEAVING"]

    def told(batch: Posted) -> dict[str, Any]:
        return {"id": id, **_progress(batch), "url": url}

    if listeners.acquire(blocking=False):
        stream = sent_events.stream(lambda: posted.find(there, tenant, id), told, last, leaving.wait)
    else:
        listeners, stream = threading.Semaphore(0), sent_events.once(found, told)
    response = Response(stream, content_type="text/event-stream")
    response.call_on_close(listeners.release)
    response.headers["X-Accel-Buffering"] = "no"  # nginx would wait for more
    return response


@blueprint.get("/batches/<id>/documents.zip")
@blueprint.doc(**openapi_batches.documents())
@needs("archive:read")
def documents(id: str) -> Response:
    """批次的全部文书 / all documents of a batch so far, streamed"""
    found = posted.find(archive(), caller().tenant, id)
    stream = bundle.stream(archive(), found.job, _settings().archive)
    return _saved(Response(stream, content_type="application/zip"), "documents.zip", id)


@blueprint.get("/batches/<id>/errors.ndjson")
@blueprint.doc(**openapi_batches.errors())
@needs("archive:read")
def errors(id: str) -> Response:
    """各条的错误 / the errors of all failed items, a line each"""
    found = posted.find(archive(), caller().tenant, id)
    stream = bundle.errors(archive(), found.job, language())
    return _saved(Response(stream, content_type="application/x-ndjson"), "errors.ndjson", id)


@blueprint.get("/batches/<id>/errors.xlsx")
@blueprint.doc(**openapi_batches.errors_sheet())
@needs("archive:read")
def errors_sheet(id: str) -> Response:
    """标出错误的表格 / the failed rows of a sheet, faulty cells marked, to be mended and sent again"""
    found = posted.find(archive(), caller().tenant, id)
    made = marked.make(archive(), found, _settings().archive)
    if made is None:
        raise UnknownBatch(
            "这个批次不是表格，或没有失败的行。全部错误见 errors.ndjson。",
            "The batch was no sheet, or no row of it failed: see errors.ndjson.",
        )
    return _saved(Response(made, content_type=_XLSX), "errors.xlsx", id)


def _saved(response: Response, plain: str, id: str) -> Response:
    names = {"documents.zip": "批次文书", "errors.ndjson": "批次错误", "errors.xlsx": "批次错误"}
    name = f"{names[plain]}（{id[:8]}）.{plain.rpartition('.')[2]}"
    response.headers["Content-Disposition"] = saved_as(plain, name)
    return response


def _bad_after() -> UsageError:
    return UsageError("after 应取自上一页的 next。", "after must be taken from `next` of the page before.")


def _webhooks(batch: Posted) -> list[dict[str, Any]]:
    """The batch's webhooks: waiting for its end, pending, delivered or failed."""
    with archive().reading() as connection:
        return [
            {
                "url": hook.url,
                "state": hook.state,
                "tries": hook.tries,
                "next_try": None if hook.due is None else _moment(hook.due),
                "said": hook.said,
            }
            for hook in hooks.of(connection, batch.job)
        ]


def _moment(seconds: float) -> str:
    return iso(datetime.fromtimestamp(seconds, UTC))


def _progress(batch: Posted) -> dict[str, Any]:
    counts = batch.counts
    return {
        "state": batch.state,
        "total": batch.total,
        "counts": {
            name: getattr(counts, name) for name in ("queued", "running", "done", "failed", "cancelled")
        },
    }


def _told(id: str, batch: Posted) -> dict[str, Any]:
    links = {"self": "batch", "events": "events", "documents": "documents", "errors": "errors"}
    if batch.input in SHEETS and batch.counts.failed:
        links["errors_sheet"] = "errors_sheet"
    return {
        "id": id,
        "name": batch.name,
        **_progress(batch),
        "formats": list(batch.formats),
        "form": batch.form,
        "year": batch.year,
        "created": _moment(batch.created),
        "finished": None if batch.ended is None else _moment(batch.ended),
        "links": {name: link(f"batches.{view}", id=id) for name, view in links.items()},
    }
