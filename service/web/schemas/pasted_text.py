"""Schemas of the route that tidies pasted text."""

from service.errors import Bilingual
from service.web.http import json_fields
from service.web.http.json_fields import OfEdition, ResponseSchema, text
from service.web.schemas.request_body import TEXT, RequestBody


class PastedTextBody(RequestBody):
    """A text, and the field that it was pasted into."""

    names = {  # noqa: RUF012 - declared by the base
        "pointer": ("栏目", Bilingual("应为栏目的 JSON Pointer。", "Must be the JSON Pointer of a field.")),
        "text": ("文字", TEXT),
    }
    pointer = text(OfEdition.LIMITED, "长文本栏目 / a long text", required=True)
    text = text("•\u3000第一段\u000b第二段", "粘贴的文字 / what was pasted", required=True)


class PartSchema(ResponseSchema):
    """The text of one of several fields that are headed in what was pasted."""

    pointer = text(OfEdition.LIMITED)
    label = text(OfEdition.LABEL)
    text = text("第一段")


class TidiedTextSchema(ResponseSchema):
    text = text("第一段\n第二段", "整理后的文字 / the text, tidied")
    changes = json_fields.list_of(json_fields.message("列表符号 1 处，已删去。"), "改动 / what was changed")
    parts = json_fields.list_of(
        PartSchema, "文中有几栏的名称作标题时，各栏的文字 / the texts of fields headed in it"
    )
