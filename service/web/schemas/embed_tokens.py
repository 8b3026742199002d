"""What the route of embed tokens takes and answers."""

from typing import Any

from marshmallow import pre_load, validate
from marshmallow.fields import Raw, String

from service.access import embed_token
from service.access.caller import is_tenant
from service.config import is_origin
from service.errors import Bilingual
from service.web.http.json_fields import OfEdition, ResponseSchema, field, integer, list_of, text
from service.web.schemas.request_body import OBJECT, RequestBody, where

DATA, ID = "预填内容", "归档编号"
#: The lists of fields by paths, and their names for people.
FIELD_LISTS = {
    "readonly_fields": "只读的栏目",
    "hidden_fields": "不显示的栏目",
    "required_fields": "必填的栏目",
}
ID_WITHOUT_ARCHIVE = Bilingual("写明编号，须同时写 archive: true。", "An id needs archive: true beside it.")
_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6ImtleGllLWVtYmVkK2p3dCJ9.eyJ…"  # noqa: S105 - an example
_ORIGIN = "^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$"
# Each field of the body: its name for people, and what it must be.
_FIELDS: dict[str, tuple[str, Bilingual]] = {
    "form": (
        "表单",
        Bilingual("应为表单的名称，见 /api/v1/forms。", "Must be a form's name, as in /api/v1/forms."),
    ),
    "year": ("年度", Bilingual("应为整数，例如 2021。", "Must be a whole number, such as 2021.")),
    "origin": (
        "门户的源",
        Bilingual(
            "应为门户页面的源，小写，例如 https://portal.example。",
            "Must be the origin of the portal's page, in lower case, such as https://portal.example.",
        ),
    ),
    "data": (DATA, OBJECT),
    "seconds": (
        "有效秒数",
        Bilingual(
            f"应为 1 至 {embed_token.LONGEST} 的整数。",
            f"Must be a whole number from 1 to {embed_token.LONGEST}.",
        ),
    ),
    "tenant": ("租户", Bilingual("应为 1 至 100 个可见字符。", "Must be 1 to 100 visible characters.")),
    **{
        name: (label, Bilingual("应为栏目路径的列表。", "Must be a list of fields' paths."))
        for name, label in FIELD_LISTS.items()
    },
    "archive": ("可否归档", Bilingual("应为 true 或 false。", "Must be true or false.")),
    "id": (ID, Bilingual("应为文字。", "Must be text.")),
}


def no_field(path: str) -> Bilingual:
    """The message for the path of a field that an edition does not have."""
    return Bilingual(
        f"没有“{path}”这个栏目。应为表格（sheet）列名那样的路径，例如 basic_info.mobile；组名即其下全部；"
        "表格的行写 *。",
        f"There is no field '{path}'. Name it as the columns of the sheet do, such as basic_info.mobile; "
        "a group is all below it, and * any row of a table.",
    )


class EmbedTokenRequestSchema(RequestBody):
    """Body of a token request; null counts as absent."""

    names = _FIELDS

    form = text(OfEdition.FORM, "表单 / the form", required=True)
    year = integer(OfEdition.YEAR, "年度 / the plan year", required=True, strict=True)
    origin = text(
        "https://portal.example",
        "嵌入页面的源 / origin of the embedding page",
        required=True,
        validate=where(is_origin),
        pattern=_ORIGIN,
    )
    data = field(
        Raw,
        OfEdition.SAMPLE,
        "预填的报文 / prefill payload",
        validate=where(lambda value: isinstance(value, dict)),
        type=["object", "null"],
    )
    seconds = integer(
        600, strict=True, allow_none=True, default=600, validate=validate.Range(1, embed_token.LONGEST)
    )
    tenant = text(
        "云泽县科协",
        "别的租户，须有 admin 权限 / another tenant; requires the scope admin",
        allow_none=True,
        validate=where(is_tenant),
        minLength=1,
        maxLength=100,
    )
    readonly_fields = list_of(
        String(), "只读：取预填的内容 / read-only: as prefilled", example=[OfEdition.PATH], allow_none=True
    )
    hidden_fields = list_of(
        String(), "不显示：取预填的内容 / not shown: as prefilled", example=[], allow_none=True
    )
    required_fields = list_of(String(), "必填 / required", example=[], allow_none=True)
    archive = field(
        Raw,
        True,
        "提交即归档，须有 archive:write 权限 / submitting archives; requires archive:write",
        validate=where(lambda value: isinstance(value, bool)),
        type=["boolean", "null"],
    )
    id = text("3201-0001", "归档用的编号 / the record's id", allow_none=True)

    @pre_load
    def _given(self, body: Any, **_: Any) -> Any:
        if not isinstance(body, dict):
            return body
        return {name: value for name, value in body.items() if value is not None}


class EmbedTokenSchema(ResponseSchema):
    token = text(_TOKEN, "作为 Bearer 使用 / send it as Bearer")
    expires = text("2021-03-09T08:10:00Z", format="date-time")
    url = text(
        f"/embed/{OfEdition.FORM}/{OfEdition.YEAR}?token={_TOKEN}", "iframe 的地址 / URL for an iframe"
    )
