"""The metadata of the archive's database, and its types of columns.

Each room defines its tables on `METADATA`, and adds a migration (`service/archive/migrations/`).
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

METADATA = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time in UTC, stored as ISO 8601 text of fixed length, which sorts alike in every database."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:
        """The text; raises ValueError for a time without a zone."""
        return None if value is None else iso(value)

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        """The time."""
        return None if value is None else datetime.fromisoformat(value)


def iso(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds, as 2021-03-09T08:00:00.000000Z. Raises ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError(moment)
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def plain(length: int) -> sa.String:
    """Text that every database sorts by code point."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def begins(column: sa.ColumnElement[str], digits: str) -> sa.ColumnElement[bool]:
    """Whether a text of hexadecimal digits begins with these; any index of the column serves."""
    return (column >= digits) & (column < f"{digits}g")  # it sorts after every digit
