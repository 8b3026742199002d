"""Error responses in the OpenAPI description, by route and status, with examples."""

import errno
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from service import catalog, errors
from service.access import Authenticator, embed_token
from service.archive.local_files import unwritable
from service.batch.hosted.http_batch import unknown_batch
from service.batch.inputs.input_errors import unreadable
from service.config import Settings
from service.conversion import conversion_errors, file_kind
from service.conversion.libreoffice import soffice
from service.conversion.pool.quarantine import Quarantine
from service.drafts import draft_errors
from service.payload_json import parse
from service.rendering.docx_package import open_package
from service.submission import validate
from service.web.http.auth import missing_scopes
from service.web.http.json_fields import OfEdition
from service.web.http.problems import HTTP, INTERNAL, MEDIA_TYPE, RETRIED, as_problem, described
from service.web.openapi.parts import header, problems
from service.web.schemas.forms import DocumentQuery
from service.web.schemas.openapi_examples import operations
from service.web.schemas.records import unknown_record

_ID = "0b7c7a3a5f0e4d0c9a6b1f2e3d4c5b6a"
# Pattern of method and path, and codes beside those that the route `raises`; for pages only their examples.
_CODES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\w+ /api/.*", ("usage", "rate_exceeded", "internal_error")),
    (r".*/(forms|embed)/\{form\}.*|.*/batches|.*/embed-tokens", ("unknown_form", "unknown_year")),
    (r".*/batches.*", ("unknown_batch", "archive_fault", "internal_error")),
    (r".*/records.*", ("unknown_record", "archive_fault", "internal_error")),
    (r".*/records/\{key\}.*|get /api/v1/records", ("record_destroyed",)),
    (r"\w+ /(forms|embed)/.*", ("invalid_payload", "rate_exceeded", "newer_version", "idempotency_conflict")),
    (r"get /(healthz|readyz|metrics|openapi\.json)", ("usage",)),
)
_NO_FONT = errors.Bilingual("没有字体可以印出“𪛖”（U+2A6D6）。", "")
_FIELD = errors.FieldError(OfEdition.POINTER, OfEdition.LABEL, "character_not_drawable", _NO_FONT)


def complete(description: dict[str, Any]) -> None:
    """Adds to every route its errors with examples and headers."""
    examples = _examples()
    description["components"]["examples"] = {
        code: {"summary": f"{problem['title']} / {title}", "value": problem}
        for code, (problem, title) in examples.items()
    }
    description["components"]["headers"] = _headers()
    for path, method, operation in operations(description):
        codes = list(_codes(f"{method} {path}", operation))
        if not _is_page(operation):
            operation["responses"] |= problems(tuple(examples[code][0]["status"] for code in codes))
        operation["responses"] = dict(sorted(operation["responses"].items()))
        for status, answer in operation["responses"].items():
            answer["headers"] = _of_all(status, operation) | answer.get("headers", {})
            if content := answer.get("content", {}).get(MEDIA_TYPE):
                shown = [code for code in codes if examples[code][0]["status"] == int(status)]
                shown = shown or [_last(int(status))]
                refs = {code: {"$ref": f"#/components/examples/{code}"} for code in shown}
                answer["content"] = {**answer["content"], MEDIA_TYPE: {**content, "examples": refs}}
                titles = (f"{examples[code][0]['title']} / {examples[code][1]}" for code in shown)
                answer["description"] = " · ".join(titles)


def _codes(route: str, operation: dict[str, Any]) -> dict[str, None]:
    """The distinct error codes of a route, in order."""
    codes = [code for pattern, found in _CODES if re.fullmatch(pattern, route) for code in found]
    codes += operation.pop("x-errors", ())
    if any(one["name"] == "format" for one in operation.get("parameters", ())):
        codes.append("not_acceptable")
    if body := operation.get("requestBody"):
        codes += ["usage", "request_timeout", "too_large", "unsupported_media_type"]
        if "application/json" in body["content"] and "application/x-ndjson" not in body["content"]:
            codes += ["not_json", "invalid_payload"]
    if operation.get("x-idempotent"):
        codes += ["idempotency_conflict", "idempotency_key_reused"]
    if "security" in operation:
        codes += ["unauthorized", "forbidden", "wrong_host", "archive_unavailable", "access_unavailable"]
    return dict.fromkeys(codes)


def _last(status: int) -> str:
    """The code for a page's status that no row of `_CODES` covers."""
    known = {400: "usage", 401: "unauthorized", 403: "forbidden", 500: "internal_error"}
    return known.get(status) or (HTTP[status][0] if status in HTTP else "archive_unavailable")


def _is_page(operation: dict[str, Any]) -> bool:
    """Whether a browser may get a page, if only one that says an error."""
    return any("text/html" in each.get("content", {}) for each in operation["responses"].values())


