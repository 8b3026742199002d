"""Schemas of the form routes (catalogue, edition, report, extraction) and of health."""

import re
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import post_load
from marshmallow.fields import Boolean, Float, Integer, Raw, String

from service import catalog
from service.catalog import Edition
from service.errors import UnknownYear, UsageError
from service.web.http import json_fields
from service.web.http.json_fields import OfEdition, Parameters, ResponseSchema, integer, text
from service.web.http.problems import FieldErrorSchema

BLANK = ("pdf", "docx", "png")
DOCUMENTS = ("pdf", "docx", "zip", "png")


def find_edition(form: str, year: str) -> Edition:
    """The edition of a path's form and year. Raises UnknownForm or UnknownYear."""
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        if form not in {found.form for found in catalog.editions()}:
            catalog.edition(form, 0)  # raises UnknownForm, which comes first
        raise UnknownYear(f"年度“{year}”应为四位数字。", f"Year '{year}' must be four digits.")
    return catalog.edition(form, int(year))


class EditionPath(Parameters):
    """Form and year of a path, loaded as `edition`; a subclass may add what follows them."""

    form = text(required=True, examples=OfEdition.FORMS)
    year = text(required=True, examples=OfEdition.YEARS)

    @post_load
    def _edition(self, path: dict[str, str], **_: Any) -> dict[str, Any]:
        return {"edition": find_edition(path.pop("form"), path.pop("year")), **path}


class BlankQuery(Parameters):
    """Query of the blank form: format, and the page of a PNG."""

    format = json_fields.format_of(*BLANK)
    page = json_fields.string_parameter(
        "format=png 的页码 / page of the PNG", type="integer", minimum=1, default=1
    )

    @post_load
    def _page(self, query: dict[str, Any], **_: Any) -> dict[str, Any]:
        """`page` as a number; 0 if it is not a page number."""
        asked = query["page"]
        if asked is not None and query["format"] != "png":
            raise UsageError(
                "只有 format=png 可以选页；请去掉 page，或改用 format=png。",
                "Only format=png takes a page: omit page, or use format=png.",
            )
        number = 1 if asked is None else int(asked) if re.fullmatch("[0-9]{1,9}", asked) else 0
        return {**query, "page": number}


class ValidateQuery(Parameters):
    complete = json_fields.complete()


class DocumentQuery(BlankQuery):
    """Query of the documents route."""

    format = json_fields.format_of(*DOCUMENTS)
    attach = json_fields.flag(
        "PDF 内携带报文和清单（PDF/A-3b）/ attach payload and manifest to the PDF (PDF/A-3b)"
    )
    prove = json_fields.flag(
        "文书读回后与报文相同才交付，否则 500 / read the document back and fail with 500 if it differs"
    )
    complete = json_fields.complete()
    archive = json_fields.flag(
        "存档，两种格式都存 / archive it in both formats; responds with 201 and Location"
    )
    id = json_fields.string_parameter(
        "存档用的编号，本表单、本年度内不重复 / id in the archive, unique per form and year",
        minLength=1,
        maxLength=200,
    )

    @post_load
    def _together(self, query: dict[str, Any], **_: Any) -> dict[str, Any]:
        if query["attach"] and query["format"] not in ("pdf", "zip"):
            raise UsageError(
                "只有 PDF 能携带数据：attach=true 需要 format=pdf 或 format=zip。",
                "Only a PDF can carry the data: attach=true requires format=pdf or format=zip.",
            )
        if query["archive"] and query["attach"]:
            raise UsageError(
                "归档的 PDF 不携带数据：请去掉 attach=true，报文另存在档案中。",
                "An archived PDF carries no data: omit attach=true; the archive stores the payload.",
            )
        if query["id"] is not None and not query["archive"]:
            raise UsageError(
                "只有归档时用 id：请加上 archive=true，或去掉 id。",
                "Only an archived document has an id: add archive=true, or omit id.",
            )
        return query


class ExtractForm(Parameters):
    """A filled form, with form and year if known."""

    file = json_fields.field(
        Upload,
        None,
        ".docx、.doc、.wps、.odt、.rtf，或携带报文的 PDF / or a PDF that carries its payload",
        required=True,
    )
    form = json_fields.string_parameter("省略时自动识别 / default: recognised from the document")
    year = json_fields.year("同上 / default: recognised from the document")


class EditionSummarySchema(ResponseSchema):
    form = text(OfEdition.FORM)
    year = integer(OfEdition.YEAR)
    title = text(OfEdition.TITLE)
    provenance = text(enum=["official", "derived"])
    provenance_text = text("官方")
    derived_from = integer(allow_none=True)
    version = integer(1, minimum=1)
    published = json_fields.field(Boolean, None)
    edition_hash = json_fields.digest()
    template_hash = json_fields.digest()


