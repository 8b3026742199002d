"""Archival codes (档号) of submissions: given at their first hand-over, the same at every further one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select, text

from service.archive import Record
from service.errors import UsageError
from service.handover.code_table import CODES

_LOCK = 0x6B636F64  # the same in every process
_SUBMISSION = ("tenant", "form", "year", "id")


@dataclass(frozen=True)
class ArchivalCode:
    """A series and the number in it (件号)."""

    series: str
    number: int

    def __str__(self) -> str:
        return f"{self.series}-{self.number:04}"


def find(connection: Connection, record: Record) -> ArchivalCode | None:
    """The code of a record's submission, if it has one."""
    same = [CODES.c[name] == getattr(record, name) for name in _SUBMISSION]
    latest = CODES.c.given.desc(), CODES.c.number.desc()
    wanted = select(CODES.c.series, CODES.c.number).where(*same).order_by(*latest).limit(1)
    row = connection.execute(wanted).one_or_none()
    return ArchivalCode(row.series, row.number) if row else None


def give(
    connection: Connection, records: Sequence[Record], series: Mapping[str, str], *, renumber: bool = False
) -> dict[str, ArchivalCode]:
    """The code of each record by its key; those without one get the next numbers of their `series` (by key).

    Raises UsageError for a record that has a code of another series, unless it is to be given a new one.
    """
    if connection.dialect.name == "postgresql":  # an SQLite transaction locks the whole file
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return {each.key: _code(connection, each, series[each.key], renumber) for each in records}


def _code(connection: Connection, record: Record, series: str, renumber: bool) -> ArchivalCode:
    known = find(connection, record)
    if known and known.series == series:
        return known
    if known and not renumber:
        raise UsageError(
            f"“{record.id}”已编档号 {known}，与现在的全宗号、机构或保管期限（{series}）不符。"
            "请核对；确要改编，加 --renumber。",
            f"'{record.id}' has the code {known}, which is not of today's fonds, department or period "
            f"({series}). Check them, or give new codes with --renumber.",
        )
    last = connection.scalar(select(func.max(CODES.c.number)).where(CODES.c.series == series)) or 0
    of = {name: getattr(record, name) for name in _SUBMISSION}
    code = ArchivalCode(series, last + 1)
    connection.execute(insert(CODES), {**of, **vars(code), "given": datetime.now(UTC)})
    return code
