"""The OpenAPI description of the archive's routes."""

from __future__ import annotations

from typing import Any

from service.web.http.parameters import MEDIA_TYPES
from service.web.openapi.parts import (
    SAVED,
    TEXT,
    VISIBLE,
    file_answer,
    header,
    in_path,
    json_answer,
    listed,
    paging,
    problems,
    query,
    unchanged,
)

_FAULTS = (404, 500, 503)
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_FILE = {
    "type": "object",
    "required": ["sha256", "size", "url"],
    "properties": {"sha256": _HASH, "size": {"type": "integer", "minimum": 0}, "url": TEXT},
}
_PARTS = ("payload", "docx", "pdf", "original")
_RECORD = {
    "type": "object",
    "required": [
        "key",
        "form",
        "year",
        "id",
        "version",
        "created",
        "edition_hash",
        "warnings",
        "manifest_sha256",
        "files",
        "links",
    ],
    "properties": {
        "key": {"type": "string", "format": "uuid"},
        "form": TEXT,
        "year": {"type": "integer"},
        "id": {**TEXT, "description": "报送方的编号 / the submitter's own key"},
        "version": {"type": "integer", "minimum": 1},
        "created": {"type": "string", "format": "date-time"},
        "edition_hash": _HASH,
        "warnings": {"type": "integer", "minimum": 0},
        "manifest_sha256": _HASH,
        "files": {"type": "object", "properties": dict.fromkeys(_PARTS, _FILE)},
        "links": {"type": "object", "additionalProperties": TEXT},
    },
}
_KEY = "6f1f2b0e-6a44-5b0e-9d0e-3d2f3c1b7a55"
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_EXAMPLE = {
    "key": _KEY,
    "form": "annex2",
    "year": 2021,
    "id": "3201-0001",
    "version": 1,
    "created": "2021-03-09T08:00:00.123456Z",
    "edition_hash": _DIGEST,
    "warnings": 0,
    "manifest_sha256": _DIGEST,
    "files": {"pdf": {"sha256": _DIGEST, "size": 90210, "url": f"/api/v1/records/{_KEY}/pdf"}},
    "links": {"self": f"/api/v1/records/{_KEY}", "pdf": f"/api/v1/records/{_KEY}/pdf"},
}


def components() -> dict[str, dict[str, Any]]:
    """The named schemas: Record."""
    return {"Record": _RECORD}


def records() -> dict[str, Any]:
    """The list of records."""
    page = listed("records", {"$ref": "#/components/schemas/Record"})
    return {
        "parameters": [
            query("form", VISIBLE, "只要这个表单 / of this form only"),
            query("year", {"type": "string", "pattern": "^[0-9]{4}$"}, "只要这个年度 / of this year only"),
            query("id", VISIBLE, "只要这个编号 / of this id only"),
            query("holding", VISIBLE, "编号含有这段文字 / whose id contains this text"),
            query("all_versions", {"enum": ["true", "false"]}, "也列出旧版本 / older versions as well"),
            *paging({"type": "string", "format": "uuid"}),
        ],
        "responses": {
            "200": json_answer("档案 / records", page, {"records": [_EXAMPLE], "next": None}),
            **problems((400, 404, 500, 503)),
        },
    }


def record() -> dict[str, Any]:
    """One record."""
    schema = {"$ref": "#/components/schemas/Record"}
    return {
        "parameters": [_key()],
        "responses": {"200": json_answer("档案 / the record", schema, _EXAMPLE), **problems(_FAULTS)},
    }


def part(description: str, media_type: str) -> dict[str, Any]:
    """A file of a record."""
    answer = file_answer(description, media_type)
    if media_type == "application/json":
        answer["content"][media_type]["schema"] = {"type": "object"}
    answer["headers"] = SAVED
    return {
        "parameters": [_key()],
        "responses": {
            "200": answer,
            **unchanged(),
            **problems(_FAULTS),
        },
    }


def pdf() -> dict[str, Any]:
    """The archived PDF, or a page of it as PNG."""
    told = part("PDF/A 文书，或一页 PNG / the PDF/A, or a page as PNG", MEDIA_TYPES["pdf"])
    answer = told["responses"]["200"]
    answer["content"] |= file_answer("", MEDIA_TYPES["png"])["content"]
    answer["headers"]["X-Page-Count"] = header("PNG：文书的页数 / of a PNG: pages of the document")
    told["parameters"] += [
        query("format", {"enum": ["pdf", "png"]}, "格式，优先于 Accept / format, before Accept"),
        query("page", {"type": "integer", "minimum": 1, "default": 1}, "format=png 的页码 / page of the PNG"),
    ]
    told["responses"] |= problems((400, 406))
    return told


def verification() -> dict[str, Any]:
    """What a record's files say when they are hashed anew."""
    null_text, null_number = {"type": ["string", "null"]}, {"type": ["integer", "null"]}
    fault = {
        "type": "object",
        "required": ["code", "place", "record", "form", "year", "id", "version", "file", "message"],
        "properties": {
            **dict.fromkeys(("code", "place", "file", "message"), TEXT),
            **dict.fromkeys(("record", "form", "id"), null_text),
            **dict.fromkeys(("year", "version"), null_number),
        },
    }
    schema = {
        "type": "object",
        "required": ["key", "verified", "files", "faults"],
        "properties": {
            "key": {"type": "string", "format": "uuid"},
            "verified": {"type": "string", "format": "date-time"},
            "files": {"type": "integer", "minimum": 1},
            "faults": {"type": "array", "items": fault},
        },
    }
    example = {"key": _KEY, "verified": "2021-03-09T08:00:00.123456Z", "files": 4, "faults": []}
    answer = json_answer("没有错误时 faults 为空 / faults is empty where all is well", schema, example)
    return {"parameters": [_key()], "responses": {"200": answer, **problems(_FAULTS)}}


def archiving() -> list[dict[str, Any]]:
    """The parameters with which a document is archived as it is made."""
    flag = {"enum": ["true", "false"]}
    about = "存档，两种格式都存 / archive it too, in both formats; answers 201 and Location"
    id = "存档用的编号，本表单、本年度内不重复 / the submitter's own key, unique in form and year"
    return [
        query("archive", flag, about),
        query("id", {"type": "string", "minLength": 1, "maxLength": 200}, id),
    ]


def location() -> dict[str, Any]:
    """The header that names the record."""
    return {"Location": header("档案的地址 / the address of the record")}


def _key() -> dict[str, Any]:
    return in_path("key", "档案的编号 / the record's key", _KEY)
