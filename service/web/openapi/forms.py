"""The OpenAPI 3.1 description of the routes, drawn from the editions."""

from __future__ import annotations

from typing import Any

from service import catalog
from service.submission import validate
from service.web.http.parameters import MEDIA_TYPES
from service.web.openapi import records, schemas
from service.web.openapi.parts import SAVED, file_answer, json_answer, named, problems, query, unchanged

_WARNING_HEADERS = {
    "X-Warning-Count": {
        "description": "提醒的条数 / number of warnings; absent where there is none",
        "schema": {"type": "integer"},
    },
    "X-Warnings": {
        "description": "提醒，最多 4 KB / as many warnings as fit into 4 KB, JSON in ASCII",
        "content": {"application/json": {"schema": schemas.WARNINGS}},
    },
}
_UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": ".docx、.doc、.wps、.odt、.rtf，或携带报文的 PDF / or a PDF with its payload",
        },
        "form": {"type": "string", "description": "省略时自动识别 / recognised when absent"},
        "year": {"type": "string", "pattern": "^[0-9]{4}$", "description": "同上 / likewise"},
    },
}
_PAGE_COUNT = {
    "X-Page-Count": {"description": "format=png 时的总页数 / pages, with PNG", "schema": {"type": "integer"}},
    "X-Section-Pages": {
        "description": "format=png 时各部分从第几页起，JSON / where each section begins, as JSON, with PNG; "
        "without those of which it is not certain",
        "schema": {"type": "string"},
    },
}
_PROVE = "文书读回后与报文相同才交付，否则 500 / delivered only when, read back, it equals the payload"
_ATTACH = "PDF 内携带报文和清单（PDF/A-3b）/ the PDF carries payload and manifest"


def components() -> dict[str, dict[str, Any]]:
    """The named schemas of forms: what is answered, and one payload an edition."""
    payloads = {f"{edition.form}_{edition.year}": edition.json_schema() for edition in catalog.editions()}
    return schemas.components() | payloads


def forms() -> dict[str, Any]:
    """The catalogue's route."""
    several = {"type": "array", "items": named("EditionSummary")}
    listing = {"type": "object", "required": ["forms"], "properties": {"forms": several}}
    example = {"forms": [catalog.edition("annex3", 2021).summary()]}
    return {"responses": {"200": json_answer("表单和版次 / forms and editions", listing, example)}}


def edition() -> dict[str, Any]:
    """The route of one edition."""
    return _described({"200": json_answer("版次 / the edition", named("Edition"))}, (404,))


def sheet(media_type: str) -> dict[str, Any]:
    """The route of an edition's empty sheet."""
    answer = {**file_answer("空白表格 / the empty sheet", media_type), "headers": SAVED}
    return _described({"200": answer, **unchanged()}, (404, 500))


def validation() -> dict[str, Any]:
    """The validator's route."""
    sample = catalog.edition("annex1", 2021)
    example = {**validate(sample, sample.sample("full")).report(), "warnings": []}
    answer = json_answer("字数与合计 / counts and totals", named("Report"), example)
    described = _described({"200": answer}, (400, 404, 413, 415, 422, 500))
    return {**described, "requestBody": _body()}


def document(formats: tuple[str, ...], *, takes_payload: bool = False) -> dict[str, Any]:
    """A route that answers a document in one of `formats`."""
    content = {MEDIA_TYPES[name]: {"schema": {"type": "string", "format": "binary"}} for name in formats}
    faults = (400, 404, 406, 429, 500, 503, *((413, 415, 422) if takes_payload else ()))
    answer: dict[str, Any] = {
        "description": "文书 / the document",
        "content": content,
        "headers": {**SAVED, **_PAGE_COUNT, **_WARNING_HEADERS},
    }
    described = _described({"200": answer, **({} if takes_payload else unchanged())}, faults)
    described["parameters"] += [
        query("format", {"enum": list(formats)}, "格式，优先于 Accept / format, before Accept"),
        query("page", {"type": "integer", "minimum": 1, "default": 1}, "format=png 的页码 / page of the PNG"),
    ]
    if takes_payload:
        described["parameters"].append(query("attach", {"enum": ["true", "false"]}, _ATTACH))
        described["parameters"].append(query("prove", {"enum": ["true", "false"]}, _PROVE))
        described["parameters"] += records.archiving()
        kept = {**answer, "description": "文书，新存档 / the document, archived anew"}
        kept["headers"] = {**answer["headers"], **records.location()}
        described["responses"]["201"] = kept
        described["requestBody"] = _body()
    return described


def extraction() -> dict[str, Any]:
    """The route that reads a filled form."""
    edition = catalog.edition("annex3", 2021)
    warning = {
        "pointer": "/case_name",
        "label": edition.labels()["/case_name"],
        "code": "…",
        "place": "表1 第2行",
        "text": "…",
        "message": "…",
    }
    example = {"form": "annex3", "year": 2021, "data": edition.sample("minimal"), "warnings": [warning]}
    example["layout"] = {"official": True, "differences": []}
    answer = json_answer("报文和提醒 / payload and warnings", named("Extraction"), example)
    body = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
    return {
        "requestBody": body,
        "responses": {"200": answer, **problems((400, 404, 413, 415, 422, 500, 503))},
    }


def operation(description: str, *faults: int, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """A route outside the API that answers JSON."""
    answer = {"200": json_answer(description, schema or {"type": "object"})}
    return {"summary": description, "responses": {**answer, **problems(faults)}}


def _described(answers: dict[str, Any], faults: tuple[int, ...]) -> dict[str, Any]:
    editions = catalog.editions()
    names, years = sorted({found.form for found in editions}), sorted({found.year for found in editions})
    parameters = [
        {"in": "path", "name": "form", "required": True, "schema": {"type": "string", "examples": names}},
        {
            "in": "path",
            "name": "year",
            "required": True,
            "schema": {"type": "string", "examples": list(map(str, years))},
        },
    ]
    return {"parameters": parameters, "responses": {**answers, **problems(faults)}}


def _body() -> dict[str, Any]:
    names = [f"{found.form}_{found.year}" for found in catalog.editions()]
    schema = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}
    examples = {f"{found.form}_{found.year}": {"value": found.sample("full")} for found in catalog.editions()}
    return {"required": True, "content": {"application/json": {"schema": schema, "examples": examples}}}
