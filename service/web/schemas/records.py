"""Schemas of the archive routes."""

from collections.abc import Sequence
from typing import Any

from marshmallow import pre_dump
from marshmallow.fields import UUID, String

from service.archive import Record
from service.archive.record import PARTS
from service.archive.search.record_filters import SORTS, STATES
from service.batch.jobs.failed_items import FailedItem
from service.database.column_types import iso
from service.errors import UnknownRecord
from service.handover import archival_codes
from service.handover.archival_codes import ArchivalCode
from service.record_history.destruction_entries import DestroyedRecord
from service.retention.holds import submission
from service.web.http import json_fields
from service.web.http.archive_handle import archive
from service.web.http.json_fields import OfEdition, Page, Parameters, ResponseSchema, integer, text
from service.web.http.urls import link
from service.web.schemas.actor_names import key_name
from service.web.schemas.forms import BlankQuery

KEY, LIST = "6f1f2b0e-6a44-5b0e-9d0e-3d2f3c1b7a55", "0123456789ab"
_SELF = f"/api/v1/records/{KEY}"


def unknown_record() -> UnknownRecord:
    """The error for a key that no record of the caller has."""
    return UnknownRecord(
        "档案中没有这条记录。请用 GET /api/v1/records 查看全部记录。",
        "The archive has no such record: see GET /api/v1/records.",
    )


class RecordPath(Parameters):
    key = text(KEY, "记录号 / the record's key", required=True)


class RecordFilters(Parameters):
    """Query of the records that are listed, and their order."""

    name = json_fields.printable_parameter("名称含有这段文字 / part of the submitter's name")
    form = json_fields.printable_parameter("只要这个表单 / only this form")
    year = json_fields.year("只要这个年度 / only this year")
    id = json_fields.printable_parameter("只要这个编号 / only this id")
    holding = json_fields.printable_parameter("编号含有这段文字 / substring of the id")
    text = json_fields.printable_parameter(
        "编号、名称或表单指定的其他栏目含有这些文字 / texts in id, name, or other fields that the form names"
    )
    first = json_fields.day("自这一天归档 / archived on this day (China) or later", data_key="from")
    last = json_fields.day("至这一天归档 / archived on this day (China) or earlier", data_key="to")
    batch = json_fields.printable_parameter("只要这个批次的 / only those of this batch")
    state = json_fields.choice(
        "只要：有、无提醒的，导入的，旧版本，有、无盖章件的 / only: with or without warnings, imported, "
        "older versions, with or without a sealed copy",
        tuple(STATES),
    )
    all_versions = json_fields.flag("也列出旧版本 / include older versions")
    sort = json_fields.choice(
        "次序：年度表单编号、时间、名称；前加 - 倒序 / by year, form and id; by time; by name; - reverses",
        SORTS,
        "id",
        default="id",
    )


class RecordListQuery(RecordFilters):
    """Query of the list of records as a file."""

    format = json_fields.format_of("xlsx", "csv")


class RecordsQuery(RecordFilters, Page):
    """Query of the list of records."""

    after = json_fields.string_parameter("上一页 next 中的值 / cursor from the previous page", format="uuid")


class NewRecordQuery(Parameters):
    """Query of a submission to archive."""

    id = json_fields.string_parameter(
        "编号；不写则由服务编号 / id; by default form, year, submitter and a running number",
        minLength=1,
        maxLength=200,
    )
    after = json_fields.string_parameter(
        "所改的那一版的键；已有新版则 412 / key of the version that was changed; 412 if there is a newer one",
        format="uuid",
    )
    complete = json_fields.complete()


class RecordPdfQuery(BlankQuery):
    """Query of an archived PDF: the file, or one of its pages as PNG."""

    format = json_fields.format_of("pdf", "png")


class FileSchema(ResponseSchema):
    sha256 = json_fields.digest()
    size = integer(90210, minimum=0)
    url = text(f"{_SELF}/pdf")


