"""Archival codes (档号) of submissions: given at their first hand-over, the same at every further one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, func, insert, select, text, true, tuple_

from service.archive import Archive, Record
from service.errors import UsageError
from service.handover.classification import Classification
from service.handover.code_table import CODES
from service.record_lists.list_columns import Column
from service.retention import holds, periods
from service.retention.holds import Submission

_LOCK = 0x6B636F64  # the same in every process
_LISTED = 5  # in an error
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
    return of_records(connection, [record]).get(holds.submission(record))


def of_records(connection: Connection, records: Iterable[Record]) -> dict[Submission, ArchivalCode]:
    """The codes of the records' submissions that have one."""
    of = {holds.submission(each) for each in records}
    return _given(connection, tuple_(*(CODES.c[name] for name in _SUBMISSION)).in_(of))


def given(connection: Connection) -> dict[Submission, ArchivalCode]:
    """The codes of all submissions that have one."""
    return _given(connection, true())


def _given(connection: Connection, wanted: ColumnElement[bool]) -> dict[Submission, ArchivalCode]:
    """The codes by submission; the one given last counts."""
    rows = connection.execute(select(CODES).where(wanted).order_by(CODES.c.given, CODES.c.number))
    return {(row.tenant, row.form, row.year, row.id): ArchivalCode(row.series, row.number) for row in rows}


def column(archive: Archive) -> Column:
    """The column of a list of records with their codes."""
    with archive.reading() as connection:
        codes = given(connection)
    return Column("档号", 28, lambda record: str(codes.get(holds.submission(record), "")))


def give(
    connection: Connection, records: Sequence[Record], series: Mapping[str, str], *, renumber: bool = False
) -> dict[str, ArchivalCode]:
    """The code of each record by its key; those without one get the next numbers of their `series` (by key).

    Raises UsageError for a record that has a code of another series, unless it is to be given a new one.
    """
    if connection.dialect.name == "postgresql":  # an SQLite transaction locks the whole file
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    known = refuse_reclassified(connection, records, series, renumber)
    codes = {}
    for record in records:
        code, wanted = known[record.key], series[record.key]
        codes[record.key] = code if code and code.series == wanted else _next(connection, record, wanted)
    return codes


def refuse_reclassified(
    connection: Connection, records: Sequence[Record], series: Mapping[str, str], renumber: bool
) -> dict[str, ArchivalCode | None]:
    """The codes that records have. Raises UsageError for those of another series, unless `renumber`."""
    codes = of_records(connection, records)
    known = {each.key: codes.get(holds.submission(each)) for each in records}
    other = [each for each in records if (code := known[each.key]) and code.series != series[each.key]]
    if other and not renumber:
        raise _reclassified(other, known, series)
    return known


def former(
    connection: Connection, records: Sequence[Record], codes: Mapping[str, ArchivalCode]
) -> dict[str, list[ArchivalCode]]:
    """The codes that records were given before those of `codes`, by key; the first one first."""
    keys = {holds.submission(each): each.key for each in records}
    wanted = select(CODES).where(tuple_(*(CODES.c[name] for name in _SUBMISSION)).in_(keys))
    found: dict[str, list[ArchivalCode]] = {key: [] for key in keys.values()}
    for row in connection.execute(wanted.order_by(CODES.c.given, CODES.c.number)):
        key, code = keys[row.tenant, row.form, row.year, row.id], ArchivalCode(row.series, row.number)
        if code != codes[key]:
            found[key].append(code)
    return found


def unkept(
    archive: Archive, classification: Classification, kept: Mapping[tuple[str, int], int | None]
) -> dict[str, ArchivalCode]:
    """The codes by key of all submissions of an archive that cannot be written: the same at each export.

    Those without one get the next numbers in the order of the archive, regardless of the selection.
    """
    last: Counter[str] = Counter()
    with archive.reading() as connection:
        known = given(connection)
        for row in connection.execute(
            select(CODES.c.series, func.max(CODES.c.number)).group_by(CODES.c.series)
        ):
            last[row.series] = row[1]
    codes = {}
    for record in archive.records():
        series = classification.series(record.year, periods.kept(record, kept))
        code = known.get(holds.submission(record))
        if code is None or code.series != series:
            last[series] += 1
            code = ArchivalCode(series, last[series])
        codes[record.key] = code
    return codes


def _reclassified(
    other: Sequence[Record], known: Mapping[str, ArchivalCode | None], series: Mapping[str, str]
) -> UsageError:
    """The error if records have codes of another classification."""
    listed = [f"{each.id} {known[each.key]} → {series[each.key]}" for each in other[:_LISTED]]
    return UsageError(
        f"有 {len(other)} 件已编的档号与现在的全宗号、机构或保管期限不符：{'；'.join(listed)}。"
        "请核对；确要改编，请选“改编档号”（--renumber）。",
        f"{len(other)} have codes that are not of today's fonds, department or period: {'; '.join(listed)}. "
        "Check them, or give new codes with --renumber.",
    )


def _next(connection: Connection, record: Record, series: str) -> ArchivalCode:
    """Gives a record the next code of a series."""
    last = connection.scalar(select(func.max(CODES.c.number)).where(CODES.c.series == series)) or 0
    code = ArchivalCode(series, last + 1)
    of = {name: getattr(record, name) for name in _SUBMISSION}
    connection.execute(insert(CODES), {**of, **vars(code), "given": datetime.now(UTC)})
    return code
