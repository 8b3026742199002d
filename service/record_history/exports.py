"""Who took a record out of the archive: exports and downloads of all versions, after the audit log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

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
    taken_out = (AUDIT.c.action.in_(_ACTIONS), AUDIT.c.result == OK)
    columns = (AUDIT.c[name] for name in ("time", *_NAMES, "version"))
    found = select(*columns).where(*of_record, *taken_out).order_by(AUDIT.c.seq.desc())
    whole = _whole(connection.execute(found))
    return Exports(whole[:limit], max(0, len(whole) - limit))


def _whole(rows: Iterable[Row[Any]]) -> list[Export]:
    """The exports of rows, the latest first; one that holds several versions has a row for each."""
    made: list[list[Row[Any]]] = []
    same: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for row in rows:
        of = tuple(row._mapping[name] for name in _NAMES)
        holds_several = row.action == "export" or row.detail == _OF_BATCH
        if holds_several and row.version not in [each.version for each in same.get(of, [row])]:
            same[of].append(row)
        else:
            same[of] = [row]
            made.append(same[of])
    return [_export(each) for each in made]


def _export(rows: Sequence[Row[Any]]) -> Export:
    first = rows[0]
    versions = tuple(sorted(each.version for each in rows))
    named = {name: first._mapping[name] for name in _NAMES}
    return Export(datetime.fromisoformat(first.time), **named, versions=versions)
