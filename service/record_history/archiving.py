"""When a record was archived, by whom, and for which batch, after the audit log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.archive import Record
from service.audit import audit_search
from service.audit.audit_table import AUDIT
from service.audit.event import OK


@dataclass(frozen=True)
class Archiving:
    """A row of the audit log: when a record was archived (UTC), by whom, from where, for which batch.

    `submitted_by` submitted the batch; None without one, or if the log does not say.
    """

    time: datetime
    who: str
    origin: str
    batch: str | None
    submitted_by: str | None

    @property
    def hosted(self) -> bool:
        """Whether the batch was submitted to the service, which has a page of it."""
        return audit_search.hosted(self.submitted_by)


def archiving(connection: Connection, record: Record) -> Archiving | None:
    """How a record was archived; None if it is older than the log."""
    of_record = (AUDIT.c.record == record.key, AUDIT.c.action == "archive", AUDIT.c.result == OK)
    row = connection.execute(select(AUDIT).where(*of_record).order_by(AUDIT.c.seq).limit(1)).one_or_none()
    if row is None:
        return None
    by = audit_search.submitters(connection, [row.batch]) if row.batch else {}
    return Archiving(datetime.fromisoformat(row.time), row.who, row.origin, row.batch, by.get(row.batch))
