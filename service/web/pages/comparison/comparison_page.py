"""Shows what differs between a record and another version of it, or a file, with the pages beside it."""

from flask import Response, request

from service import catalog
from service.archive import Record
from service.errors import KexieError
from service.record_comparison import sides
from service.record_comparison.sides import Side
from service.web.api import comparison, records
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited
from service.web.http.auth import needs
from service.web.http.parameters import take_upload
from service.web.openapi import page_operations
from service.web.openapi.parts import raises
from service.web.pages import error_pages, page_access, render
from service.web.pages.comparison.comparison_view import picture_pairs, rows
from service.web.pages.record_pages import title

_VERSIONS = 200

blueprint = page_access.pages_blueprint("comparison_page", take_upload)


@blueprint.get("/records/<key>/compare")
@audited("compare")
@blueprint.doc(**page_operations.tenant_page("比较两版 / two versions compared", "with", more=(410,)))
def compare(key: str) -> Response:
    """Compares a record with the version `with`; without one, it asks what with."""
    return _page(key)


@blueprint.post("/records/<key>/compare")
@audited("compare")
@blueprint.doc(
    **page_operations.upload_page("与文件比较 / compared with a file", "with", refused=(410,)),
    **raises("unreadable_document", "unrecognised_form"),
)
def compare_file(key: str) -> Response | tuple[Response, int]:
    """Compares a record with an uploaded file; without one as `compare`, for a posted key."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page(key)
    return _of_file(key, sent.read())


@needs("archive:read")
def _of_file(key: str, content: bytes) -> Response | tuple[Response, int]:
    found = records.find(key)
    before = sides.of_record(archive(), found)
    try:
        after = comparison.of_file(content, before)
        return _shown(found, before, after)
    except KexieError as error:
        return _shown(found, fault=error_pages.fault(error)), error.status


def _page(key: str) -> Response:
    if not page_access.has_scopes("archive:read"):
        return page_access.tenant_page("compare", record=None)
    other = request.args.get("with", "")
    found = records.find(key)
    return _shown(found, *comparison.of_records(key, other), other) if other else _shown(found)


def _shown(
    record: Record, before: Side | None = None, after: Side | None = None, other: str = "", fault: str = ""
) -> Response:
    lang = render.page_language()
    found = sides.differences(before, after) if before and after else []
    pairs, undrawn = picture_pairs(before, after, found, lang) if before and after else ([], "")
    versions = archive().versions(record, _VERSIONS)
    return page_access.tenant_page(
        "compare",
        record=record,
        title=title(record),
        versions=[each for each in versions if each.key != record.key],
        known=catalog.find(record.form, record.year) is not None,
        chosen=other,
        before=before,
        after=after,
        rows=rows(found, lang),
        doubts=after.doubts if after else (),
        pairs=pairs,
        undrawn=undrawn,
        fault=fault,
    )
