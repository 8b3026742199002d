"""Who took a record out of the archive: its exports and downloads, after the audit log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from service.archive import Record, words
from service.audit.audit_table import AUDIT
from service.audit.event import ACTIONS, OK
from service.errors import Bilingual

_ACTIONS = ("export", "download")


@dataclass(frozen=True)
class Export:
    """A row of the audit log: when a record was exported or downloaded (UTC), by whom, in what."""

    time: datetime
    who: str
    origin: str
    action: str
    detail: str | None
    batch: str | None

    @property
    def words(self) -> Bilingual:
        """What was done, with what."""
        done = ACTIONS[self.action]
        if not self.detail:
            return done
        detail = words.detail(self.detail)
        return Bilingual(f"{done.zh}：{detail.zh}", f"{done.en}: {detail.en}")


def exports(connection: Connection, record: Record, limit: int) -> list[Export]:
    """Up to `limit` exports and downloads of a record, the latest first."""
    of_record = (AUDIT.c.record == record.key, AUDIT.c.action.in_(_ACTIONS), AUDIT.c.result == OK)
    found = select(AUDIT).where(*of_record).order_by(AUDIT.c.seq.desc()).limit(limit)
    return [
        Export(datetime.fromisoformat(row.time), row.who, row.origin, row.action, row.detail, row.batch)
        for row in connection.execute(found)
    ]
