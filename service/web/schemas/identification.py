"""Schemas of the route that says which record a file is of."""

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import pre_dump
from marshmallow.fields import UUID, Boolean, Nested

from service.record_comparison import identified_words
from service.record_comparison.identified import RESULTS, Identified
from service.record_comparison.likely_records import LikelyRecord
from service.signatures.verdicts import VERDICTS
from service.web.http import json_fields
from service.web.http.json_fields import Parameters, ResponseSchema, integer, text
from service.web.schemas.comparison import AnswerDifferenceSchema
from service.web.schemas.forms import ReadingWarningSchema
from service.web.schemas.records import KEY, DestroyedRecordSchema, RecordSchema
from service.web.schemas.sealed_copies import SignatureSchema


class IdentifiedFileForm(Parameters):
    """The form with the file to be identified."""

    limit = "sealed_limit"
    file = json_fields.field(
        Upload,
        None,
        "PDF、Word 等文书，扫描图片，或数据 / a PDF, a Word or other document, a scan, or data",
        required=True,
    )


class LikelyRecordSchema(ResponseSchema):
    """A record that a file may be of: a clue, no proof."""

    record = json_fields.field(UUID, KEY)
    id = text("3201-0001")
    version = integer(1, minimum=1)
    reason = json_fields.message("文件名或文中有它的编号")

    @pre_dump
    def _in_words(self, found: LikelyRecord, **_: Any) -> dict[str, Any]:
        record = found.record
        return {"record": record.key, "id": record.id, "version": record.version, "reason": found.reason}


class IdentifiedSchema(ResponseSchema):
    """Which record a file is of, and whether it is the archived one."""

    result = text(
        "same_file",
        "归档的原件；归档的 PDF 之后加了签名或别的内容；内容相同；内容不同；已销毁档案的文件；不知道 / "
        "the archived file; the archived PDF continued by signatures or otherwise; the same content; "
        "another content; a file of a destroyed record; not known",
        enum=list(RESULTS),
    )
    name = json_fields.message("是归档的那一份")
    explanation = json_fields.message("与档案“3201-0001”第 1 版的“PDF 文书”完全相同，一个字节也不差。")
    sha256 = json_fields.digest()
    record = json_fields.nested(RecordSchema, allow_none=True)
    destroyed = json_fields.nested(DestroyedRecordSchema, allow_none=True)
    newest_version = integer(1, "最新的版本 / number of the newest version", allow_none=True, minimum=1)
    part = text(
        "pdf",
        "哪个文件，盖章件为 sealed-1 等；仅数据与已销毁的档案相同的没有 / which file of the record; "
        "sealed-1 is a sealed copy; none where only the data are those of a destroyed record",
        allow_none=True,
    )
    continued = json_fields.field(
        Boolean,
        False,
        "以那份 PDF 原样开头，后面加了内容 / it begins with that PDF, and something was added behind",
    )
    others = json_fields.field(  # described at once, so that their codes are one query
        Nested, [], "也有此文件的其他记录 / further records with the same file", RecordSchema, many=True
    )
    likely = json_fields.list_of(
        LikelyRecordSchema,
        "认不出时，也许是哪些档案的，凭什么 / where it is not known: which records it may be of, and why",
        example=[],
    )
    differences = json_fields.list_of(
        AnswerDifferenceSchema, "内容的不同 / what differs of the content", example=[]
    )
    doubts = json_fields.list_of(
        ReadingWarningSchema, "读取文件时拿不准的 / what was not certain of the file", example=[]
    )
    verdict = text(
        None,
        "签名的核验结果，见盖章件 / the verdict on its signatures, as of sealed copies",
        enum=[*VERDICTS, None],
        allow_none=True,
    )
    signatures = json_fields.list_of(SignatureSchema, example=[])
    unfinished = json_fields.field(
        Boolean,
        False,
        "签名没有在时限内核验完，结论待定 / its signatures were not verified in time, and are undecided",
    )

    @pre_dump
    def _in_words(self, found: Identified, **_: Any) -> dict[str, Any]:
        signatures = found.finding.signatures if found.finding else ()
        return {
            **vars(found),
            "name": identified_words.heading(found),
            "explanation": identified_words.explanation(found),
            "newest_version": found.newest or None,
            "part": found.file or None,
            "verdict": found.finding.verdict if found.finding else None,
            "signatures": signatures,
        }
