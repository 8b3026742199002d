"""The OpenAPI description of the routes of batches."""

from __future__ import annotations

import json
from typing import Any

from service import catalog
from service.web.http.parameters import BATCH_FORMATS, XLSX
from service.web.openapi.parts import (
    SAVED,
    TEXT,
    VISIBLE,
    file_answer,
    header,
    in_path,
    json_answer,
    listed,
    named,
    paging,
    problems,
    query,
)

FORMATS = ("docx,pdf", "pdf,docx", "docx", "pdf")
_ID = "0b7c7a3a5f0e4d0c9a6b1f2e3d4c5b6a"
_COUNTS = ("queued", "running", "done", "failed", "cancelled")
_COUNT = {"type": "integer", "minimum": 0}
_STATE = {"enum": ["queued", "running", "finished", "cancelled"]}
_FAILURE = {
    "type": "object",
    "required": ["place", "form", "year", "id", "errors"],
    "properties": {
        "place": {**TEXT, "description": "在输入中的位置 / where it stands in the input"},
        "form": {"type": ["string", "null"]},
        "year": {"type": ["integer", "null"]},
        "id": {"type": ["string", "null"]},
        "errors": {"type": "array", "items": named("FieldError")},
    },
}
_BATCH: dict[str, Any] = {
    "type": "object",
    "required": [
        "id",
        "name",
        "state",
        "total",
        "counts",
        "formats",
        "form",
        "year",
        "created",
        "finished",
        "links",
    ],
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "state": _STATE,
        "total": _COUNT,
        "counts": {
            "type": "object",
            "required": list(_COUNTS),
            "properties": dict.fromkeys(_COUNTS, _COUNT),
        },
        "formats": {"type": "array", "items": {"enum": ["docx", "pdf"]}},
        "form": {"type": ["string", "null"]},
        "year": {"type": ["integer", "null"]},
        "created": {"type": "string", "format": "date-time"},
        "finished": {"type": ["string", "null"], "format": "date-time"},
        "links": {"type": "object", "additionalProperties": TEXT},
    },
}
_WEBHOOK = {
    "type": "object",
    "required": ["url", "state", "tries", "next_try", "said"],
    "properties": {
        "url": TEXT,
        "state": {"enum": ["waiting", "pending", "delivered", "failed"]},
        "tries": _COUNT,
        "next_try": {"type": ["string", "null"], "format": "date-time"},
        "said": {"type": ["string", "null"], "description": "上次的结果 / how the last try ended"},
    },
}
_MORE = {**listed("errors", named("Failure"))["properties"], "webhooks": {"type": "array", "items": _WEBHOOK}}
_WITH_ERRORS = {
    "type": "object",
    "required": [*_BATCH["required"], *_MORE],
    "properties": {**_BATCH["properties"], **_MORE},
}
_PROGRESS = {
    "type": "object",
    "description": "事件 progress、finished 的 data / the data of both events",
    "required": ["id", "state", "total", "counts", "url"],
    "properties": {name: _BATCH["properties"][name] for name in ("id", "state", "total", "counts")}
    | {"url": TEXT},
}
_AT = f"/api/v1/batches/{_ID}"
_EXAMPLE = {
    "id": _ID,
    "name": "batch.ndjson",
    "state": "running",
    "total": 120,
    "counts": {"queued": 80, "running": 4, "done": 35, "failed": 1, "cancelled": 0},
    "formats": ["docx", "pdf"],
    "form": None,
    "year": None,
    "created": "2021-03-09T08:00:00.123456Z",
    "finished": None,
    "links": {"self": _AT, "events": f"{_AT}/events", "documents": f"{_AT}/documents.zip"},
}
_HOOK = "批次结束后回调（Standard Webhooks 签名）/ is told of the batch's end, signed (Standard Webhooks)"
# OpenAPI 3.1 has no word for a stream: this is what each of its events says.
_EVENT = {
    "type": "object",
    "required": ["event", "id", "data"],
    "properties": {
        "event": {"enum": ["progress", "finished"]},
        "id": TEXT,
        "data": {**TEXT, "contentMediaType": "application/json"},
        "retry": {"type": "integer"},
    },
}
_EVENTS = """retry: 1000

event: progress
id: 36-running
data: {"id": "…", "state": "running", "total": 120, "counts": {"queued": 80, …}, "url": "…"}

event: finished
id: 120-finished-end
data: {"id": "…", "state": "finished", "total": 120, "counts": {"done": 119, …}, "url": "…"}
"""


def components() -> dict[str, dict[str, Any]]:
    """The named schemas of batches."""
    return {"Batch": _BATCH, "BatchWithErrors": _WITH_ERRORS, "Failure": _FAILURE, "Progress": _PROGRESS}


