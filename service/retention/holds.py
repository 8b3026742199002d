"""Legal holds: submissions that are not destroyed, regardless of their period, until the hold is lifted."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from service.archive import Record, index
from service.archive.record_tables import HOLDS
from service.audit import audit_chain
from service.audit.event import Actor, Event, on_record
from service.errors import UsageError
from service.retention.reason import LENGTH, is_reason

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


def holds(connection: Connection) -> list[Hold]:
    """All holds, the oldest first."""
    return [Hold(**row._asdict()) for row in connection.execute(select(HOLDS).order_by(HOLDS.c.since))]


def find(connection: Connection, record: Record) -> Hold | None:
    """The hold of a record's submission, if there is one."""
    same = [HOLDS.c[name] == getattr(record, name) for name in _SUBMISSION]
    row = connection.execute(select(HOLDS).where(*same)).one_or_none()
    return Hold(**row._asdict()) if row else None


def held(connection: Connection) -> frozenset[Submission]:
    """The submissions on hold."""
    rows = connection.execute(select(*(HOLDS.c[name] for name in _SUBMISSION)))
    return frozenset((row.tenant, row.form, row.year, row.id) for row in rows)


def submission(record: Record) -> Submission:
    """What all versions of a record have in common."""
    return record.tenant, record.form, record.year, record.id


def hold(connection: Connection, record: Record, reason: str, actor: Actor) -> None:
    """Puts a record's submission on hold. Raises UsageError if it is, if it is gone, or without a reason."""
    if not is_reason(reason):
        raise UsageError(
            f"请写明冻结的依据（一行，不超过 {LENGTH} 字）。",
            f"Give the reason of the hold, in one line of up to {LENGTH} characters.",
        )
    index.lock(connection, *submission(record))  # a destruction of it waits, or has ended
    if not index.by_keys(connection, [record.key]):
        raise UsageError(f"“{record.id}”已销毁。", f"'{record.id}' was destroyed.")
    if find(connection, record):
        raise UsageError(f"“{record.id}”已经冻结。", f"'{record.id}' is on hold already.")
    values = {name: getattr(record, name) for name in _SUBMISSION}
    about = {"since": datetime.now(UTC), "who": actor.who, "reason": reason}
    connection.execute(insert(HOLDS), {**values, **about})
    audit_chain.note(connection, Event(actor, "hold", **on_record(record)))


def lift(connection: Connection, record: Record, actor: Actor) -> None:
    """Lifts the hold of a record's submission. Raises UsageError if there is none."""
    same = [HOLDS.c[name] == getattr(record, name) for name in _SUBMISSION]
    if not connection.execute(delete(HOLDS).where(*same)).rowcount:
        raise UsageError(f"“{record.id}”没有冻结。", f"'{record.id}' is not on hold.")
    audit_chain.note(connection, Event(actor, "hold_lifted", **on_record(record)))
