"""The routes of the audit log: the caller's tenant's rows, as a file too, and the proof of the chain."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Response

from service.access.actors import Actors
from service.archive import Archive
from service.audit import audit_search
from service.audit.audit_search import Wanted
from service.audit.chain_proof import Proof, prove
from service.record_history import log_rows
from service.submission import date_in_china
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited, happened, written
from service.web.http.auth import caller, needs
from service.web.http.json_blueprint import Blueprint
from service.web.http.parameters import MEDIA_TYPES
from service.web.http.urls import following, saved_as
from service.web.http.verification_deadline import in_time
from service.web.openapi.parts import DOWNLOAD_HEADERS, file_response, raises
from service.web.schemas.actor_names import actors
from service.web.schemas.audit import AuditFileQuery, AuditLogSchema, AuditQuery, ProofSchema

_FILES = {"csv": MEDIA_TYPES["csv"], "ndjson": "application/x-ndjson"}

blueprint = Blueprint("audit", __name__, url_prefix="/api/v1", description="审计日志 / the audit log")


@blueprint.get("/audit")
@blueprint.doc(operationId="listAuditRows", **raises("archive_fault"))
@needs("audit:read")
@audited("audit")
@blueprint.response(200, AuditLogSchema, description="审计日志 / rows of the audit log")
@blueprint.arguments(AuditQuery)
def rows(limit: int, after: int | None, **wanted: Any) -> dict[str, Any]:
    """审计日志：谁、何时、做了什么 / list who did what (paged), the latest first"""
    found, more = page(wanted, after, limit)
    return {"rows": found, "next": following(str(found[-1]["seq"])) if more else None}


@blueprint.get("/audit/list")
@blueprint.doc(
    operationId="getAuditList",
    **file_response("审计日志 / the audit log", *_FILES.values(), headers=DOWNLOAD_HEADERS),
    **raises("archive_fault"),
)
@needs("audit:read")
@audited("audit")
@blueprint.arguments(AuditFileQuery)
def as_file(format: str, **wanted: Any) -> Response:
    """下载审计日志（.csv，或可据以重算校验值的 .ndjson）/ download the rows found"""
    written()
    happened(detail=format)
    response = Response(_lines(archive(), _of_caller(wanted), format), content_type=_FILES[format])
    name = f"审计日志{date_in_china():%Y%m%d}.{format}"
    response.headers["Content-Disposition"] = saved_as(f"audit.{format}", name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(opened: Archive, wanted: Wanted, format: str) -> Iterator[bytes]:
    of_tenant = Actors.of(opened, wanted.tenant)
    with opened.reading() as connection:
        named = log_rows.with_names(connection, of_tenant, audit_search.rows(connection, wanted))
        for line in log_rows.file_lines(format, named):
            yield line.encode()


@blueprint.get("/audit/proof")
@blueprint.doc(operationId="getAuditProof", **raises("archive_fault"))
@needs("audit:read")
@audited("verify")
@blueprint.response(200, ProofSchema, description="fault 为 null 即完整 / whole if fault is null")
def get_proof() -> dict[str, Any]:
    """重算整个日志的校验值 / recompute every hash of the log"""
    found = proved()
    return {**vars(found), "verified": datetime.now(UTC)}


def proved() -> Proof:
    """The proof of the whole log, every tenant's rows. Raises ArchiveUnavailable past the deadline."""
    written()
    with archive().reading() as connection:
        found = prove(connection, on_progress=in_time())
    happened(action="verify", detail=f"audit={found.rows}")
    return found


def page(wanted: dict[str, Any], after: int | None, limit: int) -> tuple[list[dict[str, Any]], bool]:
    """Up to `limit` rows, with names, before the one numbered `after`, latest first; whether there are more.

    `wanted` are filters of `Wanted`. Raises UsageError for a `who` that is no key of the caller's tenant.
    """
    written()
    sought = _of_caller(wanted)
    with archive().reading() as connection:
        found = audit_search.latest(connection, sought, after, limit + 1)
        named = list(log_rows.with_names(connection, actors(), found[:limit]))
    return named, len(found) > limit


def _of_caller(wanted: dict[str, Any]) -> Wanted:
    """The filters for rows of the caller's tenant; a key in `who` by its id or name."""
    tenant, who = caller().tenant, wanted.get("who")
    keys = Actors.of(archive(), tenant).whose(who) if who else None
    return Wanted(tenant, **{**wanted, "who": keys})
