"""The records that a query asks for, and the route of their list as a file."""

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response

from service.archive.search import found_records
from service.batch.jobs import job_records
from service.errors import UsageError
from service.handover import archival_codes
from service.record_lists import list_files
from service.record_lists.list_columns import COLUMNS
from service.submission import date_in_china, days_in_china
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited
from service.web.http.auth import caller, needs, settings
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import MEDIA_TYPES
from service.web.http.urls import saved_as
from service.web.openapi.parts import DOWNLOAD_HEADERS, file_response, raises
from service.web.schemas.records import RecordListQuery

LISTED = 50_000  # records

blueprint = Blueprint("record_list", __name__, url_prefix="/api/v1", description="档案目录")


@blueprint.get("/records/list")
@blueprint.doc(
    operationId="getRecordList",
    **file_response("目录 / the list", MEDIA_TYPES["xlsx"], MEDIA_TYPES["csv"], headers=DOWNLOAD_HEADERS),
    **raises("unknown_batch"),
)
@needs("archive:read")
@audited("list")
@blueprint.arguments(RecordListQuery)
def as_file(format: str, **given: Any) -> Response:
    """查到的全部档案的目录 / download the list of all records found"""
    return file(format, filters(given))


def file(format: str, wanted: Mapping[str, Any]) -> Response:
    """The list of all records wanted, as a download. Raises UsageError if they are too many."""
    refuse_more(wanted, LISTED)
    temporary = settings().temp_dir
    with tempfile.TemporaryFile(dir=temporary) as made:
        columns = (*COLUMNS, archival_codes.column(archive()))
        list_files.write(archive().records(**wanted), format, made, temporary, columns)
        made.seek(0)
        response = Response(made.read(), content_type=MEDIA_TYPES[format])
    name = f"档案目录{date_in_china(datetime.now(UTC)):%Y%m%d}.{format}"
    response.headers["Content-Disposition"] = saved_as(f"records.{format}", name)
    response.headers["Cache-Control"] = "no-store"
    return response


def refuse_more(wanted: Mapping[str, Any], most: int) -> None:
    """Raises UsageError if more records than `most` are wanted."""
    if found_records.count(archive(), most + 1, **wanted) > most:
        raise UsageError(
            f"查到的档案超过 {most} 条，一份目录列不下。请加上年度、表单等条件，分几份导出。",
            f"More than {most} records were found, too many for one list. Narrow the search by year or form.",
        )


def filters(given: Mapping[str, Any]) -> dict[str, Any]:
    """The filters of the archive for a query of `RecordFilters`, of the caller's records alone.

    Raises UnknownBatch.
    """
    wanted = {name: value for name, value in given.items() if name not in ("first", "last", "batch")}
    since, until = days_in_china(given.get("first"), given.get("last"))
    tenant, batch = caller().tenant, given.get("batch")
    made = job_records.records_of(archive(), batch, tenant) if batch else None
    return {**wanted, "tenant": tenant, "records": made, "since": since, "until": until}
