"""Stable operation ids and tags, and the description's introduction."""

import re
from pathlib import Path
from typing import Any

from service.web.schemas.openapi_examples import operations

# Clients generate code from operation ids: none ever changes. A route has its own, or method and noun.
_NOUNS = {
    "/api/v1/forms/{form}/{year}": "Edition",
    "/api/v1/forms/{form}/{year}/blank": "Blank",
    "/api/v1/forms/{form}/{year}/sheet": "Sheet",
    "/api/v1/forms/{form}/{year}/drafts/{id}": "Draft",
    "/api/v1/records/{key}": "Record",
    "/api/v1/batches/{id}": "Batch",
    "/healthz": "Health",
    "/readyz": "Readiness",
    "/metrics": "Metrics",
    "/docs": "Docs",
    "/openapi.json": "OpenApi",
    "/": "StartPage",
    "/forms/{form}/{year}": "FormPage",
    "/forms/new": "NewFormPage",
    "/forms/new/try": "TriedForm",
    "/batches/{id}": "BatchPage",
    "/records/{key}": "RecordPage",
    "/embed/{form}/{year}": "EmbeddedForm",
}
# Tag, pattern of its paths, description, in display order; the last takes all other paths.
_TAGS = (
    (
        "forms",
        "/api/v1/(forms|extract).*",
        "表单：目录、版次、校验、生成、读取 / forms: catalogue, editions, validation, documents, extraction",
    ),
    ("records", "/api/v1/(records|identify).*", "档案：已归档的数据和文书 / archived data and documents"),
    ("batches", "/api/v1/batches.*", "批次：一次提交许多份 / many submissions at once"),
    ("audit", "/api/v1/audit", "审计日志：谁、何时、做了什么 / the audit log: who did what"),
    ("embedding", "/api/v1/embed-tokens|/embed/.*", "嵌入门户的表单 / forms embedded in a portal"),
    ("pages", "/|/(forms|batches|records|audit)(/.*)?|/docs", "网页 / HTML pages"),
    ("operations", ".*", "运行状况、指标、本描述 / health, metrics, this description"),
)
_INTRODUCTION = Path(__file__).with_name("introduction.md")


def complete(description: dict[str, Any]) -> None:
    """Adds operation ids, tags and the introduction, and sorts the paths by tag."""
    description["info"]["description"] = _INTRODUCTION.read_text("utf-8")
    description["tags"] = [{"name": name, "description": about} for name, _, about in _TAGS]
    for path, method, operation in operations(description):
        operation["operationId"] = operation.get("operationId") or method + _noun(path)
        operation["tags"] = [_tag(path)]
    order = [name for name, _, _ in _TAGS]
    paths = sorted(description["paths"].items(), key=lambda found: order.index(_tag(found[0])))
    description["paths"] = dict(paths)


def _noun(path: str) -> str:
    whole, _, part = path.rpartition("/")
    last = part.partition(".")[0].capitalize()
    return _NOUNS.get(path) or (_NOUNS[whole] + last if whole in _NOUNS else f"{last}Page")


def _tag(path: str) -> str:
    return next(name for name, held, _ in _TAGS if re.fullmatch(held, path))
