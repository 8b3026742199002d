"""Who took a record out of the archive: exports and downloads of all versions, after the audit log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, not_, select

from service.archive import Record, display_names
from service.audit.audit_table import AUDIT
from service.audit.event import OK
from service.errors import Bilingual
from service.record_history.destruction_entries import ListedRecord

_ACTIONS = ("export", "download")
_NAMES = ("who", "origin", "action", "detail", "batch")
_OF_BATCH = "documents.zip"


@dataclass(frozen=True)
class Export:
    """An export or download: when (UTC), by whom, in what, which versions of a record, ascending."""

    time: datetime
    who: str
    origin: str
    action: str
    detail: str | None
    batch: str | None
    versions: tuple[int, ...]

    @property
    def words(self) -> Bilingual:
        """What was done, with what."""
        return display_names.act(self.action, self.detail)


@dataclass(frozen=True)
class Exports:
    """The latest exports and downloads of a record, and the number of `earlier` ones."""

    latest: Sequence[Export] = ()
    earlier: int = 0


def exports(connection: Connection, record: Record | ListedRecord, limit: int) -> Exports:
    """Up to `limit` exports and downloads of a record in any of its versions, the latest first."""
    of_record = (AUDIT.c[name] == getattr(record, name) for name in ("id", "tenant", "form", "year"))
    taken_out = (AUDIT.c.action.in_(_ACTIONS), AUDIT.c.result == OK, *of_record)
    alone = (AUDIT.c.action == "download") & AUDIT.c.detail.is_distinct_from(_OF_BATCH)
    columns = (AUDIT.c[name] for name in ("seq", "time", *_NAMES, "version"))
    found = select(*columns).where(*taken_out).order_by(AUDIT.c.seq.desc())
    downloads = [{row.version: row} for row in connection.execute(found.where(alone).limit(limit))]
    whole = _whole(connection.execute(found.where(not_(alone))))
    count = connection.scalar(select(func.count()).select_from(AUDIT).where(*taken_out, alone)) or 0
    latest = sorted(downloads + whole, key=_number, reverse=True)[:limit]
    return Exports([_export(each) for each in latest], count + len(whole) - len(latest))


def _whole(rows: Iterable[Row[Any]]) -> list[dict[int, Row[Any]]]:
    """The exports of rows, the latest first: one that holds several versions has a row for each."""
    made: list[dict[int, Row[Any]]] = []
    same: dict[tuple[Any, ...], dict[int, Row[Any]]] = {}
    for row in rows:
        of = tuple(row._mapping[name] for name in _NAMES)
        if of not in same or row.version in same[of]:
            same[of] = {}
            made.append(same[of])
        same[of][row.version] = row
    return made


def _number(rows: Mapping[int, Row[Any]]) -> int:
    """The number of the last row of an export in the log."""
    number: int = next(iter(rows.values())).seq
    return number


def _export(rows: Mapping[int, Row[Any]]) -> Export:
    last = next(iter(rows.values()))
    named = {name: last._mapping[name] for name in _NAMES}
    return Export(datetime.fromisoformat(last.time), **named, versions=tuple(sorted(rows)))
