"""Every error as RFC 9457 `application/problem+json`, in Chinese or English."""

import json
import logging
import os
import re
import uuid
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, HTTPException, default_exceptions
from werkzeug.wrappers import Response as BaseResponse

from service.archive.local_files import DISK_FULL, UNWRITABLE, unwritable
from service.errors import Bilingual, Forbidden, KexieError, Unauthorized
from service.web.http import json_fields
from service.web.http.json_fields import OfEdition, ResponseSchema, integer, text
from service.web.http.json_log import where
from service.web.http.parameters import accepted_language

MEDIA_TYPE = "application/problem+json"
RETRIED = (408, 409, 429, 503)  # statuses after which the same request may be retried
_PLACES = 20  # in one line of the log
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_log = logging.getLogger("kexie.web")

# Status: code, title, what to do.
HTTP: dict[int, tuple[str, Bilingual, Bilingual]] = {
    400: (
        "bad_request",
        Bilingual("请求有误", "Bad request"),
        Bilingual("请检查请求。", "Check the request."),
    ),
    404: (
        "not_found",
        Bilingual("没有这个地址", "Not found"),
        Bilingual("请对照接口文档检查网址。", "Check the address against the API documentation."),
    ),
    405: (
        "method_not_allowed",
        Bilingual("不支持这个方法", "Method not allowed"),
        Bilingual("可用的方法见响应头 Allow。", "The response header Allow lists the supported methods."),
    ),
    406: (
        "not_acceptable",
        Bilingual("没有可接受的格式", "Not acceptable"),
        Bilingual("请在 Accept 中接受文书的格式。", "Send an Accept header with a supported format."),
    ),
    408: (
        "request_timeout",
        Bilingual("请求未按时收完", "Request timeout"),
        Bilingual("请求未在时限内收完，请重试。", "The request was not received in time; retry."),
    ),
    413: (
        "too_large",
        Bilingual("提交的内容太大", "Content too large"),
        Bilingual("请缩小报文或文件后重新提交。", "Send a smaller payload or file."),
    ),
    415: (
        "unsupported_media_type",
        Bilingual("不支持的内容类型", "Unsupported media type"),
        Bilingual(
            "请以 Content-Type: application/json（UTF-8）提交报文，以 multipart/form-data 提交文件；"
            "批次还可用 application/x-ndjson、text/csv 或 .xlsx。",
            "Send a payload as application/json in UTF-8, a file as multipart/form-data; "
            "a batch also as application/x-ndjson, text/csv or .xlsx.",
        ),
    ),
}
INTERNAL = (
    "internal_error",
    Bilingual("服务内部错误", "Internal error"),
    Bilingual(
        "请稍后重试；若仍然出错，请把 request_id 告诉管理员。",
        "Retry later; if it persists, report the request_id to the administrator.",
    ),
)


def request_id() -> str:
    """The request's id: the client's if it is valid, else a generated one."""
    if "kexie_request_id" not in g:
        sent = request.headers.get("X-Request-ID", "")
        g.kexie_request_id = sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex
    found: str = g.kexie_request_id
    return found


class FieldErrorSchema(ResponseSchema):
    """One error of the data."""

    pointer = text(OfEdition.POINTER, "JSON Pointer (RFC 6901)")
    label = text(OfEdition.LABEL, "表上的名称 / the official label")
    code = text("required")
    message = json_fields.message("必填。")


class ProblemSchema(ResponseSchema):
    """Problem details (RFC 9457)."""

    type = text(None, "urn:kexie-forms:problem:… 与 code 对应 / contains the code")
    title = text()
    status = integer()
    detail = text(None, "什么、在哪里、怎么办 / cause, place, remedy")
    code = text(None, "供程序判断，不会改变 / stable, for programs")
    request_id = text(None, "与 X-Request-ID 相同 / the same as X-Request-ID")
    errors = json_fields.list_of(
        FieldErrorSchema, "数据的全部错误 / all errors of the data at once", optional=True
    )
    advice = json_fields.list_of(FieldErrorSchema, "validate：不大可能之处 / what is unlikely", optional=True)
    missing = json_fields.list_of(
        FieldErrorSchema, "validate：尚缺的栏目 / fields still blank", optional=True
    )


_PROBLEM = ProblemSchema()


def register(app: Flask | Blueprint) -> None:
    """Registers the handlers that turn every error of `app` into a problem."""
    app.register_error_handler(KexieError, problem_response)
    for status in default_exceptions:  # or the application's handler of a status precedes the blueprint's
        app.register_error_handler(status, other_error)
    app.register_error_handler(Exception, other_error)


