"""Schemas of the routes of sealed copies."""

import re
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import pre_dump
from marshmallow.fields import UUID, Boolean

from service.archive.additions import add_file
from service.archive.additions.addition import Addition
from service.sealed_copies.add_copy import also_in, finding
from service.sealed_copies.match_record import DATA, ORIGINAL, UNKNOWN
from service.signatures.verdicts import BEFORE, VERDICTS, Signature, explanation
from service.web.http import json_fields
from service.web.http.archive_handle import archive
from service.web.http.json_fields import Parameters, ResponseSchema, integer, text
from service.web.http.urls import link
from service.web.schemas.actor_names import key_name
from service.web.schemas.records import KEY, RecordPath

_SIGNER = "云泽县科协公章，云泽县科学技术协会"


def read_number(value: str) -> int:
    """Parses the number of a sealed copy; 0 for what none can be."""
    return int(value) if re.fullmatch("[1-9][0-9]{0,5}", value) else 0


class SealedCopyPath(RecordPath):
    """The path of one sealed copy."""

    number = text("1", "第几份 / its number", required=True, pattern="^[1-9][0-9]{0,5}$")


class SealedCopyForm(Parameters):
    """The form with a sealed copy."""

    limit = "sealed_limit"
    file = json_fields.field(
        Upload,
        None,
        "PDF，或 PNG、JPEG、TIFF 扫描图片，按内容判断 / PDF, or scan as PNG, JPEG or TIFF, by content",
        required=True,
    )


class SignatureSchema(ResponseSchema):
    """A signature of a sealed copy, as it was found when the copy was added."""

    verdict = text("valid", enum=list(VERDICTS))
    name = json_fields.message("有效")
    explanation = json_fields.message("签署后没有改动，签署人的证书可信。")
    kind = text(
        "signature", "timestamp 为文件的时间戳 / a time stamp of the file", enum=["signature", "timestamp"]
    )
    field = text("Seal1")
    signer = text(_SIGNER)
    issuer = text("云泽测试根证书")
    serial = text("1f3a")
    certificate = text("", "证书的 SHA-256 / SHA-256 of the certificate")
    not_before = text(allow_none=True)
    not_after = text(allow_none=True)
    time = text("2021-03-09T08:00:00+00:00", "签署时间 / time of signing", allow_none=True)
    stamped = json_fields.field(Boolean, False, "有可信的时间戳为证 / proved by a trusted time stamp")
    whole_file = json_fields.field(Boolean, True, "签名覆盖整个文件 / covers the whole file")
    extended = json_fields.field(Boolean, False, "此后又有添加 / the file was continued after it")
    algorithm = text("sha256_ecdsa sha256")
    before = text(
        "unchanged",
        "签署之前，归档的 PDF 之后除签名外有无改动；null 为没有核验 / whether more than signatures was added "
        "to the archived PDF before it was signed; null: not examined",
        enum=["unchanged", *BEFORE, None],
        allow_none=True,
    )

    @pre_dump
    def _in_words(self, signature: Signature, **_: Any) -> dict[str, Any]:
        words = {"name": VERDICTS[signature.verdict], "explanation": explanation(signature)}
        return signature.as_dict() | words


class AlsoInSchema(ResponseSchema):
    """Another record with the same sealed copy."""

    record = json_fields.field(UUID, KEY)
    id = text("3201-0002")
    version = integer(1, minimum=1)
    message = json_fields.message("同一个文件也存在档案“3201-0002”第 1 版中，请核对是否存错。")


class SealedCopySchema(ResponseSchema):
    """A sealed copy of a record."""

    record = json_fields.field(UUID, KEY)
    number = integer(1, minimum=1)
    name = text("盖章件-1.pdf")
    sha256 = json_fields.digest()
    size = integer(120394, minimum=0)
    media_type = text("application/pdf")
    added = json_fields.timestamp_field()
    added_by = text("key:0123456789ab", "存入人，如 key: 密钥的编号 / who added it, as key: and its id")
    added_by_name = key_name("added_by")
    verdict = text(
        "valid",
        "各签名中最差的；null 为没有签名 / the worst of the signatures; null: none",
        enum=[*VERDICTS, None],
        allow_none=True,
    )
    verdict_name = json_fields.message("有效")
    match = text(
        ORIGINAL,
        "与本记录的关系：以归档的 PDF 开头、附带相同数据、无法判断 / begins with the archived PDF, "
        "carries the same data, or cannot be determined",
        enum=[ORIGINAL, DATA, UNKNOWN],
    )
    match_explanation = json_fields.message("文件以本记录的 PDF 原样开头，章或签名加在其后。")
    signatures = json_fields.list_of(SignatureSchema)
    also_in = json_fields.list_of(
        AlsoInSchema, "也存有同一文件的其他档案，供核对 / other records with the same file", []
    )
    url = text(f"/api/v1/records/{KEY}/sealed/1")

    @pre_dump
    def _in_words(self, copy: Addition, **_: Any) -> dict[str, Any]:
        found, others = finding(copy), add_file.also_in(archive(), copy)
        return {
            **vars(copy),
            **vars(copy.file),
            "name": copy.name,
            "verdict": found.verdict,
            "verdict_name": found.name,
            "match": copy.result["match"],
            "match_explanation": found.match,
            "signatures": found.signatures,
            "also_in": [
                {"record": each.key, "id": each.id, "version": each.version, "message": also_in(each)}
                for each in others
            ],
            "url": link("sealed_copies.copy", key=copy.record, number=copy.number),
        }


class SealedCopiesSchema(ResponseSchema):
    """The sealed copies of a record, the first one first."""

    sealed = json_fields.list_of(SealedCopySchema)
