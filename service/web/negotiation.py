"""What a request sends and wants: JSON bodies in, a document's format out."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from service.errors import NotJson, UsageError
from service.submission import parse

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}


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
    best = request.accept_mimetypes.best_match([MEDIA_TYPES[name] for name in offered])
    if best is None:
        raise NotAcceptable
    return next(name for name in offered if MEDIA_TYPES[name] == best)