class RecordSchema(ResponseSchema):
    """A record of the archive, with the URLs of its files."""

    key = json_fields.field(UUID, KEY)
    form = text(OfEdition.FORM)
    year = integer(OfEdition.YEAR)
    id = text("3201-0001", "报送方的编号 / id given by the submitter")
    submitter = text("云泽县科学技术协会", "报文中的名称 / the name in the payload")
    archival_code = text("0042-WS·2021-Y-KP-0001", "档号，移交时编定 / given at a hand-over", allow_none=True)
    version = integer(1, minimum=1)
    created = json_fields.timestamp_field()
    pages = integer(12, "PDF 的页数 / pages of the PDF", allow_none=True, minimum=1)
    edition_hash = json_fields.digest()
    warnings = integer(0, minimum=0)
    manifest_sha256 = json_fields.digest()
    files = json_fields.nested(
        ResponseSchema.from_dict(
            {part: json_fields.nested(FileSchema, optional=True) for part in PARTS}, name="FilesSchema"
        )
    )
    links = json_fields.mapping({"self": _SELF, "pdf": f"{_SELF}/pdf"}, values=String)

    @pre_dump(pass_collection=True)
    def _described(self, found: Any, many: bool, **_: Any) -> Any:
        records: Sequence[Record] = found if many else [found]
        with archive().reading() as connection:
            codes = archival_codes.of_records(connection, records)
        rows = [self._with_addresses(each, codes.get(submission(each))) for each in records]
        return rows if many else rows[0]

    def _with_addresses(self, record: Record, code: ArchivalCode | None) -> dict[str, Any]:
        views = {"self": "record", **{view: view for view in ("manifest", "verify", *record.files)}}
        links = {name: link(f"records.{view}", key=record.key) for name, view in views.items()}
        links["sealed"] = link("sealed_copies.copies", key=record.key)
        files = {part: {**vars(file), "url": links[part]} for part, file in record.files.items()}
        of = {"archival_code": code and str(code)}
        return {**vars(record), **of, "manifest_sha256": record.manifest, "files": files, "links": links}


class DestroyedRecordSchema(ResponseSchema):
    """A destroyed record: what it was, when and by which list it was destroyed."""

    key = json_fields.field(UUID, KEY)
    form = text(OfEdition.FORM)
    year = integer(OfEdition.YEAR)
    id = text("3201-0001")
    title = text(OfEdition.TITLE)
    version = integer(1)
    ended = json_fields.timestamp_field()
    ended_by = text("key:ba9876543210")
    ended_by_name = key_name("ended_by")
    list = text(LIST, "销毁清册号 / id of the destruction list", attribute="list.id")
    list_url = text(f"/api/v1/records/destructions/{LIST}", "销毁清册 / the destruction list")

    @pre_dump
    def _with_address(self, found: DestroyedRecord, **_: Any) -> dict[str, Any]:
        return {**vars(found), "list_url": link("destruction.destruction", list=found.list.id)}


class FailedItemSchema(ResponseSchema):
    """A failed item of a batch."""

    batch = text("0f" * 16, "批次的编号 / the batch's id")
    url = text(
        f"/api/v1/batches/{'0f' * 16}", "批次；命令行的没有 / none of a command's batch", optional=True
    )
    form = text(OfEdition.FORM, allow_none=True)
    year = integer(OfEdition.YEAR, allow_none=True)
    id = text("3201-0001")
    submitter = text("云泽县科学技术协会", "没有则为空 / empty without one")
    created = text("2021-03-09T08:00:00.123456Z", "提交批次的时间 / when the batch was submitted")
    errors = json_fields.list_of(text("联系人：必填。"), "错误 / the errors")

    @pre_dump
    def _with_address(self, found: FailedItem, **_: Any) -> dict[str, Any]:
        of = {"url": link("batches.batch", id=found.batch)} if found.hosted else {}
        errors = [each.zh for each in found.reasons]
        return {**vars(found), **of, "created": iso(found.created), "errors": errors}


class RecordListSchema(ResponseSchema):
    records = json_fields.nested(RecordSchema, many=True)
    destroyed = json_fields.list_of(
        DestroyedRecordSchema,
        "首页另列编号、记录号、校验值、表单、年度、归档日期相符的已销毁档案，最多 20 条 / "
        "on the first page, up to 20 destroyed records that match by id, key, hash, form, year or date",
        optional=True,
    )
    destroyed_unnamed = integer(
        3,
        "已销毁的档案不留名称；除 name、text 外都相符的另有几条 / on the first page, the number of further "
        "destroyed records that match but for name and text, which are not kept",
        minimum=1,
        optional=True,
    )
    failed = json_fields.list_of(
        FailedItemSchema,
        "按编号、名称或文字查找，查到的不满一页时，另列最近 500 个批次中相符而未成功、没有归档的 / "
        "where a search by id, name or text finds less than a page: what matches in the newest 500 batches, "
        "failed, and has no record",
        optional=True,
    )
    next = text(allow_none=True)


class ArchiveErrorSchema(ResponseSchema):
    """A fault of a record's file."""

    code = text()
    place = text()
    record = text(attribute="record.key", allow_none=True)
    form = text(attribute="record.form", allow_none=True)
    year = integer(attribute="record.year", allow_none=True)
    id = text(attribute="record.id", allow_none=True)
    version = integer(attribute="record.version", allow_none=True)
    file = text()
    columns = json_fields.list_of(text(), "索引中不符的栏 / columns of the index that differ", [])
    message = json_fields.message()


class VerificationSchema(ResponseSchema):
    """Result of verifying a record."""

    key = json_fields.field(UUID, KEY)
    verified = json_fields.timestamp_field()
    files = integer(4, minimum=1)
    faults = json_fields.list_of(ArchiveErrorSchema, example=[])
