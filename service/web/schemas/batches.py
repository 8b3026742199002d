"""Schemas of the batch routes."""

from collections.abc import Mapping
from typing import Any

from marshmallow.fields import Boolean, String

from service.batch.hosted.http_batch import HttpBatch
from service.batch.inputs.read_input import SHEETS
from service.batch.jobs.job_store import formats_of
from service.errors import UsageError
from service.web.http import json_fields
from service.web.http.json_fields import OfEdition, Page, Parameter, Parameters, ResponseSchema, integer, text
from service.web.http.problems import FieldErrorSchema
from service.web.http.urls import link

FORMATS = ("docx,pdf", "pdf,docx", "docx", "pdf")
_STATES = ["queued", "running", "finished", "cancelled"]
_ID = "0b7c7a3a5f0e4d0c9a6b1f2e3d4c5b6a"
_SELF = f"/api/v1/batches/{_ID}"
_LINKS = {"self": _SELF, "events": f"{_SELF}/events", "documents": f"{_SELF}/documents.zip"}
_NEXT = "上一页 next 中的值 / cursor from the previous page"


def read_formats(_: str, value: str) -> tuple[str, ...]:
    """Parses which documents are archived. Raises UsageError."""
    if value not in FORMATS:
        raise UsageError(
            f"formats 只能取 {'、'.join(FORMATS)}。", f"formats takes one of: {'; '.join(FORMATS)}."
        )
    return formats_of(value)


class BatchPath(Parameters):
    id = text(_ID, "批次的编号 / the batch's id", required=True)


class BatchQuery(Parameters):
    """Query of a batch upload."""

    form = json_fields.printable_parameter(
        "表单：没有 form、year 列的表格属于哪个 / form, for sheets without a form column"
    )
    year = json_fields.year("年度：没有 form、year 列的表格属于哪个 / year, for sheets without a year column")
    formats = Parameter(
        read_formats,
        "归档哪些文书 / documents to archive",
        formats_of(FORMATS[0]),
        enum=list(FORMATS),
        default=FORMATS[0],
    )
    complete = json_fields.complete()
    webhook = json_fields.string_parameter(
        "批次结束后回调（Standard Webhooks 签名）/ URL notified when the batch ends (Standard Webhooks)",
        maxLength=2000,
    )


class BatchItemSchema(ResponseSchema):
    """An item of a batch."""

    form = text(OfEdition.FORM)
    year = integer(OfEdition.YEAR)
    id = text("3201-0001")
    data = json_fields.mapping({})


class BatchesQuery(Page):
    after = json_fields.string_parameter(_NEXT, pattern="^[0-9a-f]{32}$")


class FailuresQuery(Page):
    after = json_fields.string_parameter(_NEXT, type="integer", minimum=0, maximum=999_999_999)


class EventsHeaders(Parameters):
    last = json_fields.string_parameter(
        "收到的最后一个 / id of the last event received", "", data_key="Last-Event-ID"
    )


class CountsSchema(ResponseSchema):
    queued = integer(80, minimum=0)
    running = integer(4, minimum=0)
    done = integer(35, minimum=0)
    failed = integer(1, minimum=0)
    cancelled = integer(0, minimum=0)


class FailureSchema(ResponseSchema):
    """A failed item with its errors."""

    place = text("第 12 行", "在输入中的位置 / position in the input")
    form = text(allow_none=True)
    year = integer(allow_none=True)
    id = text(allow_none=True)
    submitter = text("云泽县科学技术协会", "报文中的名称 / the name in the payload")
    errors = json_fields.list_of(FieldErrorSchema)


class WarnedSchema(ResponseSchema):
    """An item with warnings, such as of a hidden row, or of a character that was made plain."""

    place = text("申报数据!12", "在输入中的位置 / position in the input")
    id = text(allow_none=True)
    warnings = json_fields.list_of(FieldErrorSchema, attribute="errors")


class RemarkedSchema(ResponseSchema):
    """An item on which there are remarks, whether it is done or failed."""

    place = text("第 12 行", "在输入中的位置 / position in the input")
    id = text(allow_none=True)
    advice = json_fields.list_of(FieldErrorSchema, attribute="remarks.advice")
    missing = json_fields.list_of(FieldErrorSchema, attribute="remarks.missing")


class WebhookSchema(ResponseSchema):
    url = text()
    state = text(enum=["waiting", "pending", "delivered", "failed"])
    tries = integer(0, minimum=0)
    next_try = json_fields.timestamp_field(attribute="due", allow_none=True)
    said = text(None, "上次的结果 / result of the last delivery attempt", allow_none=True)


class ProgressSchema(ResponseSchema):
    """The data of both kinds of events, `progress` and `finished`."""

    id = text(_ID)
    state = text(enum=_STATES)
    total = integer(120, minimum=0)
    counts = json_fields.nested(CountsSchema)
    url = text(_SELF)


class BatchSchema(ResponseSchema):
    id = text(_ID)
    name = text("batch.ndjson")
    state = text(enum=_STATES)
    total = integer(120, minimum=0)
    counts = json_fields.nested(CountsSchema)
    formats = json_fields.list_of(text(enum=["docx", "pdf"]))
    complete = json_fields.field(Boolean, None)
    form = text(allow_none=True)
    year = integer(allow_none=True)
    created = json_fields.timestamp_field()
    finished = json_fields.timestamp_field(attribute="ended", allow_none=True)
    links = json_fields.mapping(_LINKS, values=String)


class BatchWithErrorsSchema(BatchSchema):
    """A batch, a page of the errors of its items, their warnings, remarks, and its webhooks."""

    errors = json_fields.list_of(FailureSchema, example=[])
    next = text(allow_none=True)
    warnings = json_fields.list_of(WarnedSchema, example=[])
    remarks = json_fields.list_of(RemarkedSchema, example=[])
    webhooks = json_fields.list_of(WebhookSchema, example=[])


class BatchListSchema(ResponseSchema):
    batches = json_fields.list_of(BatchSchema)
    next = text(allow_none=True)


def dumpable(id: str, batch: HttpBatch) -> Mapping[str, Any]:
    """A batch as `BatchSchema` dumps it; `id` is its public id."""
    return {**vars(batch), "id": id, "total": batch.total, "links": links(id, batch)}


def links(id: str, batch: HttpBatch) -> dict[str, str]:
    """The URLs of a batch and of its files."""
    views = {"self": "batch", "events": "events", "documents": "documents", "errors": "errors"}
    if batch.input in SHEETS and batch.counts.failed:
        views["errors_sheet"] = "errors_sheet"
    return {name: link(f"batches.{view}", id=id) for name, view in views.items()}
