"""OpenAPI parts that no schema describes: files, streams, payloads, the media types of batches."""

import json
from typing import Any

from service import catalog
from service.web.http.parameters import BATCH_FORMATS

TEXT = {"type": "string"}
_BINARY = {"schema": {**TEXT, "format": "binary"}}
_OBJECT = {"schema": {"type": "object"}}


def header(description: str, **schema: Any) -> dict[str, Any]:
    """A response header."""
    return {"description": description, "schema": {**TEXT, **schema}}


def raises(*codes: str) -> dict[str, Any]:
    """The error codes that a route may return, beside those of every route of its kind."""
    return {"x-errors": codes}


def listing(description: str, schema: str) -> dict[str, Any]:
    """A response header with as many of some things as fit."""
    content = {"application/json": {"schema": {"type": "array", "items": named(schema)}}}
    return {"description": f"{description}，最多 4 KB / at most 4 KB, as ASCII JSON", "content": content}


def named(schema: str) -> dict[str, str]:
    """The schema of that name."""
    return {"$ref": f"#/components/schemas/{schema}"}


DOWNLOAD_HEADERS = {"Content-Disposition": {"$ref": "#/components/headers/Content-Disposition"}}
FILE_HEADERS = {"ETag": {"$ref": "#/components/headers/ETag"}, **DOWNLOAD_HEADERS}
PAGE_HEADERS = {
    **FILE_HEADERS,
    "X-Page-Count": header("PNG：文书的页数 / page count (PNG only)", type="integer"),
}
DOCUMENT_HEADERS = {
    **PAGE_HEADERS,
    "X-Section-Pages": header(
        "format=png 时各部分从第几页起，JSON / first page of each section, as JSON (PNG only); "
        "sections whose page is uncertain are omitted"
    ),
    "X-Warning-Count": header("提醒的条数 / number of warnings; omitted if there are none", type="integer"),
    "X-Warnings": listing("提醒 / warnings", "Warning"),
    "X-Advice-Count": header("不大可能之处 / number of unlikely values; omitted if none", type="integer"),
    "X-Advice": listing("不大可能之处 / unlikely values", "FieldError"),
    "X-Missing-Count": header("尚缺的栏目 / number of missing fields; omitted if none", type="integer"),
}
#: The error codes of routes that convert a document.
CONVERTING = (
    *("conversion_fault", "document_refused", "conversion_timeout", "queue_full", "template_fault"),
    *("temp_folder_fault", "converter_missing", "sandbox_missing"),
)
PRODUCING = ("missing", "character_not_drawable", "proof_failed", *CONVERTING)
READING = ("conversion_timeout", "sandbox_missing")
LOCATED = {"Location": header("档案的地址 / URL of the record")}
ARCHIVED_HEADERS = {**DOCUMENT_HEADERS, **LOCATED}
BATCH_LOCATION = {"Location": header("批次的地址 / URL of the batch")}
# OpenAPI 3.1 cannot describe a stream: this is one of its events.
_EVENT = {
    "type": "object",
    "required": ["event", "id", "data"],
    "properties": {
        "event": {"enum": ["progress", "finished"]},
        "id": TEXT,
        "data": {**TEXT, "contentMediaType": "application/json", "contentSchema": named("Progress")},
        "retry": {"type": "integer"},
    },
}
_EVENTS = """retry: 1000
event: progress
id: 36-running
data: {"id": "…", "state": "running", "total": 120, "counts": {"queued": 80, …}, "url": "…"}
"""


def file_response(
    description: str, *media_types: str, status: int = 200, headers: dict[str, Any]
) -> dict[str, Any]:
    """A route that responds with a file of one of these media types."""
    content = {name: _OBJECT if name == "application/json" else _BINARY for name in media_types}
    return {"responses": {str(status): {"description": description, "content": content, "headers": headers}}}


def cacheable_file_response(
    description: str, *media_types: str, headers: dict[str, Any] = FILE_HEADERS
) -> dict[str, Any]:
    """A route that responds with a file, or 304 if the client has it."""
    same = {"description": "没有变化 / not modified", "headers": {"ETag": FILE_HEADERS["ETag"]}}
    found = file_response(description, *media_types, headers=headers)
    return {"responses": found["responses"] | {"304": same}}


def event_stream() -> dict[str, Any]:
    """The route of server-sent events."""
    stream = {"text/event-stream": {"schema": _EVENT, "example": _EVENTS}}
    over = {"description": "没有更多了 / no further events"}
    return {"responses": {"200": {"description": "事件流 / events", "content": stream}, "204": over}}


PAYLOAD_BODY, BATCH_BODY = {"x-body": "payload"}, {"x-body": "batch"}


def body(kind: str) -> dict[str, Any]:
    """The body of a route with such a mark, for the forms as they are when the description is made."""
    return {"payload": _payload_body, "batch": _batch_body}[kind]()


def _payload_body() -> dict[str, Any]:
    """A payload, described by the schemas of the editions."""
    samples = {f"{one.form}_{one.year}": one.sample("full") for one in catalog.editions()}
    content = {
        "schema": {"anyOf": [named(name) for name in samples]},
        "examples": {name: {"value": sample} for name, sample in samples.items()},
    }
    taken = {"application/json": content}
    if any(one.pictures for one in catalog.editions()):
        parts = {"type": "object", "required": ["payload"], "properties": {"payload": TEXT}}
        taken["multipart/form-data"] = {"schema": parts | {"additionalProperties": _BINARY["schema"]}}
    return {"required": True, "content": taken}


def _batch_body() -> dict[str, Any]:
    """A batch, of any format."""
    edition = catalog.editions()[0]
    data = edition.sample("minimal")
    item = {"form": edition.form, "year": edition.year, "id": "3201-0001", "data": data}
    other = {"description": "逐条报错，不影响其余 / an invalid item fails alone; the others are processed"}
    several = {"type": "array", "minItems": 1}
    parts = {"file": {**several, "items": _BINARY["schema"]}, "id": {**several, "items": TEXT}}
    form = {"type": "object", "required": ["file"], "properties": parts}
    content: dict[str, Any] = {
        **dict.fromkeys(BATCH_FORMATS, _BINARY),
        "application/x-ndjson": {**_BINARY, "example": f"{json.dumps(item, ensure_ascii=False)}\n"},
        "application/json": {
            "schema": {"type": "array", "minItems": 1, "items": {"anyOf": [named("BatchItem"), other]}},
            "example": [item],
        },
        "multipart/form-data": {"schema": form},
    }
    return {"required": True, "content": content}


def problems(statuses: tuple[int, ...]) -> dict[str, Any]:
    """Problem responses (RFC 9457) of those statuses."""
    content = {"application/problem+json": {"schema": named("Problem")}}
    return {str(status): {"description": "问题 / problem", "content": content} for status in statuses}


def security_schemes() -> dict[str, dict[str, Any]]:
    """The two equivalent ways to send a key."""
    key = "kexie-forms keys add 所给的密钥、门户签发的 JWT 或嵌入令牌 / key, portal JWT or embed token"
    return {
        "key": {"type": "http", "scheme": "bearer", "description": key},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": key},
    }


def require(operation: dict[str, Any], scopes: list[str]) -> None:
    """Describes a route that requires all of `scopes`."""
    need = "、".join(f"`{scope}`" for scope in scopes)
    operation["security"] = [{"key": scopes}, {"header": scopes}]
    operation["description"] = f"需要权限 / needs the scope: {need}"
    operation["responses"] = problems((401, 403, 503)) | operation["responses"]