class CatalogueSchema(ResponseSchema):
    forms = json_fields.list_of(EditionSummarySchema)


class LimitSchema(ResponseSchema):
    """A common limit on the 字 of several fields."""

    fields_ = json_fields.list_of(
        text(OfEdition.LIMITED, "JSON Pointer (RFC 6901)"),
        "合计的栏目 / fields counted together",
        data_key="fields",
        attribute="fields",
    )
    label = text(OfEdition.LIMIT)
    maximum = integer(2000, "字数上限 / maximum number of 字")


class CountedLimitSchema(LimitSchema):
    count = integer(1234, "现有字数 / current number of 字")


class EditionSchema(EditionSummarySchema):
    schema = json_fields.mapping(None, "报文的 JSON Schema (2020-12) / JSON Schema of the payload")
    labels = json_fields.mapping({OfEdition.POINTER: OfEdition.LABEL}, "JSON Pointer → 表上的名称", String)
    limits = json_fields.list_of(LimitSchema)
    expected = json_fields.list_of(
        text(OfEdition.POINTER, "JSON Pointer"), "完整的申报材料应有的栏目 / what a complete application has"
    )
    sample = json_fields.mapping(None, "填满的样例 / sample with every field")


class WarningSchema(ResponseSchema):
    """A character that was made plain, looks like another, is drawn in a substitute font, or not at all."""

    pointer = text(OfEdition.POINTER)
    label = text(OfEdition.LABEL)
    code = text(
        enum=[
            "character_replaced",
            "character_removed",
            "character_look_alike",
            "character_substituted",
            "character_not_drawable",
        ]
    )
    character = text("䶮")
    code_point = text("U+4DAE")
    face = text(allow_none=True)
    message = json_fields.message()


class ReportSchema(ResponseSchema):
    """Report on a valid payload."""

    form = text(OfEdition.FORM)
    year = integer(OfEdition.YEAR)
    valid = json_fields.field(Boolean, None, enum=[True])
    counts = json_fields.mapping(
        {}, "各栏字数（Word 的算法）/ number of 字 per field, as Word counts", Integer
    )
    limits = json_fields.list_of(CountedLimitSchema)
    totals = json_fields.mapping({"total": 96.5}, "算出的合计 / computed totals")
    warnings = json_fields.list_of(WarningSchema)
    advice = json_fields.list_of(FieldErrorSchema, "不大可能之处，不是错误 / what is unlikely, but no error")
    missing = json_fields.list_of(FieldErrorSchema, "尚缺的栏目 / what a complete application has besides")


class FieldPlaceSchema(ResponseSchema):
    pointer = text(OfEdition.POINTER, "JSON Pointer")
    box = json_fields.list_of(
        json_fields.field(Float, 90.5),
        "左、上、右、下，以点计，自页面左上角起 / left, top, right, bottom in points",
    )


class PagePlacesSchema(ResponseSchema):
    """A page of a document with the places of the fields on it."""

    width = json_fields.field(Float, 595.3)
    height = json_fields.field(Float, 841.9)
    places = json_fields.list_of(FieldPlaceSchema, attribute="fields")


class PlacesSchema(ResponseSchema):
    pages = json_fields.list_of(PagePlacesSchema)


class ReadingWarningSchema(ResponseSchema):
    pointer = text(OfEdition.POINTER)
    label = text(OfEdition.LABEL)
    code = text()
    place = json_fields.message("表1 第2行")
    text = text()
    message = json_fields.message()


class DifferenceSchema(ResponseSchema):
    code = text()
    place = json_fields.message("表1 第2行")
    message = json_fields.message()


class LayoutSchema(ResponseSchema):
    official = json_fields.field(Boolean, None)
    differences = json_fields.list_of(DifferenceSchema)


class ExtractionSchema(ResponseSchema):
    """A filled form, read back."""

    form = text(OfEdition.FORM, attribute="extraction.edition.form")
    year = integer(OfEdition.YEAR, attribute="extraction.edition.year")
    data = json_fields.field(
        Raw,
        {},
        "报文，供再次提交 / payload, ready to resubmit",
        attribute="extraction.data",
        type="object",
    )
    warnings = json_fields.list_of(ReadingWarningSchema, attribute="extraction.warnings")
    layout = json_fields.nested(
        LayoutSchema,
        "版式是否与正式表单一致 / whether the layout matches the official form; null for a PDF",
        attribute="certificate",
        allow_none=True,
    )


class AliveSchema(ResponseSchema):
    status = text(enum=["alive"])


class ReadySchema(ResponseSchema):
    status = text(enum=["ready"])
    libreoffice = text(None, "版本 / version")
    fonts = json_fields.mapping(None, "各官方字体由哪个字体代印 / font that draws each official font")
