"""The routes of the archive: list records, get one and its files."""

import itertools
import re
from datetime import UTC, datetime
from typing import Any

from flask import Response

from service.archive import Record
from service.archive.additions import add_file
from service.batch.inputs.item_identity import id_errors
from service.batch.jobs.failed_items import failed_items
from service.catalog import Edition
from service.errors import UsageError
from service.record_history import destroyed_search, destruction_entries
from service.record_history.destruction_entries import DestroyedRecord
from service.web.api import archive_document, record_files
from service.web.api.document_response import remarked
from service.web.api.record_files import MEDIA_TYPES
from service.web.api.record_list import filters
from service.web.http import parameters
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited, happened
from service.web.http.auth import caller, needs
from service.web.http.idempotency import replayable
from service.web.http.json_blueprint import Blueprint
from service.web.http.problems import json_response
from service.web.http.urls import following
from service.web.openapi.parts import (
    LOCATED,
    PAGE_HEADERS,
    PAYLOAD_BODY,
    PRODUCING,
    cacheable_file_response,
    raises,
)
from service.web.schemas.forms import EditionPath
from service.web.schemas.records import (
    NewRecordQuery,
    RecordListSchema,
    RecordPath,
    RecordPdfQuery,
    RecordSchema,
    RecordsQuery,
    VerificationSchema,
    unknown_record,
)

_PDF = (MEDIA_TYPES["pdf"], record_files.MEDIA_TYPES["png"])
_MADE = raises("newer_version", "record_destroyed", *PRODUCING)
_KEY = re.compile("[0-9a-f-]{36}")

blueprint = Blueprint("records", __name__, url_prefix="/api/v1", description="档案")


@blueprint.get("/records")
@blueprint.doc(operationId="listRecords", **raises("unknown_batch"))
@needs("archive:read")
@audited("search")
@blueprint.response(200, RecordListSchema, description="档案 / records")
@blueprint.arguments(RecordsQuery)
def records(limit: int, after: str | None, **wanted: Any) -> dict[str, Any]:
    """列出档案 / list records (paged)"""
    if after is not None:
        known(after)
    asked = filters(wanted)
    found = archive().records(after=after, limit=limit + 1, **asked)
    page = list(itertools.islice(found, limit))
    more = next(found, None) is not None
    listed = {"records": page, "next": following(page[-1].key) if more else None}
    return listed | ({} if after else _besides(asked, whole=not more))


