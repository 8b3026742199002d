"""What the descriptions of all routes are made of: parameters, answers, problems."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
#: A text without control characters.
VISIBLE = {**TEXT, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"}


def query(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    """A parameter in the query."""
    return {"in": "query", "name": name, "schema": schema, "description": description}


def in_path(name: str, description: str, example: str) -> dict[str, Any]:
    """A parameter in the path."""
    schema = {"type": "string", "examples": [example]}
    return {"in": "path", "name": name, "required": True, "schema": schema, "description": description}


def header(description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """A header of an answer."""
    return {"description": description, "schema": schema or TEXT}


def json_answer(description: str, schema: dict[str, Any], example: Any = None) -> dict[str, Any]:
    """An answer in JSON."""
    content = {"schema": schema, **({} if example is None else {"example": example})}
    return {"description": description, "content": {"application/json": content}}


def file_answer(description: str, media_type: str) -> dict[str, Any]:
    """An answer that is a file."""
    schema = {"type": "string", "format": "binary"}
    return {"description": description, "content": {media_type: {"schema": schema}}}


SAVED = {
    "ETag": {"$ref": "#/components/headers/ETag"},
    "Content-Disposition": {"$ref": "#/components/headers/Content-Disposition"},
}


def named(schema: str) -> dict[str, str]:
    """The schema of that name."""
    return {"$ref": f"#/components/schemas/{schema}"}


def unchanged() -> dict[str, Any]:
    """The answer to who has the file already."""
    told = {"description": "没有变化（If-None-Match）/ the caller has it", "headers": {"ETag": SAVED["ETag"]}}
    return {"304": told}


def problems(statuses: tuple[int, ...]) -> dict[str, Any]:
    """The answers of those statuses, all problem details (RFC 9457)."""
    content = {"application/problem+json": {"schema": named("Problem")}}
    return {str(status): {"description": "问题 / problem", "content": content} for status in statuses}


def listed(name: str, item: dict[str, Any]) -> dict[str, Any]:
    """The schema of a page of a list, with the address of the next page."""
    return {
        "type": "object",
        "required": [name, "next"],
        "properties": {name: {"type": "array", "items": item}, "next": {"type": ["string", "null"]}},
    }


def paging(after: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters of a list; `after` is the schema of what tells a page."""
    whole = {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}
    return [
        query("limit", whole, "每页最多几条 / at most so many"),
        query("after", after, "上一页 next 中的值 / from `next` of the page before"),
    ]


def security_schemes() -> dict[str, dict[str, Any]]:
    """The two ways to send a key; both stand for the same."""
    key = "kexie-forms keys add 所给的密钥、门户签发的 JWT 或嵌入令牌 / a key, a JWT of the portal, a token"
    return {
        "key": {"type": "http", "scheme": "bearer", "description": key},
        "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": key},
    }


def complete(paths: dict[str, Any]) -> None:
    """Adds to every route what its scopes, its Idempotency-Key and the limits of the API bring about."""
    key = {
        "in": "header",
        "name": "Idempotency-Key",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        "description": "同一键、同一请求得到同一答复 / the same key and request get the same answer",
    }
    for path, operations in paths.items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            if scopes := operation.pop("x-scopes", None):
                _require(operation, list(scopes))
            if operation.get("x-idempotent"):
                operation["responses"] |= problems((400, 409, 413, 422, 503))
                operation["parameters"] = [*operation.get("parameters", ()), key]
            if path.startswith("/api/"):
                operation["responses"] |= problems((408, 429) if "requestBody" in operation else (429,))


def _require(operation: dict[str, Any], scopes: list[str]) -> None:
    """Describes a route that only callers with all of `scopes` reach."""
    need = "、".join(f"`{scope}`" for scope in scopes)
    operation["security"] = [{"key": scopes}, {"header": scopes}]
    operation["description"] = f"需要权限 / needs the scope: {need}"
    operation["responses"] = problems((401, 403, 503)) | operation["responses"]