def json_response(value: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """`value` as JSON in UTF-8. A lone surrogate, which UTF-8 cannot encode, stays a JSON escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "backslashreplace"), status, content_type=media_type)


def bare(status: int) -> bytes:
    """Headers and body of the problem for an unparsable or late request, in both languages."""
    code, title, detail = INTERNAL if status == 500 else HTTP.get(status, HTTP[400])
    problem = described(status, code, title, detail, "zh", uuid.uuid4().hex)
    problem |= {"title": str(title), "detail": str(detail)}
    body = json.dumps(problem, ensure_ascii=False).encode()
    headers = {
        "Connection": "close",
        "Content-Type": MEDIA_TYPE,
        "Content-Length": len(body),
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Request-ID": problem["request_id"],
    }
    if status in RETRIED:
        headers["Retry-After"] = KexieError.retry_after
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n" + body


def status_texts(status: int) -> tuple[str, Bilingual, Bilingual]:
    """Code, title and detail of an error that has nothing but its status."""
    return HTTP.get(status, INTERNAL if status >= 500 else HTTP[400])


def as_problem(error: KexieError, lang: str, request_id: str) -> dict[str, Any]:
    """An error of ours as a problem, in `lang`."""
    problem = described(error.status, error.code, error.title, error.text, lang, request_id)
    if error.errors:
        problem["errors"] = [fault.as_dict(lang) for fault in error.errors]
    return problem | (error.remarks.as_dict(lang) if error.remarks else {})


def described(
    status: int, code: str, title: Bilingual, detail: Bilingual, lang: str, request_id: str
) -> dict[str, Any]:
    """The problem of these properties, in `lang`."""
    return {
        "type": f"urn:kexie-forms:problem:{code}",
        "title": title.of(lang),
        "status": status,
        "detail": detail.of(lang),
        "code": code,
        "request_id": request_id,
    }


def _answer(problem: dict[str, Any], retry_after: int = KexieError.retry_after) -> Response:
    status: int = problem["status"]
    g.kexie_code = problem["code"]
    response = json_response(_PROBLEM.dump(problem), status, MEDIA_TYPE)
    response.headers["Content-Language"] = "en" if accepted_language() == "en" else "zh-CN"
    if status in RETRIED:
        response.headers["Retry-After"] = str(retry_after)
    return response


def problem_response(error: KexieError) -> Response:
    """An error of ours as a problem."""
    if error.status >= 500:
        places = " ".join(f"{fault.pointer or '/'} ({fault.label})" for fault in error.errors[:_PLACES])
        _log.error("%s: %s %s (request %s)", error.code, error.text.en, places, request_id())
    response = _answer(as_problem(error, accepted_language(), request_id()), error.retry_after)
    if isinstance(error, Unauthorized | Forbidden):
        response.headers["WWW-Authenticate"] = error.challenge
    return response


def other_error(error: Exception) -> Any:
    """Any error but ours as a problem; a full disk as the route shows ours, a redirect as it is."""
    match error:
        case HTTPException():
            return _http_error(error)
        case ParseException():  # a body with invalid chunks (RFC 9112, 7.1)
            return _of_status(400)
        case OSError():
            return _system_error(error)
    return _unexpected(error)


def _http_error(error: HTTPException) -> BaseResponse:
    # An incomplete body from a client that is still connected: it was too slow.
    status = 408 if isinstance(error, ClientDisconnected) else error.code or 500
    if status < 400:
        return error.get_response()
    response = _of_status(status)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = ", ".join(sorted(value.split(", ")))
    return response


def _system_error(error: OSError) -> Any:
    """Responds to a full or read-only disk under the archive, where large bodies are stored meanwhile."""
    folder: Path = current_app.config["KEXIE_SETTINGS"].archive
    inside = isinstance(error.filename, str) and Path(error.filename).is_relative_to(folder)
    if error.errno in DISK_FULL or (inside and error.errno in UNWRITABLE):
        return current_app.handle_user_exception(unwritable(str(folder), os.strerror(error.errno or 0)))
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    # Only the place: an exception's text may quote the payload.
    name, at = type(error).__name__, where(error.__traceback__)
    _log.error("unexpected %s (request %s) at %s", name, request_id(), at)
    return _of_status(500)


def _of_status(status: int) -> Response:
    return _answer(described(status, *status_texts(status), accepted_language(), request_id()))
