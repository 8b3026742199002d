"""The OpenAPI description of the route that makes tokens of embedded forms."""

from __future__ import annotations

from typing import Any

from service import catalog
from service.access.embed_token import LONGEST
from service.web.openapi import forms

_TEXT = {"type": "string"}
_REQUEST = {
    "type": "object",
    "required": ["form", "year", "origin"],
    "additionalProperties": False,
    "properties": {
        "form": {**_TEXT, "description": "表单 / the form"},
        "year": {"type": "integer", "description": "年度 / the plan year"},
        "origin": {
            **_TEXT,
            "pattern": "^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$",
            "description": "嵌入页面的源 / the origin of the page around the form",
        },
        "data": {"type": ["object", "null"], "description": "预填的报文 / the payload filled in before"},
        "seconds": {"type": ["integer", "null"], "minimum": 1, "maximum": LONGEST, "default": 600},
        "tenant": {
            "type": ["string", "null"],
            "minLength": 1,
            "maxLength": 100,
            "description": "别的租户，须有 admin 权限 / another tenant, which takes the scope admin",
        },
    },
}
_ANSWER = {
    "type": "object",
    "required": ["token", "expires", "url"],
    "properties": {
        "token": {**_TEXT, "description": "作为 Bearer 使用 / to be sent as Bearer"},
        "expires": {"type": "string", "format": "date-time"},
        "url": {**_TEXT, "description": "iframe 的地址 / the address for an iframe"},
    },
}
_EXAMPLE = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImtleGllLWVtYmVkK2p3dCJ9.eyJ…"


def embed_tokens() -> dict[str, Any]:
    """The route that makes a token."""
    name = catalog.edition("annex3", 2021).sample("minimal")
    example = {
        "form": "annex3",
        "year": 2021,
        "origin": "https://portal.example",
        "data": name,
        "seconds": 600,
    }
    answer = {
        "token": _EXAMPLE,
        "expires": "2021-03-09T08:10:00Z",
        "url": f"/embed/annex3/2021?token={_EXAMPLE}",
    }
    described = forms.operation("嵌入令牌 / the token", 400, 404, 413, 415, 422, 500)
    done = described["responses"].pop("200")
    done["content"] = {"application/json": {"schema": _ANSWER, "example": answer}}
    described["responses"]["201"] = done
    body = {"application/json": {"schema": _REQUEST, "example": example}}
    return {**described, "requestBody": {"required": True, "content": body}}
