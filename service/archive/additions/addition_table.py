"""The table of additions to records, and its queries."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from service.archive.additions.addition import Addition
from service.archive.record import StoredFile
from service.archive.record_tables import FILES, RECORDS
from service.database.column_types import METADATA, Moment, begins

_AT_ONCE = 500

ADDITIONS = sa.Table(
    "additions",
    METADATA,
    sa.Column("record", sa.ForeignKey(RECORDS.c.key), primary_key=True),
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("added", Moment, nullable=False),
    sa.Column("added_by", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("statement", sa.String(64), nullable=False),
    sa.Index(None, "sha256"),
    sa.Index(None, "statement"),
)

#: The columns that name objects, of all tables.
OBJECT_NAMES = (FILES.c.sha256, RECORDS.c.manifest, ADDITIONS.c.sha256, ADDITIONS.c.statement)


def is_named(connection: sa.Connection, digest: str) -> bool:
    """Whether a record or an addition has the object of that SHA-256."""
    named = (sa.exists().where(column == digest) for column in OBJECT_NAMES)
    return connection.execute(sa.select(sa.or_(*named))).scalar_one()


def insert(connection: sa.Connection, addition: Addition) -> None:
    """Inserts the row of an addition."""
    row = {
        **{name: getattr(addition, name) for name in ("record", "kind", "number", "media_type")},
        **{name: getattr(addition, name) for name in ("added", "added_by", "statement")},
        "sha256": addition.file.sha256,
        "size": addition.file.size,
        "result": json.dumps(addition.result, ensure_ascii=False, sort_keys=True),
    }
    connection.execute(sa.insert(ADDITIONS), row)


def of_record(connection: sa.Connection, key: str, kind: str | None = None) -> list[Addition]:
    """The additions of a record, all or those of a kind, in the order of their numbers."""
    wanted = sa.select(ADDITIONS).where(ADDITIONS.c.record == key)
    if kind is not None:
        wanted = wanted.where(ADDITIONS.c.kind == kind)
    return list(_additions(connection, wanted.order_by(ADDITIONS.c.kind, ADDITIONS.c.number)))


def of_records(connection: sa.Connection, keys: Sequence[str]) -> Iterator[Addition]:
    """Yields the additions of all records of these keys."""
    for start in range(0, len(keys), _AT_ONCE):
        wanted = sa.select(ADDITIONS).where(ADDITIONS.c.record.in_(keys[start : start + _AT_ONCE]))
        yield from _additions(connection, wanted.order_by(ADDITIONS.c.kind, ADDITIONS.c.number))


def of_kind(connection: sa.Connection, kind: str) -> Iterator[Addition]:
    """Yields the additions of a kind, of all records."""
    wanted = sa.select(ADDITIONS).where(ADDITIONS.c.kind == kind)
    return _additions(connection, wanted.order_by(ADDITIONS.c.record, ADDITIONS.c.number))


def by_files(connection: sa.Connection, digests: Sequence[str]) -> list[Addition]:
    """The additions whose files have one of these SHA-256."""
    return list(_additions(connection, sa.select(ADDITIONS).where(ADDITIONS.c.sha256.in_(digests))))


def by_object(connection: sa.Connection, prefix: str) -> dict[str, list[Addition]]:
    """The objects of additions whose SHA-256 begins with `prefix`, files and statements alike."""
    found: dict[str, list[Addition]] = {}
    for column in (ADDITIONS.c.sha256, ADDITIONS.c.statement):
        wanted = sa.select(ADDITIONS).where(begins(column, prefix))
        for addition in _additions(connection, wanted):
            digest = addition.file.sha256 if column is ADDITIONS.c.sha256 else addition.statement
            found.setdefault(digest, []).append(addition)
    return found


def _additions(connection: sa.Connection, wanted: sa.Select[Any]) -> Iterator[Addition]:
    for row in connection.execute(wanted):
        values = row._asdict()
        file = StoredFile(values.pop("sha256"), values.pop("size"))
        yield Addition(**values | {"file": file, "result": json.loads(row.result)})
