"""What the routes of batches take and answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from service.batch.hosted.http_batch import HttpBatch
from service.batch.inputs.read_input import SHEETS
from service.batch.jobs.job_store import formats_of
from service.errors import UsageError
from service.web.http.fields import (
    Answer,
    Moment,
    Page,
    Parameter,
    Parameters,
    count,
    optional_text,
    plain,
    shown,
    visible,
    year,
)
from service.web.http.problems import FieldErrorSchema
from service.web.http.urls import link

FORMATS = ("docx,pdf", "pdf,docx", "docx", "pdf")
STATES = ("queued", "running", "finished", "cancelled")
_ID = "0b7c7a3a5f0e4d0c9a6b1f2e3d4c5b6a"
_SELF = f"/api/v1/batches/{_ID}"
_LINKS = {"self": _SELF, "events": f"{_SELF}/events", "documents": f"{_SELF}/documents.zip"}
_NEXT = "上一页 next 中的值 / from `next` of the page before"


def read_formats(_: str, value: str) -> tuple[str, ...]:
    """What of each item is archived, of the text that asks for it. Raises UsageError."""
    if value not in FORMATS:
        raise UsageError(
            f"formats 只能取 {'、'.join(FORMATS)}。", f"formats takes one of: {'; '.join(FORMATS)}."
        )
    return formats_of(value)


class BatchPath(Parameters):
    """A batch's address."""

    id = fields.String(required=True, metadata=shown(_ID, "批次的编号 / the batch's id"))


class BatchQuery(Parameters):
    """What a batch is of, what of it is archived, and who hears of its end."""

    form = visible("表单：没有 form、year 列的表格属于哪个 / of a sheet without such columns form")
    year = year("年度：没有 form、year 列的表格属于哪个 / of a sheet without such columns year")
    formats = Parameter(
        read_formats,
        "归档哪些文书 / documents to archive",
        formats_of(FORMATS[0]),
        enum=list(FORMATS),
        default=FORMATS[0],
    )
    webhook = plain(
        "批次结束后回调（Standard Webhooks 签名）/ is called at the batch's end, signed (Standard Webhooks)",
        maxLength=2000,
    )


class BatchesQuery(Page):
    """Which batches are listed."""

    after = plain(_NEXT, pattern="^[0-9a-f]{32}$")


class FailuresQuery(Page):
    """Which errors of a batch are listed."""

    after = plain(_NEXT, type="integer", minimum=0, maximum=999_999_999)


class EventsHeaders(Parameters):
    """Where a stream of events is taken up again."""

    last = Parameter(
        lambda _, value: value, "收到的最后一个 / the last seen", "", data_key="Last-Event-ID", type="string"
    )


class CountsSchema(Answer):
    """How many items are in each state."""

    queued = count(80)
    running = count(4)
    done = count(35)
    failed = count(1)
    cancelled = count(0)


class FailureSchema(Answer):
    """An item that failed, and why."""

    place = fields.String(metadata=shown("第 12 行", "在输入中的位置 / where it stands in the input"))
    form = optional_text()
    year = fields.Integer(allow_none=True)
    id = optional_text()
    errors = fields.List(fields.Nested(FieldErrorSchema))


class WebhookSchema(Answer):
    """Who is called at the batch's end, and how that went."""

    url = fields.String()
    state = fields.String(validate=validate.OneOf(("waiting", "pending", "delivered", "failed")))
    tries = count(0)
    next_try = Moment(attribute="due", allow_none=True)
    said = fields.String(allow_none=True, metadata={"description": "上次的结果 / how the last try ended"})


class ProgressSchema(Answer):
    """事件 progress、finished 的 data / the data of both events"""

    id = fields.String(metadata=shown(_ID))
    state = fields.String(validate=validate.OneOf(STATES))
    total = count(120)
    counts = fields.Nested(CountsSchema)
    url = fields.String(metadata=shown(_SELF))


class BatchSchema(Answer):
    """A batch."""

    id = fields.String(metadata=shown(_ID))
    name = fields.String(metadata=shown("batch.ndjson"))
    state = fields.String(validate=validate.OneOf(STATES))
    total = count(120)
    counts = fields.Nested(CountsSchema)
    formats = fields.List(fields.String(validate=validate.OneOf(("docx", "pdf"))))
    form = optional_text()
    year = fields.Integer(allow_none=True)
    created = Moment()
    finished = Moment(attribute="ended", allow_none=True)
    links = fields.Dict(values=fields.String(), metadata=shown(_LINKS))


class BatchWithErrorsSchema(BatchSchema):
    """A batch, a page of the errors of its items, and its webhooks."""

    errors = fields.List(fields.Nested(FailureSchema), metadata={"examples": [[]]})
    next = optional_text()
    webhooks = fields.List(fields.Nested(WebhookSchema), metadata={"examples": [[]]})


class BatchListSchema(Answer):
    """A page of batches."""

    batches = fields.List(fields.Nested(BatchSchema))
    next = optional_text()


def whole(id: str, batch: HttpBatch) -> Mapping[str, Any]:
    """A batch as its schema dumps it; `id` is its name in addresses."""
    return {**vars(batch), "id": id, "total": batch.total, "links": links(id, batch)}


def links(id: str, batch: HttpBatch) -> dict[str, str]:
    """The addresses of a batch and of its files."""
    views = {"self": "batch", "events": "events", "documents": "documents", "errors": "errors"}
    if batch.input in SHEETS and batch.counts.failed:
        views["errors_sheet"] = "errors_sheet"
    return {name: link(f"batches.{view}", id=id) for name, view in views.items()}
