"""Schemas of the routes of drafts on the server."""

import re
from typing import Any

from marshmallow import post_load, validate
from marshmallow.fields import Dict, String

from service.errors import Bilingual, UsageError
from service.web.http import json_fields
from service.web.http.json_fields import OfEdition, Parameters, ResponseSchema, field, integer, text
from service.web.schemas.forms import EditionPath
from service.web.schemas.request_body import RequestBody

_ID, _SECRET = "Zk3x0aQ1mB7uYt2c", "q0V9m4wKcX2bR8nTj6LsD1fHgP5yZa3e"  # examples
_NAME_MAXIMUM = 100
_VALUES = {OfEdition.POINTER: "云泽县科学技术协会"}
_READING = {"pointer": OfEdition.POINTER, "message": "这段文字不属于任何栏目，未读取。"}
_ABOUT_VALUES = "各栏所填的文字，按 JSON Pointer / what each field holds, as text, by JSON Pointer"
_ABOUT_READINGS = "读入的文书尚待核对之处 / doubts about a document that was read"


class DraftPath(EditionPath):
    id = text(_ID, "草稿的编号 / the draft's id", required=True)


class DraftSecret(Parameters):
    """The secret, which is in no URL that a server sees."""

    secret = json_fields.string_parameter(
        "链接中的密语 / the secret of the draft's link", "", data_key="X-Draft-Secret", maxLength=64
    )


class DraftVersion(DraftSecret):
    """The secret, and the version that is replaced."""

    version = json_fields.string_parameter(
        "读到的 ETag；* 表示不论哪一版 / the ETag that was read; * for any version",
        "",
        data_key="If-Match",
        pattern=r'^(\*|"[0-9]{1,9}")$',
    )

    @post_load
    def _version(self, headers: dict[str, str], **_: Any) -> dict[str, Any]:
        sent = re.fullmatch(r'\*|"([0-9]{1,9})"', headers["version"])
        if sent is None:
            raise UsageError(
                "请在 If-Match 中写明读到的 ETag，以免盖掉别人存的内容。",
                "Send the ETag that you read in If-Match, so that nobody's changes are overwritten.",
            )
        return {**headers, "version": int(sent[1]) if sent[1] else None}


class DraftBody(RequestBody):
    """A draft as the page keeps it in the browser."""

    names = {  # noqa: RUF012 - declared by the base
        "name": (
            "草稿名称",
            Bilingual(
                f"应为 {_NAME_MAXIMUM} 字以内的文字。", f"Must be text of at most {_NAME_MAXIMUM} characters."
            ),
        ),
        "values": (
            "所填内容",
            Bilingual("应为对象，各栏都是文字。", "Must be an object whose values are texts."),
        ),
        "readings": ("待核对之处", Bilingual("应为数组，各项是对象。", "Must be an array of objects.")),
    }
    name = text("初稿", load_default="", validate=validate.Length(max=_NAME_MAXIMUM), maxLength=_NAME_MAXIMUM)
    values = field(Dict, _VALUES, _ABOUT_VALUES, None, String(), required=True)
    readings = json_fields.list_of(
        Dict(values=String(allow_none=True)), _ABOUT_READINGS, [_READING], load_default=list
    )


class SavedDraftSchema(ResponseSchema):
    """When a draft was saved, and until when it is kept."""

    version = integer(1, "第几次保存 / number of the saving", minimum=1)
    saved = json_fields.timestamp_field()
    expires = json_fields.timestamp_field()


class NewDraftSchema(SavedDraftSchema):
    """A new draft and its link, which the service cannot show again."""

    id = text(_ID, attribute="link.id")
    secret = text(
        _SECRET,
        "服务不保存，请自行保存 / the service does not keep it: keep it yourself",
        attribute="link.secret",
    )
    url = text(f"/forms/{OfEdition.FORM}/{OfEdition.YEAR}#draft={_ID}.{_SECRET}")
    qr = text("<svg …/>", "链接的二维码，SVG / the link as a QR code, SVG")


class DraftSchema(SavedDraftSchema):
    """A draft as it was saved."""

    name = text("初稿", attribute="content.name")
    values = json_fields.field(Dict, _VALUES, _ABOUT_VALUES, None, String(), attribute="content.values")
    readings = json_fields.list_of(Dict(), _ABOUT_READINGS, [_READING], attribute="content.readings")