def _of_all(status: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The headers of every response of that status; a page's errors are pages, with one header only."""
    names = ["X-Request-ID"]
    if _is_page(operation):
        status = "200"
    if status >= "400":
        names.append("Content-Language")
    if status in map(str, RETRIED):
        names.append("Retry-After")
    if status in ("401", "403"):
        names.append("WWW-Authenticate")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _headers() -> dict[str, Any]:
    return {
        "X-Request-ID": header("请求的编号，报告问题时请附上 / request id, for support"),
        "Content-Language": header("错误的语言 / language of the error", enum=["zh-CN", "en"]),
        "Retry-After": header("多少秒后可重试 / seconds to wait before retrying", type="integer", minimum=1),
        "WWW-Authenticate": header("RFC 6750, 3"),
        "ETag": header("文件的 SHA-256 / SHA-256 of the file", pattern='^(W/)?"[^"]*"$'),
        "Content-Disposition": header("中文文件名 / Chinese file name (RFC 6266, RFC 8187)"),
    }


def _examples() -> dict[str, tuple[dict[str, Any], str]]:
    """Each code's problem in Chinese, and its English title."""
    found = [as_problem(error, "zh", _ID) | {"en": error.title.en} for error in _errors()]
    for status, (code, title, detail) in (*HTTP.items(), (500, INTERNAL)):
        found.append(described(status, code, title, detail, "zh", _ID) | {"en": title.en})
    return {problem["code"]: (problem, problem.pop("en")) for problem in found}


def _errors() -> list[errors.KexieError]:
    """One error of each code that a route may return."""
    return [
        missing_scopes(["archive:write"], ("archive:write",)),
        unknown_record(),
        errors.RecordDestroyed("编号“3201-0001”第 1 版已按销毁清册 0123456789ab 销毁。", ""),
        unknown_batch(),
        draft_errors.unknown_draft(),
        draft_errors.expired(datetime(2021, 3, 9, tzinfo=UTC)),
        draft_errors.changed(),
        draft_errors.full(2000, 256),
        errors.UnrecognisedForm("认不出是哪份表单。请在 form 和 year 中指明。", ""),
        unreadable("no_records"),
        conversion_errors.no_pdf(),
        conversion_errors.past_deadline(60),
        conversion_errors.not_verified_in(30),
        conversion_errors.queue_full(64),
        conversion_errors.no_space(Path("/dev/shm")),  # noqa: S108 - an example
        errors.ArchiveFault("档案中的文件与登记不符。请管理员执行 kexie-forms verify。", ""),
        unwritable("./var/archive", os.strerror(errno.ENOSPC)),
        errors.CharacterNotDrawable((_FIELD,)),
        errors.ProofFault((_FIELD,)),
        errors.PackageTimeout("60 秒内没有核对完这个包，没有得出结果。请管理员在服务器上核对。", ""),
        errors.UnreadablePackage("没有解开这个包：不是 zip，或已损坏。请让移交方重新导出、重新传送。", ""),
        errors.OtherRecord("这份 PDF 是编号“3201-0002”第 1 版的，没有存入。", ""),
        errors.NotSealed("这就是归档的那份 PDF，没有盖章，也没有签名。", ""),
        errors.NewerVersion("3201-0001", 2, _ID),
        errors.DestructionRefused("“3201-0001”已冻结，不得销毁。", ""),
        errors.IdempotencyConflict(),
        errors.IdempotencyKeyReused(),
        errors.RateExceeded(12),
        errors.WrongHost("forms.example"),
        errors.SandboxMissing("LibreOffice 没有沙箱。请管理员执行 kexie-forms doctor。", ""),
        *_raised(),
    ]


def _raised() -> Iterator[errors.KexieError]:
    """Errors that the service raises for invalid input."""
    edition, settings = catalog.editions()[0], Settings.from_env({})
    invalid = {next(iter(edition.sample("full"))): 1, "colour": "红"}
    authenticator, quarantine = Authenticator(settings), Quarantine()
    authenticator.require_credentials()
    token = embed_token.EmbedToken(edition.form, edition.year, "", "", {}, "", 0)
    for call in (
        lambda: DocumentQuery().load({"format": "gif"}),
        lambda: parse(b"{"),
        lambda: validate(edition, invalid),
        lambda: validate(edition, {}, complete=True),
        lambda: catalog.edition(f"{edition.form}0", edition.year),
        lambda: catalog.edition(edition.form, 1999),
        lambda: authenticator.caller(None),
        lambda: embed_token.sign(token, settings),
        lambda: file_kind.kind(b""),
        lambda: open_package(Path(f"{edition.form}.docx"), b""),
        lambda: soffice.find("/nonexistent/soffice"),
        lambda: quarantine.add(b""),  # the second failure is refused
        lambda: quarantine.add(b""),
    ):
        try:
            call()
        except errors.KexieError as error:
            yield error
