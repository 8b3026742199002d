"""The tables of the index: records and their files.

Other packages define their tables of this database on `METADATA` too, and add a migration
(`service/archive/migrations/`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from service.archive.record import ID_MAXIMUM, TENANT_MAXIMUM

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time in UTC, stored as ISO 8601 text of fixed length, which sorts alike in every database."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The text; raises ValueError for a time without a zone."""
        return None if value is None else iso(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """The time."""
        return None if value is None else datetime.fromisoformat(value)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds, as 2021-03-09T08:00:00.000000Z. Raises ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError(moment)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def plain(length: int) -> String:
    """Text that every database sorts by code point."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


RECORDS = Table(
    "records",
    METADATA,
    Column("key", String(36), primary_key=True),
    Column("tenant", plain(TENANT_MAXIMUM), nullable=False),
    Column("form", plain(100), nullable=False),
    Column("year", Integer, nullable=False),
    Column("id", plain(ID_MAXIMUM), nullable=False),
    Column("version", Integer, nullable=False),
    Column("edition_hash", String(64), nullable=False),
    Column("created", Moment, nullable=False),
    Column("manifest", String(64), nullable=False),
    Column("warnings", Integer, nullable=False),
    UniqueConstraint("tenant", "form", "year", "id", "version"),
    Index(None, "manifest"),
)

FILES = Table(
    "files",
    METADATA,
    Column("record", ForeignKey(RECORDS.c.key), primary_key=True),
    Column("part", String(20), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Index(None, "sha256"),
)
