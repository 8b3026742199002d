"""The route of the audit log: the caller's tenant's rows, for administrators."""

from typing import Any

from sqlalchemy import RowMapping

from service.audit import audit_search
from service.audit.audit_search import Wanted
from service.web.http.archive_handle import archive
from service.web.http.audit_log import audited, written
from service.web.http.auth import caller, needs
from service.web.http.blueprint import Blueprint
from service.web.http.urls import following
from service.web.openapi.parts import raises
from service.web.schemas.audit import AuditLogSchema, AuditQuery

blueprint = Blueprint("audit", __name__, url_prefix="/api/v1", description="审计日志 / the audit log")


@blueprint.get("/audit")
@blueprint.doc(operationId="listAuditRows", **raises("archive_fault"))
@needs("admin")
@audited("audit")
@blueprint.response(200, AuditLogSchema, description="审计日志 / rows of the audit log")
@blueprint.arguments(AuditQuery)
def rows(limit: int, after: int | None, **wanted: Any) -> dict[str, Any]:
    """审计日志：谁、何时、做了什么 / list who did what (paged), the latest first"""
    found, more = page(Wanted(caller().tenant, **wanted), after, limit)
    return {"rows": found, "next": following(str(found[-1]["seq"])) if more else None}


def page(wanted: Wanted, after: int | None, limit: int) -> tuple[list[RowMapping], bool]:
    """Up to `limit` rows before the one numbered `after`, the latest first, and whether there are more."""
    written()
    with archive().reading() as connection:
        found = audit_search.latest(connection, wanted, after, limit + 1)
    return found[:limit], len(found) > limit
