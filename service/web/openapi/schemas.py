"""The OpenAPI schemas of what forms answer: catalogue, edition, report, extraction, problem."""

from __future__ import annotations

from typing import Any

from service.web.openapi.parts import TEXT

WHOLE = {"type": "integer"}
HASH = {**TEXT, "pattern": "^[0-9a-f]{64}$"}
_POINTER = {**TEXT, "description": "JSON Pointer (RFC 6901)"}
_FIELD_ERROR = {
    "type": "object",
    "required": ["pointer", "label", "code", "message"],
    "properties": {
        "pointer": _POINTER,
        "label": {**TEXT, "description": "表上的名称 / the official label"},
        **dict.fromkeys(("code", "message"), TEXT),
    },
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {**TEXT, "description": "urn:kexie-forms:problem:… 与 code 对应 / tells the code"},
        "title": TEXT,
        "status": WHOLE,
        "detail": {**TEXT, "description": "什么、在哪里、怎么办 / what, where, what to do"},
        "code": {**TEXT, "description": "供程序判断，不会改变 / stable, for programs"},
        "request_id": {**TEXT, "description": "与 X-Request-ID 相同 / the same as X-Request-ID"},
        "errors": {
            "type": "array",
            "description": "数据的全部错误 / all faults of the data at once",
            "items": {"$ref": "#/components/schemas/FieldError"},
        },
    },
}
_SUMMARY = {
    "form": TEXT,
    "year": WHOLE,
    "title": TEXT,
    "provenance": {"enum": ["official", "derived"]},
    "provenance_text": TEXT,
    "derived_from": {"type": ["integer", "null"]},
    "version": {"type": "integer", "minimum": 1},
    "published": {"type": "boolean"},
    "edition_hash": TEXT,
    "template_hash": TEXT,
}
_LIMIT = {
    "fields": {"type": "array", "items": _POINTER, "description": "合计的栏目 / counted together"},
    "label": TEXT,
    "maximum": {**WHOLE, "description": "字数上限 / at most so many 字"},
}
_EDITION = {
    **_SUMMARY,
    "schema": {"type": "object", "description": "报文的 JSON Schema (2020-12) / of the payload"},
    "labels": {"type": "object", "additionalProperties": TEXT, "description": "JSON Pointer → 表上的名称"},
    "limits": {"type": "array", "items": {"$ref": "#/components/schemas/Limit"}},
    "sample": {"type": "object", "description": "填满的样例 / a sample with every field"},
}
_WARNING = {
    "type": "object",
    "required": ["pointer", "label", "code", "character", "code_point", "face", "message"],
    "properties": {
        **dict.fromkeys(("pointer", "label", "character", "code_point", "message"), TEXT),
        "code": {"enum": ["character_substituted", "character_not_drawable"]},
        "face": {"type": ["string", "null"]},
    },
}
WARNINGS = {"type": "array", "items": {"$ref": "#/components/schemas/Warning"}}
_REPORT = {
    "form": TEXT,
    "year": WHOLE,
    "valid": {"const": True},
    "counts": {
        "type": "object",
        "additionalProperties": WHOLE,
        "description": "各栏字数（Word 的算法）/ 字 of each text, as Word counts them",
    },
    "limits": {
        "type": "array",
        "items": {
            "type": "object",
            "required": [*_LIMIT, "count"],
            "properties": {**_LIMIT, "count": {**WHOLE, "description": "现有字数 / 字 now"}},
        },
    },
    "totals": {"type": "object", "description": "算出的合计 / computed totals"},
    "warnings": WARNINGS,
}
_READING_WARNING = {
    "type": "object",
    "required": ["pointer", "label", "code", "place", "text", "message"],
    "properties": dict.fromkeys(("pointer", "label", "code", "place", "text", "message"), TEXT),
}
_DIFFERENCE = {
    "type": "object",
    "required": ["code", "place", "message"],
    "properties": dict.fromkeys(("code", "place", "message"), TEXT),
}
_EXTRACTION = {
    "form": TEXT,
    "year": WHOLE,
    "data": {"type": "object", "description": "报文，供再次提交 / the payload, to be sent again"},
    "warnings": {"type": "array", "items": _READING_WARNING},
    "layout": {
        "type": ["object", "null"],
        "description": "版式是否与正式表单一致 / is the layout as official; null for a PDF",
        "required": ["official", "differences"],
        "properties": {
            "official": {"type": "boolean"},
            "differences": {"type": "array", "items": _DIFFERENCE},
        },
    },
}
ALIVE = {"type": "object", "required": ["status"], "properties": {"status": {"const": "alive"}}}
READY = {
    "type": "object",
    "required": ["status", "libreoffice", "fonts"],
    "properties": {
        "status": {"const": "ready"},
        "libreoffice": {**TEXT, "description": "版本 / its version"},
        "fonts": {"type": "object", "description": "各官方字体由哪个字体代印 / the face behind each font"},
    },
}


def components() -> dict[str, dict[str, Any]]:
    """The named schemas, without those of payloads."""
    return {
        "Problem": _PROBLEM,
        "FieldError": _FIELD_ERROR,
        "Warning": _WARNING,
        "Limit": _all_of(_LIMIT),
        "EditionSummary": _all_of(_SUMMARY),
        "Edition": _all_of(_EDITION),
        "Report": _all_of(_REPORT),
        "Extraction": _all_of(_EXTRACTION),
    }


def _all_of(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has every one of these."""
    return {"type": "object", "required": list(properties), "properties": properties}
