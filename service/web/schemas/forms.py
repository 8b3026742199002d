"""What the routes of forms take and answer: catalogue, edition, report, extraction; and health."""

from __future__ import annotations

import re
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import fields, post_load, validate

from service import catalog
from service.catalog import Edition
from service.errors import UnknownYear, UsageError
from service.web.http.fields import (
    Answer,
    Message,
    Parameters,
    count,
    digest,
    flag,
    format_of,
    optional_text,
    plain,
    shown,
    year,
)

BLANK = ("pdf", "docx", "png")
DOCUMENTS = ("pdf", "docx", "zip", "png")
_EDITIONS = catalog.editions()


def find_edition(form: str, year: str) -> Edition:
    """The edition that an address names. Raises UnknownForm or UnknownYear."""
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        if form not in {found.form for found in catalog.editions()}:
            catalog.edition(form, 0)  # raises UnknownForm, which comes first
        raise UnknownYear(f"年度“{year}”应为四位数字。", f"Year '{year}' must be four digits.")
    return catalog.edition(form, int(year))


class EditionPath(Parameters):
    """The form and the year of an address, loaded as `edition`."""

    form = fields.String(required=True, metadata={"examples": sorted({each.form for each in _EDITIONS})})
    year = fields.String(required=True, metadata={"examples": sorted({str(each.year) for each in _EDITIONS})})

    @post_load
    def _edition(self, path: dict[str, str], **_: Any) -> dict[str, Edition]:
        return {"edition": find_edition(**path)}


class BlankQuery(Parameters):
    """Which format, and of a picture which page."""

    format = format_of(*BLANK)
    page = plain("format=png 的页码 / page of the PNG", type="integer", minimum=1, default=1)

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

    format = format_of(*DOCUMENTS)
    attach = flag("PDF 内携带报文和清单（PDF/A-3b）/ the PDF carries payload and manifest")
    prove = flag(
        "文书读回后与报文相同才交付，否则 500 / delivered only when, read back, it equals the payload"
    )
    archive = flag("存档，两种格式都存 / archive it too, in both formats; answers 201 and Location")
    id = plain(
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

    file = Upload(
        required=True,
        metadata={
            "description": ".docx、.doc、.wps、.odt、.rtf，或携带报文的 PDF / or a PDF with its payload"
        },
    )
    form = plain("省略时自动识别 / recognised when absent")
    year = year("同上 / likewise")


class EditionSummarySchema(Answer):
    """An edition's row in the catalogue."""

    form = fields.String(metadata=shown("annex3"))
    year = fields.Integer(metadata=shown(2021))
    title = fields.String(metadata=shown("县级科协单项工作创新案例申报书"))
    provenance = fields.String(validate=validate.OneOf(("official", "derived")))
    provenance_text = fields.String(metadata=shown("官方"))
    derived_from = fields.Integer(allow_none=True)
    version = count(least=1)
    published = fields.Boolean()
    edition_hash = digest()
    template_hash = digest()


class CatalogueSchema(Answer):
    """The forms and their editions."""

    forms = fields.List(fields.Nested(EditionSummarySchema))


class LimitSchema(Answer):
    """A limit on the 字 of some fields together."""

    fields_ = fields.List(
        fields.String(metadata=shown("/background", "JSON Pointer (RFC 6901)")),
        data_key="fields",
        attribute="fields",
        metadata={"description": "合计的栏目 / counted together"},
    )
    label = fields.String(metadata=shown("背景、举措、成效"))
    maximum = fields.Integer(metadata=shown(2000, "字数上限 / at most so many 字"))


class CountedLimitSchema(LimitSchema):
    """A limit, and how many 字 there are."""

    count = fields.Integer(metadata=shown(1234, "现有字数 / 字 now"))


class EditionSchema(EditionSummarySchema):
    """An edition, with all that a page to fill it in needs."""

    schema = fields.Dict(metadata={"description": "报文的 JSON Schema (2020-12) / of the payload"})
    labels = fields.Dict(
        values=fields.String(),
        metadata=shown({"/case_name": "案例名称"}, "JSON Pointer → 表上的名称"),
    )
    limits = fields.List(fields.Nested(LimitSchema))
    sample = fields.Dict(metadata={"description": "填满的样例 / a sample with every field"})


class WarningSchema(Answer):
    """A character that is drawn in another design than its text, or not at all."""

    pointer = fields.String(metadata=shown("/case_name"))
    label = fields.String(metadata=shown("案例名称"))
    code = fields.String(validate=validate.OneOf(("character_substituted", "character_not_drawable")))
    character = fields.String(metadata=shown("䶮"))
    code_point = fields.String(metadata=shown("U+4DAE"))
    face = optional_text()
    message = Message()


class ReportSchema(Answer):
    """What the validator found of a valid payload."""

    form = fields.String(metadata=shown("annex1"))
    year = fields.Integer(metadata=shown(2021))
    valid = fields.Boolean(validate=validate.Equal(True))
    counts = fields.Dict(
        values=fields.Integer(),
        metadata=shown({}, "各栏字数（Word 的算法）/ 字 of each text, as Word counts them"),
    )
    limits = fields.List(fields.Nested(CountedLimitSchema))
    totals = fields.Dict(metadata=shown({"total": 96.5}, "算出的合计 / computed totals"))
    warnings = fields.List(fields.Nested(WarningSchema))


class ReadingWarningSchema(Answer):
    """A place of a filled form that could not be read for certain."""

    pointer = fields.String(metadata=shown("/case_name"))
    label = fields.String(metadata=shown("案例名称"))
    code = fields.String()
    place = Message(metadata=shown("表1 第2行"))
    text = fields.String()
    message = Message()


class DifferenceSchema(Answer):
    """A difference from the official layout."""

    code = fields.String()
    place = Message(metadata=shown("表1 第2行"))
    message = Message()


class LayoutSchema(Answer):
    """Whether the layout is as official."""

    official = fields.Boolean()
    differences = fields.List(fields.Nested(DifferenceSchema))


class ExtractionSchema(Answer):
    """A filled form, read back."""

    form = fields.String(attribute="extraction.edition.form", metadata=shown("annex3"))
    year = fields.Integer(attribute="extraction.edition.year", metadata=shown(2021))
    data = fields.Raw(
        attribute="extraction.data",
        metadata=shown({}, "报文，供再次提交 / the payload, to be sent again", type="object"),
    )
    warnings = fields.List(fields.Nested(ReadingWarningSchema), attribute="extraction.warnings")
    layout = fields.Nested(
        LayoutSchema,
        attribute="certificate",
        allow_none=True,
        metadata={"description": "版式是否与正式表单一致 / is the layout as official; null for a PDF"},
    )


class AliveSchema(Answer):
    """The process is alive."""

    status = fields.String(validate=validate.Equal("alive"))


class ReadySchema(Answer):
    """Documents can be converted."""

    status = fields.String(validate=validate.Equal("ready"), dump_default="ready")
    libreoffice = fields.String(attribute="version", metadata={"description": "版本 / its version"})
    fonts = fields.Dict(
        attribute="faces", metadata={"description": "各官方字体由哪个字体代印 / the face behind each font"}
    )
