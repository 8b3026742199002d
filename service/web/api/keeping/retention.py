"""The routes of retention: how long records are kept, and which are on hold or due."""

import itertools
from datetime import datetime
from typing import Any

from service import catalog
from service.archive import Record
from service.database.column_types import iso
from service.record_history.keeping import Keeping, keeping
from service.retention import destruction_list, holds, periods
from service.retention.destruction_list import DueRecord
from service.retention.periods import Period, PeriodChange
from service.retention.retention_tables import EVERY_YEAR
from service.retention.time_page import TimePage
from service.web.api import records
from service.web.http.archive_handle import archive
from service.web.http.audit_log import actor, audited, logged_transaction
from service.web.http.auth import caller, needs
from service.web.http.json_blueprint import Blueprint
from service.web.http.urls import following
from service.web.openapi.parts import raises
from service.web.schemas.destruction import TimePageQuery
from service.web.schemas.records import RecordPath
from service.web.schemas.retention import (
    DueQuery,
    DuesSchema,
    HoldBody,
    HoldsSchema,
    LiftQuery,
    PeriodBody,
    PeriodsSchema,
    RetentionChangesSchema,
    RetentionSchema,
)

blueprint = Blueprint(
    "retention", __name__, url_prefix="/api/v1/records", description="保管期限、冻结 / retention"
)


@blueprint.get("/<key>/retention")
@blueprint.doc(operationId="getRecordRetention")
@needs("archive:read")
@audited("read")
@blueprint.response(200, RetentionSchema, description="保管期限、冻结、档号 / period, hold, code")
@blueprint.arguments(RecordPath, location="path")
def of_key(key: str) -> Keeping:
    """一条档案的保管期限、冻结和档号 / how long a record is kept, its hold, its archival code"""
    return of_record(records.find(key))


def of_record(record: Record) -> Keeping:
    """How long a record's submission is kept, by its newest version; its hold; its archival code."""
    return keeping(archive(), record)


@blueprint.put("/<key>/hold")
@blueprint.doc(operationId="putHold")
@needs("archive:destroy")
@audited("hold")
@blueprint.response(200, RetentionSchema, description="已冻结 / on hold")
@blueprint.arguments(RecordPath, location="path")
@blueprint.arguments(HoldBody, location="json")
def put_hold(key: str, body: dict[str, Any]) -> Keeping:
    """冻结一条档案的各版，不得销毁 / put all versions of a record on hold"""
    return hold(records.find(key), body["reason"])


def hold(record: Record, reason: str) -> Keeping:
    """Puts a record on hold; what is kept of it then. Raises as `holds.hold`."""
    with logged_transaction() as connection:
        holds.hold(connection, record, reason, actor())
    return of_record(record)


@blueprint.delete("/<key>/hold")
@blueprint.doc(operationId="deleteHold")
@needs("archive:destroy")
@audited("hold_lifted")
@blueprint.response(200, RetentionSchema, description="已解除 / lifted")
@blueprint.arguments(RecordPath, location="path")
@blueprint.arguments(LiftQuery)
def delete_hold(key: str, reason: str) -> Keeping:
    """解除冻结 / lift the hold of a record"""
    return lift(records.find(key), reason)


def lift(record: Record, reason: str) -> Keeping:
    """Lifts the hold of a record; what is kept of it then. Raises as `holds.lift`."""
    with logged_transaction() as connection:
        holds.lift(connection, record, reason, actor())
    return of_record(record)


@blueprint.get("/holds")
@blueprint.doc(operationId="listHolds")
@needs("archive:read")
@audited("search")
@blueprint.response(200, HoldsSchema, description="冻结的档案 / the records on hold")
@blueprint.arguments(TimePageQuery)
def list_holds(limit: int, after: datetime | None) -> dict[str, Any]:
    """列出冻结的档案，先冻结的在前 / list the records on hold (paged), the oldest hold first"""
    with archive().reading() as connection:
        found, behind = holds.of_tenant(connection, caller().tenant, TimePage(limit, after))
    return {"holds": found, "next": _next(behind)}


