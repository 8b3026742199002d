"""Reads a request's JSON, file, preferred language and document format."""

from typing import Any

from flask import request
from werkzeug.exceptions import NotAcceptable, RequestEntityTooLarge, UnsupportedMediaType

from service import catalog
from service.errors import NotJson, UsageError
from service.payload_files import add_file
from service.payload_json import parse
from service.web.http.auth import settings

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "png": "image/png",
    "xlsx": XLSX,
    "csv": "text/csv",
}
#: Media types of a batch, with the format that `service.batch.inputs` knows them by.
BATCH_FORMATS = {
    "application/x-ndjson": "ndjson",
    "application/json": "json",
    XLSX: "xlsx",
    "text/csv": "csv",
    MEDIA_TYPES["zip"]: "files",
}
PICTURES = 4  # as large as allowed, that a request can hold; a page reduces them
_PAYLOAD = "payload"  # the part of a form with the JSON
WRAPPING = 16 * 1024  # bytes of a form around its file


def allow_pictures() -> None:
    """Raises the body's limit by the pictures of the form that the route names."""
    if pictures := _pictures():
        more = settings().picture_limit * min(pictures, PICTURES) * 4 // 3  # in base64
        request.max_content_length = settings().body_limit + more
        request.max_form_memory_size = request.max_content_length


def _pictures() -> int:
    """How many pictures the form that the route names can have."""
    named = request.view_args or {}
    wanted = named.get("form"), named.get("year")
    return sum(each.pictures for each in catalog.editions() if (each.form, str(each.year)) == wanted)


def payload() -> Any:
    """The request's JSON payload; of a form with pictures also the part `payload`, with files beside it.

    Raises UnsupportedMediaType, RequestEntityTooLarge, NotJson, or UsageError for another part.
    """
    kind = request.mimetype
    if kind == "multipart/form-data" and _pictures():
        return _with_files()
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if not (kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))):
        raise UnsupportedMediaType
    if charset not in ("utf-8", "utf8") or encoding != "identity":
        raise UnsupportedMediaType
    body = request.get_data(cache=False)
    # A chunked body is silently truncated at the limit.
    if request.content_length is None and len(body) >= (request.max_content_length or len(body) + 1):
        raise RequestEntityTooLarge
    if not body.strip():
        raise NotJson("请求没有正文，请提交 JSON 报文。", "The request has no body: send a JSON payload.")
    return parse(body)


def _with_files() -> Any:
    """The payload of a form (RFC 7578), each other part the file of the field that it names."""
    if unknown := sorted(name for name in request.form if name != _PAYLOAD):
        raise UsageError(
            f"部分“{unknown[0][:80]}”没有文件名，应为图片文件。",
            f"The part '{unknown[0][:80]}' has no file name: it must be a picture's file.",
        )
    found = parse(_payload_part())
    for name, file in request.files.items(multi=True):
        if name != _PAYLOAD:
            add_file(found, name, file.read())
    return found


def _payload_part() -> bytes:
    """The JSON text of the form's one part `payload`. Raises NotJson."""
    texts, files = request.form.getlist(_PAYLOAD), request.files.getlist(_PAYLOAD)
    sent: list[bytes] = [*(text.encode() for text in texts), *(file.read() for file in files)]
    if len(sent) != 1 or not sent[0].strip():
        raise NotJson(
            f"请在一个名为 {_PAYLOAD} 的部分提交 JSON 报文，缺少、空白或多于一个都不行。",
            f"Send the JSON payload in one part '{_PAYLOAD}': it is missing, blank, or there are several.",
        )
    if any("\ufffd" in text for text in texts):  # what the form's parser makes of other encodings
        raise NotJson(
            f"部分 {_PAYLOAD} 不是 UTF-8 编码。请以 UTF-8 保存后重新提交。",
            f"The part '{_PAYLOAD}' is not UTF-8. Save it as UTF-8 and resubmit.",
        )
    return sent[0]


def accepted(offered: tuple[str, ...]) -> str:
    """The format that Accept prefers, by default the first offered. Raises NotAcceptable."""
    if not request.accept_mimetypes:
        return offered[0]
    # Firefox accepts images when it opens a URL, but the user wants the document.
    browsing = "text/html" in request.accept_mimetypes.values()
    names = [name for name in offered if not (browsing and name == "png")]
    best = request.accept_mimetypes.best_match([MEDIA_TYPES[name] for name in names])
    if best is None:
        raise NotAcceptable
    return next(name for name in offered if MEDIA_TYPES[name] == best)


def accepted_language() -> str:
    """ "en" where the request prefers English over Chinese, else "zh"."""
    preferred = (tag.lower().partition("-")[0] for tag in request.accept_languages.values())
    return next((tag for tag in preferred if tag in ("zh", "en")), "zh")


def take_upload() -> None:
    """Sets the body limit to that of an uploaded document."""
    limit_upload(settings().file_limit)


def take_sealed_copy() -> None:
    """Sets the body limit to that of a sealed copy."""
    limit_upload(settings().sealed_limit)


def limit_upload(limit: int) -> None:
    """Sets the body limit to a file of so many bytes in a form."""
    request.max_content_length = limit + WRAPPING


def upload(limit: int) -> dict[str, Any]:
    """The non-empty fields of a form, and its part `file` of at most `limit` bytes.

    Raises UnsupportedMediaType if the request is not a form (RFC 7578), RequestEntityTooLarge, or UsageError.
    """
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if request.mimetype != "multipart/form-data" or encoding != "identity":
        raise UnsupportedMediaType
    limit_upload(limit)
    sent = request.files.getlist("file")
    if len(sent) != 1 or not sent[0].filename:
        raise UsageError(
            "请在 multipart/form-data 的 file 部分提交一份文书（带文件名）。",
            "Send one document, with a file name, in the part 'file' of multipart/form-data.",
        )
    content = sent[0].read()
    if len(content) > limit:
        raise RequestEntityTooLarge
    return {name: value for name, value in request.form.items() if value} | {"file": content}


def in_zh(name: str) -> str:
    """A parameter's name, or its label, before Chinese text."""
    return f"{name} " if name.isascii() else f"“{name}”"
