"""Schemas of the routes that compare records."""

from base64 import b64encode
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import pre_dump

from service.answers.payload_comparison import KINDS
from service.answers.text_differences import PASSAGES
from service.record_comparison.changed_pages import ChangedPage
from service.web.http import json_fields
from service.web.http.json_fields import OfEdition, Parameters, ResponseSchema, integer, text
from service.web.schemas.forms import ReadingWarningSchema

_PAGES = "也画出不同之处所在的页面 / also draw the pages that differ"


class ComparisonQuery(Parameters):
    with_ = json_fields.string_parameter(
        "另一条档案的键，默认前一版 / key of the other record; by default the version before",
        data_key="with",
        format="uuid",
    )
    pages = json_fields.flag(_PAGES)


class PagesQuery(Parameters):
    pages = json_fields.flag(_PAGES)


class ComparedFileForm(Parameters):
    """The form with the file that a record is compared with."""

    file = json_fields.field(
        Upload,
        None,
        "填好的表单、携带报文的 PDF 或报文 / a filled form, a PDF that carries its payload, or a payload",
        required=True,
    )


class PassageSchema(ResponseSchema):
    kind = text("added", enum=list(PASSAGES))
    text = text("二")


class AnswerDifferenceSchema(ResponseSchema):
    """An answer or a row that differs."""

    kind = text("changed", enum=list(KINDS))
    above = json_fields.list_of(json_fields.message(), "所在的栏目组 / the groups around it", ["封面"])
    label = json_fields.message(OfEdition.LABEL)
    before_pointer = text(OfEdition.POINTER, "新增的行为 null / null for a row that is new", allow_none=True)
    after_pointer = text(OfEdition.POINTER, "删去的行为 null / null for a row that is gone", allow_none=True)
    before = json_fields.list_of(
        text(), "原来，逐行；空白为空 / its lines before; none if blank", ["泽阳县科协"]
    )
    after = json_fields.list_of(text(), "现在，逐行 / its lines after", ["云泽县科协"])
    passages = json_fields.list_of(PassageSchema, "长文中的不同 / what differs within a long text", [])


class ChangedPageSchema(ResponseSchema):
    """A page on which something differs, with the fields outlined that do."""

    number = integer(1, minimum=1)
    before = text(None, "PNG，Base64；没有这一页为 null / null if there is no such page", allow_none=True)
    after = text(None, allow_none=True)

    @pre_dump
    def _in_base64(self, page: ChangedPage, **_: Any) -> dict[str, Any]:
        pictures = {"before": page.before, "after": page.after}
        return {"number": page.number} | {
            name: None if png is None else b64encode(png).decode() for name, png in pictures.items()
        }


class ComparisonSchema(ResponseSchema):
    """Two sides, and what differs, in the form's order."""

    before = json_fields.message("3201-0001 第 1 版")
    after = json_fields.message("3201-0001 第 2 版")
    differences = json_fields.list_of(AnswerDifferenceSchema)
    doubts = json_fields.list_of(
        ReadingWarningSchema, "读取文件时拿不准的 / what was not certain of the file", example=[]
    )
    pages = json_fields.list_of(ChangedPageSchema, "要求时才有 / if asked for", optional=True, example=[])