def post() -> dict[str, Any]:
    """A batch is sent."""
    one_of = "没有 form、year 列的表格属于哪个 / of a sheet without such columns"
    answer = json_answer("已接收 / taken in", named("Batch"), {**_EXAMPLE, "state": "queued"})
    answer["headers"] = {"Location": header("批次的地址 / the address of the batch")}
    return {
        "parameters": [
            query("form", VISIBLE, f"表单：{one_of} form"),
            query("year", {"type": "string", "pattern": "^[0-9]{4}$"}, f"年度：{one_of} year"),
            query(
                "formats",
                {"enum": list(FORMATS), "default": FORMATS[0]},
                "归档哪些文书 / documents to archive",
            ),
            query("webhook", {**TEXT, "maxLength": 2000}, _HOOK),
        ],
        "requestBody": {"required": True, "content": _bodies()},
        "responses": {"202": answer, **problems((400, 404, 413, 415, 422, 500, 503))},
    }


def _bodies() -> dict[str, Any]:
    data = catalog.edition("annex3", 2021).sample("minimal")
    item = {"form": "annex3", "year": 2021, "id": "3201-0001", "data": data}
    kinds = {"form": TEXT, "year": {"type": "integer"}, "id": TEXT, "data": {"type": "object"}}
    schema = {"type": "object", "required": list(kinds), "properties": kinds}
    other = {"description": "逐条报错，不影响其余 / anything else fails, alone, with its own errors"}
    binary = {"schema": {"type": "string", "format": "binary"}}
    bodies: dict[str, Any] = dict.fromkeys(BATCH_FORMATS, binary)
    line = json.dumps(item, ensure_ascii=False)
    bodies["application/x-ndjson"] = {**binary, "example": f"{line}\n"}
    bodies["application/json"] = {
        "schema": {"type": "array", "minItems": 1, "items": {"anyOf": [schema, other]}},
        "example": [item],
    }
    form = {"type": "object", "required": ["file"], "properties": {"file": binary["schema"]}}
    bodies["multipart/form-data"] = {"schema": form}
    return bodies


def batches() -> dict[str, Any]:
    """The list of batches."""
    page = listed("batches", named("Batch"))
    answer = json_answer("批次 / batches", page, {"batches": [_EXAMPLE], "next": None})
    return {
        "parameters": paging({"type": "string", "pattern": "^[0-9a-f]{32}$"}),
        "responses": {"200": answer, **problems((400, 404, 500, 503))},
    }


def batch() -> dict[str, Any]:
    """One batch, and the errors of its items."""
    answer = json_answer(
        "批次 / the batch", named("BatchWithErrors"), {**_EXAMPLE, "errors": [], "next": None, "webhooks": []}
    )
    position = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return _of_one({"200": answer}, 400, parameters=paging(position))


def cancel() -> dict[str, Any]:
    """A batch is cancelled."""
    example = {**_EXAMPLE, "state": "cancelled"}
    return _of_one(
        {"200": json_answer("已取消，或早已结束 / cancelled, or at its end", named("Batch"), example)}
    )


def events() -> dict[str, Any]:
    """Progress."""
    stream = {"schema": _EVENT, "example": _EVENTS}
    answer = {"description": "事件流 / events", "content": {"text/event-stream": stream}}
    last = {
        "in": "header",
        "name": "Last-Event-ID",
        "schema": TEXT,
        "description": "收到的最后一个 / the last seen",
    }
    over = {"description": "没有更多了 / the client has seen the last one"}
    return _of_one({"200": answer, "204": over}, parameters=[last])


def documents() -> dict[str, Any]:
    """The zip."""
    return _of_one(
        {"200": _file("各条的文书、manifest.csv、errors.ndjson / the documents", "application/zip")}
    )


def errors() -> dict[str, Any]:
    """The errors as NDJSON."""
    return _of_one({"200": _file("每行一条 / a line each", "application/x-ndjson")})


def errors_sheet() -> dict[str, Any]:
    """The marked sheet."""
    return _of_one({"200": _file("失败的行，错误单元格已标出 / the failed rows", XLSX)})


def _file(description: str, media_type: str) -> dict[str, Any]:
    return {
        **file_answer(description, media_type),
        "headers": {"Content-Disposition": SAVED["Content-Disposition"]},
    }


def _of_one(
    answers: dict[str, Any], *faults: int, parameters: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    which = in_path("id", "批次的编号 / the batch's id", _ID)
    return {
        "parameters": [which, *(parameters or [])],
        "responses": {**answers, **problems((*faults, 404, 500, 503))},
    }
