"""What the routes of forms take and answer: catalogue, edition, report, extraction; and health."""

import re
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import post_load
from marshmallow.fields import Boolean, Integer, Raw, String

from service import catalog
from service.catalog import Edition
from service.errors import UnknownYear, UsageError
from service.web.http import fields
from service.web.http.fields import Answer, Parameters, text, whole

BLANK = ("pdf", "docx", "png")
DOCUMENTS = ("pdf", "docx", "zip", "png")


def find_edition(form: str, year: str) -> Edition:
    """The edition that an address names. Raises UnknownForm or UnknownYear."""
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        if form not in {found.form for found in catalog.editions()}:
            catalog.edition(form, 0)  # raises UnknownForm, which comes first
        raise UnknownYear(f"年度“{year}”应为四位数字。", f"Year '{year}' must be four digits.")
    return catalog.edition(form, int(year))


class EditionPath(Parameters):
    """The form and the year of an address, loaded as `edition`."""

    form = text(required=True, examples=sorted({each.form for each in catalog.editions()}))
    year = text(required=True, examples=sorted({str(each.year) for each in catalog.editions()}))

    @post_load
    def _edition(self, path: dict[str, str], **_: Any) -> dict[str, Edition]:
        return {"edition": find_edition(**path)}


class BlankQuery(Parameters):
    """Which format, and of a picture which page."""

    format = fields.format_of(*BLANK)
    page = fields.plain("format=png 的页码 / page of the PNG", type="integer", minimum=1, default=1)

    @post_load
    def _page(self, query: dict[str, Any], **_: Any) -> dict[str, Any]:
        """`page` as a number, 0 for what is no page's number."""
        asked = query["page"]
        if asked is not None and query["format"] != "png":
            raise UsageError(
                "只有 format=png 可以选页；请去掉 page，或改用 format=png。",
                "Only format=png takes a page: leave page out, or ask for format=png.",
            )
        number = 1 if asked is None else int(asked) if re.fullmatch("[0-9]{1,9}", asked) else 0
        return {**query, "page": number}


class DocumentQuery(BlankQuery):
    """What of a payload is made, and whether it is archived."""

    format = fields.format_of(*DOCUMENTS)
    attach = fields.flag("PDF 内携带报文和清单（PDF/A-3b）/ the PDF carries payload and manifest")
    prove = fields.flag(
        "文书读回后与报文相同才交付，否则 500 / delivered only when, read back, it equals the payload"
    )
    archive = fields.flag("存档，两种格式都存 / archive it too, in both formats; answers 201 and Location")
    id = fields.plain(
        "存档用的编号，本表单、本年度内不重复 / the submitter's own key, unique in form and year",
        minLength=1,
        maxLength=200,
    )

    @post_load
    def _together(self, query: dict[str, Any], **_: Any) -> dict[str, Any]:
        if query["attach"] and query["format"] not in ("pdf", "zip"):
            raise UsageError(
                "只有 PDF 能携带数据：attach=true 需要 format=pdf 或 format=zip。",
                "Only a PDF can carry the data: attach=true takes format=pdf or format=zip.",
            )
        if query["archive"] and query["attach"]:
            raise UsageError(
                "归档的 PDF 不携带数据：请去掉 attach=true，报文另存在档案中。",
                "An archived PDF carries no data: leave out attach=true, "
                "the archive keeps the payload itself.",
            )
        if query["id"] is not None and not query["archive"]:
            raise UsageError(
                "只有归档时用 id：请加上 archive=true，或去掉 id。",
                "Only an archived document has an id: add archive=true, or leave id out.",
            )
        return query


class ExtractForm(Parameters):
    """A filled form, and which one it is where that is known."""

    file = fields.field(
        Upload,
        None,
        ".docx、.doc、.wps、.odt、.rtf，或携带报文的 PDF / or a PDF with its payload",
        required=True,
    )
    form = fields.plain("省略时自动识别 / recognised when absent")
    year = fields.year("同上 / likewise")


class EditionSummarySchema(Answer):
    form = text("annex3")
    year = whole(2021)
    title = text("县级科协单项工作创新案例申报书")
    provenance = text(enum=["official", "derived"])
    provenance_text = text("官方")
    derived_from = whole(allow_none=True)
    version = whole(1, minimum=1)
    published = fields.field(Boolean, None)
    edition_hash = fields.digest()
    template_hash = fields.digest()


class CatalogueSchema(Answer):
    forms = fields.many(EditionSummarySchema)


class LimitSchema(Answer):
    """A limit on the 字 of some fields together."""

    fields_ = fields.many(
        text("/background", "JSON Pointer (RFC 6901)"),
        "合计的栏目 / counted together",
        data_key="fields",
        attribute="fields",
    )
    label = text("背景、举措、成效")
    maximum = whole(2000, "字数上限 / at most so many 字")


class CountedLimitSchema(LimitSchema):
    count = whole(1234, "现有字数 / 字 now")


class EditionSchema(EditionSummarySchema):
    schema = fields.mapping(None, "报文的 JSON Schema (2020-12) / of the payload")
    labels = fields.mapping({"/case_name": "案例名称"}, "JSON Pointer → 表上的名称", String)
    limits = fields.many(LimitSchema)
    sample = fields.mapping(None, "填满的样例 / a sample with every field")


class WarningSchema(Answer):
    """A character that is drawn in another design than its text, or not at all."""

    pointer = text("/case_name")
    label = text("案例名称")
    code = text(enum=["character_substituted", "character_not_drawable"])
    character = text("䶮")
    code_point = text("U+4DAE")
    face = text(allow_none=True)
    message = fields.message()


class ReportSchema(Answer):
    """What the validator found of a valid payload."""

    form = text("annex1")
    year = whole(2021)
    valid = fields.field(Boolean, None, enum=[True])
    counts = fields.mapping({}, "各栏字数（Word 的算法）/ 字 of each text, as Word counts them", Integer)
    limits = fields.many(CountedLimitSchema)
    totals = fields.mapping({"total": 96.5}, "算出的合计 / computed totals")
    warnings = fields.many(WarningSchema)


class ReadingWarningSchema(Answer):
    pointer = text("/case_name")
    label = text("案例名称")
    code = text()
    place = fields.message("表1 第2行")
    text = text()
    message = fields.message()


class DifferenceSchema(Answer):
    code = text()
    place = fields.message("表1 第2行")
    message = fields.message()


class LayoutSchema(Answer):
    official = fields.field(Boolean, None)
    differences = fields.many(DifferenceSchema)


class ExtractionSchema(Answer):
    """A filled form, read back."""

    form = text("annex3", attribute="extraction.edition.form")
    year = whole(2021, attribute="extraction.edition.year")
    data = fields.field(
        Raw,
        {},
        "报文，供再次提交 / the payload, to be sent again",
        attribute="extraction.data",
        type="object",
    )
    warnings = fields.many(ReadingWarningSchema, attribute="extraction.warnings")
    layout = fields.inside(
        LayoutSchema,
        "版式是否与正式表单一致 / is the layout as official; null for a PDF",
        attribute="certificate",
        allow_none=True,
    )


class AliveSchema(Answer):
    status = text(enum=["alive"])


class ReadySchema(Answer):
    status = text(enum=["ready"])
    libreoffice = text(None, "版本 / its version")
    fonts = fields.mapping(None, "各官方字体由哪个字体代印 / the face behind each font")
