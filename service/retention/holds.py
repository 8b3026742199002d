"""Legal holds: submissions that are not destroyed, regardless of their period, until the hold is lifted."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from service.archive import Record, index
from service.archive.record_tables import HOLDS
from service.audit import audit_chain
from service.audit.event import Actor, ArchivedRecord, Event, on_record
from service.errors import Bilingual, UsageError
from service.retention.reason import require_reason
from service.retention.retention_tables import LIFTED
from service.retention.time_page import TimePage

_SUBMISSION = ("tenant", "form", "year", "id")
Submission = tuple[str, str, int, str]


@dataclass(frozen=True)
class Hold:
    """A hold on all versions of a submission: since when, by whom, why."""

    tenant: str
    form: str
    year: int
    id: str
    since: datetime
    who: str
    reason: str


@dataclass(frozen=True)
class LiftedHold(Hold):
    """A hold that was lifted: when, by whom, why."""

    lifted: datetime
    lifted_by: str
    lifted_because: str


def holds(connection: Connection) -> list[Hold]:
    """All holds, the oldest first."""
    return [Hold(**row._asdict()) for row in connection.execute(select(HOLDS).order_by(HOLDS.c.since))]


def of_tenant(connection: Connection, tenant: str, page: TimePage) -> tuple[list[Hold], datetime | None]:
    """A page of a tenant's holds, and where the next one begins."""
    rows, behind = page.rows(connection, select(HOLDS).where(HOLDS.c.tenant == tenant), HOLDS.c.since)
    return [Hold(**row._asdict()) for row in rows], behind


def find(connection: Connection, record: Record) -> Hold | None:
    """The hold of a record's submission, if there is one."""
    same = [HOLDS.c[name] == getattr(record, name) for name in _SUBMISSION]
    row = connection.execute(select(HOLDS).where(*same)).one_or_none()
    return Hold(**row._asdict()) if row else None


def held(connection: Connection) -> frozenset[Submission]:
    """The submissions on hold."""
    rows = connection.execute(select(*(HOLDS.c[name] for name in _SUBMISSION)))
    return frozenset((row.tenant, row.form, row.year, row.id) for row in rows)


def submission(record: ArchivedRecord) -> Submission:
    """What all versions of a record have in common."""
    return record.tenant, record.form, record.year, record.id


def hold(connection: Connection, record: Record, reason: str, actor: Actor) -> None:
    """Puts a record's submission on hold. Raises UsageError if it is, if it is gone, or without a reason."""
    require_reason(reason, Bilingual("冻结的依据", "the hold"))
    index.lock(connection, *submission(record))  # a destruction of it waits, or has ended
    if not index.by_keys(connection, [record.key]):
        raise UsageError(f"“{record.id}”已销毁。", f"'{record.id}' was destroyed.")
    if find(connection, record):
        raise UsageError(f"“{record.id}”已经冻结。", f"'{record.id}' is on hold already.")
    values = {name: getattr(record, name) for name in _SUBMISSION}
    about = {"since": datetime.now(UTC), "who": actor.who, "reason": reason}
    connection.execute(insert(HOLDS), {**values, **about})
    audit_chain.note(connection, Event(actor, "hold", **on_record(record)))


def lift(connection: Connection, record: Record, reason: str, actor: Actor) -> None:
    """Lifts the hold of a record's submission. Raises UsageError if there is none, or without a reason."""
    require_reason(reason, Bilingual("解除冻结的依据", "lifting the hold"))
    found = find(connection, record)
    same = [HOLDS.c[name] == getattr(record, name) for name in _SUBMISSION]
    if found is None or not connection.execute(delete(HOLDS).where(*same)).rowcount:
        raise UsageError(f"“{record.id}”没有冻结。", f"'{record.id}' is not on hold.")
    end = {"lifted": datetime.now(UTC), "lifted_by": actor.who, "lifted_because": reason}
    connection.execute(insert(LIFTED), {**vars(found), **end})
    audit_chain.note(connection, Event(actor, "hold_lifted", **on_record(record)))


def lifted(
    connection: Connection, tenant: str | None = None, record: Record | None = None
) -> list[LiftedHold]:
    """The holds that were lifted, of a tenant or a record's submission, the oldest first."""
    wanted = select(LIFTED).order_by(LIFTED.c.lifted)
    if tenant is not None:
        wanted = wanted.where(LIFTED.c.tenant == tenant)
    if record is not None:
        wanted = wanted.where(*(LIFTED.c[name] == getattr(record, name) for name in _SUBMISSION))
    return [LiftedHold(**row._asdict()) for row in connection.execute(wanted)]


def lifted_of_tenant(
    connection: Connection, tenant: str, page: TimePage
) -> tuple[list[LiftedHold], datetime | None]:
    """A page of the holds of a tenant that were lifted, and where the next one begins."""
    rows, behind = page.rows(connection, select(LIFTED).where(LIFTED.c.tenant == tenant), LIFTED.c.lifted)
    return [LiftedHold(**row._asdict()) for row in rows], behind
