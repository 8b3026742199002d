"""What the audit log says was archived and added, compared with what the archive has."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.archive import index
from service.archive.additions.addition import ACTIONS, NAMES, SUFFIXES
from service.archive.additions.addition_table import ADDITIONS
from service.archive.record import Record
from service.archive.record_tables import HOLDS, RECORDS
from service.archive.verification.verification_faults import VerificationFault
from service.audit.audit_table import AUDIT
from service.audit.event import OK
from service.database.column_types import iso

_LATER = AUDIT.alias("later")
_DESTROYED = sa.exists().where(
    _LATER.c.record == AUDIT.c.record, _LATER.c.action == "deletion", _LATER.c.seq > AUDIT.c.seq
)
_OF_LOG = (AUDIT.c.result == OK, ~_DESTROYED)
_NAME = ADDITIONS.c.kind + "-" + sa.cast(ADDITIONS.c.number, sa.String)
_NAMED = sa.or_(AUDIT.c.detail == _NAME, AUDIT.c.detail.like(_NAME + " %"))  # earlier rows have no hash
_SAME = sa.or_(AUDIT.c.detail == _NAME, AUDIT.c.detail == _NAME + " " + ADDITIONS.c.sha256)
_RECORDS = (
    sa.select(AUDIT, RECORDS.c.manifest.label("found"))
    .outerjoin(RECORDS, RECORDS.c.key == AUDIT.c.record)
    .where(AUDIT.c.action == "archive", *_OF_LOG)
    .where(sa.or_(RECORDS.c.manifest.is_(None), RECORDS.c.manifest != AUDIT.c.manifest))
)
_ADDED = (
    sa.select(AUDIT, ADDITIONS.c.sha256.label("found"), ADDITIONS.c.media_type)
    .join(RECORDS, RECORDS.c.key == AUDIT.c.record)
    .outerjoin(ADDITIONS, (ADDITIONS.c.record == AUDIT.c.record) & _NAMED)
    .where(AUDIT.c.action.in_(ACTIONS.values()), *_OF_LOG)
    .where(sa.or_(ADDITIONS.c.sha256.is_(None), ~_SAME))
)
_UNLOGGED = sa.select(ADDITIONS.c.record, _NAME.label("name"), ADDITIONS.c.media_type).where(
    ~sa.exists().where(AUDIT.c.record == ADDITIONS.c.record, AUDIT.c.action.in_(ACTIONS.values()), _NAMED)
)

_AT_ONCE = 500
_SUBMISSION = ("tenant", "form", "year", "id")
_NOTED = AUDIT.alias("noted")
_LAST = (
    sa.select(sa.func.max(_NOTED.c.seq))
    .where(_NOTED.c.action.in_(("hold", "hold_lifted")), _NOTED.c.result == OK)
    .group_by(*(_NOTED.c[name] for name in _SUBMISSION))
)
_HELD = sa.exists().where(*(HOLDS.c[name] == AUDIT.c[name] for name in _SUBMISSION))
_UNHELD = sa.select(AUDIT).where(AUDIT.c.action == "hold", ~_HELD, ~_DESTROYED).order_by(AUDIT.c.seq)


def faults(connection: sa.Connection, key: str | None = None) -> Iterator[VerificationFault]:
    """Yields what the log has and the archive lacks, or has otherwise; of one record if its key is given."""
    of_log, of_additions = (
        (AUDIT.c.record == key, ADDITIONS.c.record == key) if key else (sa.true(), sa.true())
    )
    for row in connection.execute(_RECORDS.where(of_log).order_by(AUDIT.c.seq)).mappings():
        yield _fault(row, "record_missing", "")
    for row in connection.execute(_ADDED.where(of_log).order_by(AUDIT.c.seq)).mappings():
        yield _fault(row, "addition_missing", _name(row["detail"], row["media_type"]))
    yield from _unlogged_additions(connection, of_additions)
    last = _LAST.where(_NOTED.c.record.in_(_versions(key))) if key else _LAST
    for row in connection.execute(_UNHELD.where(AUDIT.c.seq.in_(last))).mappings():
        yield VerificationFault("hold_missing", f"audit/{row['seq']}", _record(row))


def _unlogged_additions(
    connection: sa.Connection, wanted: sa.ColumnElement[bool]
) -> Iterator[VerificationFault]:
    """Yields the additions without row in the log; no tenant may know of those whose record is gone."""
    rows = connection.execute(_UNLOGGED.where(wanted)).all()
    records = {each.key: each for each in index.by_keys(connection, [row.record for row in rows])}
    for row in rows:
        place, file = f"additions/{row.record}/{row.name}", _name(row.name, row.media_type)
        yield VerificationFault("addition_unlogged", place, records.get(row.record), file, tenant="")


def unlogged(connection: sa.Connection, records: Sequence[Record]) -> Iterator[Record]:
    """Yields those of `records` that the log does not have, although it is older than they are."""
    first = connection.scalar(sa.select(AUDIT.c.time).order_by(AUDIT.c.seq).limit(1))
    archived = sa.select(AUDIT.c.record).where(AUDIT.c.action == "archive", *_OF_LOG)
    for start in range(0, len(records), _AT_ONCE):
        piece = records[start : start + _AT_ONCE]
        keys = [each.key for each in piece]
        known = set(connection.scalars(archived.where(AUDIT.c.record.in_(keys))))
        yield from (each for each in piece if each.key not in known and iso(each.created) >= (first or ""))


def _versions(key: str) -> sa.Select[tuple[str]]:
    """The keys of all versions of a record's submission."""
    named, other = RECORDS.alias("named"), RECORDS.alias("other")
    same = sa.and_(*(named.c[name] == other.c[name] for name in _SUBMISSION))
    return sa.select(other.c.key).join(named, same).where(named.c.key == key)


def _fault(row: sa.RowMapping, missing: str, name: str) -> VerificationFault:
    code = missing if row["found"] is None else "differs_from_log"
    return VerificationFault(code, f"audit/{row['seq']}", _record(row), name)


def _name(detail: str, media_type: str | None) -> str:
    """The name of an addition's file, without ending if it is gone."""
    kind, _, number = detail.partition(" ")[0].partition("-")
    return f"{NAMES[kind]}-{number}{SUFFIXES.get(media_type or '', '')}"


def _record(row: Any) -> Record:
    """The record of a row of the log, as far as that names it."""
    named = {name: row[name] for name in ("tenant", "form", "year", "id", "version", "manifest")}
    created = datetime.fromisoformat(row["time"])
    return Record(key=row["record"], **named, edition_hash="", created=created)
