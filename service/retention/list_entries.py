"""The records of destruction lists: their rows, with all files that go with them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from service.archive import Record
from service.archive.additions import addition_table
from service.archive.record_tables import RECORDS
from service.record_lists.list_columns import title_of
from service.retention import holds, periods
from service.retention.holds import Submission
from service.retention.retention_tables import LISTED, LISTS, PROPOSED

_SUBMISSION = ("tenant", "form", "year", "id")
_OF_RECORD = (*_SUBMISSION, "version", "created", "manifest")


def made(connection: Connection, id: str, dues: Sequence[tuple[Record, date | None]]) -> list[dict[str, Any]]:
    """The rows of records in the new list `id`, each with the day from which it may be destroyed."""
    files = files_of(connection, [record for record, _ in dues])
    return [
        {
            "list": id,
            "record": record.key,
            **{name: getattr(record, name) for name in _OF_RECORD},
            "files": json.dumps(files[record.key], ensure_ascii=False),
            "due": None if due is None else due.isoformat(),
            "title": title_of(record.form, record.year),
        }
        for record, due in dues
    ]


def files_of(connection: Connection, records: Sequence[Record]) -> dict[str, dict[str, list[Any]]]:
    """By the keys of records, SHA-256 and size of each part and of what was added, as lists have them."""
    found = {
        each.key: {part: [file.sha256, file.size] for part, file in each.files.items()} for each in records
    }
    for added in addition_table.of_records(connection, list(found)):
        found[added.record][added.name] = [added.file.sha256, added.file.size]
        found[added.record][added.statement_name] = [added.statement, 0]
    return found


def other_versions(connection: Connection, id: str) -> Sequence[str]:
    """The ids of submissions in a list that have versions which are not in it."""
    same = and_(*(RECORDS.c[name] == LISTED.c[name] for name in _SUBMISSION))
    keys = select(LISTED.c.record).where(LISTED.c.list == id)
    others = select(LISTED.c.id).join(RECORDS, same).where(LISTED.c.list == id, RECORDS.c.key.not_in(keys))
    return connection.scalars(others.distinct().order_by(LISTED.c.id)).all()


def proposed(connection: Connection) -> frozenset[Submission]:
    """The submissions in lists that are proposed and neither carried out nor withdrawn."""
    found = select(*(LISTED.c[name] for name in _SUBMISSION)).join(LISTS)
    rows = connection.execute(found.where(LISTS.c.state == PROPOSED))
    return frozenset(row._tuple() for row in rows)


def newest(connection: Connection, id: str, submission: Sequence[Any]) -> datetime:
    """When the newest version of a submission in a list was archived."""
    of = (LISTED.c[name] == value for name, value in zip(_SUBMISSION, submission, strict=True))
    found = select(LISTED.c.created).where(LISTED.c.list == id, *of).order_by(LISTED.c.version.desc())
    archived: datetime = connection.scalars(found.limit(1)).one()
    return archived


def read(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A record of a list, by its row."""
    return {**row, "files": json.loads(row["files"]), "title": row["title"] or row["form"]}


def with_years(entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries, of which versions ascend, with the period by which each is due: it counts from the newest."""
    of_list = list(entries)
    newest = {submission(each): each["created"] for each in of_list}
    return [{**each, "years": periods.years_until(each["due"], newest[submission(each)])} for each in of_list]


def held(connection: Connection, entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of listed submissions that are on hold."""
    on_hold = holds.held(connection)
    return [*dict.fromkeys(each["id"] for each in entries if submission(each) in on_hold)]


def submission(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """The submission of a listed record: tenant, form, year, id."""
    return tuple(entry[name] for name in _SUBMISSION)
