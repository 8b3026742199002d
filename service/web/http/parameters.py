"""What a request sends and wants: JSON bodies and files in, a document's format out."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from service.errors import NotJson, UsageError
from service.submission import parse

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "png": "image/png",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Media types of a batch, with the format that `service.batch.inputs` knows them by.
BATCH_FORMATS = {
    "application/x-ndjson": "ndjson",
    "application/json": "json",
    XLSX: "xlsx",
    "text/csv": "csv",
}
WRAPPING = 16 * 1024  # bytes of a form around its file
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
MOST = 500  # of a list at once


def payload() -> Any:
    """The request's JSON payload. Raises UnsupportedMediaType, RequestEntityTooLarge or NotJson."""
    kind = request.mimetype
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if not (kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))):
        raise UnsupportedMediaType
    if charset not in ("utf-8", "utf8") or encoding != "identity":
        raise UnsupportedMediaType
    body = request.get_data(cache=False)
    # A chunked body is cut off at the limit without a word.
    if request.content_length is None and len(body) >= (request.max_content_length or len(body) + 1):
        raise RequestEntityTooLarge
    if not body.strip():
        raise NotJson("请求没有正文，请提交 JSON 报文。", "The request has no body: send a JSON payload.")
    return parse(body)


def document_format(offered: tuple[str, ...]) -> str:
    """The format asked for by `?format=`, else by Accept, else the first offered.

    Raises UsageError for a format not offered, NotAcceptable where Accept excludes all.
    """
    asked = request.args.get("format")
    if asked is not None:
        if asked not in offered:
            raise UsageError(
                f"没有这个格式，format 可选：{'、'.join(offered)}。",
                f"No such format; format takes: {', '.join(offered)}.",
            )
        return asked
    if not request.accept_mimetypes:
        return offered[0]
    # A browser that opens an address takes pictures too (Firefox says so), but wants the document.
    browsing = "text/html" in request.accept_mimetypes.values()
    names = [name for name in offered if not (browsing and name == "png")]
    best = request.accept_mimetypes.best_match([MEDIA_TYPES[name] for name in names])
    if best is None:
        raise NotAcceptable
    return next(name for name in offered if MEDIA_TYPES[name] == best)


def page_number(format: str) -> int:
    """The page asked for by `?page=`, 1 where none is; 0 for what is no page's number.

    Raises UsageError where another format than PNG is asked for.
    """
    asked = request.args.get("page")
    if asked is None:
        return 1
    if format != "png":
        raise UsageError(
            "只有 format=png 可以选页；请去掉 page，或改用 format=png。",
            "Only format=png takes a page: leave page out, or ask for format=png.",
        )
    return int(asked) if re.fullmatch("[0-9]{1,9}", asked) else 0


def take_upload(limit: int) -> None:
    """Lets the request at hand be a form whose file has `limit` bytes at most."""
    request.max_content_length = limit + WRAPPING


def upload(limit: int) -> tuple[bytes, str | None, int | None]:
    """The document of a form's part `file`, at most `limit` bytes, and its fields `form` and `year`, if any.

    Raises UnsupportedMediaType where the request is no form (RFC 7578), RequestEntityTooLarge, or UsageError.
    """
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if request.mimetype != "multipart/form-data" or encoding != "identity":
        raise UnsupportedMediaType
    take_upload(limit)
    sent = request.files.getlist("file")
    if len(sent) != 1 or not sent[0].filename:
        raise UsageError(
            "请在 multipart/form-data 的 file 部分提交一份文书（带文件名）。",
            "Send one document, with a file name, in the part 'file' of multipart/form-data.",
        )
    content = sent[0].read()
    if len(content) > limit:
        raise RequestEntityTooLarge
    return content, request.form.get("form") or None, plan_year(request.form.get("year") or None)


def plan_year(sent: str | None) -> int | None:
    """The year that a text names, None where there is none. Raises UsageError."""
    if sent is None:
        return None
    if not re.fullmatch("[0-9]{4}", sent):
        raise UsageError("year 应为四位数字，例如 2021。", "year must be four digits, such as 2021.")
    return int(sent)


def prove() -> bool:
    """Whether `?prove=true` asks for the document to be read back. Raises UsageError for another value."""
    return flag("prove")


def flag(name: str) -> bool:
    """Whether `?name=true` is asked for. Raises UsageError for another value than true or false."""
    asked = request.args.get(name, "false")
    if asked not in ("true", "false"):
        raise UsageError(f"{name} 只能取 true 或 false。", f"{name} takes true or false.")
    return asked == "true"


def attach(format: str) -> bool:
    """Whether `?attach=true` asks for the data inside the PDF.

    Raises UsageError for another value, or a format that has no PDF.
    """
    asked = flag("attach")
    if asked and format not in ("pdf", "zip"):
        raise UsageError(
            "只有 PDF 能携带数据：attach=true 需要 format=pdf 或 format=zip。",
            "Only a PDF can carry the data: attach=true takes format=pdf or format=zip.",
        )
    return asked


def year() -> int | None:
    """The plan year of `?year=`, None where there is none. Raises UsageError."""
    return plan_year(request.args.get("year"))


def limit() -> int:
    """How many `?limit=` asks for, 1 to 500; 100 where it does not. Raises UsageError."""
    asked = request.args.get("limit", "100")
    if not re.fullmatch("[0-9]{1,3}", asked) or not 1 <= int(asked) <= MOST:
        raise UsageError(
            f"limit 应为 1 至 {MOST} 的整数。", f"limit must be a whole number from 1 to {MOST}."
        )
    return int(asked)


def text(name: str) -> str | None:
    """The query's parameter of that name, if any. Raises UsageError for control characters."""
    asked = request.args.get(name)
    if asked is not None and _CONTROL.search(asked):
        raise UsageError(f"{name} 含有控制字符。", f"{name} holds control characters.")
    return asked
