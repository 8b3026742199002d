"""The queue of archived PDFs that the service has yet to sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from service.archive.record import Record
from service.archive.record_tables import RECORDS
from service.config import Settings
from service.database.column_types import METADATA, Moment

_FIRST, _LONGEST = timedelta(seconds=10), timedelta(hours=1)  # until the next try, twice as long each time
_OTHERS = timedelta(minutes=1)  # until those are tried that wait because another one failed
_REASON = 200  # characters

SIGNINGS = sa.Table(
    "signings",
    METADATA,
    sa.Column("record", sa.ForeignKey(RECORDS.c.key), primary_key=True),
    sa.Column("due", Moment, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index(None, "due"),
)


@dataclass(frozen=True)
class Signing:
    """A record to sign: how often that failed, and why the last time."""

    record: str
    due: datetime
    tries: int = 0
    reason: str = ""


def note(connection: sa.Connection, record: Record, settings: Settings) -> None:
    """Queues a new record with a PDF, if the settings name a key."""
    if settings.sign_key and "pdf" in record.files:
        request(connection, [record.key], datetime.now(UTC))


def request(connection: sa.Connection, keys: Sequence[str], now: datetime) -> None:
    """Queues records that are not queued yet."""
    queued = set(
        connection.execute(sa.select(SIGNINGS.c.record).where(SIGNINGS.c.record.in_(keys))).scalars()
    )
    rows = [{"record": key, "due": now, "tries": 0, "reason": ""} for key in keys if key not in queued]
    if rows:
        connection.execute(sa.insert(SIGNINGS), rows)


def any_pending(connection: sa.Connection) -> bool:
    """Whether any record is queued."""
    return connection.execute(sa.select(sa.exists().select_from(SIGNINGS))).scalar_one()


def next_due(connection: sa.Connection, now: datetime) -> Signing | None:
    """The record whose time has come that waits the longest; None if there is none."""
    wanted = sa.select(SIGNINGS).where(SIGNINGS.c.due <= now).order_by(SIGNINGS.c.due).limit(1)
    row = connection.execute(wanted).first()
    return Signing(**row._asdict()) if row else None


def of_record(connection: sa.Connection, key: str) -> Signing | None:
    """The queued signing of a record; None if there is none."""
    row = connection.execute(sa.select(SIGNINGS).where(SIGNINGS.c.record == key)).first()
    return Signing(**row._asdict()) if row else None


def postpone(connection: sa.Connection, signing: Signing, reason: str, now: datetime) -> None:
    """Counts a failure, after which the record waits longer each time."""
    wait = min(_FIRST * 2 ** min(signing.tries, 20), _LONGEST)
    values = {"due": now + wait, "tries": signing.tries + 1, "reason": reason[:_REASON]}
    connection.execute(sa.update(SIGNINGS).where(SIGNINGS.c.record == signing.record).values(values))


def postpone_others(connection: sa.Connection, due: datetime, reason: str, now: datetime) -> int:
    """Lets all records wait that were due by then, without counting a failure; returns their number."""
    values = {"due": now + _OTHERS, "reason": reason[:_REASON]}
    return connection.execute(sa.update(SIGNINGS).where(SIGNINGS.c.due <= due).values(values)).rowcount


def remove(connection: sa.Connection, key: str) -> bool:
    """Takes a record from the queue; False if another process has."""
    return connection.execute(sa.delete(SIGNINGS).where(SIGNINGS.c.record == key)).rowcount == 1
