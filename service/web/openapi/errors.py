"""Error responses in the OpenAPI description, by route and status, with examples."""

import functools
import re
from collections.abc import Iterator
from typing import Any

from service import catalog, errors
from service.submission import validate
from service.web.http.problems import HTTP, INTERNAL, MEDIA_TYPE, RETRIED, as_problem, described
from service.web.openapi.parts import header, operations, problems

_ID = "0b7c7a3a5f0e4d0c9a6b1f2e3d4c5b6a"
# Pattern of method and path, and error codes: for the API's routes all that they may return; for the pages,
# which declare their statuses themselves, the examples.
_CODES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\w+ /api/.*", ("usage", "rate_exceeded", "internal_error")),
    (r".*/(forms|embed)/\{form\}.*|.*/batches|.*/embed-tokens", ("unknown_form", "unknown_year")),
    (r".*/(validate|documents|embed-tokens)", ("not_json", "invalid_payload")),
    (r".*/documents", ("character_not_drawable", "proof_failed")),
    (r".*/(blank|documents)", ("conversion_fault", "document_refused", "conversion_timeout", "queue_full")),
    (r".*/(blank|documents)", ("template_fault", "temp_folder_fault", "converter_missing")),
    (r".*/extract", ("unknown_form", "unreadable_document", "unrecognised_form", "conversion_timeout")),
    (r"post .*/batches", ("unreadable_input",)),
    (r".*/batches.*", ("unknown_batch", "archive_fault", "internal_error")),
    (r".*/records.*", ("unknown_record", "archive_fault", "internal_error")),
    (r"\w+ /(forms|embed)/.*", ("invalid_payload", "rate_exceeded")),
    (r".*/readyz", ("converter_missing",)),
    (r"get /(healthz|readyz|metrics|openapi\.json)", ("usage",)),
)
_OF_BODIES = ("request_timeout", "too_large", "unsupported_media_type")
_DETAILS: tuple[tuple[type[errors.KexieError], str], ...] = (
    (errors.UsageError, "没有这个格式，format 可选：pdf、docx、zip、png。"),
    (errors.NotJson, "报文不是有效的 JSON（第 3 行第 5 列）。"),
    (errors.Unauthorized, "没有密钥。请在 Authorization: Bearer 或 X-API-Key 中提交。"),
    (errors.Forbidden, "所用的密钥没有这项权限：归档（archive:write）。请向管理员索取有此权限的密钥。"),
    (errors.UnknownRecord, "档案中没有这条记录。请用 GET /api/v1/records 查看全部记录。"),
    (errors.UnknownBatch, "没有这个批次。请用 GET /api/v1/batches 查看全部批次。"),
    (errors.UnreadableDocument, "文件不是 Word 文书，或已损坏。请重新导出后再提交。"),
    (errors.UnrecognisedForm, "认不出是哪份表单。请在 form 和 year 中指明。"),
    (errors.UnreadableInput, "文件中没有一条申报数据。请填好后再提交。"),
    (errors.TemplateFault, "模板无法使用。这是服务的故障，请告知管理员。"),
    (errors.ConversionFault, "转换 PDF 失败。请稍后重试，或改取 .docx。"),
    (errors.ConversionTimeout, "转换 PDF 超过时限。请稍后重试。"),
    (errors.ConverterMissing, "暂时无法转换 PDF，缺少：LibreOffice。请执行 kexie-forms doctor。"),
    (errors.DocumentRefused, "这份文书两次使 LibreOffice 失败，暂不再试。请改取 .docx，并告知管理员。"),
    (errors.TempFolderFault, "临时目录写不进去。请管理员检查磁盘。"),
    (errors.QueueFull, "等待转换的文书太多。请稍后重试。"),
    (errors.ArchiveFault, "档案中的文件与登记不符。请管理员执行 kexie-forms verify。"),
    (errors.ArchiveUnavailable, "档案的数据库不应答。请稍后重试。"),
    (errors.AccessFault, "未设置 KEXIE_SECRET，不能签发令牌。请告知管理员。"),
)
_NO_FONT = errors.Bilingual("没有字体可以印出“𪛖”（U+2A6D6）。", "")
_FIELD = errors.FieldError("/case_name", "案例名称", "character_not_drawable", _NO_FONT)


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
        if "text/html" not in operation["responses"].get("200", {}).get("content", {}):
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
    if any(one["name"] == "format" for one in operation.get("parameters", ())):
        codes.append("not_acceptable")
    if "requestBody" in operation:
        codes += ["usage", *_OF_BODIES]
    if operation.get("x-idempotent"):
        codes += ["idempotency_conflict", "idempotency_key_reused"]
    if "security" in operation:
        codes += ["unauthorized", "forbidden", "archive_unavailable", "access_unavailable"]
    return dict.fromkeys(codes)


def _last(status: int) -> str:
    """The code for a page's status that no row of `_CODES` covers."""
    known = {400: "usage", 401: "unauthorized", 403: "forbidden", 500: "internal_error"}
    return known.get(status) or (HTTP[status][0] if status in HTTP else "archive_unavailable")


def _of_all(status: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The headers of every response of that status; a page's errors are pages, with one header only."""
    names = ["X-Request-ID"]
    if "text/html" in operation["responses"].get("200", {}).get("content", {}):
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


@functools.cache
def _examples() -> dict[str, tuple[dict[str, Any], str]]:
    """Each code's problem in Chinese, and its English title."""
    found = [as_problem(error, "zh", _ID) | {"en": error.title.en} for error in _errors()]
    for status, (code, title, detail) in (*HTTP.items(), (500, INTERNAL)):
        found.append(described(status, code, title, detail, "zh", _ID) | {"en": title.en})
    return {problem["code"]: (problem, problem.pop("en")) for problem in found}


def _errors() -> list[errors.KexieError]:
    """One error of each code that a route may return."""
    return [kind(zh, "") for kind, zh in _DETAILS] + [
        errors.CharacterNotDrawable((_FIELD,)),
        errors.ProofFault((_FIELD,)),
        errors.IdempotencyConflict(),
        errors.IdempotencyKeyReused(),
        errors.RateExceeded(12),
        *_raised(),
    ]


def _raised() -> Iterator[errors.KexieError]:
    """Errors as the service raises them."""
    edition = catalog.edition("annex2", 2021)
    wrong = {"cover": {"applicant": 1}, "basic_info": {"staff_quota": -1, "colour": "红"}}
    for call in (
        lambda: validate(edition, wrong),
        lambda: catalog.edition("annex9", 2021),
        lambda: catalog.edition("annex2", 1999),
    ):
        try:
            call()
        except (errors.InvalidPayload, errors.UnknownForm, errors.UnknownYear) as error:
            yield error
