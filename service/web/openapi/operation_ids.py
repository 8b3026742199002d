"""Stable operation ids and tags, and the description's introduction."""

import re
from typing import Any

from service.web.schemas.openapi_examples import operations

# Method and path → operation id; clients generate code from it, so it never changes.
_IDS = {
    "get /api/v1/forms": "listForms",
    "get /api/v1/forms/{form}/{year}": "getEdition",
    "get /api/v1/forms/{form}/{year}/blank": "getBlank",
    "get /api/v1/forms/{form}/{year}/sheet": "getSheet",
    "post /api/v1/forms/{form}/{year}/validate": "validatePayload",
    "post /api/v1/forms/{form}/{year}/documents": "makeDocument",
    "post /api/v1/extract": "extractPayload",
    "get /api/v1/records": "listRecords",
    "get /api/v1/records/{key}": "getRecord",
    "get /api/v1/records/{key}/docx": "getRecordDocx",
    "get /api/v1/records/{key}/pdf": "getRecordPdf",
    "get /api/v1/records/{key}/verify": "verifyRecord",
    "get /api/v1/records/{key}/payload": "getRecordPayload",
    "get /api/v1/records/{key}/manifest": "getRecordManifest",
    "get /api/v1/records/{key}/original": "getRecordOriginal",
    "post /api/v1/batches": "startBatch",
    "get /api/v1/batches": "listBatches",
    "get /api/v1/batches/{id}": "getBatch",
    "delete /api/v1/batches/{id}": "cancelBatch",
    "get /api/v1/batches/{id}/events": "watchBatch",
    "get /api/v1/batches/{id}/documents.zip": "getBatchDocuments",
    "get /api/v1/batches/{id}/errors.ndjson": "getBatchErrors",
    "get /api/v1/batches/{id}/errors.xlsx": "getBatchErrorsSheet",
    "post /api/v1/embed-tokens": "makeEmbedToken",
    "get /healthz": "getHealth",
    "get /readyz": "getReadiness",
    "get /metrics": "getMetrics",
    "get /docs": "getDocs",
    "get /openapi.json": "getOpenApi",
    "get /": "getStartPage",
    "get /forms/{form}/{year}": "getFormPage",
    "post /forms/{form}/{year}": "postFormPage",
    "get /forms/new": "getNewFormPage",
    "post /forms/new": "postNewFormPage",
    "post /forms/new/try": "postTriedForm",
    "post /forms/new/try/validate": "validateTriedForm",
    "post /forms/new/try/documents": "getTriedFormPage",
    "get /batches": "getBatchesPage",
    "post /batches": "postBatchesPage",
    "get /batches/{id}": "getBatchPage",
    "post /batches/{id}": "postBatchPage",
    "get /records": "getRecordsPage",
    "post /records": "postRecordsPage",
    "get /records/{key}": "getRecordPage",
    "post /records/{key}": "postRecordPage",
    "get /embed/{form}/{year}": "getEmbeddedForm",
    "post /embed/{form}/{year}": "postEmbeddedForm",
}
# Tag, pattern of its paths, description, in display order; the last takes all other paths.
_TAGS = (
    (
        "forms",
        "/api/v1/(forms|extract).*",
        "表单：目录、版次、校验、生成、读取 / forms: catalogue, editions, validation, documents, extraction",
    ),
    ("records", "/api/v1/records.*", "档案：已归档的申报数据和文书 / archived payloads and documents"),
    ("batches", "/api/v1/batches.*", "批次：一次提交许多份 / many submissions at once"),
    ("embedding", "/api/v1/embed-tokens|/embed/.*", "嵌入门户的表单 / forms embedded in a portal"),
    ("pages", "/|/(forms|batches|records)(/.*)?|/docs", "网页 / HTML pages"),
    ("operations", ".*", "运行状况、指标、本描述 / health, metrics, this description"),
)
_ABOUT = """\
由 JSON 报文生成正式的 Word 申报表和 PDF/A，并归档。各语言的示例见 `docs/guide/clients.md`。

- 密钥：`Authorization: Bearer …` 或 `X-API-Key: …`；从未生成过密钥时不需要。
- 错误：`application/problem+json`（RFC 9457），程序看 `code`；数据的错误一次列全，在 `errors`。
- `Accept-Language: en` 得到英文的错误说明。没有声明的查询参数不会被忽略，而是 400 `usage`。
- 408、409、429、503 带 `Retry-After`；重试 POST 时带同一 `Idempotency-Key`，不会重复生成。

Official Word forms and PDF/A from JSON, and their archive. `docs/guide/clients.md` has examples in four languages.

- Keys: `Authorization: Bearer …` or `X-API-Key: …`; none is required until the first one has been created.
- Errors: `application/problem+json` (RFC 9457); programs test `code`; `errors` lists all errors of the data at once.
- `Accept-Language: en` selects English error texts. An unknown query parameter is an error (400 `usage`).
- 408, 409, 429 and 503 carry `Retry-After`; retry a POST with the same `Idempotency-Key` to avoid duplicates.
"""  # noqa: E501


def complete(description: dict[str, Any]) -> None:
    """Adds operation ids, tags and the introduction, and sorts the paths by tag."""
    description["info"]["description"] = _ABOUT
    description["tags"] = [{"name": name, "description": about} for name, _, about in _TAGS]
    for path, method, operation in operations(description):
        operation["operationId"] = _IDS[f"{method} {path}"]
        operation["tags"] = [_tag(path)]
    order = [name for name, _, _ in _TAGS]
    description["paths"] = dict(
        sorted(description["paths"].items(), key=lambda found: order.index(_tag(found[0])))
    )


def _tag(path: str) -> str:
    return next(name for name, held, _ in _TAGS if re.fullmatch(held, path))