def _besides(asked: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """Destroyed records, and where the records found are `whole`, the failed items of batches."""
    gone = {
        "destroyed": destroyed_search.matching(archive(), **asked),
        "destroyed_unnamed": destroyed_search.unnamed(archive(), **asked),
        "failed": failed_items(archive(), **asked) if whole else [],
    }
    return {name: value for name, value in gone.items() if value}


@blueprint.post("/forms/<form>/<year>/records")
@blueprint.doc(
    operationId="makeRecord", **PAYLOAD_BODY, **raises("newer_version", "record_destroyed", *PRODUCING)
)
@needs("generate", "archive:write")
@audited("archive")
@replayable()
@blueprint.response(201, RecordSchema, description="新的档案 / the new record", headers=LOCATED)
@blueprint.alt_response(200, schema=RecordSchema, description="已有的档案 / the same record", headers=LOCATED)
@blueprint.arguments(EditionPath, location="path")
@blueprint.arguments(NewRecordQuery)
def make(edition: Edition, id: str | None, after: str | None, complete: bool) -> Response:
    """归档一份申报 / archive a submission, under its id or a running number"""
    id = archive_document.permitted_id(id if after is None else _id_of(edition, id, after))
    errors = [] if id is None else id_errors(id)
    submission = archive_document.parse_submission(edition, parameters.payload(), errors, complete=complete)
    made, new = archive_document.add(submission, archive_document.proved(submission), id, after)
    response = archive_document.located(json_response(RecordSchema().dump(made)), made, new)
    response.headers.update(remarked(submission.remarks()))
    return response


def _id_of(edition: Edition, id: str | None, after: str) -> str:
    """The id of the version that was changed. Raises UnknownRecord, or UsageError for another one's."""
    changed = find(after)
    if (changed.form, changed.year) != (edition.form, edition.year) or id not in (None, changed.id):
        raise UsageError(
            f"after 是 {changed.form} {changed.year} 编号“{changed.id}”的一版，与所给的不同。",
            f"after is a version of '{changed.id}' of {changed.form} {changed.year}, not of what is sent.",
        )
    return changed.id


@blueprint.get("/records/<key>")
@needs("archive:read")
@audited("read")
@blueprint.response(200, RecordSchema, description="档案 / the record")
@blueprint.arguments(RecordPath, location="path")
def record(key: str) -> Record:
    """一条档案 / get a record, with its files and hashes"""
    return find(key)


@blueprint.get("/records/<key>/docx")
@blueprint.doc(**cacheable_file_response("Word 文书 / the .docx", MEDIA_TYPES["docx"]))
@needs("archive:read")
@audited("download")
@blueprint.arguments(RecordPath, location="path")
def docx(key: str) -> Response:
    """档案中的 .docx / download the archived .docx"""
    return part(key, "docx")


@blueprint.get("/records/<key>/pdf")
@blueprint.doc(
    **cacheable_file_response(
        "PDF/A 文书，或一页 PNG / the PDF/A, or a page as PNG", *_PDF, headers=PAGE_HEADERS
    )
)
@needs("archive:read")
@audited("download")
@blueprint.arguments(RecordPath, location="path")
@blueprint.arguments(RecordPdfQuery)
def pdf(key: str, format: str, page: int) -> Response:
    """档案中的 PDF，或其中一页的图像 / download the archived PDF/A, or one of its pages as PNG"""
    return record_files.picture(find(key), page) if format == "png" else part(key, "pdf")


@blueprint.get("/records/<key>/verify")
@blueprint.doc(operationId="verifyRecord")
@needs("archive:read")
@audited("verify")
@blueprint.response(
    200, VerificationSchema, description="没有错误时 faults 为空 / faults is empty if the record is intact"
)
@blueprint.arguments(RecordPath, location="path")
def verify(key: str) -> dict[str, Any]:
    """重新计算校验值 / verify the hashes of a record's files"""
    found = find(key)
    faults = archive().verify_record(found)
    added = add_file.additions(archive(), found)
    return {
        "key": found.key,
        "verified": datetime.now(UTC),
        "files": len(found.files) + 1 + 2 * len(added),
        "faults": faults,
    }


@blueprint.get("/records/<key>/payload")
@blueprint.doc(**cacheable_file_response("报文 / the payload", MEDIA_TYPES["payload"]))
@needs("archive:read")
@audited("download")
@blueprint.arguments(RecordPath, location="path")
def payload(key: str) -> Response:
    """档案中的报文 / download the archived payload"""
    return part(key, "payload")


@blueprint.get("/records/<key>/manifest")
@blueprint.doc(**cacheable_file_response("清单 / the manifest", MEDIA_TYPES["manifest"]))
@needs("archive:read")
@audited("download")
@blueprint.arguments(RecordPath, location="path")
def manifest(key: str) -> Response:
    """清单：来源、校验值 / manifest: tool versions, hashes"""
    return part(key, "manifest")


@blueprint.get("/records/<key>/original")
@blueprint.doc(**cacheable_file_response("导入的原件 / the imported original", MEDIA_TYPES["original"]))
@needs("archive:read")
@audited("download")
@blueprint.arguments(RecordPath, location="path")
def original(key: str) -> Response:
    """导入的原件 / the imported original, if any"""
    return part(key, "original")


def find(key: str) -> Record:
    """The caller's record of that key, which the request is on. Raises as `known`."""
    found = known_or_destroyed(key)
    happened(found)
    return _kept(found)


def known(key: str) -> Record:
    """The caller's record of that key. Raises UnknownRecord, also for another tenant's; RecordDestroyed."""
    return _kept(known_or_destroyed(key))


def _kept(found: Record | DestroyedRecord) -> Record:
    if isinstance(found, DestroyedRecord):
        raise destruction_entries.gone(archive(), found)
    return found


def known_or_destroyed(key: str) -> Record | DestroyedRecord:
    """The caller's record of that key, or else its destroyed one: a submission may be archived again.

    Raises UnknownRecord, also for another tenant's.
    """
    if not _KEY.fullmatch(key):
        raise unknown_record()
    found = archive().named([key]).get(key)
    if found is not None and found.tenant == caller().tenant:
        return found
    with archive().reading() as connection:
        destroyed = destruction_entries.destroyed(connection, key, caller().tenant)
    if destroyed is None:
        raise unknown_record()
    return destroyed


def part(key: str, name: str) -> Response:
    """As `record_files.part`, of the caller's record of that key."""
    return record_files.part(find(key), name)
