"""OpenAPI descriptions of the HTML routes."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from service.web.http.parameters import MEDIA_TYPES
from service.web.openapi.parts import TEXT, named, problems
from service.web.schemas.audit import AuditQuery
from service.web.schemas.handover import SelectionQuery
from service.web.schemas.records import RecordFilters

#: A file, in a form that is posted or as a response.
FILE = {"type": "string", "format": "binary"}
_HTML = {"text/html": {"schema": TEXT}}
#: The content of the responses to a form that is tried: the report on a payload, its places, a page of it.
REPORT = {"application/json": {"schema": named("Report")}}
PLACES = {"application/json": {"schema": named("Places")}}
PICTURE = {MEDIA_TYPES["png"]: {"schema": FILE}}
#: The content of the responses of the page for new forms.
PAGE_OR_ZIP = {**_HTML, MEDIA_TYPES["zip"]: {"schema": FILE}}
_FIELDS = {"schema": {"type": "object", "additionalProperties": TEXT}}
_FORM = {"content": dict.fromkeys(("application/x-www-form-urlencoded", "multipart/form-data"), _FIELDS)}
_LISTS = {
    "lists": ("清册", "the lists"),
    "holds": ("冻结的", "the holds"),
    "lifted": ("解除的冻结", "the lifted holds"),
    "changes": ("期限的变更", "the changes"),
}
_QUERY = {
    **{
        field.data_key or name: field.metadata["description"]
        for schema in (SelectionQuery(), AuditQuery(), RecordFilters())
        for name, field in schema.fields.items()
    },
    "lang": "en：英文 / English",
    "id": "编号，查找时为其中的文字 / the id, in a search a substring of it",
    "from": "从此日起 / from this day on",
    "to": "到此日止 / to the end of this day",
    "with": "另一条档案的键 / key of the other record",
    "page": "页码，从 1 起 / number of the page, from 1",
    "verify": "true：核对校验值 / verify the hashes",
    **{name: f"{zh}从此行起，首行为 0 / first row of {en}, from 0" for name, (zh, en) in _LISTS.items()},
}


def page(description: str, *statuses: int, query: Iterable[str] = (), **more: str) -> dict[str, Any]:
    """A route that responds with HTML, also for errors; `query` and `more` are its query parameters."""
    words = {name: _QUERY[name] for name in query} | more
    asked = [
        {"in": "query", "name": name, "schema": TEXT, "description": text} for name, text in words.items()
    ]
    return {
        "summary": description,
        "parameters": asked,
        "responses": {"200": {"description": description, "content": {**_HTML}}, **_errors(statuses)},
    }


def form_submission(**more: str) -> dict[str, Any]:
    """The route to which the form is posted; `more` are query parameters."""
    documents = {MEDIA_TYPES[name]: {"schema": FILE} for name in ("pdf", "docx")}
    said = "文书，或填写页、检查页、回执 / the document, or the page: form, review, receipt"
    described = page(
        "提交填写页：检查、归档、文书 / submit the form: to be checked, archived, made a document",
        *(400, 401, 403, 404, 409, 412, 413, 422, 429, 500, 503),
        query=("lang", "id"),
        **more,
    )
    described["responses"]["200"] = {"description": said, "content": documents | _HTML}
    return {**described, "requestBody": _FORM}


def tenant_page(
    description: str, *query: str, posts: bool = False, files: Collection[str] = (), more: Iterable[int] = ()
) -> dict[str, Any]:
    """A page on a tenant's batches or records.

    `posts`: a browser without JavaScript posts a form to it, and may get `files`; `more` are statuses.
    """
    statuses = (400, 401, 403, 404, *more, *((413,) if posts else ()), 500, 503)
    described = page(description, *statuses, query=("lang", *query))
    if posts:
        described["requestBody"] = _FORM
    described["responses"]["200"]["content"] |= {name: {"schema": FILE} for name in files}
    return described


def upload_page(
    description: str, *query: str, refused: Iterable[int] = (), seen: str = "", **fields: Any
) -> dict[str, Any]:
    """The route to which a browser without JavaScript posts files, and `fields` beside `file` and the key.

    `refused` are further statuses; `seen` is the page to which the browser is sent then.
    """
    described = tenant_page(description, *query, posts=True)
    sent = {"303": {"description": seen}} if seen else {}
    described["responses"] |= sent | _errors((415, 422, *refused))
    schema = {"type": "object", "properties": {"file": FILE, "key": TEXT, **fields}}
    content = {"multipart/form-data": {"schema": schema | ({"required": ["file"]} if seen else {})}}
    return {**described, "requestBody": {"required": bool(seen), "content": content}}


def new_form(description: str, content: Mapping[str, Any] = _HTML, *query: str) -> dict[str, Any]:
    """A route to which the page for new forms posts a blank with its changes; it responds with `content`."""
    described = page(description, 400, 401, 403, 413, 422, 429, 500, 503, query=query)
    described["responses"]["200"]["content"] = {**content}
    return {**described, "requestBody": _FORM}


def _errors(statuses: tuple[int, ...]) -> dict[str, Any]:
    found = problems(statuses).items()
    return {status: {**answer, "content": answer["content"] | _HTML} for status, answer in found}
