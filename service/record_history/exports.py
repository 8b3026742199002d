"""Who took a record out of the archive: exports and downloads of all versions, after the audit log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.archive import Record, display_names
from service.audit.audit_table import AUDIT
from service.audit.event import OK
from service.errors import Bilingual
from service.record_history.destruction_entries import ListedRecord

_ACTIONS = ("export", "download")
_NAMES = ("who", "origin", "action", "detail", "batch", "version")


@dataclass(frozen=True)
class Export:
    """A row of the audit log: when a version was exported or downloaded (UTC), by whom, in what."""

    time: datetime
    who: str
    origin: str
    action: str
    detail: str | None
    batch: str | None
    version: int

    @property
    def words(self) -> Bilingual:
        """What was done, with what."""
        return display_names.act(self.action, self.detail)


def exports(connection: Connection, record: Record | ListedRecord, limit: int) -> list[Export]:
    """Up to `limit` exports and downloads of a record in any of its versions, the latest first."""
    of_record = (AUDIT.c[name] == getattr(record, name) for name in ("id", "tenant", "form", "year"))
    taken_out = (AUDIT.c.action.in_(_ACTIONS), AUDIT.c.result == OK)
    found = select(AUDIT).where(*of_record, *taken_out).order_by(AUDIT.c.seq.desc()).limit(limit)
    return [
        Export(datetime.fromisoformat(row.time), **{name: row._mapping[name] for name in _NAMES})
        for row in connection.execute(found)
    ]
