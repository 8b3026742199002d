"""When a record was archived, by whom, and for which batch, after the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

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


def archivings(connection: Connection, keys: Sequence[str]) -> dict[str, Archiving]:
    """How the records of these keys were archived, by key; those older than the log are left out."""
    of_records = (AUDIT.c.record.in_(keys), AUDIT.c.action == "archive", AUDIT.c.result == OK)
    rows = connection.execute(select(AUDIT).where(*of_records).order_by(AUDIT.c.seq)).all()
    by = audit_search.submitters(connection, [row.batch for row in rows if row.batch])
    return {
        row.record: Archiving(
            datetime.fromisoformat(row.time), row.who, row.origin, row.batch, by.get(row.batch)
        )
        for row in rows  # the last of a key, which is archived again after it was destroyed
    }
