"""What the routes of the archive take and answer."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, pre_dump

from service.archive import Record
from service.archive.record import PARTS
from service.web.http.fields import (
    Answer,
    Message,
    Moment,
    Page,
    Parameters,
    count,
    digest,
    flag,
    format_of,
    optional_text,
    plain,
    shown,
    visible,
    year,
)
from service.web.http.urls import link
from service.web.schemas.forms import BlankQuery

_KEY = "6f1f2b0e-6a44-5b0e-9d0e-3d2f3c1b7a55"
_SELF = f"/api/v1/records/{_KEY}"


class RecordPath(Parameters):
    """A record's address."""

    key = fields.String(required=True, metadata=shown(_KEY, "档案的编号 / the record's key"))


class RecordsQuery(Page):
    """Which records are listed."""

    form = visible("只要这个表单 / of this form only")
    year = year("只要这个年度 / of this year only")
    id = visible("只要这个编号 / of this id only")
    holding = visible("编号含有这段文字 / whose id contains this text")
    all_versions = flag("也列出旧版本 / older versions as well")
    after = plain("上一页 next 中的值 / from `next` of the page before", format="uuid")


class RecordPdfQuery(BlankQuery):
    """The PDF, or a picture of one of its pages."""

    format = format_of("pdf", "png")


class FileSchema(Answer):
    """A file of a record."""

    sha256 = digest()
    size = count(90210)
    url = fields.String(metadata=shown(f"{_SELF}/pdf"))


class RecordSchema(Answer):
    """A record of the archive."""

    key = fields.UUID(metadata=shown(_KEY))
    form = fields.String(metadata=shown("annex2"))
    year = fields.Integer(metadata=shown(2021))
    id = fields.String(metadata=shown("3201-0001", "报送方的编号 / the submitter's own key"))
    version = count(least=1)
    created = Moment()
    edition_hash = digest()
    warnings = count(0)
    manifest_sha256 = digest()
    files = fields.Nested(
        Answer.from_dict(
            {part: fields.Nested(FileSchema, metadata={"optional": True}) for part in PARTS},
            name="FilesSchema",
        )
    )
    links = fields.Dict(values=fields.String(), metadata=shown({"self": _SELF, "pdf": f"{_SELF}/pdf"}))

    @pre_dump
    def _with_addresses(self, record: Record, **_: Any) -> dict[str, Any]:
        addresses = {part: link(f"records.{part}", key=record.key) for part in record.files}
        own = {
            name: link(f"records.{view}", key=record.key)
            for name, view in {"self": "record", "manifest": "manifest", "verify": "verify"}.items()
        }
        return {
            **vars(record),
            "manifest_sha256": record.manifest,
            "files": {part: {**vars(file), "url": addresses[part]} for part, file in record.files.items()},
            "links": own | addresses,
        }


class RecordListSchema(Answer):
    """A page of records."""

    records = fields.List(fields.Nested(RecordSchema))
    next = optional_text()


class ArchiveErrorSchema(Answer):
    """What is wrong with a record's file."""

    code = fields.String()
    place = fields.String()
    record = fields.String(attribute="record.key", allow_none=True)
    form = fields.String(attribute="record.form", allow_none=True)
    year = fields.Integer(attribute="record.year", allow_none=True)
    id = fields.String(attribute="record.id", allow_none=True)
    version = fields.Integer(attribute="record.version", allow_none=True)
    file = fields.String()
    message = Message()


class VerificationSchema(Answer):
    """A record's files, hashed again."""

    key = fields.UUID(metadata=shown(_KEY))
    verified = Moment()
    files = count(4, least=1)
    faults = fields.List(fields.Nested(ArchiveErrorSchema), metadata={"examples": [[]]})