def _next(behind: datetime | None) -> str | None:
    return following(iso(behind)) if behind else None


def held() -> list[holds.Hold]:
    """The holds of the caller's records."""
    with archive().reading() as connection:
        return [each for each in holds.holds(connection) if each.tenant == caller().tenant]


@blueprint.get("/periods")
@blueprint.doc(operationId="listPeriods")
@needs("archive:read")
@audited("search")
@blueprint.response(200, PeriodsSchema, description="保管期限 / the periods")
def list_periods() -> dict[str, Any]:
    """列出保管期限；没有列出的永久保管 / list the periods; what is not listed is kept for good"""
    return {"periods": known_periods()}


@blueprint.get("/retention/changes")
@blueprint.doc(operationId="listRetentionChanges")
@needs("archive:read")
@audited("search")
@blueprint.response(200, RetentionChangesSchema, description="变更及其依据 / changes with their reasons")
@blueprint.arguments(TimePageQuery)
def list_changes(limit: int, after: datetime | None) -> dict[str, Any]:
    """列出期限的变更和解除的冻结，新的在前 / list changed periods and lifted holds (paged), latest first"""
    page = TimePage(limit, after, latest=True)
    with archive().reading() as connection:
        changed, more = periods.changes_page(connection, page)
        lifted, others = holds.lifted_of_tenant(connection, caller().tenant, page)
    times = [*(each.changed for each in changed), *(each.lifted for each in lifted)]
    last = page.last(times) or more or others
    if last is not None:
        changed = [each for each in changed if each.changed >= last]
        lifted = [each for each in lifted if each.lifted >= last]
    left = more or others or len(changed) + len(lifted) < len(times)
    return {"periods": changed, "holds": lifted, "next": _next(last if left else None)}


def changed_periods() -> list[PeriodChange]:
    """The periods that took the place of others, the latest first."""
    with archive().reading() as connection:
        return periods.changes(connection)[::-1]


def lifted_holds() -> list[holds.LiftedHold]:
    """The lifted holds of the caller's records, the latest first."""
    with archive().reading() as connection:
        return holds.lifted(connection, caller().tenant)[::-1]


def known_periods() -> list[Period]:
    """The periods, by form and year."""
    with archive().reading() as connection:
        return periods.periods(connection)


@blueprint.put("/periods")
@blueprint.doc(operationId="putPeriod", **raises("unknown_form", "unknown_year"))
@needs("admin")
@audited("retention_set")
@blueprint.response(200, PeriodsSchema, description="保管期限 / the periods")
@blueprint.arguments(PeriodBody, location="json")
def put_period(body: dict[str, Any]) -> dict[str, Any]:
    """设定一个表单的保管期限 / set how long the records of a form are kept, of all tenants"""
    set_period(**body)
    return {"periods": known_periods()}


def set_period(form: str, year: int | None, years: int | None, reason: str = "") -> None:
    """Sets a period. Raises UnknownForm, UnknownYear, and as `periods.set_period`."""
    catalog.matching(form, year)
    period = Period(form, year or EVERY_YEAR, years)
    with logged_transaction() as connection:
        periods.set_period(connection, period, actor(), reason, caller().tenant)


@blueprint.get("/due")
@blueprint.doc(operationId="listDueRecords")
@needs("archive:read")
@audited("search")
@blueprint.response(
    200, DuesSchema, description="已到期、未冻结的档案 / records past their period, not on hold"
)
@blueprint.arguments(DueQuery)
def list_due(limit: int, **wanted: Any) -> dict[str, Any]:
    """列出已到期可以销毁的档案 / list the records that are due for destruction"""
    found, more = due(limit, **wanted)
    return {"records": found, "more": more}


def due(limit: int, **wanted: Any) -> tuple[list[DueRecord], bool]:
    """The caller's first records that are due, and whether there are more."""
    ripe = destruction_list.ripe(archive(), tenant=caller().tenant, **wanted)
    found = list(itertools.islice(ripe, limit + 1))
    return found[:limit], len(found) > limit
