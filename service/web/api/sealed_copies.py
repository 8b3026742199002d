"""The routes of sealed copies: add one to a record, list them, get one; the PDF that the service signed."""

from typing import Any

from flask import Response, request

from service.archive import Record
from service.archive.additions import add_file
from service.archive.additions.addition import PDF, SEALED, SIGNED, SUFFIXES, Addition
from service.archive.object_store import sha256
from service.audit.event import SAME
from service.sealed_copies.add_copy import add
from service.sealed_copies.cover_sheet import cover_sheet
from service.web.api import record_files, records
from service.web.http.archive_handle import archive
from service.web.http.audit_log import actor, audited, happened
from service.web.http.auth import needs, settings
from service.web.http.idempotency import replayable
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import take_sealed_copy
from service.web.http.problems import json_response
from service.web.http.urls import link
from service.web.openapi.parts import CONVERTING, cacheable_file_response, header, raises
from service.web.schemas.records import RecordPath
from service.web.schemas.sealed_copies import (
    SealedCopiesSchema,
    SealedCopyForm,
    SealedCopyPath,
    SealedCopySchema,
    read_number,
)

_LOCATED = {"Location": header("盖章件的地址 / URL of the sealed copy")}
_REFUSALS = ("unreadable_document", "other_record", "not_sealed")
_MACHINE = ("temp_folder_fault", "verification_timeout", "sandbox_missing")

blueprint = Blueprint("sealed_copies", __name__, url_prefix="/api/v1", description="盖章件 / sealed copies")


@blueprint.get("/records/<key>/sealed")
@audited("read")
@blueprint.doc(operationId="listSealedCopies")
@needs("archive:read")
@blueprint.response(200, SealedCopiesSchema, description="盖章件 / the sealed copies")
@blueprint.arguments(RecordPath, location="path")
def copies(key: str) -> dict[str, Any]:
    """一条档案的盖章件及核验结果 / list a record's sealed copies, with what was found of each"""
    return {"sealed": add_file.additions(archive(), records.find(key), SEALED)}


@blueprint.post("/records/<key>/sealed")
@audited("seal")
@blueprint.doc(operationId="postSealedCopy", **raises(*_REFUSALS, *_MACHINE))
@needs("archive:write")
@replayable(take_sealed_copy)
@blueprint.response(201, SealedCopySchema, description="存入的盖章件 / the sealed copy", headers=_LOCATED)
@blueprint.alt_response(200, schema=SealedCopySchema, description="早已存入 / added before", headers=_LOCATED)
@blueprint.arguments(RecordPath, location="path")
@blueprint.arguments(SealedCopyForm, location="files", content_type="multipart/form-data")
def post(key: str, body: dict[str, Any]) -> Response:
    """存入盖章件，核验签名 / add the sealed copy that came back, its signatures verified"""
    copy, new = add_to(records.find(key), body["file"])
    response = json_response(SealedCopySchema().dump(copy), 201 if new else 200)
    response.headers["Location"] = link("sealed_copies.copy", key=key, number=copy.number)
    return response


def add_to(record: Record, content: bytes) -> tuple[Addition, bool]:
    """Adds a sealed copy as the caller; returns it, and whether it is new. Raises as `add_copy.add`."""
    copy, new = add(archive(), record, content, settings(), actor())
    if new:
        happened(action=None)  # logged with the copy
    else:
        happened(detail=f"{SEALED}-{copy.number}", result=SAME)
    return copy, new


@blueprint.get("/records/<key>/sealed/<number>")
@audited("download")
@blueprint.doc(operationId="getSealedCopy", **cacheable_file_response("盖章件 / the sealed copy", *SUFFIXES))
@needs("archive:read")
@blueprint.arguments(SealedCopyPath, location="path")
def copy(key: str, number: str) -> Response:
    """下载一份盖章件 / download a sealed copy"""
    return download(records.find(key), SEALED, read_number(number))


@blueprint.get("/records/<key>/signed")
@audited("download")
@blueprint.doc(
    operationId="getSignedPdf",
    **cacheable_file_response("本服务签名的 PDF / the PDF signed by the service", PDF),
)
@needs("archive:read")
@blueprint.arguments(RecordPath, location="path")
def signed(key: str) -> Response:
    """本服务签名的 PDF，若有 / the PDF that the service has signed, if it has"""
    return download(records.find(key), SIGNED, 1)


@blueprint.get("/records/<key>/cover")
@audited("download")
@blueprint.doc(
    operationId="getCoverSheet",
    **cacheable_file_response("盖章件封面 / the cover sheet", PDF),
    **raises(*CONVERTING),
)
@needs("archive:read")
@blueprint.arguments(RecordPath, location="path")
def cover(key: str) -> Response:
    """盖章件封面，带二维码 / the cover sheet that leads from paper back to the record, by a QR code"""
    return cover_of(records.find(key))


def cover_of(record: Record) -> Response:
    """Responds with the cover sheet of a record as a download. Raises as `cover_sheet`."""
    happened(action="download", detail="cover")
    response = Response(cover_sheet(record, settings()), content_type=PDF)
    response.set_etag(sha256(response.data))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = record_files.named(record, "cover.pdf", "封面.pdf")
    response.make_conditional(request)
    return response


def download(record: Record, kind: str, number: int) -> Response:
    """Responds with an addition as a download; 304 if the client has it."""
    happened(action="download", detail=f"{kind}-{number}")
    found = add_file.find(archive(), record, kind, number)
    response = Response(content_type=found.media_type)
    response.set_etag(found.file.sha256)
    response.headers["Cache-Control"] = "private, no-cache"
    plain = f"{kind}-{number}{SUFFIXES[found.media_type]}"
    response.headers["Content-Disposition"] = record_files.named(record, plain, found.name)
    if response.make_conditional(request).status_code != 304:
        response.data = add_file.read(archive(), found)
    return response
