"""OpenAPI descriptions of the HTML routes."""

from collections.abc import Collection, Mapping
from typing import Any

from service.web.http.parameters import MEDIA_TYPES
from service.web.openapi.parts import TEXT, named, problems

_FILE = {"type": "string", "format": "binary"}
_HTML = {"text/html": {"schema": TEXT}}
#: The content of the responses to a form that is tried: the report on a payload, its places, a page of it.
REPORT = {"application/json": {"schema": named("Report")}}
PLACES = {"application/json": {"schema": named("Places")}}
PICTURE = {MEDIA_TYPES["png"]: {"schema": _FILE}}
#: The content of the responses of the page for new forms.
PAGE_OR_ZIP = {**_HTML, MEDIA_TYPES["zip"]: {"schema": _FILE}}
_FIELDS = {"schema": {"type": "object", "additionalProperties": TEXT}}
_FORM = {"content": dict.fromkeys(("application/x-www-form-urlencoded", "multipart/form-data"), _FIELDS)}
_QUERY = {
    "lang": "en：英文 / English",
    "token": "嵌入令牌 / embed token",
    "after": "上一页最后一条 / cursor from the previous page",
    "form": "表单 / the form",
    "year": "年度 / the plan year",
    "with": "另一条档案的键 / key of the other record",
    "id": "编号，查找时为其中的文字 / the id, in a search a substring of it",
    "action": "操作 / the act",
    "who": "操作者 / who acted",
    "from": "从此日起 / from this day on",
    "to": "到此日止 / to the end of this day",
    "name": "名称含有 / part of the submitter's name",
    "text": "编号、名称等含有 / part of the id, the name, other texts",
    "state": "有提醒、无提醒、导入、旧版本 / warned, unwarned, imported, superseded",
    "batch": "批次 / the batch",
    "sort": "次序 / the order",
    "page": "页码，从 1 起 / number of the page, from 1",
    "verify": "true：核对校验值 / verify the hashes",
    "origin": "嵌入它的网站，须在 KEXIE_FRAME_ANCESTORS 中 / "
    "origin of the embedding page; must be in KEXIE_FRAME_ANCESTORS",
    "readonly_fields": "只读的栏目，路径以空格分开 / read-only fields, paths separated by spaces",
    "hidden_fields": "不显示的栏目 / hidden fields",
    "required_fields": "必填的栏目 / required fields",
    "steps": "true：一次一节 / a section at a time",
    "buttons": "none：不显示按钮 / without the form's buttons",
    "keeps_draft": "true：门户保存草稿 / the portal keeps the draft",
}


def page(description: str, *statuses: int, query: tuple[str, ...] = ()) -> dict[str, Any]:
    """A route that responds with HTML, also for errors; `query` names its query parameters."""
    parameters = [
        {"in": "query", "name": name, "schema": TEXT, "description": _QUERY[name]} for name in query
    ]
    return {
        "summary": description,
        "parameters": parameters,
        "responses": {"200": {"description": description, "content": {**_HTML}}, **_errors(statuses)},
    }


def form_submission(*more: str) -> dict[str, Any]:
    """The route to which the form is posted; `more` names query parameters."""
    documents = {MEDIA_TYPES[name]: {"schema": _FILE} for name in ("pdf", "docx")}
    said = "文书，或填写页、检查页、回执 / the document, or the page: form, review, receipt"
    described = page(
        "提交填写页：检查、归档、文书 / submit the form: to be checked, archived, made a document",
        *(400, 401, 403, 404, 409, 412, 422, 429, 500, 503),
        query=("lang", "id", *more),
    )
    answer = {"description": said, "content": documents | _HTML}
    described["responses"] |= {"200": answer, **problems((413,))}
    return {**described, "requestBody": _FORM}


def tenant_page(
    description: str, *query: str, posts: bool = False, files: Collection[str] = ()
) -> dict[str, Any]:
    """A page on a tenant's batches or records.

    `posts`: a browser without JavaScript posts a form to it, and may get files of the media types `files`.
    """
    described = page(description, 400, 401, 403, 404, 500, 503, query=("lang", *query))
    if posts:
        described["requestBody"] = _FORM
        described["responses"] |= problems((413,))
    described["responses"]["200"]["content"] |= {name: {"schema": _FILE} for name in files}
    return described


def batch_upload_page() -> dict[str, Any]:
    """The route to which a browser without JavaScript posts a batch."""
    described = tenant_page("批次 / the batch", "after", posts=True)
    seen = {"303": {"description": "批次的页面 / the batch's page"}}
    described["responses"] |= seen | _errors((422,)) | problems((415,))
    several = {"file": {"type": "array", "items": _FILE}, "id": {"type": "array", "items": TEXT}}
    fields = {**several, **dict.fromkeys(("edition", "formats", "key"), TEXT)}
    schema = {"type": "object", "required": ["file"], "properties": fields}
    described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    return described


def sealed_copy_page() -> dict[str, Any]:
    """The route to which the page of a record posts a sealed copy."""
    described = tenant_page("存入盖章件 / add a sealed copy", posts=True)
    seen = {"303": {"description": "档案的页面 / the record's page"}}
    described["responses"] |= seen | _errors((409, 422)) | problems((415,))
    schema = {"type": "object", "required": ["file"], "properties": {"file": _FILE, "key": TEXT}}
    described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    return described


def compared_file_page() -> dict[str, Any]:
    """The route to which the page that compares a record posts a file."""
    described = tenant_page("与文件比较 / compared with a file", "with", posts=True)
    described["responses"] |= _errors((422,)) | problems((415,))
    schema = {"type": "object", "properties": {"file": _FILE, "key": TEXT}}
    described["requestBody"] = {"content": {"multipart/form-data": {"schema": schema}}}
    return described


def new_form(description: str, content: Mapping[str, Any] = _HTML, *query: str) -> dict[str, Any]:
    """A route to which the page for new forms posts a blank with its changes; it responds with `content`."""
    described = page(description, *(400, 401, 403, 422, 429, 500, 503), query=query)
    described["responses"] |= problems((413,))
    described["responses"]["200"]["content"] = {**content}
    return {**described, "requestBody": _FORM}


def _errors(statuses: tuple[int, ...]) -> dict[str, Any]:
    return {
        status: {**answer, "content": answer["content"] | _HTML}
        for status, answer in problems(statuses).items()
    }
