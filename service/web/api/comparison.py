"""The routes that compare a record with another, or with a file."""

from typing import Any

from flask import request

from service.archive.object_store import sha256
from service.audit.event import COMPARED_WITH
from service.record_comparison import sides
from service.record_comparison.changed_pages import changed_pages
from service.record_comparison.sides import Side
from service.web.api import records
from service.web.http.archive_handle import archive
from service.web.http.audit_log import also, audited, happened
from service.web.http.auth import needs, settings
from service.web.http.idempotency import replayable
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import take_upload
from service.web.openapi.parts import CONVERTING, READING, raises
from service.web.schemas.comparison import ComparedFileForm, ComparisonQuery, ComparisonSchema, PagesQuery
from service.web.schemas.records import RecordPath

_DRAWN = ("character_not_drawable", *CONVERTING)
_READ = ("unreadable_document", "unrecognised_form", "not_json", *READING)

blueprint = Blueprint("comparison", __name__, url_prefix="/api/v1", description="比较 / comparison")


@blueprint.get("/records/<key>/comparison")
@audited("compare")
@blueprint.doc(operationId="getComparison", **raises("unknown_form", *_DRAWN))
@needs("archive:read")
@blueprint.response(200, ComparisonSchema, description="不同之处 / what differs")
@blueprint.arguments(RecordPath, location="path")
@blueprint.arguments(ComparisonQuery)
def compare(key: str, with_: str | None, pages: bool) -> dict[str, Any]:
    """逐栏比较两条档案 / compare two records field by field, versions of one id in their order"""
    return compared(*of_records(key, with_), pages=pages)


@blueprint.post("/records/<key>/comparison")
@audited("compare")
@blueprint.doc(operationId="postComparison", **raises("unknown_form", *_READ, *_DRAWN))
@needs("archive:read")
@replayable(take_upload)
@blueprint.response(200, ComparisonSchema, description="不同之处 / what differs")
@blueprint.arguments(RecordPath, location="path")
@blueprint.arguments(ComparedFileForm, location="files", content_type="multipart/form-data")
@blueprint.arguments(PagesQuery)
def compare_file(key: str, body: dict[str, Any], pages: bool) -> dict[str, Any]:
    """逐栏比较档案与文件 / compare a record with a filled form or its data, field by field"""
    before = sides.of_record(archive(), records.find(key))
    return compared(before, of_file(body["file"], before), pages=pages)


def of_records(key: str, other: str | None) -> tuple[Side, Side]:
    """Two of the caller's records, by default with the version before; versions of one id in their order.

    Raises as `records.find` and `sides.of_record`.
    """
    found = records.find(key)
    against = sides.version_before(archive(), found) if other is None else records.known(other)
    named = [(each.form, each.year, each.id) for each in (found, against)]
    happened(detail=f"{COMPARED_WITH}{against.key}")
    also(against, detail=f"{COMPARED_WITH}{found.key}")
    swapped = named[0] == named[1] and against.version < found.version
    one, two = (against, found) if swapped else (found, against)
    return sides.of_record(archive(), one), sides.of_record(archive(), two)


def of_file(content: bytes, beside: Side) -> Side:
    """An uploaded file as a side. Raises as `sides.of_file`."""
    happened(detail=f"sha256={sha256(content)}")
    name = request.files["file"].filename or ""
    return sides.of_file(name[-100:], content, beside.edition, settings())


def compared(before: Side, after: Side, *, pages: bool) -> dict[str, Any]:
    """What differs, and the pages on which it does. Raises as `differences` and `changed_pages`."""
    found = sides.differences(before, after)
    drawn = {"pages": list(changed_pages(before, after, found, settings()))} if pages else {}
    return {
        "before": before.name,
        "after": after.name,
        "differences": found,
        "doubts": after.doubts,
        **drawn,
    }
